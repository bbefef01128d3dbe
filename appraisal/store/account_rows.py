"""The tables beside the log: who may sign in, what is set, what is sent out, what was traced, published and kept.

    account ── held_role, session, api_token, attempt (of any key), setting (of any scope)
    audit            one chain of lines for the installation, append-only
    closing          the standings of a month or a year as published, append-only
    evidence         which files an office holds, by the hash of their content; the files lie beside the database
    notice ── notice_read; webhook ── delivery (of a notice)
    request          answers to requests that carry an idempotency key
    revision         how often offices, adoptions, accounts, roles, sessions, tokens, settings, steps changed

These are mutable, apart from audit and closing: nothing here gives or takes points.
"""

from __future__ import annotations

from typing import Any, ClassVar

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, Table, UniqueConstraint
from sqlmodel import Field, SQLModel

from appraisal.store.rows import TEXT


def _text(*, key: bool = False, to: str = "", none: bool = False, unique: bool = False) -> Any:
    links = [ForeignKey(to)] if to else []
    return Field(sa_column=Column(TEXT, *links, primary_key=key, nullable=none, unique=unique or None))


def _int(*, key: bool = False, counts: bool = False) -> Any:
    return Field(sa_column=Column(Integer, primary_key=key, nullable=False, autoincrement=counts))


def _bytes() -> Any:
    return Field(sa_column=Column(LargeBinary, nullable=False))


class AccountRow(SQLModel, table=True):
    """Someone who may sign in; `login` is kept casefolded, times are ISO local time, empty: never."""

    __tablename__: ClassVar[str] = "account"

    id: str = _text(key=True)
    login: str = _text(unique=True)
    name: str = _text()
    password: str = _text()
    must_change: int = _int()
    external: str | None = _text(none=True, unique=True)
    lang: str = _text()
    made_at: str = _text()
    changed_at: str = _text()
    disabled_at: str = _text()
    locked_until: str = _text()
    failures: int = _int()
    signed_in_at: str = _text()


class HeldRoleRow(SQLModel, table=True):
    """A role that an account holds, and where: an empty office is the whole installation."""

    __tablename__: ClassVar[str] = "held_role"

    account_id: str = _text(key=True, to="account.id")
    role: str = _text(key=True)
    office_id: str = _text(key=True)
    department: str = _text(key=True)
    subject: str = _text(key=True)


class SessionRow(SQLModel, table=True):
    """A browser that is signed in; the cookie holds what `id` is the sha256 of."""

    __tablename__: ClassVar[str] = "session"
    __table_args__ = (Index("session_of_account", "account_id"),)

    id: str = _text(key=True)
    account_id: str = _text(to="account.id")
    csrf: str = _text()
    made_at: str = _text()
    seen_at: str = _text()
    rotated_at: str = _text()
    expires_at: str = _text()


class TokenRow(SQLModel, table=True):
    """A token of the JSON API; `scopes` are words of the table of rights, `hash` is the sha256 of the token."""

    __tablename__: ClassVar[str] = "api_token"

    id: str = _text(key=True)
    hash: str = _text(unique=True)
    account_id: str = _text(to="account.id")
    office_id: str = _text()
    name: str = _text()
    scopes: str = _text()
    made_at: str = _text()
    expires_at: str = _text()
    used_at: str = _text()
    revoked_at: str = _text()


class AttemptRow(SQLModel, table=True):
    """How often something was tried in a window that began at `since`."""

    __tablename__: ClassVar[str] = "attempt"

    key: str = _text(key=True)
    since: str = _text()
    tries: int = _int()


class SettingRow(SQLModel, table=True):
    """A setting of the installation (empty scope), of an office or of an account, as JSON."""

    __tablename__: ClassVar[str] = "setting"

    scope: str = _text(key=True)
    key: str = _text(key=True)
    value: str = _text()


