"""Hand-calculated cases beside a rulebook: what happened, what must come out, and what of the rulebook that tries.

CaseFile ── rulebook, cases
└── Case ── name, why, readings, span or through, day, known, roster, subject
├── events ── rows of the event table; without an id they are e1, e2, …; without a subject the case's own
└── expect ── what must come out; only what is named is compared
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from fractions import Fraction
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, Field, ValidationError

from appraisal.errors import Finding, Place, RefusedError
from appraisal.model.clauses import Flag, Spec, Tiers
from appraisal.model.edition import Edition
from appraisal.model.event import Event
from appraisal.model.exact import Exact
from appraisal.model.inputs import Measure
from appraisal.model.periods import Period, Span
from appraisal.model.rulebook import Group, Item, Limit, Rulebook, Subject
from appraisal.model.standing import Assessment, EntryKind, ItemScore
from appraisal.reading.checks_tiers import figure
from appraisal.reading.coverage import edges
from appraisal.reading.rulebook import shown
from appraisal.reading.yaml_loading import load

Whole = Annotated[int, BeforeValidator(lambda raw: int(raw) if isinstance(raw, str) and raw.isdigit() else raw)]
Together = tuple[tuple[str, ...], ...]


class OfSubject(Spec):
    """What must come out for one subject.

    `entries` holds the points under a clause, or under `cap X`, `multiplier X`, `veto X`, where such an entry stands
    for itself; 0 where there is none.
    """

    items: dict[str, Exact] = Field(default_factory=dict)
    states: dict[str, str] = Field(default_factory=dict)
    entries: dict[str, Exact] = Field(default_factory=dict)
    total: Exact | None = None
    rank: Whole | None = None
    rank_without_veto: Whole | None = None
    provisional: Flag | None = None


class Expectation(OfSubject):
    """What must come out for the case's own subject, for others, and for the run.

    `warned` and `unwarned`: events that some, or no, warning names together. `classified`: the clause and level that an
    incident comes under, or `no_rule`. `refused`: the rows for which the file is refused.
    """

    by_subject: dict[str, OfSubject] = Field(default_factory=dict)
    not_counted: dict[str, str] | None = None
    classified: dict[str, str] = Field(default_factory=dict)
    warnings: tuple[str, ...] = Field(default=(), description="codes that must be among the warnings")
    warned: Together = ()
    unwarned: Together = ()
    refused: tuple[str, ...] = ()


class Case(Spec):
    """One case: events in, standings out."""

    name: str
    why: str
    readings: dict[str, str] = Field(default_factory=dict)
    span: str = ""
    through: str = ""
    day: date | None = None
    known: datetime | None = None
    roster: tuple[str, ...] = Field(default=(), description="names of the subjects of the run; empty: all")
    subject: str = Field(default="", description="whose events those without a subject are; empty: the first")
    events: tuple[dict[str, str], ...]
    expect: Expectation

    @property
    def asked(self) -> Span:
        """The span that is asked for."""
        if not self.through:
            return Span.parse(self.span)
        month = Period.parse(self.through)
        return Span.through(month.year, month.month)

    def subjects(self, edition: Edition) -> tuple[Subject, ...]:
        """Return the subjects of the run."""
        by_name = {subject.name: subject for subject in edition.roster}
        return tuple(by_name[name] for name in self.roster) or edition.roster

    def rows(self, edition: Edition) -> list[dict[str, str]]:
        """Return the events as whole rows of the table."""
        own = self.subject or self.subjects(edition)[0].name
        return [{"id": f"e{number}", "subject": own, **row} for number, row in enumerate(self.events, start=1)]

    def write(self, edition: Edition, path: Path) -> None:
        """Write the events as a file that the reader of events takes."""
        rows = self.rows(edition)
        columns = dict.fromkeys(["id", "date", "subject", "clause", *(key for row in rows for key in row)])
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(columns))
            writer.writeheader()
            writer.writerows(rows)


class CaseFile(Spec):
    """One file of cases."""

    rulebook: str
    cases: tuple[Case, ...]


def case_files(rulebook: Path) -> list[Path]:
    """Return the files of cases beside a rulebook file."""
    return sorted((rulebook.parent / "cases").glob("*.yaml"))


def read_cases(path: Path) -> tuple[Case, ...]:
    """Read a file of cases; RefusedError with everything that is wrong with it."""
    document = load(path.read_bytes(), shown(path))
    if document.faults or document.data is None:
        raise RefusedError(
            document.faults or [Finding(code="R001", place=Place(file=shown(path)), args={"reason": ""})]
        )
    try:
        return CaseFile.model_validate(document.data).cases
    except ValidationError as error:
        raise RefusedError(
            document.finding("R034", fault["loc"], key_name=str(fault["loc"][-1]), found="", problem=fault["msg"])
            for fault in error.errors(include_url=False)
        ) from error


def exercised(edition: Edition, case: Case, events: list[Event], assessment: Assessment) -> set[str]:
    """Return which targets of the coverage a case reaches: clauses, words, edges, caps, readings."""
    return {
        *_readings(edition.rulebook, case),
        *_inputs(edition.rulebook, events),
        *(target for standing in assessment.standings for target in _caps(edition.rulebook, standing.items)),
    }


def _readings(rulebook: Rulebook, case: Case) -> Iterator[str]:
    """Yield the readings that a case tries: those it chooses, and as stated those that its name or reason names."""
    for reading in rulebook.readings:
        if reading.id in case.readings:
            yield f"reading:{reading.id}:{case.readings[reading.id]}"
        elif reading.id in case.name or reading.id in case.why:
            yield f"reading:{reading.id}:stated"


def _inputs(rulebook: Rulebook, events: list[Event]) -> Iterator[str]:
    clauses = {clause.id: clause for clause in rulebook.clauses()}
    for event in events:
        clause = clauses.get(event.clause)
        if clause is None or not event.status.counts:
            continue
        yield f"clause:{clause.id}"
        if event.level:
            yield f"level:{clause.id}:{event.level}"
        if isinstance(clause, Tiers) and event.value is not None:
            yield from _edges(clause, event.value)


def _edges(clause: Tiers, value: Fraction) -> Iterator[str]:
    """Yield the edges that a figure tries: the one it lies on, and those just off it where another tier begins."""
    near = Fraction(1, 100) if clause.measure is Measure.RATE else Fraction(1)
    here = [tier.holds(value) for tier in clause.tiers]
    bounds = {bound[0] for tier in clause.tiers for bound in (tier.lower, tier.upper) if bound}
    named = {figure(bound, clause.measure): bound for bound in bounds}
    for name in edges(clause):
        bound = named[name]
        if value == bound:
            yield f"tier:{clause.id}:{name}:on"
        elif abs(value - bound) <= near and here != [tier.holds(bound) for tier in clause.tiers]:
            yield f"tier:{clause.id}:{name}:off"


def _caps(rulebook: Rulebook, scores: tuple[ItemScore, ...]) -> Iterator[str]:
    items = {item.id: item for item in rulebook.items()}
    for score in scores:
        if score.id not in items or not any(entry.events for entry in score.entries):
            continue  # a veto of the whole total stands beside the items
        item = items[score.id]
        trimmed = {entry.clause for entry in score.entries if entry.kind is EntryKind.CAP}
        if item.floor == "zero" or item.ceiling == "points":
            yield f"cap:{item.id}:{_how(reached=item.id in trimmed or _at_bound(item, score))}"
        points: dict[str, Fraction] = {}
        for entry in score.entries:
            if entry.kind in {EntryKind.CLAUSE, EntryKind.MISSING}:
                points[entry.clause] = points.get(entry.clause, Fraction(0)) + entry.points
        for group in item.all_groups():
            moved = abs(sum((points.get(name, Fraction(0)) for name in _in_group(group)), Fraction(0)))
            if moved:
                yield f"cap:{group.id}:{_how(reached=moved >= group.points)}"
        for limit in item.limits:
            moved, most = _in_limit(item, limit, points)
            if moved:
                yield f"cap:{limit.id}:{_how(reached=moved >= most)}"


def _how(*, reached: bool) -> str:
    return "reached" if reached else "not_reached"


def _at_bound(item: Item, score: ItemScore) -> bool:
    """Say whether the score moved to a bound: down to the floor, or up to the ceiling."""
    top = item.points + item.bonus if item.ceiling == "points" else None
    if item.floor == "zero" and score.score == 0 and (item.start > 0 or top is None):
        return True
    return top is not None and item.start < top and score.score >= top


def _in_group(group: Group) -> Iterator[str]:
    yield from (clause.id for clause in group.clauses)
    for inner in group.groups:
        yield from _in_group(inner)


def _in_limit(item: Item, limit: Limit, points: Mapping[str, Fraction]) -> tuple[Fraction, Fraction]:
    """Return what a limit's clauses moved its way, inner limits trimmed, and the most that it lets through."""
    inner = {other.id: other for other in item.limits}
    gain = limit.max_gain is not None
    most = (limit.max_gain if gain else limit.max_loss) or Fraction(0)
    moved = Fraction(0)
    for name in limit.covers:
        if name in inner:
            moved += min(_in_limit(item, inner[name], points))
        else:
            own = points.get(name, Fraction(0))
            moved += own if gain else -own
    return moved, most
