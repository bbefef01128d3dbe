"""Clauses that judge a finding of an outside body, one for each period: bands, grades, steps short of a target."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Literal

from pydantic import ConfigDict, Field

from appraisal.model.clause_spec import ClauseSpec
from appraisal.model.exact import Exact
from appraisal.model.inputs import CountUse, Inputs, Measure, ValueRule
from appraisal.model.periods import Every
from appraisal.model.spec import Flag, Spec


class LevelPoints(Spec):
    """What a word gives or takes where a figure or grade is judged."""

    deduct: Exact | None = None
    earn: Exact | None = None

    @property
    def points(self) -> Fraction:
        """Signed: negative for a deduction."""
        return self.earn if self.earn is not None else -(self.deduct or Fraction(0))


class Judged(ClauseSpec):
    """What clauses share whose input is a finding of an outside body, at most one for each period.

    In a due period without an input the clause is pending if `required`; meanwhile it counts `full` or `zero`.
    """

    required_input: Flag = Field(
        default=False, alias="required", description="pending in a due period without an input"
    )
    until_known: Literal["full", "zero"] = Field(default="full", description="how it counts while pending")

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    @property
    def required(self) -> bool:
        """Whether a due period without an input makes the clause pending."""
        return self.required_input

    @property
    def full_points(self) -> Fraction:
        """What it gives at best beyond the item's base: its worth where it is earned, else 0."""
        return Fraction(0)

    @property
    def zero_points(self) -> Fraction:
        """What it gives at worst."""
        return Fraction(0)

    def inputs(self) -> Inputs:
        """Return which columns every such clause knows; each says itself what its figure or word must be."""
        return Inputs(
            count=CountUse.REFUSED,
            month_needed=self.frequency in {Every.MONTH, Every.QUARTER},
            note_needed=self.note_needed,
            one_per=self.frequency,
        )

    def points_missing(self, *, pending: bool) -> Fraction:
        """Return what counts where there is no input: full when it is not due, as `until_known` says when pending."""
        return self.zero_points if pending and self.until_known == "zero" else self.full_points


class Tier(Spec):
    """One band of a figure and what it gives or takes; a missing bound is open."""

    at_least: Exact | None = None
    above: Exact | None = None
    at_most: Exact | None = None
    below: Exact | None = None
    deduct: Exact | None = None
    earn: Exact | None = None

    @property
    def points(self) -> Fraction:
        """Signed: negative for a deduction."""
        return self.earn if self.earn is not None else -(self.deduct or Fraction(0))

    @property
    def lower(self) -> tuple[Fraction, bool] | None:
        """The lower bound and whether it belongs to the band; None when open."""
        if self.at_least is not None:
            return self.at_least, True
        return None if self.above is None else (self.above, False)

    @property
    def upper(self) -> tuple[Fraction, bool] | None:
        """The upper bound and whether it belongs to the band; None when open."""
        if self.at_most is not None:
            return self.at_most, True
        return None if self.below is None else (self.below, False)

    def holds(self, value: Fraction) -> bool:
        """Say whether a figure lies in the band."""
        lower, upper = self.lower, self.upper
        over = lower is None or value > lower[0] or (lower[1] and value == lower[0])
        return over and (upper is None or value < upper[0] or (upper[1] and value == upper[0]))


class Tiers(Judged):
    """A figure falls into one of several bands."""

    method: Literal["tiers"]
    measure: Measure = Measure.RATE
    tiers: tuple[Tier, ...] = Field(min_length=1)
    levels: dict[str, LevelPoints] = Field(default_factory=dict, description="words that stand instead of a figure")
    domain_high: Exact | None = Field(default=None, description="the largest figure possible; open if absent")

    @property
    def full_points(self) -> Fraction:
        """The best band."""
        return max(t.points for t in self.tiers)

    @property
    def zero_points(self) -> Fraction:
        """The worst band."""
        return min(t.points for t in self.tiers)

    def inputs(self) -> Inputs:
        """Return which columns of an event this clause knows."""
        return replace(
            super().inputs(),
            levels=tuple(self.levels),
            value=ValueRule(measure=self.measure, low=Fraction(0), high=self.domain_high),
            level_for_value=bool(self.levels),
        )


class Grade(Judged):
    """An outside body's word decides."""

    method: Literal["grade"]
    levels: dict[str, LevelPoints] = Field(min_length=1)

    @property
    def full_points(self) -> Fraction:
        """The best grade."""
        return max(v.points for v in self.levels.values())

    @property
    def zero_points(self) -> Fraction:
        """The worst grade."""
        return min(v.points for v in self.levels.values())

    def inputs(self) -> Inputs:
        """Return which columns of an event this clause knows."""
        return replace(
            super().inputs(),
            levels=tuple(self.levels),
            level_needed=True,
        )


class Gap(Judged):
    """So many points for each step by which a figure misses its target; the target stands here or in `benchmark`."""

    method: Literal["gap"]
    measure: Measure = Measure.RATE
    target: Exact | None = Field(default=None, description="absent: the event's `benchmark`")
    side: Literal["below", "above"] = Field(default="below", description="on which side of the target points are lost")
    step: Exact = Field(gt=0, description="one step, in units of the measure: 1%")
    deduct: Exact = Field(gt=0, description="points for each step")
    partial: Literal["whole", "started", "exact"] = Field(
        default="whole", description="only whole steps count, a step begun counts, or in proportion"
    )
    most: Exact | None = Field(default=None, gt=0, description="no more than this for one figure")

    def inputs(self) -> Inputs:
        """Return which columns of an event this clause knows."""
        return replace(
            super().inputs(),
            value=ValueRule(measure=self.measure, low=Fraction(0)),
            benchmark_needed=self.target is None,
        )


class Compare(Judged):
    """A figure on the wrong side of its benchmark costs a fixed amount; equal does not."""

    method: Literal["compare"]
    measure: Measure = Measure.NUMBER
    side: Literal["below", "above"] = "below"
    deduct: Exact = Field(gt=0)

    def inputs(self) -> Inputs:
        """Return which columns of an event this clause knows."""
        return replace(
            super().inputs(),
            value=ValueRule(measure=self.measure, low=Fraction(0)),
            benchmark_needed=True,
        )
