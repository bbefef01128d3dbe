"""Which events count: what was known by then, not countered, far enough in its procedure, one value a period."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from appraisal.model.event import Event, Status
from appraisal.model.rulebook import Rulebook
from appraisal.model.standing import NotCounted
from appraisal.model.steps import followers, is_step, state_of

_COUNTING = frozenset(status.value for status in Status if status.counts)


@dataclass(frozen=True, kw_only=True)
class Ledger:
    """The events that count, those that do not and why, and pairs that claim the same single value."""

    counted: tuple[Event, ...]
    not_counted: tuple[tuple[Event, str], ...]
    conflicts: tuple[tuple[Event, Event], ...]

    def not_counted_in(self, keep: Iterable[str]) -> Iterator[NotCounted]:
        """Yield those whose event is among the ids given."""
        wanted = set(keep)
        for event, reason in self.not_counted:
            if event.id in wanted:
                yield NotCounted(event=event.id, reason=reason)


def in_force(event: Event) -> bool:
    """Say whether the event counters what it names: a step not yet confirmed does not."""
    return bool(event.counters) and (event.status.counts or event.status is Status.WITHDRAWN)


def only_withdraws(event: Event) -> bool:
    """Say whether a countering event puts nothing in the place of what it withdraws; a correction does."""
    return event.status is Status.WITHDRAWN or (not event.clause and (is_step(event) or not event.kind))


def countered(events: Iterable[Event]) -> dict[str, str]:
    """Return which events are withdrawn and by which.

    What withdraws or corrects another loses that effect when it is itself withdrawn, with nothing in its place; when
    it is corrected, the correction stands for both, and the first event stays withdrawn.
    """
    counters = sorted((e for e in events if in_force(e)), key=lambda e: (e.date, e.id))
    lapsed = _lapsed(counters)
    gone: dict[str, str] = {}
    for event in counters:
        if event.id not in lapsed:
            gone.setdefault(event.counters, event.id)
    return gone


def _lapsed(counters: list[Event]) -> set[str]:
    """Return the ids whose countering has lapsed: a withdrawal in force names them. A circle decides nothing."""
    waiting: dict[str, int] = {}
    for event in counters:
        if only_withdraws(event):
            waiting[event.counters] = waiting.get(event.counters, 0) + 1
    queue = [e for e in counters if not waiting.get(e.id)]
    by_id = {e.id: e for e in counters}
    lapsed: set[str] = set()
    while queue:  # no recursion: a chain of withdrawals may be longer than Python's stack
        event = queue.pop()
        target = event.counters
        if not only_withdraws(event) or target in lapsed:
            continue
        waiting[target] -= 1
        if event.id not in lapsed:
            lapsed.add(target)
        if (target in lapsed or not waiting[target]) and target in by_id:
            queue.append(by_id[target])
    return lapsed


def resolve(events: Iterable[Event], rulebook: Rulebook, *, known: datetime | None = None) -> Ledger:
    """Sort the events (any order, repeats allowed) into those that count and those that do not.

    Raw incidents (nothing judges them) count nowhere: they are `no_rule` unless an event derived from them is among the
    events or they only counter. An event derived from a countered incident is countered too. Lines of the workflow
    count nowhere themselves; an entry counts by the state that they brought it to.
    """
    unique = {e.id: e for e in events if known is None or e.known_at <= known}
    rows = sorted(unique.values(), key=lambda e: (e.date, e.id))
    gone = countered(rows)
    sources = {e.derived_from for e in rows if e.derived_from}
    after = followers(rows)
    counted: list[Event] = []
    left_out: list[tuple[Event, str]] = []
    for event in rows:
        state = state_of(event, after, gone) if after else event.status.value
        reason = _why_not(event, state, rulebook, gone, sources)
        if reason is None:
            counted.append(event)
        elif reason:
            left_out.append((event, reason))
    return Ledger(counted=tuple(counted), not_counted=tuple(left_out), conflicts=tuple(_conflicts(counted, rulebook)))


def _why_not(event: Event, state: str, rulebook: Rulebook, gone: Mapping[str, str], sources: set[str]) -> str | None:
    """Return None if it counts, else the reason; an empty reason means there is nothing to report."""
    if is_step(event):
        return ""
    if event.id in gone or event.derived_from in gone:
        return "countered"
    if event.status is Status.WITHDRAWN and event.counters:
        return ""
    if state not in _COUNTING:
        return state
    if not rulebook.judges(event):
        return "" if event.counters or event.id in sources else "no_rule"
    unconfirmed = state != Status.CONFIRMED.value and rulebook.needs_confirmation(event)
    return "not_confirmed" if unconfirmed else None


def _conflicts(counted: Iterable[Event], rulebook: Rulebook) -> Iterator[tuple[Event, Event]]:
    seen: dict[tuple[str, ...], Event] = {}
    for event in counted:
        key = rulebook.once(event)
        if key is None:
            continue
        if key in seen:
            yield seen[key], event
        else:
            seen[key] = event
