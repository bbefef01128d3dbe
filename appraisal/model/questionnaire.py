"""A questionnaire: weighted questions for one score, scenarios with levels, and gates that need both.

Questionnaire ── the head that every rulebook has
├── Dimension ── weight
│   └── Topic ── weight
│       └── Question ── weight, options, figures
├── Area ── Scenario ── starred, four levels each with its requirements
├── Gate ── a level of the whole: score, scenarios, of which starred
└── Fuel ── coefficients of standard coal
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import cached_property
from typing import Literal

from pydantic import Field

from appraisal.model.event import Event
from appraisal.model.exact import Exact
from appraisal.model.fuels import Fuel
from appraisal.model.questions import Cited, Figure, Question, Whole, Words
from appraisal.model.rulebook import Rulebook, Sentence
from appraisal.model.spec import Flag, Id, Spec

Where = tuple[str | int, ...]
SOURCES = ("declared", "verified")


class Topic(Spec):
    """A second-level indicator: its share of its dimension, and its questions."""

    id: Id
    name: str = Field(min_length=1)
    weight: Exact = Field(gt=0, le=1)
    also: tuple[Words, ...] = ()
    questions: tuple[Question, ...] = Field(min_length=1)


class Dimension(Spec):
    """A first-level indicator: its share of the score, and its topics."""

    id: Id
    name: str = Field(min_length=1)
    weight: Exact = Field(gt=0, le=1)
    also: tuple[Words, ...] = ()
    topics: tuple[Topic, ...] = Field(min_length=1)


class Requirement(Cited):
    """What a scenario's level requires; `any_of`: the parts of the sentence of which one is enough."""

    any_of: tuple[str, ...] = Field(default=(), description="the alternatives that the sentence joins by 或")
    remark: str = ""


class Scenario(Spec):
    """A business scenario with its levels, lowest first; `starred`: 约束性场景."""

    id: Id
    name: str = Field(min_length=1)
    text: str
    line: int = Field(ge=1)
    starred: Flag = False
    levels: tuple[Requirement, ...] = Field(min_length=1)


class Area(Spec):
    """A first-level indicator of scenarios."""

    id: Id
    name: str = Field(min_length=1)
    also: tuple[Words, ...] = ()
    scenarios: tuple[Scenario, ...] = Field(min_length=1)


class Gate(Spec):
    """A level of the whole: a score, and so many scenarios at this level at least, so many of them starred."""

    id: Id
    level: Whole = Field(ge=1)
    name: str = Field(min_length=1, description="what a firm that passes is called: 一级")
    title: str = ""
    text: str
    line: int = Field(ge=1)
    score: Exact
    score_text: str
    scenarios: Whole = Field(ge=0)
    starred: Whole = Field(ge=0)
    scenarios_text: str


class Order(Spec):
    """How firms are ranked: by level and then score, or by score alone."""

    id: Id = "ranking"
    by: Literal["level", "score"] = "level"


class Sources(Spec):
    """Which answer holds where a firm's own and one verified on site are both there."""

    id: Id = "sources"
    first: Literal["verified", "declared"] = "verified"


class Rule(Words):
    """A sentence of the document about how all is scored, which no single part encodes."""

    id: Id


