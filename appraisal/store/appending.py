"""Appending inside a transaction: one request, or many at once with as few questions to the database as they allow."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select

from appraisal.errors import Finding, RefusedError
from appraisal.model.event import Event
from appraisal.model.rulebook import Rulebook
from appraisal.reading.nearest import Nearest
from appraisal.store import audit, checks, lookup, outbox, requests
from appraisal.store.audit import Trace
from appraisal.store.lines import Head, rows
from appraisal.store.outbox import Notice
from appraisal.store.requests import Key
from appraisal.store.rows import EVENT, OFFICE

Progress = Callable[[int, int], None]
"""Told how many of how many events are written."""

_CHUNK = 1000
_OFFICE = select(OFFICE).where(OFFICE.c.id == bindparam("office"))
_LOCKED = _OFFICE.with_for_update()
_SOME = (
    select(OFFICE).where(OFFICE.c.id.in_(bindparam("offices", expanding=True))).order_by(OFFICE.c.id).with_for_update()
)
_MOVED = OFFICE.update().where(OFFICE.c.id == bindparam("office"))


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
    on, nothing is appended (L019). `onto`: lines or roots that nobody had carried further when the caller looked, such
    as the last step of a month; if anyone did meanwhile, nothing is appended (L017). `traces`, `notices`, the `key`
    that it was asked under and what `also` does are kept in the same transaction. What was asked under its key before
    is ignored; another thing under it is refused (H029).
    """

    office: str
    events: tuple[Event, ...]
    rulebook: str
    now: datetime
    rules: Rulebook | None = None
    expected: Head | None = None
    onto: tuple[str, ...] = ()
    traces: tuple[Trace, ...] = ()
    notices: tuple[Notice, ...] = ()
    also: Callable[[Connection], None] | None = None
    key: Key | None = None

    @property
    def plain(self) -> bool:
        """Whether it names no other line and claims no single value, so that its ids alone decide."""
        rules = self.rules
        if self.expected is not None or self.also is not None:
            return False
        return not any(e.follows or e.counters or (rules and rules.once(e) is not None) for e in self.events)


Answer = AppendResult | RefusedError
Handed = tuple[Request, Future[AppendResult]]
"""A request, and where its answer goes once it is durable."""


def office_row(connection: Connection, office: str, *, lock: bool = False) -> Row[Any]:
    """Return an office, locked if asked; an unknown one is refused (L010)."""
    # PostgreSQL locks the row; SQLite has locked the database when the transaction began.
    row = connection.execute(_LOCKED if lock else _OFFICE, {"office": office}).one_or_none()
    if row is None:
        raise _unknown(connection, office)
    return row


def _unknown(connection: Connection, office: str) -> RefusedError:
    known = list(connection.execute(select(OFFICE.c.id).order_by(OFFICE.c.id)).scalars())
    return RefusedError([Finding(code="L010", args={"office": office, "near": Nearest(known).shown(office)})])


class Pending:
    """What a transaction is about to write: lines, keys and heads of many requests, each kind in one statement."""

    def __init__(self, connection: Connection, asked: Iterable[Request]) -> None:
        self._connection = connection
        self._used = requests.used(connection, [request.key for request in asked if request.key is not None])
        self._keys: list[tuple[Key, datetime]] = []
        self._lines: list[dict[str, Any]] = []
        self._heads: dict[str, Head] = {}

    def asked_before(self, key: Key) -> bool:
        """Say whether this was asked before; a key that was used for something else is refused (H029)."""
        before = self._used.get((key.account, key.name))
        if before not in {None, key.fingerprint}:
            raise requests.other_content()
        return before is not None

    def add(self, office: str, events: Sequence[Event], request: Request, head: Head) -> Head:
        """Take lines of an office to be written behind its head, and return where it ends with them."""
        lines = list(rows(office, events, request.rulebook, request.now.isoformat(), head))
        self._lines += lines
        self._heads[office] = Head(position=lines[-1]["position"], hash=lines[-1]["hash"])
        return self._heads[office]

    def use(self, request: Request) -> None:
        """Take the key of a request that was done."""
        key = request.key
        if key is not None and (key.account, key.name) not in self._used:
            self._used[key.account, key.name] = key.fingerprint
            self._keys.append((key, request.now))

    def write(self) -> None:
        """Write all of it, so that what is asked next finds it."""
        if self._lines:
            self._connection.execute(EVENT.insert(), self._lines)
        requests.keep(self._connection, self._keys)
        if self._heads:
            moved = [{"office": o, "head_position": h.position, "head_hash": h.hash} for o, h in self._heads.items()]
            self._connection.execute(_MOVED, moved)
        self._lines, self._keys, self._heads = [], [], {}


