"""A scorecard: departments, items, clauses, limits and ranks of one published document.

Scorecard ── the head that every rulebook has, inference
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

from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import cached_property
from typing import Literal

from pydantic import Field

from appraisal.model.clauses import Clause
from appraisal.model.conditions import Inference
from appraisal.model.event import Event
from appraisal.model.exact import Exact
from appraisal.model.periods import Every
from appraisal.model.rulebook import LineRange, Rulebook, Sentence, Subject
from appraisal.model.spec import Flag, Id, Spec


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


class Scorecard(Rulebook):
    """A scorecard: departments, items, clauses, limits and ranks of one published document, dated and versioned."""

    family: Literal["scorecard"]
    points: Exact = Field(gt=0, description="what the departments add up to")
    subjects: tuple[Subject, ...] = Field(min_length=1)
    departments: tuple[Department, ...] = Field(min_length=1)
    outside: tuple[Item, ...] = ()
    overlaps: tuple[Overlap, ...] = ()
    ranking: Ranking = Ranking()
    inference: Inference = Inference()

    def items(self) -> Iterator[Item]:
        """Every item in the order of the document, those outside the total last."""
        for department in self.departments:
            yield from department.items
        yield from self.outside

    def clauses(self) -> Iterator[Clause]:
        """Every clause, item by item."""
        for item in self.items():
            yield from item.all_clauses()

    @cached_property
    def clause_by_id(self) -> Mapping[str, Clause]:
        """Every clause by its id."""
        return {clause.id: clause for clause in self.clauses()}

    @cached_property
    def _suppliers(self) -> Mapping[str, str]:
        return {c.id: d.id for d in self.departments for item in d.items for c in item.all_clauses()}

    def supplier(self, clause: str) -> str:
        """Return the id of the department that supplies what a clause is judged by; empty for those outside."""
        return self._suppliers.get(clause, "")

    @cached_property
    def _one_per(self) -> Mapping[str, Every]:
        """How often a clause may have a value, for those where that is limited."""
        found = {clause.id: clause.inputs().one_per for clause in self.clauses()}
        return {name: every for name, every in found.items() if every is not Every.ANY}

    def sentences(self) -> Iterator[Sentence]:
        """Yield the clauses by line, then the limits that have a sentence of their own."""
        for clause in sorted(self.clauses(), key=lambda clause: clause.line):
            yield Sentence(id=clause.id, text=clause.text, line=clause.line, within=clause.within)
        for item in self.items():
            for limit in item.limits:
                if limit.text and limit.line is not None:
                    yield Sentence(id=limit.id, text=limit.text, line=limit.line)

    def parts(self) -> Iterator[str]:
        """Yield the ids of the clauses."""
        yield from self.clause_by_id

    def explained(self) -> Iterator[str]:
        """Yield the ids of the items."""
        for item in self.items():
            yield item.id

    def judges(self, event: Event) -> bool:
        """Say whether the event names a clause; a raw incident does not."""
        return bool(event.clause)

    def needs_confirmation(self, event: Event) -> bool:
        """Say whether the event's clause counts only what is confirmed."""
        clause = self.clause_by_id.get(event.clause)
        return clause is not None and clause.needs_confirmation

    def once(self, event: Event) -> tuple[str, ...] | None:
        """Return what may have only one value: subject, clause, part and period; None where several may stand."""
        every = self._one_per.get(event.clause)
        return None if every is None else one_value(event, every)


def one_value(event: Event, every: Every) -> tuple[str, ...] | None:
    """Return the key of a single value where a clause takes one in so much time; None where it takes several."""
    when = event.when
    if every is Every.ANY:
        return None
    if every is Every.YEAR or not when.month:
        slot = str(when.year)
    else:
        slot = f"{when.year}-{(when.month - 1) // every.months}"
    return (event.subject, event.clause, event.part, slot)
