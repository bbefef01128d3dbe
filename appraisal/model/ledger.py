"""Which events count: what was known by then, not countered, far enough in its procedure, one value a period."""

from __future__ import annotations

from bisect import insort
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from itertools import chain
from operator import attrgetter

from appraisal.model.event import Event, Status, hash_of_lines
from appraisal.model.periods import Period, Span
from appraisal.model.rulebook import Rulebook
from appraisal.model.steps import followers, is_step, state_of

_COUNTING = frozenset(status.value for status in Status if status.counts)


@dataclass(frozen=True, kw_only=True)
class Ledger:
    """The events that count, those that do not and why, and pairs that claim the same single value.

    `rows` are all of them, `rows`, `counted` and `not_counted` by date and id. A ledger is asked for many spans, and
    grows a line at a time: what a span holds is found once, and is the very same tuple as long as nothing changes it.
    """

    rows: tuple[Event, ...]
    counted: tuple[Event, ...]
    not_counted: tuple[tuple[Event, str], ...]
    conflicts: tuple[tuple[Event, Event], ...]
    _spans: dict[Span, Part] = field(default_factory=dict, init=False, repr=False, compare=False)

    @cached_property
    def input_hash(self) -> str:
        """The hash over what is open of all rows (`input_hash`)."""
        return hash_of_lines(self._lines)

    @cached_property
    def _lines(self) -> list[str]:
        return sorted({event.open_line for event in self.rows})

    @cached_property
    def _by_period(self) -> Mapping[Period, Part]:
        counted: dict[Period, list[Event]] = defaultdict(list)
        left_out: dict[Period, list[tuple[Event, str]]] = defaultdict(list)
        for event in self.counted:
            counted[event.when].append(event)
        for event, reason in self.not_counted:
            left_out[event.when].append((event, reason))
        return {
            period: Part(counted=tuple(counted.get(period, ())), not_counted=tuple(left_out.get(period, ())))
            for period in {**counted, **left_out}
        }

    def within(self, span: Span) -> Part:
        """Return what belongs to a span."""
        kept = self._spans.get(span)
        if kept is None:
            parts = [part for period, part in self._by_period.items() if span.contains(period)]
            if len(parts) == len(self._by_period):
                kept = Part(counted=self.counted, not_counted=self.not_counted)
            else:
                kept = parts[0] if len(parts) == 1 else _joined(parts)
            self._spans[span] = kept
        return kept

    def plus(self, more: Sequence[Event], rulebook: Rulebook) -> Ledger:
        """Return the ledger with more events, of other ids; those that stand alone are just put where they belong."""
        if not all(_alone(event, rulebook) for event in more):
            return resolve((*self.rows, *more), rulebook)
        told = [(event, _why_not(event, event.status.value, rulebook, {}, set())) for event in more]
        all_of_it = Part(counted=self.counted, not_counted=self.not_counted).plus(told)
        grown = Ledger(
            rows=_merged(self.rows, more),
            counted=all_of_it.counted,
            not_counted=all_of_it.not_counted,
            conflicts=self.conflicts,
        )
        grown._carry(self, told)
        return grown

    def without(self, event: Event) -> Ledger:
        """Return the ledger as if one event did not count."""
        left = tuple(one for one in self.counted if one.id != event.id)
        return Ledger(rows=self.rows, counted=left, not_counted=self.not_counted, conflicts=self.conflicts)

    def _carry(self, before: Ledger, more: Sequence[tuple[Event, str | None]]) -> None:
        """Take over what was found before, but for the periods of the new events."""
        lines = before._lines.copy()
        for event, _ in more:
            insort(lines, event.open_line)  # each has an id of its own, so none is there yet
        parts, mine = dict(before._by_period), defaultdict(list)
        for event, reason in more:
            mine[event.when].append((event, reason))
        for period, told in mine.items():
            parts[period] = parts.get(period, _NOTHING).plus(told)
        self.__dict__.update(_lines=lines, _by_period=parts)
        for span, part in list(before._spans.items()):
            inside = [one for period, told in mine.items() if span.contains(period) for one in told]
            self._spans[span] = part.plus(inside) if inside else part


@dataclass
class Worked:
    """What a family has worked out of a part of a ledger, to go on from; and which events have come since."""

    of: tuple[object, tuple[Event, ...]] = (None, ())


@dataclass(frozen=True, kw_only=True)
class Part:
    """What of a ledger belongs to a span, by date and id."""

    counted: tuple[Event, ...]
    not_counted: tuple[tuple[Event, str], ...]
    worked: Worked = field(default_factory=Worked, compare=False, repr=False)

    def plus(self, told: Sequence[tuple[Event, str | None]]) -> Part:
        """Return the part with more events, each with why it does not count (None: it does; empty: nothing to say)."""
        counted = [event for event, reason in told if reason is None]
        left_out = [(event, reason) for event, reason in told if reason]
        known, since = self.worked.of
        since = (*since, *counted)
        return Part(
            counted=_merged(self.counted, counted),
            not_counted=tuple(sorted((*self.not_counted, *left_out), key=_place_of_first)),
            worked=Worked() if known is None or len(since) > _SINCE else Worked((known, since)),
        )


_NOTHING = Part(counted=(), not_counted=())
_SINCE = 4096
"""How many new events are worked in one by one; with more, all is worked out again."""


def _joined(parts: Sequence[Part]) -> Part:
    counted = _by_date(chain.from_iterable(part.counted for part in parts))
    left_out = chain.from_iterable(part.not_counted for part in parts)
    return Part(counted=counted, not_counted=tuple(sorted(left_out, key=_place_of_first)))


_place: Callable[[Event], tuple[date, str]] = attrgetter("date", "id")
_FEW = 256
"""How many events are quicker put in one by one than sorted in."""


def _merged(rows: tuple[Event, ...], more: Sequence[Event]) -> tuple[Event, ...]:
    """Put some events where they belong among many."""
    if len(more) > _FEW:
        return _by_date((*rows, *more))
    found = list(rows)
    for event in more:
        insort(found, event, key=_place)
    return tuple(found)


def _by_date(events: Iterable[Event]) -> tuple[Event, ...]:
    return tuple(sorted(events, key=_place))


def _place_of_first(told: tuple[Event, str]) -> tuple[date, str]:
    return _place(told[0])


def _alone(event: Event, rulebook: Rulebook) -> bool:
    """Say whether an event changes nothing about others, nor others about it."""
    linked = event.counters or event.follows or event.derived_from or is_step(event)
    return not linked and rulebook.judges(event) and rulebook.once(event) is None


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
    rows = _by_date(unique.values())
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
    return Ledger(
        rows=rows,
        counted=tuple(counted),
        not_counted=tuple(left_out),
        conflicts=tuple(_conflicts(counted, rulebook)),
    )


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
