"""The questions of a questionnaire: one type for each way to answer, a closed set, and the figures behind them.

Question ── id, topic, weight, sentence, options
├── single     one option; each has its score
├── multiple   several options; one of them excludes the others (无)
├── band       one option, each a right-closed band of a rate; a rate or figures choose it
└── change     one option: up, flat or down; figures of two years choose it
"""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from appraisal.model.exact import Exact
from appraisal.model.spec import Flag, Id, Spec

Whole = Annotated[int, BeforeValidator(lambda raw: int(raw) if isinstance(raw, str) and raw.isdigit() else raw)]
Direction = Literal["up", "flat", "down"]


class Words(Spec):
    """Words of the document with the line on which they begin."""

    text: str = Field(min_length=1)
    line: int = Field(ge=1)


class Cited(Words):
    """A sentence of the document; `rest` are its further pieces where a page break of a table has torn it."""

    rest: tuple[Words, ...] = ()

    @property
    def whole(self) -> str:
        """The sentence in one piece."""
        return "".join((self.text, *(piece.text for piece in self.rest)))


class Figure(Words):
    """A figure that a firm fills in; `text` are the words of the document that ask for it.

    `unit` `%` makes it a rate. `fuels`: it may also be given as amounts of fuels. `derived` figures have no words of
    their own in the document: another question's words ask for them (`asked`).
    """

    id: Id
    name: str = Field(min_length=1)
    unit: str
    whole: Flag = False
    fuels: Flag = False
    above: Exact | None = Field(default=None, description="it must be more than this")
    text: str = Field(default="", description="the words that ask for it; empty where only what it serves asks for it")
    line: int = Field(default=1, ge=1)
    remark: str = ""


class Option(Words):
    """One option of a question: its words, and for a band its upper bound, for a change its direction."""

    upto: Exact | None = Field(default=None, description="the upper bound of the band, which belongs to it")
    means: Direction | None = None


class Share(Spec):
    """A rate from figures: the sum of some over the sum of others.

    `years`: the figure that says how many years there are, where the sums run over the last years: a younger firm
    has as many of them as it has begun. `mean`: whether the rate is that of the sums, or the mean of the years' rates.
    `yearly`: a figure that gives the yearly mean of `over` directly.
    """

    over: tuple[str, ...] = Field(min_length=1)
    under: tuple[str, ...] = Field(min_length=1)
    years: str = ""
    yearly: str = ""
    mean: Literal["of_sums", "of_rates"] = "of_sums"


class Quotient(Spec):
    """A figure, or one figure per another."""

    over: str
    under: str = ""


class QuestionSpec(Spec):
    """What every question has, however it is answered."""

    id: Id
    topic: str = Field(min_length=1, description="what the document calls the matter: 采集项")
    weight: Exact = Field(gt=0, le=1, description="its share of its group")
    text: str = Field(min_length=1)
    line: int = Field(ge=1)
    rest: tuple[Words, ...] = ()
    options: tuple[Option, ...] = Field(min_length=2)
    figures: tuple[Figure, ...] = ()
    also: tuple[Words, ...] = Field(default=(), description="words of the document before the question that it encodes")
    tail: tuple[Words, ...] = Field(default=(), description="such words after its options")
    remark: str = ""
    gap: str = Field(default="", description="what the document leaves open here")

    @property
    def size(self) -> int:
        """How many options it has."""
        return len(self.options)

    def score(self, chosen: tuple[int, ...]) -> Fraction:
        """Return the score from 0 to 100 of the options chosen, counted from 1."""
        raise NotImplementedError  # pragma: no cover


class ScoredSpec(QuestionSpec):
    """A question of which one option is chosen, each with its own score."""

    scores: tuple[Exact, ...] = Field(min_length=2, description="of each option, from 0 to 100")

    def score(self, chosen: tuple[int, ...]) -> Fraction:
        """Return the score of the option chosen."""
        return self.scores[chosen[0] - 1]


class Single(ScoredSpec):
    """One option is chosen."""

    method: Literal["single"]


class Multiple(QuestionSpec):
    """Several options are chosen: so many times 100 / (number of options − 1); `none` excludes the others and is 0.

    `with_none`: what to do with `none` beside another option: refuse the answer, or take it for `none` alone.
    """

    method: Literal["multiple"]
    none: Whole = Field(default=1, ge=1, description="the option that excludes all others, counted from 1")
    with_none: Literal["refuse", "none"] = "refuse"

    def score(self, chosen: tuple[int, ...]) -> Fraction:
        """Return the score of the options chosen."""
        count = 0 if self.none in chosen else len(chosen)
        return Fraction(100 * count, self.size - 1)


class Band(ScoredSpec):
    """One option is chosen, each a band of a rate; `of` derives the rate from figures.

    `prevails`: whether figures or the option chosen hold where both are given and differ. `above`: what to do with a
    rate above the last band.
    """

    method: Literal["band"]
    of: Share
    prevails: Literal["figures", "option"] = "figures"
    above: Literal["refuse", "last"] = "refuse"

    def option(self, rate: Fraction) -> int | None:
        """Return the option of a rate, counted from 1; None above the last band, where that is refused."""
        for number, option in enumerate(self.options, start=1):
            if option.upto is not None and rate <= option.upto:
                return number
        return self.size if self.above == "last" else None


class Change(ScoredSpec):
    """One option is chosen: up, flat or down; `now` against `before` derives it from figures.

    `tolerance`: how far apart, as a share of the earlier figure, two figures still count as equal.
    """

    method: Literal["change"]
    now: Quotient
    before: Quotient
    prevails: Literal["figures", "option"] = "figures"
    tolerance: Exact = Field(default=Fraction(0), ge=0)

    def option(self, now: Fraction, before: Fraction) -> int:
        """Return the option of two figures, counted from 1."""
        near = abs(now - before) <= self.tolerance * abs(before)
        wanted: Direction = "flat" if near else "up" if now > before else "down"
        return next(number for number, option in enumerate(self.options, start=1) if option.means == wanted)


Question = Annotated[Single | Multiple | Band | Change, Field(discriminator="method")]
