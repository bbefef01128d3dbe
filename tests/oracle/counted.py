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
    kept = [event for event in log.values() if counts(event, log, clauses)]
    return sorted(kept, key=lambda event: (event.date, event.id))


def counts(event: Event, log: Mapping[str, Event], clauses: Mapping[str, Clause]) -> bool:
    """Say whether one event of the log counts."""
    if not event.clause or event.status not in COUNTING:
        return False
    if withdrawn(event.id, log) or (event.derived_from and withdrawn(event.derived_from, log)):
        return False
    return event.status is Status.CONFIRMED or not clauses[event.clause].needs_confirmation


def withdrawn(name: str, log: Mapping[str, Event]) -> bool:
    """Say whether a later event counters this one and is not countered itself (no event counters in a circle)."""
    return any(
        other.counters == name
        and (other.status in COUNTING or other.status is Status.WITHDRAWN)
        and not withdrawn(other.id, log)
        for other in log.values()
    )
