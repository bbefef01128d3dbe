"""The clauses of a rulebook: one type for each method, a closed set, each with named parameters and no expressions.

    Clause ── id, sentence, line, frequency, applicability, approval
    ├── occurrence   so much each time: 每次扣0.2分; by level; once; doubled; per person; one matter once
    ├── amount       the officer's figure within bounds and steps: 酌情扣0.5-2分, 0.1的整数倍
    ├── tiers        a figure falls into one of several bands: 达100%记0.5分，90%以上记0.3分
    ├── grade        an outside body's word: 优秀 / 良好 / 合格 / 不合格
    ├── score        marks converted to points: 按百分制折算, 按完成率计分, judged marks, means of several
    ├── composite    weighted parts: 70%、15%、15%
    ├── gap          so much for each step short of a target: 每低一个百分点扣0.1分
    ├── compare      lower (or higher) than a benchmark: 低于区平均分扣0.1分
    ├── relative     against the best of all subjects: 得分=本单位值/最高值×分值
    ├── quota        a duty with a required number per period: 每月2篇，每少一篇扣0.1分
    ├── deadline     a duty with a due day: 每月15日前
    ├── veto         一票否决: an item or the total to zero, last place
    ├── multiplier   第1-3名按照1.1倍计分: the item's ranks decide
    └── fact, procedure, heading   shown, without effect on points

Points in a clause are positive; `deduct` or `add` gives their direction.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from appraisal.model.exact import Exact
from appraisal.model.inputs import CountUse, Inputs, Measure, ValueRule
from appraisal.model.periods import Every


class Spec(BaseModel):
    """A part of a rulebook: frozen, and without unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_enum_values=False)


Flag = Annotated[
    bool, BeforeValidator(lambda raw: {"true": True, "false": False}.get(raw, raw) if isinstance(raw, str) else raw)
]
Id = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$", max_length=40)]


class Level(Spec):
    """What a word in `level` means for an occurrence: its own amount, or so many times the clause's amount."""

    amount: Exact | None = Field(default=None, description="points each time, instead of the clause's own")
    times: Exact | None = Field(default=None, description="so many times the clause's own amount: 加倍 2, 减半 1/2")
    provisional: Flag = Field(default=False, description="counts for now, and makes the standing provisional")


def _level(raw: Any) -> Any:
    return raw if isinstance(raw, (dict, Level)) else {"amount": raw}


LevelAmount = Annotated[Level, BeforeValidator(_level)]


