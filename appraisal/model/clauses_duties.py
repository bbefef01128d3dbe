"""Duties: so many in each period, or by a due day; what is missing or late costs points."""

from __future__ import annotations

from fractions import Fraction
from typing import Literal

from pydantic import ConfigDict, Field

from appraisal.model.clause_spec import ClauseSpec
from appraisal.model.exact import Exact
from appraisal.model.inputs import CountUse, Inputs
from appraisal.model.periods import Every
from appraisal.model.spec import Spec


class Quota(ClauseSpec):
    """A duty: so many in each period; what is missing costs points. An event is the duty done."""

    method: Literal["quota"]
    every: Every
    required_number: int = Field(ge=1, alias="required", description="how many in each period")
    deduct_each: Exact = Field(default=Fraction(0), description="points for each one missing")
    deduct_once: Exact = Field(default=Fraction(0), description="points if any is missing, besides")
    most: Exact | None = Field(default=None, gt=0, description="no more than this in one period")
    excuses: tuple[str, ...] = Field(default=(), description="levels with which a period counts as done")

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    def shortfall_points(self, missing: int) -> Fraction:
        """Return the unsigned points that this many missing cost in one period."""
        if missing <= 0:
            return Fraction(0)
        cost = self.deduct_once + missing * self.deduct_each
        return cost if self.most is None else min(cost, self.most)

    def inputs(self) -> Inputs:
        """Return which columns of an event this clause knows."""
        return Inputs(levels=self.excuses, month_needed=self.every is not Every.YEAR, note_needed=self.note_needed)


class Due(Spec):
    """When a period's hand-in is due: that day of the month so many months after the period, the day included."""

    months_after: int = Field(default=0, ge=0, le=12)
    day: int = Field(ge=1, le=28)


class Deadline(ClauseSpec):
    """A duty with a due day for each month; late or never costs points. An event is the handing-in of its `period`."""

    method: Literal["deadline"]
    every: Literal[Every.MONTH] = Every.MONTH
    due: Due
    deduct: Exact = Field(gt=0)
    excuses: tuple[str, ...] = ()

    def inputs(self) -> Inputs:
        """Return which columns of an event this clause knows."""
        return Inputs(
            levels=self.excuses,
            count=CountUse.REFUSED,
            month_needed=True,
            period_needed=True,
            note_needed=self.note_needed,
            one_per=Every.MONTH,
        )
