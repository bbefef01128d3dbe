"""Which events count, written from the readings alone: known by then, not withdrawn, far enough in their procedure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from appraisal.model.clauses import Clause
from appraisal.model.event import Event, Status

COUNTING = {Status.NONE, Status.CONFIRMED}


def counted(events: Iterable[Event], clauses: Mapping[str, Clause], known: datetime | None) -> list[Event]:
    """Return the events that count, by date, then id."""
    log = {event.id: event for event in events if known is None or event.known_at <= known}
    against: dict[str, list[Event]] = {}
    for event in log.values():
        if event.counters and (event.status in COUNTING or event.status is Status.WITHDRAWN):
            against.setdefault(event.counters, []).append(event)
    kept = [event for event in log.values() if counts(event, against, clauses)]
    return sorted(kept, key=lambda event: (event.date, event.id))


def counts(event: Event, against: Mapping[str, list[Event]], clauses: Mapping[str, Clause]) -> bool:
    """Say whether one event of the log counts."""
    if not event.clause or event.status not in COUNTING:
        return False
    if withdrawn(event.id, against) or (event.derived_from and withdrawn(event.derived_from, against)):
        return False
    return event.status is Status.CONFIRMED or not clauses[event.clause].needs_confirmation


def withdrawn(name: str, against: Mapping[str, list[Event]]) -> bool:
    """Say whether an event counters this one and has not itself been withdrawn with nothing in its place."""
    return any(not undone(other.id, against) for other in against.get(name, []))


def undone(name: str, against: Mapping[str, list[Event]]) -> bool:
    """Say whether what this event counters is valid again: somebody withdrew it, and that withdrawal holds."""
    return any(
        not undone(other.id, against)
        for other in against.get(name, [])
        if other.status is Status.WITHDRAWN or not (other.clause or other.kind)
    )
