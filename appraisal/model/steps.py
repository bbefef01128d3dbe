"""The steps of the workflow: what a line that follows another does to it. The state is read from the links alone.

    entry ◄─ reviewed ◄─ returned ◄─ declared again (its clause and facts stand in the place of the entry's)
    entry ◄─ appealed ◄─ answered ◄─ ruled (upheld; or it counters the entry, with or without something in its place)
    entry ◄─ evidenced (files that came later; it stands as before)
    month ◄─ cut_off ◄─ drafted ◄─ displayed ◄─ rechecked ◄─ closed ◄─ published ◄─ archived

A line is followed by one line at most, so the order is the order of the links, never that of the clock.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum

from appraisal.model.event import Event, Status


class Step(StrEnum):
    """What a line of the workflow does; the value is the `kind` of the event."""

    SUBMITTED = "submitted"
    COUNTERED = "countered"
    DECLARED = "declared"
    REVIEWED = "reviewed"
    RETURNED = "returned"
    DECLINED = "declined"
    CONFIRMED = "confirmed"
    DECIDED = "decided"
    APPEALED = "appealed"
    ANSWERED = "answered"
    RULED = "ruled"
    EVIDENCED = "evidenced"
    REPORTED = "reported"
    EXCEPTED = "excepted"
    REVOKED = "revoked"
    CUT_OFF = "cut_off"
    DRAFTED = "drafted"
    DISPLAYED = "displayed"
    RECHECKED = "rechecked"
    CLOSED = "closed"
    PUBLISHED = "published"
    ARCHIVED = "archived"
    REOPENED = "reopened"


_KINDS = frozenset(step.value for step in Step)
CONFIRMING = frozenset({Step.CONFIRMED, Step.DECIDED})
STATE_AFTER: Mapping[str, str] = {
    Step.REVIEWED: Status.REVIEWED.value,
    Step.RETURNED: "returned",
    Step.DECLINED: "declined",
    Step.CONFIRMED: Status.CONFIRMED.value,
    Step.DECIDED: Status.CONFIRMED.value,
}
SUPERSEDED = "superseded"
"""The state of a round of an application after which it was declared again."""


def is_step(event: Event) -> bool:
    """Say whether the line carries another further and puts no points of its own."""
    return bool(event.follows) and not event.clause


def step_of(event: Event) -> Step:
    """Return which step of the workflow a line is: an entry is submitted, declared, or counters another."""
    if event.follows and event.kind in _KINDS:
        return Step(event.kind)
    if event.counters:
        return Step.COUNTERED
    return Step.DECLARED if event.status is Status.DECLARED else Step.SUBMITTED


def followers(events: Iterable[Event]) -> dict[str, Event]:
    """Return by id of a line the one that follows it; of several the earliest by date, then id."""
    found: dict[str, Event] = {}
    for event in events:
        if not event.follows:
            continue
        other = found.get(event.follows)
        if other is None or (event.date, event.id) < (other.date, other.id):
            found[event.follows] = event
    return found


def thread(start: str, after: Mapping[str, Event]) -> Iterator[Event]:
    """Yield the lines that follow one, step by step."""
    seen = {start}
    while (event := after.get(start)) is not None and event.id not in seen:
        seen.add(event.id)
        yield event
        start = event.id


def state_of(event: Event, after: Mapping[str, Event], gone: Mapping[str, str]) -> str:
    """Return how far an entry has come: its own status, or what the steps after it made of it.

    A step that was withdrawn does nothing. Where the application was declared again, the new round speaks for itself.
    """
    state = event.status.value
    for line in thread(event.id, after):
        if line.id in gone:
            continue
        if line.clause and not line.counters:
            return SUPERSEDED
        state = STATE_AFTER.get(line.kind, state)
    return state
