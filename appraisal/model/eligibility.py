"""A selection without points: who may join, by which route, under which conditions, shown by which evidence.

Eligibility ── the head that every rulebook has
├── Evidence      what is handed in
├── Field         what an application says (`fields.py`)
├── Criterion     conditions, which nest (`criteria.py`)
├── Route         a way to join: its conditions, and the grade of who meets them
└── Form, Minimum, Summary   the papers (`application.py`)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Literal

from pydantic import Field

from appraisal.model.application import Form, Minimum, Rule, Summary
from appraisal.model.criteria import Criterion, CriterionSpec, walk
from appraisal.model.event import Event
from appraisal.model.fields import ApplicationField, Choices, Evidence
from appraisal.model.rulebook import Rulebook, Sentence
from appraisal.model.spec import Id, Spec

FIELD = "field"
"""The kind of an event that says the value of a field."""
SOURCES = ("declared", "verified")
"""Who says so: the unit itself, or an office that looked; the latter prevails."""
Where = tuple[str | int, ...]


class Route(Spec):
    """A way to join: who meets all its conditions gets its grade; the first route that is met counts.

    `claimed_by`: only who fills this field in takes the route.
    """

    id: Id
    grade: str = Field(min_length=1)
    text: str = Field(min_length=1)
    line: int = Field(ge=1)
    needs: tuple[Id, ...] = Field(min_length=1, description="ids of conditions of the first level")
    claimed_by: str = Field(default="", description="the field that a unit fills in to take this route")


class Grades(Spec):
    """What a unit is called that meets no route: one that cannot, and one of which not enough is known."""

    not_met: str = Field(min_length=1)
    unknown: str = Field(min_length=1)


class Eligibility(Rulebook):
    """A selection: fields, conditions, routes and forms of one published document, dated and versioned."""

    family: Literal["eligibility"]
    evidence: tuple[Evidence, ...] = ()
    evidence_text: Rule | None = Field(default=None, description="the sentence that asks for the evidence")
    unit: Id = Field(description="the field that names the unit")
    chooser: Id = Field(description="the field by which forms and minima are chosen: the domain")
    fields: tuple[ApplicationField, ...] = Field(min_length=1)
    criteria: tuple[Criterion, ...] = Field(min_length=1)
    grades: Grades
    routes: tuple[Route, ...] = Field(min_length=1)
    forms: tuple[Form, ...] = ()
    minima: tuple[Minimum, ...] = ()
    summary: Summary | None = None

    @cached_property
    def field_of(self) -> Mapping[str, ApplicationField]:
        """Each field by the names under which a value is given."""
        return {name: field for field in self.fields for name in field.inputs()}

    @cached_property
    def field_by_id(self) -> Mapping[str, ApplicationField]:
        """Each field by its id."""
        return {field.id: field for field in self.fields}

    @cached_property
    def criterion_by_id(self) -> Mapping[str, Criterion]:
        """Each condition of any level by its id."""
        return {found.id: found for criterion in self.criteria for found in walk(criterion)}

    @cached_property
    def evidence_by_id(self) -> Mapping[str, Evidence]:
        """Each piece of evidence by its id."""
        return {evidence.id: evidence for evidence in self.evidence}

    @cached_property
    def _cited_by(self) -> Mapping[str, str]:
        found: dict[str, str] = {}

        def note(criterion: CriterionSpec, around: str) -> None:
            own = criterion.id if criterion.text else around
            found[criterion.id] = own
            for child in criterion.children():
                note(child, own)

        for criterion in self.criteria:
            note(criterion, "")
        return found

    def cites(self, criterion: str) -> str:
        """Return the condition whose words stand for this one: itself, or the nearest around it that has some."""
        return self._cited_by.get(criterion, criterion)

    def sentences(self) -> Iterator[Sentence]:
        """Yield everything that an explanation can cite, in the order of the document."""
        return iter(sorted(self._sentences(), key=lambda sentence: sentence.line))

    def _sentences(self) -> Iterator[Sentence]:
        for n, criterion in enumerate(self.criteria):
            yield from _of_criterion(criterion, ("criteria", n), 0, "")
        for n, route in enumerate(self.routes):
            yield Sentence(id=route.id, text=route.text, line=route.line, where=("routes", n))
        for n, minimum in enumerate(self.minima):
            yield Sentence(id=minimum.id, text=minimum.text, line=minimum.line, where=("minima", n))
        if self.evidence_text is not None:
            yield Sentence(
                id="evidence_text", text=self.evidence_text.text, line=self.evidence_text.line, where=("evidence_text",)
            )
        if self.summary is not None and self.summary.rule is not None:
            rule = self.summary.rule
            yield Sentence(id="summary.rule", text=rule.text, line=rule.line, where=("summary", "rule"))

    def parts(self) -> Iterator[str]:
        """Yield the ids of what a person can ask to see: conditions, routes, fields."""
        yield from self.explained()
        yield from (field.id for field in self.fields)

    def explained(self) -> Iterator[str]:
        """Yield the ids of what an explanation can be asked for: conditions and routes."""
        yield from self.criterion_by_id
        yield from (route.id for route in self.routes)

    def judges(self, event: Event) -> bool:
        """Say whether the event gives the value of a field."""
        return event.kind == FIELD and bool(event.clause)

    def once(self, event: Event) -> tuple[str, ...] | None:
        """Return what may be said only once: a field of a subject by one source; of several options each."""
        if event.kind != FIELD:
            return None
        key = (event.subject, event.clause, str(event.facts.get("source", SOURCES[0])))
        if isinstance(self.field_of.get(event.clause), Choices):
            return (*key, str(event.facts.get("value", "")))
        return key


def _of_criterion(criterion: CriterionSpec, where: Where, line: int, around: str) -> Iterator[Sentence]:
    """Yield the words of a condition and of those inside it; words inside words are not claimed twice."""
    at = criterion.line or line
    if criterion.text:
        within = around if criterion.line is None else ""
        yield Sentence(id=criterion.id, text=criterion.text, line=at, where=where, within=within)
        around = criterion.id if criterion.line is not None else around
    for n, child in enumerate(criterion.children()):
        yield from _of_criterion(child, (*where, "of", n), at, around)
