"""The conditions of a selection: a closed set of forms, which nest; none of them holds an expression.

    Criterion ── id, sentence, line, for whom
    ├── all      each of them
    ├── any      one of them: 或具备相当功能
    ├── choose   the one that a field names: the domain, the kind of unit, the table
    ├── holds    a field says yes; with `wanted: false`, no
    ├── is       a field names one of these options
    ├── least    a figure reaches a threshold: 不少于20人
    ├── mean     the mean over several years reaches it: 近三年平均主营业务收入达1500万元以上
    └── share    a part of a whole reaches it: 达到50%以上; the part may be known by overlapping parts only

A threshold itself reaches it, unless `inclusive: false`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from appraisal.model.exact import Exact
from appraisal.model.fields import Whole
from appraisal.model.rulebook import LineRange
from appraisal.model.spec import Flag, Id, Spec


class OnlyIf(Spec):
    """When a condition binds at all: only if a field says one of these words."""

    field: Id
    one_of: tuple[str, ...] = Field(min_length=1, alias="is", description="ids of options; yes or no")

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class CriterionSpec(Spec):
    """What every condition has, whatever its form."""

    id: Id
    text: str = Field(default="", description="the words of the document, verbatim; empty: those around it")
    line: int | None = Field(default=None, ge=1, description="their line in the source; none: within those around it")
    head: LineRange | None = Field(default=None, description="where its number or the head of its table stands")
    name: str = Field(default="", description="what it is called for short")
    options: tuple[str, ...] = Field(default=(), alias="for", description="ids of the options that choose it")
    only_if: OnlyIf | None = None
    remark: str = ""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    def children(self) -> tuple[Criterion, ...]:
        """Return the conditions that it is made of."""
        return ()

    def fields(self) -> tuple[str, ...]:
        """Return the ids of the fields that it asks itself, those of its parts aside."""
        return ()


class _Of(CriterionSpec):
    """A condition made of others."""

    of: tuple[Criterion, ...] = Field(min_length=1)

    def children(self) -> tuple[Criterion, ...]:
        """Return the conditions that it is made of."""
        return self.of


class AllOf(_Of):
    """Each of them is met."""

    method: Literal["all"]


class AnyOf(_Of):
    """At least one of them is met."""

    method: Literal["any"]


class Choose(_Of):
    """The one that a field names is met; the others do not apply."""

    method: Literal["choose"]
    field: Id
    undecided: Literal["unknown", "any"] = Field(
        default="unknown", description="while the field is not known: unknown, or met where any of them is"
    )

    def fields(self) -> tuple[str, ...]:
        """Return the field that chooses."""
        return (self.field,)


class Holds(CriterionSpec):
    """A field says yes, or no where that is wanted."""

    method: Literal["holds"]
    field: Id
    wanted: Flag = True

    def fields(self) -> tuple[str, ...]:
        """Return its field."""
        return (self.field,)


class Is(CriterionSpec):
    """A field names one of these options."""

    method: Literal["is"]
    field: Id
    one_of: tuple[str, ...] = Field(min_length=1)

    def fields(self) -> tuple[str, ...]:
        """Return its field."""
        return (self.field,)


class _Threshold(CriterionSpec):
    """A figure beside a threshold."""

    least: Exact
    inclusive: Flag = Field(default=True, description="whether the threshold itself is enough")


class Least(_Threshold):
    """A figure reaches a threshold."""

    method: Literal["least"]
    field: Id

    def fields(self) -> tuple[str, ...]:
        """Return its field."""
        return (self.field,)


class Mean(_Threshold):
    """The mean of a yearly figure reaches a threshold.

    `over: every_year` needs a figure for each year; `since_founded` leaves out the years before the one in which the
    unit was founded (`founded` is the field of that month).
    """

    method: Literal["mean"]
    field: Id
    years: tuple[Whole, ...] = Field(min_length=2)
    over: Literal["every_year", "since_founded"] = "every_year"
    founded: str = ""

    def fields(self) -> tuple[str, ...]:
        """Return the figure, and the month of foundation where it matters."""
        return (self.field, self.founded) if self.over == "since_founded" else (self.field,)


class Share(_Threshold):
    """A part of a whole reaches a threshold.

    Where `part` is not known, the `overlapping` parts bound it: it is no less than the largest of them and no more
    than their sum. `overlap: separate`: one of the overlapping parts must reach the threshold on its own.
    """

    method: Literal["share"]
    whole: Id
    part: Id
    overlapping: tuple[Id, ...] = ()
    overlap: Literal["together", "separate"] = "together"

    def fields(self) -> tuple[str, ...]:
        """Return the part, what bounds it, and the whole."""
        own = () if self.overlap == "separate" else (self.part,)
        return (*own, *self.overlapping, self.whole)


def walk(criterion: Criterion) -> Iterator[Criterion]:
    """Yield a condition and everything inside it, outer before inner."""
    yield criterion
    for child in criterion.children():
        yield from walk(child)


Criterion = Annotated[AllOf | AnyOf | Choose | Holds | Is | Least | Mean | Share, Field(discriminator="method")]

for _made in (_Of, AllOf, AnyOf, Choose):
    _made.model_rebuild()
