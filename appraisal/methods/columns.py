"""Events as columns: what the methods compute on, for one office or for many at once.

A row is one counted event. Points are whole multiples of 1/`scale.unit`, figures of 1/`scale.figure`, so that every
sum is exact in 64-bit integers; what would not fit is refused.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from fractions import Fraction
from math import ceil, floor, lcm
from operator import attrgetter

import numpy as np
from numpy.typing import NDArray

from appraisal.errors import AppraisalError
from appraisal.model.clauses import Clause
from appraisal.model.clauses_judged import Gap, Tiers
from appraisal.model.clauses_scored import Composite, Score
from appraisal.model.event import Event
from appraisal.model.exact import decimals
from appraisal.model.rulebook import Subject
from appraisal.model.scorecard import Scorecard

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
LEAST_DIGITS = 2
SAFE = 2**62


class TooLargeError(AppraisalError):
    """Figures so large that points could leave 64 bits: an exact answer or none."""


@dataclass(frozen=True)
class Vocabulary:
    """The words of one rulebook as numbers; 0 is the empty word."""

    clauses: tuple[Clause, ...]
    clause_of: dict[str, int]
    level_of: dict[str, int]
    part_of: dict[str, int]

    @classmethod
    def of(cls, rulebook: Scorecard) -> Vocabulary:
        """Collect the words of a rulebook in its own order."""
        clauses = tuple(rulebook.clauses())
        levels: dict[str, int] = {"": 0}
        parts: dict[str, int] = {"": 0}
        for clause in clauses:
            inputs = clause.inputs()
            for word in inputs.levels:
                levels.setdefault(word, len(levels))
            for word in inputs.parts:
                parts.setdefault(word, len(parts))
        return cls(clauses, {c.id: k for k, c in enumerate(clauses)}, levels, parts)


@dataclass(frozen=True)
class Roster:
    """The subjects of a run, those of one office side by side; only subjects of one office are ranked together."""

    ids: tuple[str, ...]
    names: tuple[str, ...]
    office_of: Ints

    @classmethod
    def one(cls, subjects: Sequence[Subject]) -> Roster:
        """One office."""
        return cls.many([subjects])

    @classmethod
    def many(cls, offices: Sequence[Sequence[Subject]]) -> Roster:
        """Several offices."""
        flat = [subject for office in offices for subject in office]
        sizes = [len(office) for office in offices]
        return cls(
            tuple(s.id for s in flat),
            tuple(s.name for s in flat),
            np.repeat(np.arange(len(offices)), sizes).astype(np.int64),
        )


@dataclass(frozen=True)
class Columns:
    """Counted events of one year as arrays of equal length.

    `month` is 1 … 12, or 0 for an event of the whole year. `order` ranks rows by date, then id. `day` is the proleptic
    ordinal of the date. `value` and `benchmark` are multiples of 10^-`digits`.
    """

    subject: Ints
    clause: Ints
    month: Ints
    count: Ints
    level: Ints
    value: Ints
    benchmark: Ints
    part: Ints
    matter: Ints
    order: Ints
    day: Ints
    digits: int
    events: tuple[Event, ...] = ()
    matters: Mapping[str, int] = field(default_factory=dict)

    def __len__(self) -> int:
        """How many rows."""
        return len(self.clause)

    def plus(self, more: Sequence[Event], vocabulary: Vocabulary, roster: Roster) -> Columns:
        """Return the columns with a few more events, as `encode` gives them of all."""
        if not more:
            return self
        rows = sorted(more, key=_place)
        if _digits(rows, self.digits) != self.digits:
            return encode((*self.events, *rows), vocabulary, roster)
        coded = _coded(rows, vocabulary, roster, self.digits, self.matters)
        at = [bisect_right(self.events, _place(event), key=_place) for event in rows]
        events = list(self.events)
        for shift, (place, event) in enumerate(zip(at, rows, strict=True)):
            events.insert(place + shift, event)
        merged = {name: np.insert(getattr(self, name), at, getattr(coded, name)) for name in _ARRAYS}
        merged["order"] = np.arange(len(events))
        return Columns(**merged, digits=self.digits, events=tuple(events), matters=coded.matters)


_ARRAYS = tuple(f.name for f in fields(Columns) if f.name not in {"digits", "events", "matters"})


def spec_digits(vocabulary: Vocabulary) -> int:
    """Return how many decimals a figure needs so that every bound and rounding step is a whole number."""
    needed = LEAST_DIGITS
    for clause in vocabulary.clauses:
        figures: list[Fraction | None] = []
        if isinstance(clause, Score):
            figures = [clause.full, clause.round]
        elif isinstance(clause, Composite):
            figures = [clause.full]
        elif isinstance(clause, Gap):
            figures = [clause.target, clause.step]
        elif isinstance(clause, Tiers):
            figures = [bound[0] for tier in clause.tiers for bound in (tier.lower, tier.upper) if bound]
        for figure in figures:
            if figure is not None:
                needed = max(needed, decimals(figure) or 0)
    return needed


def encode(events: Sequence[Event], vocabulary: Vocabulary, roster: Roster) -> Columns:
    """Turn counted events of one office into columns; every word must be known (the readers have checked that)."""
    rows = sorted(events, key=_place)
    return _coded(rows, vocabulary, roster, _digits(rows, spec_digits(vocabulary)), {})


_place: Callable[[Event], tuple[date, str]] = attrgetter("date", "id")


def _digits(rows: Sequence[Event], least: int) -> int:
    """Return how many decimals the figures of these rows need."""
    digits = least
    for event in rows:
        for figure in (event.value, event.benchmark):
            if figure is not None and (10**digits) % figure.denominator:
                digits = max(digits, decimals(figure) or 0)
    return digits


def _coded(
    rows: Sequence[Event], vocabulary: Vocabulary, roster: Roster, digits: int, matters: Mapping[str, int]
) -> Columns:
    """Code rows that are in order; matters that have a number keep it."""
    subject_of = {id_: i for i, id_ in enumerate(roster.ids)}
    matter_of, unit = dict(matters), 10**digits
    clause_of, level_of, part_of = vocabulary.clause_of, vocabulary.level_of, vocabulary.part_of
    facts = [event.facts for event in rows]
    columns: dict[str, Sequence[int]] = {
        "subject": [subject_of[event.subject] for event in rows],
        "clause": [clause_of[event.clause] for event in rows],
        "month": [event.when.month for event in rows],
        "count": [event.count for event in rows],
        "level": [level_of[str(told.get("level", ""))] for told in facts],
        "value": [_scaled(told.get("value"), unit) for told in facts],
        "benchmark": [_scaled(told.get("benchmark"), unit) for told in facts],
        "part": [part_of[str(told.get("part", ""))] for told in facts],
        "matter": [matter_of.setdefault(e.matter, len(matter_of)) if e.matter else -1 for e in rows],
        "order": range(len(rows)),
        "day": [event.date.toordinal() for event in rows],
    }
    by_column = {name: np.array(column, dtype=np.int64) for name, column in columns.items()}
    return Columns(**by_column, digits=digits, events=tuple(rows), matters=matter_of)


NO_VALUE = np.iinfo(np.int64).min


def _scaled(raw: object, unit: int) -> int:
    if not isinstance(raw, Fraction):
        return int(NO_VALUE)
    scaled = raw.numerator * (unit // raw.denominator)
    if abs(scaled) >= SAFE:
        raise TooLargeError
    return scaled


@dataclass(frozen=True)
class Scale:
    """The units of exact integer arithmetic: points are multiples of 1/`unit`, figures of 1/`figure`."""

    unit: int
    figure: int

    @classmethod
    def of(cls, constants: Sequence[Fraction], digits: int) -> Scale:
        """Choose a unit in which every constant, alone or times a figure, is whole."""
        return cls(lcm(100, *(c.denominator for c in constants)) * 10**digits, 10**digits)

    def points(self, value: Fraction) -> int:
        """Return points as a whole number of units."""
        scaled = value * self.unit
        if scaled.denominator != 1:
            raise ArithmeticError(f"{value} is no multiple of 1/{self.unit}")
        return scaled.numerator

    def factor(self, value: Fraction) -> int:
        """Return what a figure is multiplied with to give units of points: points = figure × value."""
        return self.points(value / self.figure)

    def back(self, units: int) -> Fraction:
        """Return units as points."""
        return Fraction(int(units), self.unit)

    def at_least(self, bound: Fraction, *, inclusive: bool) -> int:
        """Return the least figure above a lower bound."""
        scaled = bound * self.figure
        return ceil(scaled) if inclusive else floor(scaled) + 1

    def at_most(self, bound: Fraction, *, inclusive: bool) -> int:
        """Return the greatest figure below an upper bound."""
        scaled = bound * self.figure
        return floor(scaled) if inclusive else ceil(scaled) - 1