class Appender:
    """Appends to one office inside a transaction; what is to be written is added to what is pending."""

    def __init__(self, connection: Connection, office: Row[Any], pending: Pending) -> None:
        self._connection = connection
        self._office = str(office.id)
        self._pending = pending
        self.head = Head(position=office.head_position, hash=office.head_hash)

    def append(self, request: Request, progress: Progress | None = None) -> AppendResult:
        """Append one request after every check; RefusedError carries every reason."""
        connection, office = self._connection, self._office
        self._pending.write()  # the checks ask the database
        if (again := self._again(request)) is not None:
            return again
        if request.expected not in {None, self.head}:
            raise RefusedError([Finding(code="L019", args={"office": office, "position": str(self.head.position)})])
        batch, ignored, findings = checks.fresh(connection, office, request.rulebook, request.events)
        findings += checks.moved_on(connection, office, request.onto)
        findings += checks.dangling(connection, office, batch)
        findings += checks.following(connection, office, batch)
        if request.rules:
            findings += checks.conflicts(connection, office, batch, request.rules)
        if findings:
            raise RefusedError(findings)
        self._add(list(batch.values()), request, progress)
        self._pending.use(request)
        if request.also is not None:
            self._pending.write()
            request.also(connection)
        return AppendResult(appended=len(batch), ignored=ignored, head=self.head)

    def _again(self, request: Request) -> AppendResult | None:
        """Return what a request that was asked before, under the same key, comes to: nothing more."""
        if request.key is None or not self._pending.asked_before(request.key):
            return None
        have = lookup.ids(self._connection, self._office, [event.id for event in request.events])
        done = len(have) == len(request.events)  # else it was asked, and nothing came of it
        return AppendResult(appended=0, ignored=len(have), head=self.head) if done else None

    def append_plain(self, asked: Sequence[Request]) -> list[Answer]:
        """Append plain requests of one rulebook together where nothing stands in the way of any; else one by one."""
        events = [event for request in asked for event in request.events]
        _, ignored, findings = checks.fresh(self._connection, self._office, asked[0].rulebook, events)
        findings += checks.moved_on(
            self._connection, self._office, {name for request in asked for name in request.onto}
        )
        if findings or ignored or self._keys_clash(asked):
            return [self.attempt(request) for request in asked]
        found: list[Answer] = []
        for request in asked:
            if request.events:
                self.head = self._pending.add(self._office, request.events, request, self.head)
            self._pending.use(request)
            found.append(AppendResult(appended=len(request.events), ignored=0, head=self.head))
        return found

    def _keys_clash(self, asked: Sequence[Request]) -> bool:
        """Say whether a key was used before, or is used twice."""
        keys = [request.key for request in asked if request.key is not None]
        try:
            again = any(self._pending.asked_before(key) for key in keys)
        except RefusedError:
            return True
        return again or len({(key.account, key.name) for key in keys}) < len(keys)

    def attempt(self, request: Request) -> Answer:
        """Append one request, or return why not."""
        try:
            return self.append(request)
        except RefusedError as refused:
            return refused

    def _add(self, events: Sequence[Event], request: Request, progress: Progress | None) -> None:
        done = 0
        for part in lookup.chunks(events, _CHUNK):
            self.head = self._pending.add(self._office, part, request, self.head)
            done += len(part)
            if progress:
                self._pending.write()
                progress(done, len(events))


def append_one(connection: Connection, request: Request, progress: Progress | None = None) -> AppendResult:
    """Append one request by itself, or refuse it."""
    office = office_row(connection, request.office, lock=True)
    pending = Pending(connection, [request])
    appender = Appender(connection, office, pending)
    result = appender.append(request, progress)
    pending.write()
    told(connection, [request] if came(request, result) else [])
    return result


def append_all(connection: Connection, handed: Sequence[Request]) -> list[Answer]:
    """Append many requests, those of an office in their order; return an answer for each.

    Offices are locked in the order of their ids, so that two processes never wait for each other in a circle; and
    before it is asked which keys were used, so that the same request at two servers is done once.
    """
    answers: dict[int, Answer] = {}
    keys = [(r.office, not r.plain, r.rulebook) for r in handed]
    order = sorted(range(len(handed)), key=keys.__getitem__)
    names = sorted({request.office for request in handed})
    offices = {row.id: row for part in lookup.chunks(names) for row in connection.execute(_SOME, {"offices": part})}
    pending = Pending(connection, handed)
    for office, numbers in groupby(order, key=lambda n: keys[n][0]):
        mine = list(numbers)
        if office not in offices:
            answers.update(dict.fromkeys(mine, _unknown(connection, office)))
            continue
        appender = Appender(connection, offices[office], pending)
        for key, run in groupby(mine, key=keys.__getitem__):
            some = list(run)
            asked = [handed[n] for n in some]
            found = [appender.attempt(request) for request in asked] if key[1] else appender.append_plain(asked)
            answers.update(zip(some, found, strict=True))
    pending.write()
    kept = [(request, answers[n]) for n, request in enumerate(handed)]
    told(connection, [request for request, answer in kept if came(request, answer)])
    return [answers[n] for n in range(len(handed))]


def came(request: Request, answer: Answer) -> bool:
    """Say whether something came of a request: a retry under its key, or a refusal, leaves no trace."""
    if isinstance(answer, RefusedError):
        return False
    return bool(answer.appended) or request.key is None


def told(connection: Connection, appended: Sequence[Request]) -> None:
    """Keep the traces and notices of requests that were appended."""
    audit.append(connection, *(trace for request in appended for trace in request.traces))
    outbox.post(connection, *(notice for request in appended for notice in request.notices))
