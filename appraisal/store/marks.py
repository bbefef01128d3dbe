"""How far an office has come: what was worked out at an equal mark is up to date."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, select

from appraisal.store.rows import OFFICE
from appraisal.store.transactions import Database

_QUERY = select(OFFICE.c.head_position, OFFICE.c.adoption_position).where(OFFICE.c.id == bindparam("office"))


@dataclass(frozen=True, kw_only=True)
class Mark:
    """Where the log of an office and its adoptions end."""

    position: int
    adoption: int


def mark(database: Database, office: str) -> Mark:
    """Return how far an office has come; an unknown one has not begun."""

    def asked(connection: Connection) -> Mark:
        row = connection.execute(_QUERY, {"office": office}).one_or_none()
        return Mark(position=row.head_position, adoption=row.adoption_position) if row else Mark(position=0, adoption=0)

    return database.ask(("mark", office), asked)
