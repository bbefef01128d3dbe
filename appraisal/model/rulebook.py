"""A published appraisal document as data.

Rulebook ── id, validity, source, subjects, readings, inference
├── Department ── points
│   └── Item ── points, base, floor, ceiling
│       ├── Group ── a nested budget (groups nest)
│       │   └── Clause
│       ├── Clause
│       └── Limit ── what some clauses of the item give or take together at most
├── outside ── Items beside the total: bonuses, negative list
└── Overlap ── one matter under several clauses
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, ConfigDict, Field

from appraisal.model.clauses import Clause, Flag, Id, Spec
from appraisal.model.conditions import Inference
from appraisal.model.exact import Exact
from appraisal.model.periods import Span


class Source(Spec):
    """The document behind the rulebook, a text file beside it."""

    file: str
    title: str
    publisher: str = ""


class Subject(Spec):
    """Who is scored."""

    id: Id
    name: str = Field(min_length=1)
    aliases: tuple[str, ...] = ()


class Limit(Spec):
    """What some clauses of an item give or take together at most."""

    id: Id
    name: str = ""
    covers: tuple[str, ...] = Field(min_length=1, description="ids of clauses, or of limits, of the same item")
    max_gain: Exact | None = Field(default=None, ge=0)
    max_loss: Exact | None = Field(default=None, ge=0)
    text: str = Field(default="", description="the sentence that states it, where it has one of its own")
    line: int | None = Field(default=None, ge=1)


class Group(Spec):
    """A nested budget of points inside an item: its clauses together take no more than its points."""

    id: Id
    name: str
    points: Exact = Field(gt=0)
    line: int | None = Field(default=None, ge=1, description="where its heading stands, if it has one")
    groups: tuple[Group, ...] = ()
    clauses: tuple[Clause, ...] = ()


LineRange = Annotated[str, Field(pattern=r"^\d+(-\d+)?$")]


class Item(Spec):
    """A budget of points that clauses draw on.

    `starts: full` begins at its points and loses; `starts: zero` earns. `floor` and `ceiling` bound its score:
    `zero` and `points`, or `none` (倒扣, or a multiplied score).
    """

    id: Id
    name: str
    points: Exact = Field(ge=0)
    category: str = ""
    lines: LineRange | None = Field(default=None, description="where its name, points and category stand")
    starts: Literal["full", "zero"] = "full"
    base: Exact | None = Field(default=None, description="where it starts, if neither at its points nor at zero")
    floor: Literal["zero", "none"] = "zero"
    ceiling: Literal["points", "none"] = "points"
    bonus: Exact = Field(default=Fraction(0), ge=0, description="how far the ceiling lies above the points")
    groups: tuple[Group, ...] = ()
    clauses: tuple[Clause, ...] = ()
    limits: tuple[Limit, ...] = ()

    @property
    def start(self) -> Fraction:
        """The points before anything happened."""
        if self.base is not None:
            return self.base
        return self.points if self.starts == "full" else Fraction(0)

    def all_groups(self) -> Iterator[Group]:
        """Its groups, outer before inner."""
        yield from _nested(self.groups)

    def all_clauses(self) -> Iterator[Clause]:
        """Its clauses in the order of the document (by line, then as written)."""
        found = [*self.clauses, *(c for g in self.all_groups() for c in g.clauses)]
        return iter(sorted(found, key=lambda c: c.line))


def _nested(groups: tuple[Group, ...]) -> Iterator[Group]:
    for group in groups:
        yield group
        yield from _nested(group.groups)


class Department(Spec):
    """Who supplies the information, and its budget of points."""

    id: str = Field(min_length=1)
    points: Exact = Field(ge=0)
    lines: LineRange | None = None
    items: tuple[Item, ...] = Field(min_length=1)


class Overlap(Spec):
    """One matter of one subject under several clauses.

    `together`: it counts once among them, at its highest (then earliest date, then id). `prevails` … `over`: an event
    of the first voids those of the others.
    """

    id: Id
    together: tuple[str, ...] = ()
    prevails: str = ""
    over: tuple[str, ...] = ()
    active: Flag = True


class Ranking(Spec):
    """How totals become ranks: by total, descending; equal totals share a rank and the next is skipped (1-2-2-4)."""

    ties: Literal["shared", "dense"] = "shared"
    label: str = ""


class Patch(Spec):
    """A change of parameters of named parts; null takes a parameter away."""

    clauses: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    limits: tuple[str, ...] = ()
    overlaps: tuple[str, ...] = ()
    set: dict[str, Any]


class Alternative(Spec):
    """Another way to read it: a named patch."""

    id: Id
    text: str
    patch: tuple[Patch, ...] = Field(min_length=1)


class Reading(Spec):
    """How an unclear place of the document is read, why, and how else it could be.

    `use` names the alternative in force; `stated` is what the rulebook's own text says.
    """

    id: Id
    of: tuple[str, ...] = Field(
        min_length=1, description="ids of the clauses, items or limits concerned; * for the whole"
    )
    question: str
    stated: str = Field(description="the reading that the rulebook's own parameters give")
    why: str
    use: str = "stated"
    alternatives: tuple[Alternative, ...] = ()


class Passage(Spec):
    """A part of the source that no clause, item or department encodes: informational, or a gap with its reason."""

    lines: LineRange
    text: str = Field(default="", description="verbatim; empty: the lines whole")
    kind: Literal["informational", "gap"] = Field(alias="as")
    reason: str = Field(min_length=1)

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Rulebook(Spec):
    """A scorecard: departments, items, clauses, limits and ranks of one published document, dated and versioned."""

    format: Annotated[Literal[1], BeforeValidator(lambda raw: int(raw) if raw == "1" else raw)]
    id: Id
    family: Literal["scorecard"]
    name: str
    valid_from: date
    valid_to: date
    source: Source
    subject_noun: str = "单位"
    points: Exact = Field(gt=0, description="what the departments add up to")
    subjects: tuple[Subject, ...] = Field(min_length=1)
    departments: tuple[Department, ...] = Field(min_length=1)
    outside: tuple[Item, ...] = ()
    overlaps: tuple[Overlap, ...] = ()
    ranking: Ranking = Ranking()
    readings: tuple[Reading, ...] = ()
    inference: Inference = Inference()
    passages: tuple[Passage, ...] = ()
    remark: str = ""

    def items(self) -> Iterator[Item]:
        """Every item in the order of the document, those outside the total last."""
        for department in self.departments:
            yield from department.items
        yield from self.outside

    def clauses(self) -> Iterator[Clause]:
        """Every clause, item by item."""
        for item in self.items():
            yield from item.all_clauses()

    def default_span(self) -> Span:
        """Return the year that a standing is asked for when nothing is said."""
        return Span.whole(self.valid_from.year)
