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

from typing import ClassVar

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import SQLModel

from appraisal.store.columns import octets, table_of, whole, words


class AccountRow(SQLModel, table=True):
    """Someone who may sign in; `login` is kept casefolded, times are ISO local time, empty: never."""

    __tablename__: ClassVar[str] = "account"

    id: str = words(key=True)
    login: str = words(unique=True)
    name: str = words()
    password: str = words()
    must_change: int = whole()
    external: str | None = words(none=True, unique=True)
    lang: str = words()
    made_at: str = words()
    changed_at: str = words()
    disabled_at: str = words()
    locked_until: str = words()
    failures: int = whole()
    signed_in_at: str = words()


class HeldRoleRow(SQLModel, table=True):
    """A role that an account holds, and where: an empty office is the whole installation."""

    __tablename__: ClassVar[str] = "held_role"

    account_id: str = words(key=True, to="account.id")
    role: str = words(key=True)
    office_id: str = words(key=True)
    department: str = words(key=True)
    subject: str = words(key=True)


class SessionRow(SQLModel, table=True):
    """A browser that is signed in; the cookie holds what `id` is the sha256 of."""

    __tablename__: ClassVar[str] = "session"
    __table_args__ = (Index("session_of_account", "account_id"),)

    id: str = words(key=True)
    account_id: str = words(to="account.id")
    csrf: str = words()
    made_at: str = words()
    seen_at: str = words()
    rotated_at: str = words()
    expires_at: str = words()


class TokenRow(SQLModel, table=True):
    """A token of the JSON API; `scopes` are words of the table of rights, `hash` is the sha256 of the token."""

    __tablename__: ClassVar[str] = "api_token"

    id: str = words(key=True)
    hash: str = words(unique=True)
    account_id: str = words(to="account.id")
    office_id: str = words()
    name: str = words()
    scopes: str = words()
    made_at: str = words()
    expires_at: str = words()
    used_at: str = words()
    revoked_at: str = words()


class AttemptRow(SQLModel, table=True):
    """How often something was tried in a window that began at `since`."""

    __tablename__: ClassVar[str] = "attempt"

    key: str = words(key=True)
    since: str = words()
    tries: int = whole()


class SettingRow(SQLModel, table=True):
    """A setting of the installation (empty scope), of an office or of an account, as JSON."""

    __tablename__: ClassVar[str] = "setting"

    scope: str = words(key=True)
    key: str = words(key=True)
    value: str = words()


class AuditRow(SQLModel, table=True):
    """One line of the audit trail."""

    __tablename__: ClassVar[str] = "audit"
    __table_args__ = (Index("audit_of_office", "office_id", "position"),)

    position: int = whole(key=True)
    at: str = words()
    actor: str = words()
    action: str = words()
    office_id: str = words()
    target: str = words()
    outcome: str = words()
    details: str = words()
    prev_hash: str = words()
    hash: str = words()


class ClosingRow(SQLModel, table=True):
    """The standings of a span as they were closed; `number` counts the closings of the span."""

    __tablename__: ClassVar[str] = "closing"

    office_id: str = words(key=True, to="office.id")
    rulebook: str = words(key=True)
    span: str = words(key=True)
    number: int = whole(key=True)
    event_id: str = words()
    position: int = whole()
    head_hash: str = words()
    sha256: str = words()
    document: bytes = octets()


class EvidenceRow(SQLModel, table=True):
    """A file that an office holds."""

    __tablename__: ClassVar[str] = "evidence"

    office_id: str = words(key=True, to="office.id")
    sha256: str = words(key=True)
    type: str = words()
    size: int = whole()
    kept_at: str = words()


class NoticeRow(SQLModel, table=True):
    """Something that people, or programs, are to be told; empty department and subject: everyone in the role."""

    __tablename__: ClassVar[str] = "notice"
    __table_args__ = (Index("notice_of_office", "office_id", "id"), UniqueConstraint("office_id", "once"))

    id: int = whole(key=True, counts=True)
    office_id: str = words()
    kind: str = words()
    once: str = words()
    made_at: str = words()
    role: str = words()
    department: str = words()
    subject: str = words()
    about: str = words()


class NoticeReadRow(SQLModel, table=True):
    """Up to which notice an account has read."""

    __tablename__: ClassVar[str] = "notice_read"

    account_id: str = words(key=True)
    office_id: str = words(key=True)
    notice_id: int = whole()


class WebhookRow(SQLModel, table=True):
    """An address that is told of notices; the secret signs what is sent, so it is kept as it is."""

    __tablename__: ClassVar[str] = "webhook"

    id: str = words(key=True)
    office_id: str = words()
    url: str = words()
    secret: str = words()
    kinds: str = words()
    made_at: str = words()
    disabled_at: str = words()


class DeliveryRow(SQLModel, table=True):
    """A notice on its way to a webhook: waiting, delivered, or given up."""

    __tablename__: ClassVar[str] = "delivery"
    __table_args__ = (Index("delivery_due", "state", "due_at"),)

    webhook_id: str = words(key=True, to="webhook.id")
    notice_id: int = whole(key=True)
    state: str = words()
    tries: int = whole()
    due_at: str = words()
    answer: str = words()


class RevisionRow(SQLModel, table=True):
    """How often anything changed of which lasting answers are kept; an SQLite file counts by triggers."""

    __tablename__: ClassVar[str] = "revision"

    number: int = whole(key=True)


class RequestRow(SQLModel, table=True):
    """What was answered to a request with an idempotency key."""

    __tablename__: ClassVar[str] = "request"

    account_id: str = words(key=True)
    key: str = words(key=True)
    fingerprint: str = words()
    made_at: str = words()
    status: int = whole()
    answer: str = words()


ACCOUNT = table_of(AccountRow)
HELD_ROLE = table_of(HeldRoleRow)
SESSION = table_of(SessionRow)
TOKEN = table_of(TokenRow)
ATTEMPT = table_of(AttemptRow)
SETTING = table_of(SettingRow)
AUDIT = table_of(AuditRow)
CLOSING = table_of(ClosingRow)
EVIDENCE = table_of(EvidenceRow)
NOTICE = table_of(NoticeRow)
NOTICE_READ = table_of(NoticeReadRow)
WEBHOOK = table_of(WebhookRow)
DELIVERY = table_of(DeliveryRow)
REQUEST = table_of(RequestRow)
REVISION = table_of(RevisionRow)
