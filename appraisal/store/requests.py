"""Requests that carry a key: what was asked under it first, so that the same key asks for nothing else.

The key of a request that makes a line is kept in the transaction of that line: both are there, or neither is.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy import ColumnElement, Connection, bindparam, select

from appraisal.errors import Finding, RefusedError
from appraisal.store.account_rows import REQUEST
from appraisal.store.inserting import insert_new
from appraisal.store.lookup import chunks
from appraisal.store.transactions import Database

_USED = select(REQUEST.c.account_id, REQUEST.c.key, REQUEST.c.fingerprint).where(
    REQUEST.c.account_id.in_(bindparam("accounts", expanding=True)),
    REQUEST.c.key.in_(bindparam("names", expanding=True)),
)


@dataclass(frozen=True, kw_only=True)
class Key:
    """What names a request of an account, and a fingerprint of all that it asks for."""

    account: str
    name: str
    fingerprint: str

    @property
    def stem(self) -> str:
        """What the ids of the lines that come of it end with, so that they are the same each time it is sent."""
        return sha256(f"{self.account}/{self.name}".encode()).hexdigest()[:20]


def used(connection: Connection, keys: Iterable[Key]) -> dict[tuple[str, str], str]:
    """Return the fingerprint of what was asked under each of these keys before, by account and name."""
    asked = sorted({(key.account, key.name) for key in keys})
    found: dict[tuple[str, str], str] = {}
    for part in chunks(asked):
        accounts, names = {account for account, _ in part}, {name for _, name in part}
        for row in connection.execute(_USED, {"accounts": sorted(accounts), "names": sorted(names)}):
            found[row.account_id, row.key] = row.fingerprint  # some of them nobody asked for
    return found


def keep(connection: Connection, keys: Iterable[tuple[Key, datetime]]) -> None:
    """Keep keys with when each was used; one that another server kept meanwhile stays as it is."""
    rows = [
        {"account_id": key.account, "key": key.name, "fingerprint": key.fingerprint, "made_at": at.isoformat()}
        for key, at in keys
    ]
    if rows:
        connection.execute(insert_new(connection, REQUEST), [{**row, "status": 0, "answer": ""} for row in rows])


def other_content() -> RefusedError:
    """Return what is said to a key that was used for something else (H029)."""
    return RefusedError([Finding(code="H029")])


class Requests:
    """Requests with a key, by account; their answers are in the log, or kept with them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def begin(self, key: Key, *, now: datetime) -> None:
        """Note a request whose answer is no line of the log; a key of something else is refused (H029)."""

        def act(connection: Connection) -> None:
            if not _same(connection, key):
                keep(connection, [(key, now)])

        self._database.change(act)

    def known(self, key: Key) -> bool:
        """Say whether this was asked before; a key that was used for something else is refused (H029)."""
        with self._database.reading() as connection:
            return _same(connection, key)

    def answer(self, key: Key) -> str:
        """Return what was answered to a request; empty where nothing was yet, or where the answer is in the log."""
        with self._database.reading() as connection:
            return str(connection.execute(select(REQUEST.c.answer).where(_is(key))).scalar() or "")

    def settle(self, key: Key, answer: str) -> None:
        """Keep what was answered to a request, for the same one sent again."""
        change = REQUEST.update().where(_is(key)).values(answer=answer)
        self._database.change(lambda connection: connection.execute(change))

    def forget(self, key: Key) -> None:
        """Forget a request that was refused: the next one with its key is a new one."""
        self._database.change(lambda connection: connection.execute(REQUEST.delete().where(_is(key))))

    def sweep(self, *, before: datetime) -> None:
        """Forget what was asked before a moment."""
        old = REQUEST.delete().where(REQUEST.c.made_at < before.isoformat())
        self._database.change(lambda connection: connection.execute(old))


def _same(connection: Connection, key: Key) -> bool:
    before = used(connection, [key]).get((key.account, key.name))
    if before not in {None, key.fingerprint}:
        raise other_content()
    return before is not None


def _is(key: Key) -> ColumnElement[bool]:
    return (REQUEST.c.account_id == key.account) & (REQUEST.c.key == key.name)
