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

Points in a clause are positive; `deduct` or `add` gives their direction. Those that count each event are in
`clauses_counted`, findings of outside bodies in `clauses_judged`, marks that become points in `clauses_scored`, duties
in `clauses_duties`; here are those that act on a whole item or its rank, those without effect, and the set of all.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated, Literal

from pydantic import Field

from appraisal.model.clause_spec import ClauseSpec
from appraisal.model.clauses_counted import Amount, Occurrence
from appraisal.model.clauses_duties import Deadline, Quota
from appraisal.model.clauses_judged import Compare, Gap, Grade, Tiers
from appraisal.model.clauses_scored import Composite, Relative, Score
from appraisal.model.exact import Exact
from appraisal.model.inputs import CountUse, Inputs, Measure, ValueRule
from appraisal.model.spec import Spec


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


# The JSON schema names this one after its module, because questions have a `Band` too.
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
