"""Clauses that count each event: so much each time, or the amount that the event says."""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, ConfigDict, Field

from appraisal.model.clause_spec import ClauseSpec
from appraisal.model.exact import Exact
from appraisal.model.inputs import CountUse, Inputs, Measure, ValueRule
from appraisal.model.spec import Flag, Spec


class Level(Spec):
    """What a word in `level` means for an occurrence: its own amount, or so many times the clause's amount."""

    amount: Exact | None = Field(default=None, description="points each time, instead of the clause's own")
    times: Exact | None = Field(default=None, description="so many times the clause's own amount: 加倍 2, 减半 1/2")
    provisional: Flag = Field(default=False, description="counts for now, and makes the standing provisional")


def _level(raw: Any) -> Any:
    return raw if isinstance(raw, (dict, Level)) else {"amount": raw}


LevelAmount = Annotated[Level, BeforeValidator(_level)]


class Again(Spec):
    """From which occurrence on (by date, then id) the amount is multiplied: 第二次起加倍."""

    start: int = Field(ge=2, alias="from", description="the ordinal of the first multiplied occurrence")
    times: Exact

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Occurrence(ClauseSpec):
    """So many points each time that something happened."""

    method: Literal["occurrence"]
    deduct: Exact | None = Field(default=None, description="points lost each time, where no level says otherwise")
    add: Exact | None = Field(default=None, description="points gained each time, where no level says otherwise")
    direction: Literal["deduct", "add"] | None = Field(
        default=None, description="needed where every amount is by level"
    )
    levels: dict[str, LevelAmount] = Field(default_factory=dict, description="the words of `level` and what they cost")
    level_effect: Literal["instead", "added", "once_per_item"] = Field(
        default="instead",
        description="a level's amount stands instead of the own one, on top of it, or counts once for the whole item",
    )
    once: Flag = Field(default=False, description="at most one occurrence counts in a span: no 每 in the sentence")
    per: Literal["event", "value"] = Field(default="event", description="value: times the number in `value`: 每人每次")
    again: Again | None = None
    same_matter: Literal["each", "once"] = Field(
        default="each", description="once: one matter counts once, at its highest"
    )
    count: Literal["counted", "ignored"] = Field(default="counted", description="whether `count` multiplies")

    @property
    def sign(self) -> int:
        """-1 for a deduction, 1 for a bonus."""
        return 1 if self.add is not None or self.direction == "add" else -1

    @property
    def amount(self) -> Fraction | None:
        """Points each time where no level is given; None where one must be."""
        return self.deduct if self.deduct is not None else self.add

    def level_amount(self, word: str) -> Fraction | None:
        """Return the unsigned points of one occurrence with this word (empty: none); None if it is not allowed."""
        if not word:
            return self.amount
        level = self.levels[word]
        own = self.amount or Fraction(0)
        if level.times is not None:
            return own * level.times
        amount = level.amount or Fraction(0)
        return own + amount if self.level_effect == "added" else amount

    def for_now(self, word: str) -> bool:
        """Say whether an event with this word in `level` counts only until its outcome is known."""
        return word in self.levels and self.levels[word].provisional

    def inputs(self) -> Inputs:
        """Return which columns of an event this clause knows."""
        return Inputs(
            levels=tuple(self.levels),
            level_needed=self.amount is None,
            value=ValueRule(measure=Measure.NUMBER, low=Fraction(0), above_low=True) if self.per == "value" else None,
            count=CountUse.COUNTED if self.count == "counted" and not self.once else CountUse.IGNORED,
            note_needed=self.note_needed,
        )


class Amount(ClauseSpec):
    """The points that an officer or a decision gives in `value`, within bounds and steps."""

    method: Literal["amount"]
    direction: Literal["deduct", "add"]
    least: Exact = Field(default=Fraction(0), description="the smallest amount; 0 itself is refused")
    most: Exact | None = Field(default=None, description="the largest amount of one event")
    step: Exact | None = Field(default=None, description="the amount is a whole multiple of this")

    @property
    def sign(self) -> int:
        """-1 for a deduction, 1 for a bonus."""
        return 1 if self.direction == "add" else -1

    def inputs(self) -> Inputs:
        """Return which columns of an event this clause knows."""
        rule = ValueRule(
            measure=Measure.POINTS, low=self.least, high=self.most, above_low=self.least == 0, step=self.step
        )
        return Inputs(value=rule, count=CountUse.REFUSED, note_needed=self.note_needed)
