"""What a clause accepts from an event: which words, numbers and parts, and how often. Readers check against it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from appraisal.model.periods import Every


class Measure(StrEnum):
    """What a number is: a rate (`0.72`, `72%`), a score in marks, points, or a plain number."""

    RATE = "rate"
    SCORE = "score"
    POINTS = "points"
    NUMBER = "number"


class CountUse(StrEnum):
    """What `count` does: it multiplies, it is tolerated without effect, or it is refused when not 1."""

    COUNTED = "counted"
    IGNORED = "ignored"
    REFUSED = "refused"


@dataclass(frozen=True, kw_only=True)
class ValueRule:
    """What a number in `value` must satisfy; bounds are inclusive unless said otherwise, in units of the measure."""

    measure: Measure
    low: Fraction | None = None
    high: Fraction | None = None
    above_low: bool = False
    step: Fraction | None = None


@dataclass(frozen=True, kw_only=True)
class Inputs:
    """The columns that a clause knows.

    `levels`: the words; `level_needed`: one must be given. `value`: None where the clause takes none; `value_needed`:
    it must be given unless a level stands in for it (`level_for_value`). `one_per`: a second row for the same subject,
    clause, part and such period is refused. `month_needed`: the event must belong to a month, and with
    `period_needed` must say so itself.
    """

    levels: tuple[str, ...] = ()
    level_needed: bool = False
    value: ValueRule | None = None
    value_needed: bool = True
    level_for_value: bool = False
    benchmark_needed: bool = False
    parts: tuple[str, ...] = ()
    count: CountUse = CountUse.COUNTED
    month_needed: bool = False
    period_needed: bool = False
    note_needed: bool = False
    one_per: Every = Every.ANY
    loggable: bool = True
