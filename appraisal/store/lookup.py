"""Find lines of the log: by id, in a scope, and those that lines lead to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, Row, TextClause, bindparam, select, text

from appraisal.model.event import Event
from appraisal.store.lines import Line, Sealed, read
from appraisal.store.rows import BY_ID, EVENT, LINKED

CHUNK = 500  # ids a query: SQLite of old allows 999 parameters
_T = TypeVar("_T")


def chunks(items: Iterable[_T], size: int = CHUNK) -> Iterator[list[_T]]:
    """Yield lists of this size; the last may be shorter."""
    rest = iter(items)
    while part := list(islice(rest, size)):
        yield part


@cache  # each is made anew by SQLAlchemy otherwise, for every line
def _query(words: str) -> TextClause:
    """Return a query that asks for a list of ids."""
    return text(words).bindparams(bindparam("ids", expanding=True))


def _by_id(connection: Connection, columns: str, office: str, wanted: Iterable[str]) -> Iterator[Row[Any]]:
    # Without the hint SQLite reads the whole office for a long list of ids.
    hint = f"INDEXED BY {BY_ID}" if connection.dialect.name == "sqlite" else ""
    query = _query(f"SELECT {columns} FROM event {hint} WHERE office_id = :office AND event_id IN :ids")  # noqa: S608
    for part in chunks(wanted):
        yield from connection.execute(query, {"office": office, "ids": part}).all()


def rows_by_id(connection: Connection, office: str, wanted: Iterable[str]) -> Iterator[Row[Any]]:
    """Yield id, position, moment and parts of the lines of an office that have these ids."""
    return _by_id(connection, "event_id, position, appended_at, public, private", office, wanted)


def lines_by_id(connection: Connection, office: str, wanted: Iterable[str]) -> Iterator[Line]:
    """Yield the lines of an office that have these ids."""
    for row in rows_by_id(connection, office, wanted):
        yield read(row.position, row.public, row.private)


def sealed_by_id(connection: Connection, office: str, wanted: Iterable[str]) -> Iterator[Sealed]:
    """Yield the lines of an office that have these ids, as they may leave it."""
    for row in _by_id(connection, "position, public, prev_hash, private_hash, hash", office, wanted):
        told = {"previous": row.prev_hash, "private_hash": row.private_hash, "hash": row.hash}
        yield Sealed(position=row.position, public=row.public, **told)


def lines_in(connection: Connection, scope: ColumnElement[bool]) -> Iterator[Line]:
    """Yield the lines in this scope, in no order."""
    query = select(EVENT.c.position, EVENT.c.public, EVENT.c.private).where(scope)
    for row in connection.execute(query).all():
        yield read(*row)


_OPEN = ("position", "public", "private", "rulebook", "year", "counters", "derived_from")
_BEHIND = (
    select(*(EVENT.c[name] for name in _OPEN))
    .where(EVENT.c.office_id == bindparam("office"), EVENT.c.position > bindparam("after"))
    .order_by(EVENT.c.position)
)


def read_on(connection: Connection, office: str, rulebook: str, year: int, after: int) -> list[Line] | None:
    """Return the lines of a rulebook's year behind a position, in the order of the log.

    None where a line of another year behind it names a line: what it names may be of this year.
    """
    rows = connection.execute(_BEHIND, {"office": office, "after": after}).all()
    mine = [row for row in rows if row.rulebook == rulebook and row.year == year]
    if len(mine) < len(rows) and any(
        (row.counters or row.derived_from) and (row.rulebook, row.year) != (rulebook, year) for row in rows
    ):
        return None
    return [read(row.position, row.public, row.private) for row in mine]


def linked(connection: Connection, scope: ColumnElement[bool], ids: set[str]) -> set[str]:
    """Return the ids that these lead to: who counters them, and what they were derived from, step by step."""
    c = EVENT.c
    query = select(c.event_id, c.counters, c.derived_from).where(scope, LINKED)
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


def followed(connection: Connection, office: str, wanted: Iterable[str]) -> dict[str, Event]:
    """Return by id of a line the event that follows it, for those of these ids that one follows."""
    return {line.event.follows: line.event for line in _naming(connection, office, "follows", wanted)}


def related(connection: Connection, office: str, wanted: Iterable[str]) -> Iterator[Line]:
    """Yield the lines of these ids and all that follow or counter them, step by step; a root is no line itself."""
    todo = list(dict.fromkeys(wanted))
    seen = set(todo)
    yield from lines_by_id(connection, office, todo)
    while todo:
        found = [line for name in ("follows", "counters") for line in _naming(connection, office, name, todo)]
        fresh = {line.event.id: line for line in found if line.event.id not in seen}
        yield from fresh.values()
        seen |= fresh.keys()
        todo = list(fresh)


_INDEX = {"follows": "event_followed", "counters": "event_countered"}


def _naming(connection: Connection, office: str, column: str, wanted: Iterable[str]) -> Iterator[Line]:
    """Yield the lines that name one of these ids in a column."""
    hint = f"INDEXED BY {_INDEX[column]}" if connection.dialect.name == "sqlite" else ""
    match = f"office_id = :office AND {column} IN :ids AND {column} <> ''"
    query = _query(f"SELECT position, public, private FROM event {hint} WHERE {match}")  # noqa: S608
    for part in chunks(wanted):
        for row in connection.execute(query, {"office": office, "ids": part}).all():
            yield read(*row)


def ids(connection: Connection, office: str, wanted: Iterable[str] | None) -> set[str]:
    """Return which of these ids the log of an office has; all that it has if none are named."""
    if wanted is None:
        return set(connection.execute(select(EVENT.c.event_id).where(EVENT.c.office_id == office)).scalars())
    return {row.event_id for row in _by_id(connection, "event_id", office, wanted)}
