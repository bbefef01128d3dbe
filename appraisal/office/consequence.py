"""What an entry would change, before anything is kept: points, what a budget leaves of them, score and rank.

The same answers what the outcome of an appeal would change, and which entries it might repeat.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction

from appraisal.assess import assess
from appraisal.errors import Finding, RefusedError
from appraisal.model.event import Event, Status
from appraisal.model.periods import Span
from appraisal.model.standing import Assessment, Entry, Standing
from appraisal.office.desk import Desk
from appraisal.office.months import span_of
from appraisal.office.yearbook import Yearbook
from appraisal.store.adoptions import Adoption

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

    `points` are those of its clause, `counted` what all budgets leave of them (None where it does not count yet);
    `lines` are the lines of the ledger that it has part in; `likely` the entries that it might repeat.
    """

    event: Event
    points: Fraction
    counted: Fraction | None
    counts: bool
    lines: tuple[Entry, ...]
    effects: tuple[Effect, ...]
    likely: tuple[Event, ...]


def consequence(desk: Desk, rulebook: str, event: Event, *, day: date) -> Consequence:
    """Return what an entry would change in its month and in its year; what does not count yet is shown as if it did."""
    book = desk.house.yearbook(desk.office.id, rulebook, event.when.year)
    counts = event.status.counts
    shown = event if counts else Event(**{**event.__dict__, "status": Status.CONFIRMED})
    spans = dict.fromkeys([span_of(event.when), Span.whole(event.when.year)])
    effects: list[Effect] = []
    lines: list[Entry] = []
    for span in spans:
        before = desk.house.standings(desk.office.id, rulebook, span, day=day)
        after = _with(book, [shown], span, day)
        effects.append(Effect(span=span, shifts=shifts(before, after, first=event.subject)))
        lines = lines or _lines(after, event)
    own = [line for line in lines if line.counted is not None and line.events == (event.id,)]
    return Consequence(
        event=event,
        points=sum((line.points for line in own), Fraction(0)),
        counted=sum((line.counted or Fraction(0) for line in own), Fraction(0)) if own else None,
        counts=counts,
        lines=tuple(lines),
        effects=tuple(effects),
        likely=tuple(_likely(book, event)),
    )


def what_if(
    desk: Desk, rulebook: str, year: int, changes: Iterable[Event], *, spans: Iterable[Span], day: date
) -> tuple[Effect, ...]:
    """Return what these lines would change if they were appended: an appeal's outcome, say."""
    book = desk.house.yearbook(desk.office.id, rulebook, year)
    rows = list(changes)
    return tuple(
        Effect(
            span=span,
            shifts=shifts(desk.house.standings(desk.office.id, rulebook, span, day=day), _with(book, rows, span, day)),
        )
        for span in spans
    )


def withdrawn(event: Event, *, now: datetime) -> Event:
    """Return a line that would withdraw an event: for asking what that would change."""
    return Event(id=f"{event.id}-withdrawn?", date=now.date(), period=event.when, counters=event.id, recorded=now)


def _with(book: Yearbook, more: Iterable[Event], span: Span, day: date) -> Assessment:
    return assess(book.edition, [*book.events, *more], span, day=day, roster=book.adoption.roster)


def shifts(before: Assessment, after: Assessment, *, first: str = "") -> tuple[Shift, ...]:
    """Return whose score or rank differs between two assessments of a span; `first` comes first, then by rank after."""
    old = {standing.subject: standing for standing in before.standings}
    found = [
        Shift(subject=s.subject, name=s.name, before=_place(old[s.subject]), after=_place(s))
        for s in sorted(after.standings, key=lambda s: (s.subject != first, s.rank, s.subject))
        if s.subject in old
    ]
    return tuple(shift for shift in found if shift.before != shift.after or shift.subject == first)


def _place(standing: Standing) -> Place:
    return Place(total=standing.total, rank=standing.rank)


def _lines(assessment: Assessment, event: Event) -> list[Entry]:
    return [
        entry
        for standing in assessment.standings
        if standing.subject == event.subject
        for item in standing.items
        for entry in item.entries
        if event.id in entry.events or any(s.event == event.id for s in entry.swallowed)
    ]


def duplicates(desk: Desk, adoption: Adoption, event: Event) -> tuple[Event, ...]:
    """Return the entries that an event might repeat: same community and clause within three days, or same matter."""
    book = desk.house.yearbook(desk.office.id, adoption.rulebook, event.when.year)
    return tuple(_likely(book, event))


def _likely(book: Yearbook, event: Event) -> list[Event]:
    return [
        other
        for line in book.entries
        if (other := line.event).id != event.id
        and other.id not in book.gone
        and other.subject == event.subject
        and _alike(other, event)
    ]


def _alike(one: Event, other: Event) -> bool:
    if one.matter and one.matter == other.matter:
        return True
    return bool(one.clause) and one.clause == other.clause and abs(one.date - other.date) <= NEAR


def require_known_clause(clause: str) -> None:
    """Refuse an entry without a clause (O037)."""
    if not clause:
        raise RefusedError([Finding(code="O037")])
