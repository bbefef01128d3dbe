"""The outbox: notices for people and programs, and which of them are on their way to a webhook."""

from __future__ import annotations

import hmac
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from secrets import token_hex, token_urlsafe
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection, Row, select

from appraisal.errors import Finding, RefusedError
from appraisal.model.roles import HeldRole
from appraisal.store.account_rows import DELIVERY, NOTICE, NOTICE_READ, WEBHOOK
from appraisal.store.lines import canonical
from appraisal.store.transactions import Database

WAITS = tuple(timedelta(minutes=m) for m in (1, 5, 30, 120, 720))
"""How long after each failure a delivery is tried again; after the last it is given up."""

_NONE: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, kw_only=True)
class Notice:
    """Something to be told: its `kind`, what it is about, and to whom (an empty role: programs only).

    `once` names it, so that the same is not told twice; empty: whenever it happens.
    """

    kind: str
    office: str
    made_at: datetime
    about: Mapping[str, str] = field(default_factory=lambda: _NONE)
    role: str = ""
    department: str = ""
    subject: str = ""
    once: str = ""
    id: int = 0

    def is_for(self, held: HeldRole) -> bool:
        """Say whether it concerns someone in this role."""
        same_place = held.office == self.office and held.role.value == self.role
        return same_place and self.department in {"", held.department} and self.subject in {"", held.subject}


@dataclass(frozen=True, kw_only=True)
class Webhook:
    """An address that is told of notices of some kinds (none: all)."""

    id: str
    office: str
    url: str
    secret: str
    kinds: tuple[str, ...] = ()
    disabled: bool = False


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """A notice on its way to a webhook: `state` is waiting, delivered or given_up."""

    webhook: Webhook
    notice: Notice
    tries: int
    state: str
    due_at: datetime
    answer: str = ""


class Outbox:
    """Notices, read marks, webhooks and their deliveries."""

    def __init__(self, database: Database) -> None:
        self._database = database

    # Notices

    def post(self, *notices: Notice) -> None:
        """Put notices out, and on their way to every webhook that asks for them."""
        self._database.change(lambda c: post(c, *notices))

    def notices(self, office: str, roles: Iterable[HeldRole], *, limit: int = 50) -> tuple[Notice, ...]:
        """Return the latest notices of an office that concern someone in these roles, the latest first."""
        held = tuple(roles)
        query = select(NOTICE).where(NOTICE.c.office_id == office, NOTICE.c.role != "")
        query = query.where(NOTICE.c.role.in_(sorted({h.role.value for h in held}))).order_by(NOTICE.c.id.desc())
        found: list[Notice] = []
        with self._database.reading() as connection:
            for row in connection.execute(query.limit(limit * 20)):
                notice = _notice(row)
                if any(notice.is_for(h) for h in held):
                    found.append(notice)
                if len(found) == limit:
                    break
        return tuple(found)

    def read_up_to(self, account_id: str, office: str) -> int:
        """Return the id of the last notice that an account has read."""
        c = NOTICE_READ.c
        query = select(c.notice_id).where(c.account_id == account_id, c.office_id == office)
        with self._database.reading() as connection:
            return int(connection.execute(query).scalar() or 0)

    def mark_read(self, account_id: str, office: str, notice_id: int) -> None:
        """Note up to which notice an account has read."""
        key = {"account_id": account_id, "office_id": office}
        match = (NOTICE_READ.c.account_id == account_id) & (NOTICE_READ.c.office_id == office)

        def act(connection: Connection) -> None:
            if not connection.execute(NOTICE_READ.update().where(match).values(notice_id=notice_id)).rowcount:
                connection.execute(NOTICE_READ.insert().values(**key, notice_id=notice_id))

        self._database.change(act)

    # Webhooks

    def add_webhook(self, office: str, url: str, *, now: datetime, kinds: Iterable[str] = ()) -> Webhook:
        """Add an address and make its secret; anything but http and https is refused (O050)."""
        if not url.startswith(("https://", "http://")):
            raise RefusedError([Finding(code="O050", args={"url": url})])
        hook = Webhook(
            id=f"w{token_hex(6)}", office=office, url=url, secret=token_urlsafe(32), kinds=tuple(sorted(set(kinds)))
        )
        row = {"id": hook.id, "office_id": office, "url": url, "secret": hook.secret, "kinds": " ".join(hook.kinds)}
        insert = WEBHOOK.insert().values(**row, made_at=now.isoformat(), disabled_at="")
        self._database.change(lambda c: c.execute(insert))
        return hook

    def webhooks(self, office: str) -> tuple[Webhook, ...]:
        """Return the webhooks of an office."""
        query = select(WEBHOOK).where(WEBHOOK.c.office_id == office).order_by(WEBHOOK.c.made_at, WEBHOOK.c.id)
        with self._database.reading() as connection:
            return tuple(_webhook(row) for row in connection.execute(query))

    def disable_webhook(self, office: str, webhook_id: str, *, now: datetime) -> None:
        """Tell an address nothing more; an unknown one is refused (O051)."""
        match = (WEBHOOK.c.office_id == office) & (WEBHOOK.c.id == webhook_id)
        change = WEBHOOK.update().where(match).values(disabled_at=now.isoformat())
        if not self._database.change(lambda c: c.execute(change).rowcount):
            raise RefusedError([Finding(code="O051", args={"id": webhook_id})])

    def due(self, *, now: datetime, limit: int = 20) -> tuple[Delivery, ...]:
        """Return the deliveries whose time has come, the longest due first."""
        return self._deliveries((DELIVERY.c.state == "waiting") & (DELIVERY.c.due_at <= now.isoformat()), limit)

    def deliveries(self, office: str, *, limit: int = 100) -> tuple[Delivery, ...]:
        """Return how the deliveries of an office stand, the latest notices first."""
        return self._deliveries(WEBHOOK.c.office_id == office, limit, latest=True)

    def _deliveries(self, scope: Any, limit: int, *, latest: bool = False) -> tuple[Delivery, ...]:
        with self._database.reading() as connection:
            query = select(DELIVERY).join(WEBHOOK, WEBHOOK.c.id == DELIVERY.c.webhook_id).where(scope)
            order = (
                (DELIVERY.c.notice_id.desc(), DELIVERY.c.webhook_id)
                if latest
                else (DELIVERY.c.due_at, DELIVERY.c.notice_id)
            )
            rows = connection.execute(query.order_by(*order).limit(limit)).all()
            hooks = {r.webhook_id for r in rows}
            webhooks = {
                w.id: w for w in map(_webhook, connection.execute(select(WEBHOOK).where(WEBHOOK.c.id.in_(hooks))))
            }
            told = {r.notice_id for r in rows}
            notices = {n.id: n for n in map(_notice, connection.execute(select(NOTICE).where(NOTICE.c.id.in_(told))))}
        return tuple(
            Delivery(
                webhook=webhooks[r.webhook_id],
                notice=notices[r.notice_id],
                tries=r.tries,
                state=r.state,
                due_at=datetime.fromisoformat(r.due_at),
                answer=r.answer,
            )
            for r in rows
        )

    def delivered(self, delivery: Delivery, *, now: datetime, answer: str = "") -> None:
        """Note that the other side took it."""
        self._settle(delivery, state="delivered", due_at=now, answer=answer)

    def failed(self, delivery: Delivery, *, now: datetime, answer: str) -> None:
        """Note that it did not arrive: it is tried again after a while, in the end given up."""
        if delivery.tries < len(WAITS):
            self._settle(delivery, state="waiting", due_at=now + WAITS[delivery.tries], answer=answer)
        else:
            self._settle(delivery, state="given_up", due_at=now, answer=answer)

    def _settle(self, delivery: Delivery, *, state: str, due_at: datetime, answer: str) -> None:
        c = DELIVERY.c
        match = (c.webhook_id == delivery.webhook.id) & (c.notice_id == delivery.notice.id)
        values = {"state": state, "tries": delivery.tries + 1, "due_at": due_at.isoformat(), "answer": answer[:500]}
        self._database.change(lambda connection: connection.execute(DELIVERY.update().where(match).values(**values)))


