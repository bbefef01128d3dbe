"""What rows say about each other: withdrawals that name nothing or go in circles, and two rows for one value."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

from appraisal.errors import Finding
from appraisal.model.event import Event
from appraisal.model.ledger import resolve
from appraisal.reading.event_shelf import Shelf
from appraisal.reading.nearest import Nearest


def check_links(reader: Shelf, existing: Collection[str], *, torn: bool) -> Iterator[Finding]:
    """Yield what is wrong between rows; in files with unreadable parts a missing target proves nothing."""
    counters = {event.id: event.counters for event in reader.events if event.counters}
    if counters:
        if not torn:
            yield from _unknown(reader, counters, existing)
        yield from _subjects(reader, counters)
        circles = list(_circles(counters))
        for circle in circles:
            first, *others = sorted(circle, key=reader.index.__getitem__)
            found = _finding(reader, first, "E074", ids=", ".join([first, *others]))
            yield replace(found, also=tuple(reader.place(reader.index[id_]) for id_ in others))
        if circles:
            return
    yield from _conflicts(reader)


def _finding(reader: Shelf, id_: str, code: str, *, also: str = "", column: str = "counters", **args: str) -> Finding:
    at = reader.index[id_]
    event = reader.events[at]
    places = (reader.place(reader.index[also]),) if also in reader.index else ()
    told = {"column": reader.layouts[reader.files[at]].title(column), "cell": event.counters, "id": id_} | args
    return Finding(code=code, place=reader.place(at, column), args=told, also=places)


def _unknown(reader: Shelf, counters: Mapping[str, str], existing: Collection[str]) -> Iterator[Finding]:
    lost = [id_ for id_, target in counters.items() if not _known(reader, target, existing)]
    if not lost:
        return
    near = Nearest([*reader.index, *sorted(existing)])
    for id_ in lost:
        yield _finding(reader, id_, "E072", near=near.shown(counters[id_]))


def _known(reader: Shelf, target: str, existing: Collection[str]) -> bool:
    return target in reader.index or target in reader.unread or target in existing


def _subjects(reader: Shelf, counters: Mapping[str, str]) -> Iterator[Finding]:
    """Yield the rows that only withdraw, and name another subject than what they withdraw."""
    for id_, target in counters.items():
        at = reader.index.get(target)
        event = reader.events[reader.index[id_]]
        pure = not event.clause and not event.kind
        if pure and event.subject and at is not None and event.subject != reader.events[at].subject:
            other = reader.events[at].subject
            yield _finding(
                reader,
                id_,
                "E075",
                also=target,
                column="subject",
                subject=reader.name(event.subject),
                other=reader.name(other),
            )


def _circles(counters: Mapping[str, str]) -> Iterator[list[str]]:
    """Yield the rows that withdraw each other in a circle."""
    settled: set[str] = set()
    for start in counters:
        path: dict[str, None] = {}
        at = start
        while at in counters and at not in settled and at not in path:
            path[at] = None
            at = counters[at]
        if at in path:
            walk = list(path)
            yield walk[walk.index(at) :]
        settled.update(path)


def _conflicts(reader: Shelf) -> Iterator[Finding]:
    """Two rows that count for what may have one value."""
    once = reader.rulebook.once
    rows: list[Event] = [event for event in reader.events if event.counters or once(event) is not None]
    for first, second in resolve(rows, reader.rulebook).conflicts:
        part = f" {second.part}" if second.part else ""
        yield _finding(
            reader,
            second.id,
            "E076",
            also=first.id,
            column="clause",
            clause=f"{second.clause}{part}",
            subject=reader.name(second.subject),
            first=first.id,
        )
