"""Closings: the standings of a month or a year as published, with the line of the log that sealed them."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, Row, select

from appraisal.store.account_rows import CLOSING
from appraisal.store.lines import Head
from appraisal.store.transactions import Database


@dataclass(frozen=True, kw_only=True)
class Closing:
    """Standings as they were closed: `anchor` is the head of the log that they stand on, `event` the line itself."""

    office: str
    rulebook: str
    span: str
    number: int
    event: str
    anchor: Head
    sha256: str
    document: bytes


class Closings:
    """What was closed; lines are added and never changed."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def latest(self, office: str, rulebook: str, span: str) -> Closing | None:
        """Return the last closing of a span; None where it was never closed."""
        c = CLOSING.c
        match = (c.office_id == office) & (c.rulebook == rulebook) & (c.span == span)
        query = select(CLOSING).where(match).order_by(c.number.desc()).limit(1)
        with self._database.reading() as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None else _closing(row)

    def all(self, office: str) -> tuple[Closing, ...]:
        """Return every closing of an office, oldest first."""
        c = CLOSING.c
        query = select(CLOSING).where(c.office_id == office).order_by(c.position, c.span, c.number)
        with self._database.reading() as connection:
            return tuple(_closing(row) for row in connection.execute(query))


def anchors(connection: Connection, office: str) -> tuple[Head, ...]:
    """Return the heads that closings stand on, oldest first: none may be missing from the chain."""
    c = CLOSING.c
    query = select(c.position, c.head_hash).where(c.office_id == office).order_by(c.position)
    return tuple(Head(position=row.position, hash=row.head_hash) for row in connection.execute(query))


def append(connection: Connection, closing: Closing) -> None:
    """Keep a closing inside the change that appends its line."""
    connection.execute(
        CLOSING.insert().values(
            office_id=closing.office,
            rulebook=closing.rulebook,
            span=closing.span,
            number=closing.number,
            event_id=closing.event,
            position=closing.anchor.position,
            head_hash=closing.anchor.hash,
            sha256=closing.sha256,
            document=closing.document,
        )
    )


def seal(document: bytes) -> str:
    """Return what the line of the log says about the standings."""
    return f"sha256:{sha256(document).hexdigest()}"


def _closing(row: Row[Any]) -> Closing:
    return Closing(
        office=row.office_id,
        rulebook=row.rulebook,
        span=row.span,
        number=row.number,
        event=row.event_id,
        anchor=Head(position=row.position, hash=row.head_hash),
        sha256=row.sha256,
        document=bytes(row.document),
    )
