"""How close each rank is: by how much neighbours differ, and the smallest entry whose withdrawal would swap them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import pairwise

from appraisal.assess import judge
from appraisal.model.event import Event
from appraisal.model.periods import Span
from appraisal.model.standing import Standing
from appraisal.office.desk import Desk
from appraisal.office.yearbook import Yearbook

_TRIED = 3  # entries whose effect is worked out before a pair is called not to be swapped by one


@dataclass(frozen=True, kw_only=True)
class Flip:
    """An entry that alone decides: without it the lower would stand above the upper; `points` are what it counts."""

    event: Event
    points: Fraction


@dataclass(frozen=True, kw_only=True)
class Closeness:
    """Two neighbours of a ranking; `gap` is how many points lie between them, `flip` the smallest entry that decides.

    A `flip` of None: no single entry does.
    """

    upper: str
    upper_name: str
    lower: str
    lower_name: str
    rank: int
    gap: Fraction
    flip: Flip | None


def closeness(desk: Desk, rulebook: str, span: Span, *, day: date) -> tuple[Closeness, ...]:
    """Return every pair of neighbours of a ranking that are apart, from the top; ties are no pair."""
    key = ("closeness", rulebook, span, day)
    return desk.house.memo(desk.office.id, key, lambda: tuple(_closeness(desk, rulebook, span, day)))


def _closeness(desk: Desk, rulebook: str, span: Span, day: date) -> Iterator[Closeness]:
    book = desk.house.yearbook(desk.office.id, rulebook, span.year)
    found = desk.house.standings(desk.office.id, rulebook, span, day=day)
    ranked = sorted(found.standings, key=lambda s: (s.rank, s.subject))
    for upper, lower in pairwise(ranked):
        if upper.rank == lower.rank:
            continue
        yield Closeness(
            upper=upper.subject,
            upper_name=upper.name,
            lower=lower.subject,
            lower_name=lower.name,
            rank=lower.rank,
            gap=upper.total - lower.total,
            flip=_flip(book, upper, lower, span, day),
        )


def _flip(book: Yearbook, upper: Standing, lower: Standing, span: Span, day: date) -> Flip | None:
    gap = upper.total - lower.total
    able = sorted((f for f in _candidates(book, upper, lower) if f.points > gap), key=lambda f: (f.points, f.event.id))
    for flip in able[:_TRIED]:
        without = book.ledger.without(flip.event)
        found = judge(book.edition, without, span, day=day, roster=book.adoption.roster)
        then = {standing.subject: standing.rank for standing in found.standings}
        if then[lower.subject] < then[upper.subject]:
            return flip
    return None


def _candidates(book: Yearbook, upper: Standing, lower: Standing) -> Iterator[Flip]:
    """Yield the entries whose withdrawal brings the two closer: bonuses of the upper, deductions of the lower."""
    for standing, sign in ((upper, 1), (lower, -1)):
        for item in standing.items:
            for entry in item.entries:
                points = (entry.counted or Fraction(0)) * sign
                line = book.lines.get(entry.events[0]) if len(entry.events) == 1 else None
                if points > 0 and line is not None and not line.event.counters:
                    yield Flip(event=line.event, points=points)
