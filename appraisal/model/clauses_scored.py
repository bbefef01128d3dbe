"""Clauses that convert marks and figures to points in proportion."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Literal

from pydantic import Field

from appraisal.model.clauses_judged import Judged
from appraisal.model.exact import Exact
from appraisal.model.inputs import Inputs, Measure, ValueRule
from appraisal.model.periods import Every


class Score(Judged):
    """Marks converted to points: points = marks ÷ full × worth.

    With `form: earn` the points are added to the item; with `form: lose` what is missing from `worth` is deducted,
    because the item's base holds them already.
    """

    method: Literal["score"]
    form: Literal["earn", "lose"]
    measure: Measure = Measure.SCORE
    full: Exact = Field(gt=0, description="the marks that give all the points")
    worth: Exact = Field(gt=0, description="the points at full marks")
    over: Literal["refuse", "cap"] = Field(
        default="refuse", description="marks above full: refused, or counted as full"
    )
    several: Literal["refuse", "mean", "highest", "lowest", "latest", "trimmed_mean"] = Field(
        default="refuse", description="several values in a span: a second is refused, or which one counts"
    )
    round: Exact | None = Field(default=None, gt=0, description="a mean is rounded half-up to this, in marks")
    one_per: Every | None = Field(
        default=None, description="a second value in such a period is refused; default: frequency"
    )
    levels: dict[str, Literal["full", "zero", "not_applicable"]] = Field(default_factory=dict)
    not_applicable: Literal["full", "zero", "mean"] = Field(
        default="full", description="what a subject to which it does not apply gets; mean: that of the others"
    )

    @property
    def full_points(self) -> Fraction:
        """Its worth where it is earned; nothing lost otherwise."""
        return self.worth if self.form == "earn" else Fraction(0)

    @property
    def zero_points(self) -> Fraction:
        """Nothing earned, or all lost."""
        return Fraction(0) if self.form == "earn" else -self.worth

    def inputs(self) -> Inputs:
        """Return which columns of an event this clause knows."""
        high = self.full if self.over == "refuse" else None
        return replace(
            super().inputs(),
            levels=tuple(self.levels),
            value=ValueRule(measure=self.measure, low=Fraction(0), high=high),
            level_for_value=bool(self.levels),
            one_per=(self.one_per or self.frequency) if self.several == "refuse" else Every.ANY,
        )


class Composite(Judged):
    """Weighted parts in marks, converted to points: Σ weight × marks ÷ full × worth; every part is needed."""

    method: Literal["composite"]
    parts: dict[str, Exact] = Field(min_length=2, description="weight of each part; together 1")
    full: Exact = Field(gt=0)
    worth: Exact = Field(gt=0)

    @property
    def full_points(self) -> Fraction:
        """Its worth."""
        return self.worth

    def inputs(self) -> Inputs:
        """Return which columns of an event this clause knows."""
        return replace(
            super().inputs(),
            parts=tuple(self.parts),
            value=ValueRule(measure=Measure.SCORE, low=Fraction(0), high=self.full),
        )


class Relative(Judged):
    """A subject's figure against the best of all subjects of the run: value ÷ best × worth, rounded as stated."""

    method: Literal["relative"]
    measure: Measure = Measure.NUMBER
    to: Literal["highest", "mean"] = "highest"
    worth: Exact = Field(gt=0)
    round: Exact = Field(gt=0, description="points are rounded half-up to this: a ratio has no exact unit")

    @property
    def full_points(self) -> Fraction:
        """Its worth."""
        return self.worth

    def inputs(self) -> Inputs:
        """Return which columns of an event this clause knows."""
        return replace(super().inputs(), value=ValueRule(measure=self.measure, low=Fraction(0)))
