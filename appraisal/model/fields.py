"""The fields of an application: a closed set of kinds, each with the values that it takes and the evidence for it.

Field ── id, name, evidence
├── yes_no              是 / 否
├── whole, number, rate  a figure with its unit; one for each of `years` where it has them
├── choice, choices     one word of a list; several words, at most so many
└── words, month        texts without effect on a result: an address, 注册时间
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from appraisal.model.exact import Exact
from appraisal.model.spec import Flag, Id, Spec

YEARLY = "_"  # between the id of a figure and its year
Whole = Annotated[int, BeforeValidator(lambda raw: int(raw) if isinstance(raw, str) and raw.isdigit() else raw)]


class Evidence(Spec):
    """A paper that the document asks for: 营业执照, 近3年审计报告."""

    id: Id
    name: str = Field(min_length=1)
    line: int = Field(ge=1, description="a line of the source that names it, counted from 1")


class Option(Spec):
    """A word that a choice takes, and further words that mean the same."""

    id: Id
    name: str = Field(min_length=1)
    aliases: tuple[str, ...] = ()
    group: str = Field(default="", description="the list that it stands in, where there are several")

    @property
    def words(self) -> tuple[str, ...]:
        """Every word that means it."""
        return (self.name, self.id, *self.aliases)


class FieldSpec(Spec):
    """What every field has, whatever its kind."""

    id: Id
    name: str = Field(min_length=1)
    evidence: tuple[str, ...] = Field(default=(), description="ids of the evidence to hand in for it")
    judged: Flag = Field(default=False, description="true: experts decide it; the unit only claims it")
    private: Flag = Field(default=False, description="true: a name or a number of a person; kept apart in the log")
    hint: str = Field(default="", description="what to fill in, for people")

    def inputs(self) -> Iterator[str]:
        """Yield the names under which a value is given: one for each year where the field has years."""
        yield self.id


class YesNo(FieldSpec):
    """Yes or no."""

    kind: Literal["yes_no"]


class Figure(FieldSpec):
    """A figure: whole, or with decimals, or a rate (`92%`); in its unit, within bounds, all inclusive."""

    kind: Literal["whole", "number", "rate"]
    unit: str = ""
    least: Exact | None = Field(default=Fraction(0), description="no smaller figure is possible; null: none")
    most: Exact | None = Field(default=None, description="no larger figure is possible")
    years: tuple[Whole, ...] = Field(default=(), description="one figure for each of these years: id_2021, …")

    def inputs(self) -> Iterator[str]:
        """Yield the names under which a value is given: one for each year where the field has years."""
        if not self.years:
            yield self.id
        for year in self.years:
            yield self.of_year(year)

    def of_year(self, year: int) -> str:
        """Return the name of a year's figure."""
        return f"{self.id}{YEARLY}{year}"


class Choice(FieldSpec):
    """One word of a list."""

    kind: Literal["choice"]
    options: tuple[Option, ...] = Field(min_length=2)


class Choices(FieldSpec):
    """Several words of a list: joined by `;`, or in several rows."""

    kind: Literal["choices"]
    options: tuple[Option, ...] = Field(min_length=2)
    most: Whole | None = Field(default=None, ge=1, description="at most so many")
    none: str = Field(default="", description="the option that stands alone: none of them")


class Words(FieldSpec):
    """A text, or a month such as 2015-06."""

    kind: Literal["words", "month"]


ApplicationField = Annotated[YesNo | Figure | Choice | Choices | Words, Field(discriminator="kind")]
