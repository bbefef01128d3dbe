"""Answers to requests that carry a key: a retry gets the answer of the first, whatever happened in between."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from appraisal.store.account_rows import REQUEST
from appraisal.store.transactions import Database


@dataclass(frozen=True, kw_only=True)
class Kept:
    """What is known of a request: the fingerprint of its content, and its answer (status 0: none yet)."""

    fingerprint: str
    status: int
    answer: str


class Requests:
    """Requests with a key, by account."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def begin(self, account: str, key: str, fingerprint: str, *, now: datetime) -> Kept:
        """Return what is known of a request, or note that it has begun."""
        match = (REQUEST.c.account_id == account) & (REQUEST.c.key == key)

        def act(connection: Connection) -> Kept:
            row = connection.execute(select(REQUEST).where(match)).one_or_none()
            if row is not None:
                return Kept(fingerprint=row.fingerprint, status=row.status, answer=row.answer)
            new = {"account_id": account, "key": key, "fingerprint": fingerprint, "made_at": now.isoformat()}
            connection.execute(REQUEST.insert().values(**new, status=0, answer=""))
            return Kept(fingerprint=fingerprint, status=0, answer="")

        return self._database.change(act)

    def finish(self, account: str, key: str, *, status: int, answer: str) -> None:
        """Keep the answer of a request."""
        match = (REQUEST.c.account_id == account) & (REQUEST.c.key == key)
        change = REQUEST.update().where(match).values(status=status, answer=answer)
        self._database.change(lambda connection: connection.execute(change))

    def forget(self, account: str, key: str) -> None:
        """Forget a request that was refused: the next one with its key is a new one."""
        match = (REQUEST.c.account_id == account) & (REQUEST.c.key == key)
        self._database.change(lambda connection: connection.execute(REQUEST.delete().where(match)))

    def sweep(self, *, before: datetime) -> None:
        """Forget what was asked before a moment."""
        old = REQUEST.delete().where(REQUEST.c.made_at < before.isoformat())
        self._database.change(lambda connection: connection.execute(old))
