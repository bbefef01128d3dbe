"""What an entry would change, before anything is kept: points, what a budget leaves of them, score and rank.

The same answers what the outcome of an appeal would change, and which entries a new one might repeat.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from fractions import Fraction

from appraisal.assess import judge
from appraisal.model.event import Event, Status
from appraisal.model.ledger import Ledger
from appraisal.model.periods import Span
from appraisal.model.scorecard import Scorecard
from appraisal.model.standing import Entry, Standing
from appraisal.office.desk import Desk
from appraisal.office.months import span_of
from appraisal.office.yearbook import Yearbook

NEAR = timedelta(days=3)
"""Entries of one community and clause that are no further apart may be the same."""


@dataclass(frozen=True, kw_only=True)
class Place:
    """A subject's score and rank in a span."""

    total: Fraction
    rank: int


@dataclass(frozen=True, kw_only=True)
class Shift:
    """A subject whose score or rank in a span would change."""

    subject: str
    name: str
    before: Place
    after: Place


@dataclass(frozen=True, kw_only=True)
class Effect:
    """What a change would do to the standings of a span: to the subject itself first, then to others by rank."""

    span: Span
    shifts: tuple[Shift, ...]

    def of(self, subject: str) -> Shift | None:
        """Return what happens to a subject; None where nothing does."""
        return next((shift for shift in self.shifts if shift.subject == subject), None)


@dataclass(frozen=True, kw_only=True)
class Consequence:
    """What an entry would do.

    `points` are those of its clause, `counted` what all budgets leave of them (None where it has no points of its
    own, as a figure that others are compared with); `counts`: at once, else after its last step. `item` is the item
    that it belongs to, with its score `left` after it. `lines` are the lines of the ledger that it has part in;
    `likely` the entries that it might repeat.
    """

    event: Event
    points: Fraction
    counted: Fraction | None
    counts: bool
    item: str
    left: Fraction | None
    lines: tuple[Entry, ...]
    effects: tuple[Effect, ...]
    likely: tuple[Event, ...]


def consequence(desk: Desk, rulebook: str, event: Event, *, day: date) -> Consequence:
    """Return what an entry would change in its month and in its year; what does not count yet is shown as if it did."""
    book = desk.house.yearbook(desk.office.id, rulebook, event.when.year)
    counts = event.status.counts
    shown = event if counts else replace(event, status=Status.CONFIRMED)
    spans = _month_and_year(event)
    after = book.ledger.plus([shown], book.edition.rulebook)
    effects: list[Effect] = []
    item, left = "", None
    lines: tuple[Entry, ...] = ()
    for span in spans:
        before = desk.house.standings(desk.office.id, rulebook, span, day=day).standings
        then = _judged(book, after, span, day)
        effects.append(Effect(span=span, shifts=shifts(before, then, first=event.subject)))
        if span == spans[0]:
            item, left, lines = _part(book, then, event)
    own = [line for line in lines if line.counted is not None and line.events == (event.id,)]
    return Consequence(
        event=event,
        points=sum((line.points for line in own), Fraction(0)),
        counted=sum((line.counted or Fraction(0) for line in own), Fraction(0)) if own else None,
        counts=counts,
        item=item,
        left=left,
        lines=lines,
        effects=tuple(effects),
        likely=_likely(book, event),
    )


def what_if(
    desk: Desk, rulebook: str, year: int, changes: Iterable[Event], *, spans: Iterable[Span], day: date
) -> tuple[Effect, ...]:
    """Return what these lines would change if they were appended: an appeal's outcome, say."""
    book = desk.house.yearbook(desk.office.id, rulebook, year)
    after = book.ledger.plus(list(changes), book.edition.rulebook)
    found = []
    for span in spans:
        before = desk.house.standings(desk.office.id, rulebook, span, day=day).standings
        found.append(Effect(span=span, shifts=shifts(before, _judged(book, after, span, day))))
    return tuple(found)


def would_change(desk: Desk, rulebook: str, event: Event, change: Event, *, now: datetime) -> tuple[Effect, ...]:
    """Return what a line about an event would change in the month and in the year of that event."""
    return what_if(desk, rulebook, event.when.year, [change], spans=_month_and_year(event), day=now.date())


def _month_and_year(event: Event) -> tuple[Span, ...]:
    return tuple(dict.fromkeys([span_of(event.when), Span.whole(event.when.year)]))


def withdrawn(event: Event, *, now: datetime) -> Event:
    """Return a line that would withdraw an event: for asking what that would change."""
    return Event(id=f"{event.id}?", date=now.date(), period=event.when, counters=event.id, recorded=now)


def replaced(event: Event, put: Event, *, now: datetime) -> Event:
    """Return a line that would put another entry in the place of an event: for asking what that would change."""
    return replace(put, id=f"{event.id}?", counters=event.id, recorded=now, status=event.status)


def _judged(book: Yearbook, ledger: Ledger, span: Span, day: date) -> tuple[Standing, ...]:
    return judge(book.edition, ledger, span, day=day, roster=book.adoption.roster).standings


def shifts(before: Iterable[Standing], after: Iterable[Standing], *, first: str = "") -> tuple[Shift, ...]:
    """Return whose score or rank differs between standings of one span; `first` comes first, then by rank after."""
    old: Mapping[str, Standing] = {standing.subject: standing for standing in before}
    found = [
        Shift(subject=s.subject, name=s.name, before=_place(old[s.subject]), after=_place(s))
        for s in sorted(after, key=lambda s: (s.subject != first, s.rank, s.subject))
        if s.subject in old
    ]
    return tuple(shift for shift in found if shift.before != shift.after or shift.subject == first)


def _place(standing: Standing) -> Place:
    return Place(total=standing.total, rank=standing.rank)


def _part(
    book: Yearbook, standings: Iterable[Standing], event: Event
) -> tuple[str, Fraction | None, tuple[Entry, ...]]:
    """Return the item that an event has part in, its score, and the lines with it."""
    rulebook = book.edition.rulebook
    # A veto of the whole total stands in an item of its own, named after the clause.
    items = rulebook.items() if isinstance(rulebook, Scorecard) else ()
    homes = {item.id for item in items if any(c.id == event.clause for c in item.all_clauses())} | {event.clause}
    for standing in standings:
        for item in standing.items if standing.subject == event.subject else ():
            if item.id not in homes:
                continue  # the entries of other items need not be made
            lines = tuple(
                entry
                for entry in item.entries
                if event.id in entry.events or any(s.event == event.id for s in entry.swallowed)
            )
            if lines:
                return item.id, item.score, lines
    return "", None, ()


def duplicates(desk: Desk, rulebook: str, event: Event) -> tuple[Event, ...]:
    """Return the entries that an event might repeat: same community and clause within three days, or same matter."""
    return _likely(desk.house.yearbook(desk.office.id, rulebook, event.when.year), event)


def _likely(book: Yearbook, event: Event) -> tuple[Event, ...]:
    return tuple(
        other
        for other in book.by_subject.get(event.subject, ())
        if alike(other, event) and other.id != event.id and other.id not in book.gone
    )


def alike(one: Event, other: Event) -> bool:
    """Say whether two entries of one subject look like the same: the same matter, or clause and almost the day."""
    if one.matter and one.matter == other.matter:
        return True
    return bool(one.clause) and one.clause == other.clause and abs(one.date - other.date) <= NEAR
