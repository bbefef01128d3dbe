"""Standings that were worked out from the log, kept for reading: thrown away at will, rebuilt to the same bytes."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, select

from appraisal.store.account_rows import STANDINGS
from appraisal.store.rows import OFFICE
from appraisal.store.transactions import Database

_LEVEL = 3


@dataclass(frozen=True, kw_only=True)
class Mark:
    """How far the log and the adoptions of an office had come: standings of an equal mark are up to date."""

    position: int
    adoption: int


@dataclass(frozen=True, kw_only=True)
class Kept:
    """Standings as kept: of which mark and day, by which version of the engine, and their bytes."""

    mark: Mark
    day: date | None
    version: str
    document: bytes


class Derived:
    """The table of standings."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def mark(self, office: str) -> Mark:
        """Return how far an office has come."""
        c = OFFICE.c
        query = select(c.head_position, c.adoption_position).where(c.id == office)
        with self._database.reading() as connection:
            row = connection.execute(query).one_or_none()
        return Mark(position=row.head_position, adoption=row.adoption_position) if row else Mark(position=0, adoption=0)

    def get(self, office: str, rulebook: str, span: str) -> Kept | None:
        """Return what is kept for a span, however old."""
        with self._database.reading() as connection:
            row = connection.execute(select(STANDINGS).where(_key(office, rulebook, span))).one_or_none()
        return None if row is None else _kept(row)

    def put(self, office: str, rulebook: str, span: str, kept: Kept) -> None:
        """Keep standings in the place of older ones, soon; who asked for them has them already."""
        row = {
            "version": kept.version,
            "day": kept.day.isoformat() if kept.day else "",
            "position": kept.mark.position,
            "adoption": kept.mark.adoption,
            "document": zlib.compress(kept.document, _LEVEL),
        }
        match = _key(office, rulebook, span)

        def act(connection: Connection) -> None:
            if not connection.execute(STANDINGS.update().where(match).values(**row)).rowcount:
                key = {"office_id": office, "rulebook": rulebook, "span": span}
                connection.execute(STANDINGS.insert().values(**key, **row))

        self._database.later(act)

    def clear(self, office: str | None = None) -> int:
        """Throw standings away, of one office or of all; return how many there were."""
        change = STANDINGS.delete()
        if office is not None:
            change = change.where(STANDINGS.c.office_id == office)
        return self._database.change(lambda c: c.execute(change).rowcount)


def _key(office: str, rulebook: str, span: str) -> Any:
    c = STANDINGS.c
    return (c.office_id == office) & (c.rulebook == rulebook) & (c.span == span)


def _kept(row: Row[Any]) -> Kept:
    return Kept(
        mark=Mark(position=row.position, adoption=row.adoption),
        day=date.fromisoformat(row.day) if row.day else None,
        version=row.version,
        document=zlib.decompress(row.document),
    )
