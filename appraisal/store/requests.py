"""Requests that carry a key: what was asked under it first, so that the same key asks for nothing else."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, select

from appraisal.store.account_rows import REQUEST
from appraisal.store.transactions import Database


class Requests:
    """Requests with a key, by account; their answers are in the log, or kept with them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def begin(self, account: str, key: str, fingerprint: str, *, now: datetime) -> str:
        """Return the fingerprint of what was asked first under this key, or note that this is it."""
        match = (REQUEST.c.account_id == account) & (REQUEST.c.key == key)

        def act(connection: Connection) -> str:
            first = connection.execute(select(REQUEST.c.fingerprint).where(match)).scalar()
            if first is not None:
                return str(first)
            new = {"account_id": account, "key": key, "fingerprint": fingerprint, "made_at": now.isoformat()}
            connection.execute(REQUEST.insert().values(**new, status=0, answer=""))
            return fingerprint

        return self._database.change(act)

    def answer(self, account: str, key: str) -> str:
        """Return what was answered to a request; empty where nothing was yet, or where the answer is in the log."""
        match = (REQUEST.c.account_id == account) & (REQUEST.c.key == key)
        with self._database.reading() as connection:
            return str(connection.execute(select(REQUEST.c.answer).where(match)).scalar() or "")

    def settle(self, account: str, key: str, answer: str) -> None:
        """Keep what was answered to a request, for the same one sent again."""
        match = (REQUEST.c.account_id == account) & (REQUEST.c.key == key)
        change = REQUEST.update().where(match).values(answer=answer)
        self._database.change(lambda connection: connection.execute(change))

    def forget(self, account: str, key: str) -> None:
        """Forget a request that was refused: the next one with its key is a new one."""
        match = (REQUEST.c.account_id == account) & (REQUEST.c.key == key)
        self._database.change(lambda connection: connection.execute(REQUEST.delete().where(match)))

    def sweep(self, *, before: datetime) -> None:
        """Forget what was asked before a moment."""
        old = REQUEST.delete().where(REQUEST.c.made_at < before.isoformat())
        self._database.change(lambda connection: connection.execute(old))