class AuditRow(SQLModel, table=True):
    """One line of the audit trail."""

    __tablename__: ClassVar[str] = "audit"
    __table_args__ = (Index("audit_of_office", "office_id", "position"),)

    position: int = _int(key=True)
    at: str = _text()
    actor: str = _text()
    action: str = _text()
    office_id: str = _text()
    target: str = _text()
    outcome: str = _text()
    details: str = _text()
    prev_hash: str = _text()
    hash: str = _text()


class ClosingRow(SQLModel, table=True):
    """The standings of a span as they were closed; `number` counts the closings of the span."""

    __tablename__: ClassVar[str] = "closing"

    office_id: str = _text(key=True, to="office.id")
    rulebook: str = _text(key=True)
    span: str = _text(key=True)
    number: int = _int(key=True)
    event_id: str = _text()
    position: int = _int()
    head_hash: str = _text()
    sha256: str = _text()
    document: bytes = _bytes()


class EvidenceRow(SQLModel, table=True):
    """A file that an office holds."""

    __tablename__: ClassVar[str] = "evidence"

    office_id: str = _text(key=True, to="office.id")
    sha256: str = _text(key=True)
    type: str = _text()
    size: int = _int()
    kept_at: str = _text()


class NoticeRow(SQLModel, table=True):
    """Something that people, or programs, are to be told; empty department and subject: everyone in the role."""

    __tablename__: ClassVar[str] = "notice"
    __table_args__ = (Index("notice_of_office", "office_id", "id"), UniqueConstraint("office_id", "once"))

    id: int = _int(key=True, counts=True)
    office_id: str = _text()
    kind: str = _text()
    once: str = _text()
    made_at: str = _text()
    role: str = _text()
    department: str = _text()
    subject: str = _text()
    about: str = _text()


class NoticeReadRow(SQLModel, table=True):
    """Up to which notice an account has read."""

    __tablename__: ClassVar[str] = "notice_read"

    account_id: str = _text(key=True)
    office_id: str = _text(key=True)
    notice_id: int = _int()


class WebhookRow(SQLModel, table=True):
    """An address that is told of notices; the secret signs what is sent, so it is kept as it is."""

    __tablename__: ClassVar[str] = "webhook"

    id: str = _text(key=True)
    office_id: str = _text()
    url: str = _text()
    secret: str = _text()
    kinds: str = _text()
    made_at: str = _text()
    disabled_at: str = _text()


class DeliveryRow(SQLModel, table=True):
    """A notice on its way to a webhook: waiting, delivered, or given up."""

    __tablename__: ClassVar[str] = "delivery"
    __table_args__ = (Index("delivery_due", "state", "due_at"),)

    webhook_id: str = _text(key=True, to="webhook.id")
    notice_id: int = _int(key=True)
    state: str = _text()
    tries: int = _int()
    due_at: str = _text()
    answer: str = _text()


class RevisionRow(SQLModel, table=True):
    """How often anything changed of which lasting answers are kept; an SQLite file counts by triggers."""

    __tablename__: ClassVar[str] = "revision"

    number: int = _int(key=True)


class RequestRow(SQLModel, table=True):
    """What was answered to a request with an idempotency key."""

    __tablename__: ClassVar[str] = "request"

    account_id: str = _text(key=True)
    key: str = _text(key=True)
    fingerprint: str = _text()
    made_at: str = _text()
    status: int = _int()
    answer: str = _text()


def _table(row: type[SQLModel]) -> Table:
    return SQLModel.metadata.tables[str(row.__tablename__)]


ACCOUNT = _table(AccountRow)
HELD_ROLE = _table(HeldRoleRow)
SESSION = _table(SessionRow)
TOKEN = _table(TokenRow)
ATTEMPT = _table(AttemptRow)
SETTING = _table(SettingRow)
AUDIT = _table(AuditRow)
CLOSING = _table(ClosingRow)
EVIDENCE = _table(EvidenceRow)
NOTICE = _table(NoticeRow)
NOTICE_READ = _table(NoticeReadRow)
WEBHOOK = _table(WebhookRow)
DELIVERY = _table(DeliveryRow)
REQUEST = _table(RequestRow)
REVISION = _table(RevisionRow)
