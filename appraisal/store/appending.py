"""Appending inside a transaction: one request, or many at once with as few questions to the database as they allow."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Row, select

from appraisal.errors import Finding, RefusedError
from appraisal.model.event import Event
from appraisal.model.rulebook import Rulebook
from appraisal.reading.nearest import Nearest
from appraisal.store import audit, checks, lookup, outbox
from appraisal.store.audit import Trace
from appraisal.store.lines import Head, rows
from appraisal.store.outbox import Notice
from appraisal.store.rows import EVENT, OFFICE

Progress = Callable[[int, int], None]
"""Told how many of how many events are written."""

_CHUNK = 1000


@dataclass(frozen=True, kw_only=True)
class AppendResult:
    """How many events were appended, how many the log had already, and the head after it."""

    appended: int
    ignored: int
    head: Head


@dataclass(frozen=True, kw_only=True)
class Request:
    """Events to append together under an office's lock: all of them, or none with every reason.

    `rules` says of what only one may count. `expected`: where the chain ends as the caller knows it; if it has moved
    on, nothing is appended (L019). `traces`, `notices` and what `also` does are kept in the same transaction.
    """

    office: str
    events: tuple[Event, ...]
    rulebook: str
    now: datetime
    rules: Rulebook | None = None
    expected: Head | None = None
    traces: tuple[Trace, ...] = ()
    notices: tuple[Notice, ...] = ()
    also: Callable[[Connection], None] | None = None

    @property
    def plain(self) -> bool:
        """Whether it names no other line and claims no single value, so that its ids alone decide."""
        rules = self.rules
        if self.expected is not None or self.also is not None:
            return False
        return not any(e.follows or e.counters or (rules and rules.once(e) is not None) for e in self.events)


Answer = AppendResult | RefusedError


def office_row(connection: Connection, office: str, *, lock: bool = False) -> Row[Any]:
    """Return an office, locked if asked; an unknown one is refused (L010)."""
    query = select(OFFICE).where(OFFICE.c.id == office)
    # PostgreSQL locks the row; SQLite has locked the database when the transaction began.
    row = connection.execute(query.with_for_update() if lock else query).one_or_none()
    if row is None:
        known = list(connection.execute(select(OFFICE.c.id).order_by(OFFICE.c.id)).scalars())
        raise RefusedError([Finding(code="L010", args={"office": office, "near": Nearest(known).shown(office)})])
    return row


class Appender:
    """Appends to one office inside a transaction; its head moves in memory and is written by `finish`."""

    def __init__(self, connection: Connection, office: str) -> None:
        self._connection = connection
        self._office = office
        row = office_row(connection, office, lock=True)
        self.head = Head(position=row.head_position, hash=row.head_hash)
        self._moved = False

    def append(self, request: Request, progress: Progress | None = None) -> AppendResult:
        """Append one request after every check; RefusedError carries every reason."""
        connection, office = self._connection, self._office
        if request.expected not in {None, self.head}:
            raise RefusedError([Finding(code="L019", args={"office": office, "position": str(self.head.position)})])
        batch, ignored, findings = checks.fresh(connection, office, request.rulebook, request.events)
        findings += checks.dangling(connection, office, batch)
        findings += checks.following(connection, office, batch)
        if request.rules:
            findings += checks.conflicts(connection, office, batch, request.rules)
        if findings:
            raise RefusedError(findings)
        self._write(list(batch.values()), request, progress)
        if request.also is not None:
            request.also(connection)
        return AppendResult(appended=len(batch), ignored=ignored, head=self.head)

    def append_plain(self, requests: Sequence[Request]) -> list[Answer]:
        """Append plain requests of one rulebook together where no id stands in their way; else one by one."""
        events = [event for request in requests for event in request.events]
        _, ignored, findings = checks.fresh(self._connection, self._office, requests[0].rulebook, events)
        if findings or ignored:
            return [self.attempt(request) for request in requests]
        found: list[Answer] = []
        written: list[dict[str, Any]] = []
        for request in requests:
            if not request.events:
                found.append(AppendResult(appended=0, ignored=0, head=self.head))
                continue
            written += rows(self._office, request.events, request.rulebook, request.now.isoformat(), self.head)
            self.head = Head(position=written[-1]["position"], hash=written[-1]["hash"])
            found.append(AppendResult(appended=len(request.events), ignored=0, head=self.head))
        if written:
            self._connection.execute(EVENT.insert(), written)
            self._moved = True
        return found

    def attempt(self, request: Request) -> Answer:
        """Append one request, or return why not."""
        try:
            return self.append(request)
        except RefusedError as refused:
            return refused

    def _write(self, events: Sequence[Event], request: Request, progress: Progress | None) -> None:
        done = 0
        for part in lookup.chunks(events, _CHUNK):
            written = list(rows(self._office, part, request.rulebook, request.now.isoformat(), self.head))
            self._connection.execute(EVENT.insert(), written)
            self.head = Head(position=written[-1]["position"], hash=written[-1]["hash"])
            self._moved = True
            done += len(part)
            if progress:
                progress(done, len(events))

    def finish(self) -> None:
        """Write where the chain ends now."""
        if self._moved:
            moved = {"head_position": self.head.position, "head_hash": self.head.hash}
            self._connection.execute(OFFICE.update().where(OFFICE.c.id == self._office).values(**moved))


def append_all(connection: Connection, requests: Sequence[Request]) -> list[Answer]:
    """Append many requests, those of an office in their order; return an answer for each.

    Offices are taken in the order of their ids, so that two processes never wait for each other in a circle.
    """
    answers: dict[int, Answer] = {}
    keys = [(r.office, not r.plain, r.rulebook) for r in requests]
    order = sorted(range(len(requests)), key=keys.__getitem__)
    for office, numbers in groupby(order, key=lambda n: keys[n][0]):
        mine = list(numbers)
        try:
            appender = Appender(connection, office)
        except RefusedError as refused:
            answers.update(dict.fromkeys(mine, refused))
            continue
        for key, run in groupby(mine, key=keys.__getitem__):
            some = list(run)
            asked = [requests[n] for n in some]
            found = [appender.attempt(request) for request in asked] if key[1] else appender.append_plain(asked)
            answers.update(zip(some, found, strict=True))
        appender.finish()
    kept = [request for n, request in enumerate(requests) if not isinstance(answers[n], RefusedError)]
    told(connection, kept)
    return [answers[n] for n in range(len(requests))]


def told(connection: Connection, requests: Sequence[Request]) -> None:
    """Keep the traces and notices of requests that were appended."""
    audit.append(connection, *(trace for request in requests for trace in request.traces))
    outbox.post(connection, *(notice for request in requests for notice in request.notices))