class Questionnaire(Rulebook):
    """Weighted questions, scenarios with levels, and gates that need both; firms on an open roster."""

    family: Literal["questionnaire"]
    dimensions: tuple[Dimension, ...] = Field(min_length=1)
    areas: tuple[Area, ...] = Field(min_length=1)
    gates: tuple[Gate, ...] = Field(min_length=1)
    no_level: str = Field(description="what a firm is called that passes no gate: 无等级")
    rules: tuple[Rule, ...] = ()
    fuels: tuple[Fuel, ...] = ()
    ranking: Order = Order()
    sources: Sources = Sources()

    def questions(self) -> Iterator[Question]:
        """Every question in the order of the document."""
        for dimension in self.dimensions:
            for topic in dimension.topics:
                yield from topic.questions

    def scenarios(self) -> Iterator[Scenario]:
        """Every scenario in the order of the document."""
        for area in self.areas:
            yield from area.scenarios

    @cached_property
    def question_by_id(self) -> Mapping[str, Question]:
        """The questions by id."""
        return {question.id: question for question in self.questions()}

    @cached_property
    def scenario_by_id(self) -> Mapping[str, Scenario]:
        """The scenarios by id."""
        return {scenario.id: scenario for scenario in self.scenarios()}

    @cached_property
    def figure_by_id(self) -> Mapping[str, Figure]:
        """The figures that a firm fills in, by id."""
        return {figure.id: figure for question in self.questions() for figure in question.figures}

    @cached_property
    def fuel_by_name(self) -> Mapping[str, Fuel]:
        """The fuels by their names in the document, and by what else people call them."""
        return {name: fuel for fuel in self.fuels for name in (fuel.name, *fuel.also)}

    @cached_property
    def weights(self) -> Mapping[str, Fraction]:
        """Each question's share of the whole score: the product of the weights above it."""
        return {
            question.id: dimension.weight * topic.weight * question.weight
            for dimension in self.dimensions
            for topic in dimension.topics
            for question in topic.questions
        }

    def sentences(self) -> Iterator[Sentence]:
        """Yield every piece of the document that a part encodes, by line; pieces of one part share its id before #."""
        return iter(sorted(self._sentences(), key=lambda sentence: sentence.line))

    def _sentences(self) -> Iterator[Sentence]:
        for d, dimension in enumerate(self.dimensions):
            at: Where = ("dimensions", d)
            yield from _also(dimension.id, dimension.also, at)
            for t, topic in enumerate(dimension.topics):
                inner: Where = (*at, "topics", t)
                yield from _also(topic.id, topic.also, inner)
                for q, question in enumerate(topic.questions):
                    yield from _question(question, (*inner, "questions", q))
        for a, area in enumerate(self.areas):
            yield from _also(area.id, area.also, ("areas", a))
            for s, scenario in enumerate(area.scenarios):
                yield from _scenario(scenario, ("areas", a, "scenarios", s))
        for n, gate in enumerate(self.gates):
            at = ("gates", n)
            yield Sentence(id=gate.id, text=gate.text, line=gate.line, where=at)
            yield Sentence(id=f"{gate.id}.score", text=gate.score_text, line=gate.line, where=at)
            yield Sentence(id=f"{gate.id}.scenarios", text=gate.scenarios_text, line=gate.line, where=at)
        for n, rule in enumerate(self.rules):
            yield Sentence(id=rule.id, text=rule.text, line=rule.line, where=("rules", n))
        for n, fuel in enumerate(self.fuels):
            yield Sentence(id=f"fuel.{fuel.name}", text=fuel.text, line=fuel.line, where=("fuels", n))

    def parts(self) -> Iterator[str]:
        """Yield the ids of questions, figures, scenarios, gates and fuels."""
        yield from self.question_by_id
        yield from self.figure_by_id
        yield from self.scenario_by_id
        yield from (gate.id for gate in self.gates)
        yield from (fuel.name for fuel in self.fuels)

    def explained(self) -> Iterator[str]:
        """Yield questions, scenarios and the names of the levels."""
        yield from self.question_by_id
        yield from self.scenario_by_id
        yield from (gate.name for gate in self.gates)

    def once(self, event: Event) -> tuple[str, ...] | None:
        """Return what may be answered only once: a question, figure or scenario, of a firm, in a year, by a source."""
        if not event.clause:
            return None
        return (event.subject, event.clause, str(event.facts.get("source", SOURCES[0])), str(event.when.year))


def _also(owner: str, words: tuple[Words, ...], where: Where) -> Iterator[Sentence]:
    for number, piece in enumerate(words, start=1):
        yield Sentence(id=f"{owner}#{number}", text=piece.text, line=piece.line, where=(*where, "also", number - 1))


def _question(question: Question, where: Where) -> Iterator[Sentence]:
    pieces = tuple((piece.text, piece.line) for piece in question.rest)
    yield from _also(question.id, question.also, where)
    yield Sentence(id=question.id, text=question.text, line=question.line, where=where, rest=pieces)
    for n, option in enumerate(question.options):
        inner: Where = (*where, "options", n)
        yield Sentence(id=f"{question.id}.{n + 1}", text=option.text, line=option.line, where=inner)
    for n, figure in enumerate(question.figures):
        if figure.text:
            yield Sentence(id=figure.id, text=figure.text, line=figure.line, where=(*where, "figures", n))
    yield from _also(f"{question.id}#", question.tail, where)


def _scenario(scenario: Scenario, where: Where) -> Iterator[Sentence]:
    yield Sentence(id=scenario.id, text=scenario.text, line=scenario.line, where=where)
    for n, level in enumerate(scenario.levels):
        pieces = tuple((piece.text, piece.line) for piece in level.rest)
        inner: Where = (*where, "levels", n)
        yield Sentence(id=f"{scenario.id}.{n + 1}", text=level.text, line=level.line, where=inner, rest=pieces)