class ClauseSpec(Spec):
    """What every clause has, whatever its method."""

    id: Id
    text: str = Field(min_length=1, description="the sentence of the document, verbatim")
    line: int = Field(ge=1, description="its line in the source text, counted from 1")
    unit: str = Field(default="", description="what is counted: 次, 条, 处")
    frequency: Every = Field(default=Every.ANY, description="how often it is judged; any: as it happens")
    applies_to: tuple[str, ...] = Field(default=(), description="ids of the subjects that it is for; empty: all")
    needs_confirmation: Flag = Field(default=False, description="counts only with status=confirmed")
    decision_needed: Flag = Field(default=False, description="counts only with a decision record; a veto always does")
    evidence_needed: Flag = Field(default=False, description="an entry must come with evidence")
    note_needed: Flag = Field(default=False, description="an event must say why in `note`")
    caution: str = Field(default="", description="a warning that a standing with an entry of this clause carries")
    remark: str = Field(default="", description="about the wording: a typo, a missing mark")
    gap: str = Field(default="", description="what the document leaves open here")
    typos: tuple[str, ...] = Field(default=(), description="misprints kept in the sentence")
    within: str = Field(default="", description="the clause whose sentence holds these words too")

    def inputs(self) -> Inputs:
        """Return which columns of an event this clause knows."""
        raise NotImplementedError  # pragma: no cover

    @property
    def required(self) -> bool:
        """Whether a due period without an input makes the clause pending."""
        return False


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

    def points_missing(self, *, pending: bool) -> Fraction:
        """Return what counts where there is no input: full when it is not due, as `until_known` says when pending."""
        return self.zero_points if pending and self.until_known == "zero" else self.full_points


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
        return Inputs(
            levels=tuple(self.levels),
            value=ValueRule(measure=self.measure, low=Fraction(0), high=self.domain_high),
            level_for_value=bool(self.levels),
            count=CountUse.REFUSED,
            month_needed=self.frequency in {Every.MONTH, Every.QUARTER},
            note_needed=self.note_needed,
            one_per=self.frequency,
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
        return Inputs(
            levels=tuple(self.levels),
            level_needed=True,
            count=CountUse.REFUSED,
            month_needed=self.frequency in {Every.MONTH, Every.QUARTER},
            note_needed=self.note_needed,
            one_per=self.frequency,
        )


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
        return Inputs(
            levels=tuple(self.levels),
            value=ValueRule(measure=self.measure, low=Fraction(0), high=high),
            level_for_value=bool(self.levels),
            count=CountUse.REFUSED,
            month_needed=self.frequency in {Every.MONTH, Every.QUARTER},
            note_needed=self.note_needed,
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
        return Inputs(
            parts=tuple(self.parts),
            value=ValueRule(measure=Measure.SCORE, low=Fraction(0), high=self.full),
            count=CountUse.REFUSED,
            month_needed=self.frequency in {Every.MONTH, Every.QUARTER},
            note_needed=self.note_needed,
            one_per=self.frequency,
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
        return Inputs(
            value=ValueRule(measure=self.measure, low=Fraction(0)),
            benchmark_needed=self.target is None,
            count=CountUse.REFUSED,
            month_needed=self.frequency in {Every.MONTH, Every.QUARTER},
            note_needed=self.note_needed,
            one_per=self.frequency,
        )


class Compare(Judged):
    """A figure on the wrong side of its benchmark costs a fixed amount; equal does not."""

    method: Literal["compare"]
    measure: Measure = Measure.NUMBER
    side: Literal["below", "above"] = "below"
    deduct: Exact = Field(gt=0)

    def inputs(self) -> Inputs:
        """Return which columns of an event this clause knows."""
        return Inputs(
            value=ValueRule(measure=self.measure, low=Fraction(0)),
            benchmark_needed=True,
            count=CountUse.REFUSED,
            month_needed=self.frequency in {Every.MONTH, Every.QUARTER},
            note_needed=self.note_needed,
            one_per=self.frequency,
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
        return Inputs(
            value=ValueRule(measure=self.measure, low=Fraction(0)),
            count=CountUse.REFUSED,
            month_needed=self.frequency in {Every.MONTH, Every.QUARTER},
            note_needed=self.note_needed,
            one_per=self.frequency,
        )


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


class Veto(ClauseSpec):
    """Any event sets the item or the total to zero; `rank: last` also puts the subject below all others."""

    method: Literal["veto"]
    levels: tuple[str, ...] = ()
    zero: Literal["item", "total", "nothing"] = "item"
    rank: Literal["last", "kept"] = "last"

    def inputs(self) -> Inputs:
        """Return which columns of an event this clause knows."""
        return Inputs(
            levels=self.levels,
            level_needed=bool(self.levels),
            count=CountUse.IGNORED,
            note_needed=self.note_needed,
        )


class Band(Spec):
    """A range of ranks, both ends included, and its factor."""

    first: int = Field(ge=1)
    last: int = Field(ge=1)
    times: Exact = Field(gt=0)


class TieBreak(Spec):
    """What orders subjects whose sums are equal: more of a part's marks, or more points of some clauses."""

    part: str = Field(default="", description="marks in this part of the composite")
    points: tuple[str, ...] = Field(
        default=(), description="points of these clauses together; a smaller deduction is more"
    )


class Multiplier(ClauseSpec):
    """The item's sum ranks the subjects without ties, and the rank multiplies it.

    It is judged where the clause `after` is: all subjects need its input, else the ranking is pending for all. A tie
    that no tie-break resolves awaits a decision, which an event of this clause gives: the rank in `value`. Before the
    multiplication the sum is not below 0; where nothing is ranked it is clipped to 0 … the item's points.
    """

    method: Literal["multiplier"]
    after: str = Field(description="the composite whose input makes the ranking due")
    bands: tuple[Band, ...] = Field(min_length=1)
    tie_breaks: tuple[TieBreak, ...] = ()
    round: Exact = Field(gt=0, description="the multiplied score is rounded half-up to this")
    clip: Literal["none", "points"] = Field(
        default="none", description="whether the result may exceed the item's points"
    )

    def factor(self, rank: int) -> Fraction:
        """Return the factor of a rank; a rank in no band keeps its sum."""
        return next((b.times for b in self.bands if b.first <= rank <= b.last), Fraction(1))

    def inputs(self) -> Inputs:
        """Return which columns of an event this clause knows."""
        rule = ValueRule(measure=Measure.NUMBER, low=Fraction(1), step=Fraction(1))
        return Inputs(value=rule, count=CountUse.REFUSED, note_needed=self.note_needed, one_per=self.frequency)


class Fact(ClauseSpec):
    """A duty without a tariff: its events are shown and cost nothing."""

    method: Literal["fact"]

    def inputs(self) -> Inputs:
        """Return which columns of an event this clause knows."""
        return Inputs(note_needed=self.note_needed)


class Procedure(ClauseSpec):
    """A sentence about how things are decided; no event can name it."""

    method: Literal["procedure"]

    def inputs(self) -> Inputs:
        """Return that no event can name it."""
        return Inputs(loggable=False)


class Heading(ClauseSpec):
    """A sentence that introduces others; no event can name it. `log_under` says where such events go."""

    method: Literal["heading"]
    log_under: str = ""

    def inputs(self) -> Inputs:
        """Return that no event can name it."""
        return Inputs(loggable=False)


Clause = Annotated[
    Occurrence
    | Amount
    | Tiers
    | Grade
    | Score
    | Composite
    | Gap
    | Compare
    | Relative
    | Quota
    | Deadline
    | Veto
    | Multiplier
    | Fact
    | Procedure
    | Heading,
    Field(discriminator="method"),
]
