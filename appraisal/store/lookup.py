"""Find lines of the log: by id, in a scope, and those that lines lead to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

from sqlalchemy import ColumnElement, Connection, or_, select

from appraisal.store.lines import Line, read
from appraisal.store.rows import EVENT

CHUNK = 500  # ids a query: SQLite of old allows 999 parameters
_T = TypeVar("_T")


def chunks(items: Iterable[_T], size: int = CHUNK) -> Iterator[list[_T]]:
    """Yield lists of this size; the last may be shorter."""
    rest = iter(items)
    while part := list(islice(rest, size)):
        yield part


def lines_by_id(connection: Connection, office: str, ids: Iterable[str]) -> Iterator[Line]:
    """Yield the lines of an office that have these ids."""
    c = EVENT.c
    for part in chunks(ids):
        query = select(c.position, c.public, c.private).where(c.office_id == office, c.event_id.in_(part))
        yield from (read(*row) for row in connection.execute(query))


def lines_in(connection: Connection, scope: ColumnElement[bool]) -> Iterator[Line]:
    """Yield the lines in this scope, in no order."""
    query = select(EVENT.c.position, EVENT.c.public, EVENT.c.private).where(scope)
    for row in connection.execute(query):
        yield read(*row)


def linked(connection: Connection, scope: ColumnElement[bool], ids: set[str]) -> set[str]:
    """Return the ids that these lead to: who counters them, and what they were derived from, step by step."""
    c = EVENT.c
    query = select(c.event_id, c.counters, c.derived_from).where(scope, or_(c.counters != "", c.derived_from != ""))
    countered_by: dict[str, list[str]] = {}
    source: dict[str, str] = {}
    for event_id, counters, derived_from in connection.execute(query):
        countered_by.setdefault(counters, []).append(event_id)
        source[event_id] = derived_from
    found, todo = set(ids), list(ids)
    while todo:
        event_id = todo.pop()
        for other in [*countered_by.get(event_id, ()), source.get(event_id, "")]:
            if other and other not in found:
                found.add(other)
                todo.append(other)
    return found - ids