def post(connection: Connection, *notices: Notice) -> None:
    """Put notices out inside a change that is under way; one that was put out under its name already is left out."""
    for notice in notices:
        once = notice.once or token_hex(8)
        known = select(NOTICE.c.id).where(NOTICE.c.office_id == notice.office, NOTICE.c.once == once)
        if connection.execute(known).first():
            continue
        row = {
            "office_id": notice.office,
            "kind": notice.kind,
            "once": once,
            "made_at": notice.made_at.isoformat(),
            "role": notice.role,
            "department": notice.department,
            "subject": notice.subject,
            "about": canonical(dict(notice.about)),
        }
        notice_id = connection.execute(NOTICE.insert().values(**row).returning(NOTICE.c.id)).scalar_one()
        if notice.role:
            continue
        hooks = select(WEBHOOK).where(WEBHOOK.c.office_id == notice.office, WEBHOOK.c.disabled_at == "")
        for hook in map(_webhook, connection.execute(hooks).all()):
            if not hook.kinds or notice.kind in hook.kinds:
                on_its_way = {"webhook_id": hook.id, "notice_id": notice_id, "state": "waiting", "tries": 0}
                due = {"due_at": notice.made_at.isoformat(), "answer": ""}
                connection.execute(DELIVERY.insert().values(**on_its_way, **due))


def payload(delivery: Delivery) -> bytes:
    """Return the body that a webhook is sent: canonical JSON."""
    notice = delivery.notice
    told = {"id": notice.id, "kind": notice.kind, "office": notice.office, "at": notice.made_at.isoformat()}
    return canonical({**told, "about": dict(notice.about)}).encode()


def signature(webhook: Webhook, stamp: str, body: bytes) -> str:
    """Return the header with which a receiver knows us: `sha256=` and the HMAC of `stamp.body` under the secret.

    The stamp is in whole seconds since 1970; a receiver refuses an old one, so that nothing is played to it again.
    """
    return f"sha256={hmac.new(webhook.secret.encode(), f'{stamp}.'.encode() + body, sha256).hexdigest()}"


def _notice(row: Row[Any]) -> Notice:
    return Notice(
        id=row.id,
        kind=row.kind,
        office=row.office_id,
        made_at=datetime.fromisoformat(row.made_at),
        about=json.loads(row.about),
        role=row.role,
        department=row.department,
        subject=row.subject,
        once=row.once,
    )


def _webhook(row: Row[Any]) -> Webhook:
    return Webhook(
        id=row.id,
        office=row.office_id,
        url=row.url,
        secret=row.secret,
        kinds=tuple(row.kinds.split()),
        disabled=bool(row.disabled_at),
    )
