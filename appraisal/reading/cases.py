"""Hand-calculated cases beside a rulebook: what happened, what must come out, and what of the rulebook that tries.

CaseFile ── rulebook, cases
└── Case ── name, why, readings, span or through, day, known, roster, subject
├── events ── rows of the event table; without an id they are e1, e2, …; without a subject the case's own
└── expect ── what must come out; only what is named is compared
"""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, ConfigDict, Field, ValidationError

from appraisal.errors import Finding, Place, RefusedError
from appraisal.model.edition import Edition
from appraisal.model.exact import Exact
from appraisal.model.periods import Period, Span
from appraisal.model.questionnaire import Questionnaire
from appraisal.model.rulebook import Subject
from appraisal.model.scorecard import Scorecard
from appraisal.model.spec import Flag, Spec
from appraisal.reading.rulebook import shown
from appraisal.reading.yaml_loading import load

Whole = Annotated[int, BeforeValidator(lambda raw: int(raw) if isinstance(raw, str) and raw.isdigit() else raw)]
Together = tuple[tuple[str, ...], ...]
ANSWERED = {"field": "question", "value": "answer"}
"""What the columns of a filled-in form are called in a questionnaire's file."""


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
    grade: str | None = None
    verdicts: dict[str, str] = Field(default_factory=dict, description="met, not_met or unknown, by condition")
    figures: dict[str, Exact] = Field(default_factory=dict, description="the figure of a condition")
    way: dict[str, str] | None = Field(
        default=None, description="the answers to change for the next level, and to what"
    )


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


class Filled(Spec):
    """An application as a case writes it: the sets of the file that it is like, then what differs."""

    subject: str
    like: tuple[str, ...] = ()
    differs: dict[str, str] = Field(default_factory=dict, alias="with")
    without: tuple[str, ...] = ()

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    def rows(self, sets: Mapping[str, Mapping[str, str]]) -> Iterator[dict[str, str]]:
        """Yield its fields as rows of the table."""
        values: dict[str, str] = {}
        for name in self.like:
            values |= sets[name]
        for field, value in {**values, **self.differs}.items():
            if field not in self.without:
                yield {"subject": self.subject, "field": field, "value": value}


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
    events: tuple[dict[str, str], ...] = ()
    applications: tuple[Filled, ...] = ()
    input: str = Field(default="", description="a file beside the cases, instead of events")
    expect: Expectation

    @property
    def told(self) -> bool:
        """Whether it has anything to read."""
        return bool(self.events or self.input)

    def asked(self, edition: Edition) -> Span:
        """Return the span that is asked for; the rulebook's own where the case names none."""
        if not self.through:
            return Span.parse(self.span) if self.span else edition.rulebook.default_span()
        month = Period.parse(self.through)
        return Span.through(month.year, month.month)

    def subjects(self, edition: Edition) -> tuple[Subject, ...] | None:
        """Return the subjects of the run; None where the roster is open: whoever the events are about."""
        by_name = {subject.name: subject for subject in edition.roster}
        return tuple(by_name[name] for name in self.roster) or edition.roster or None

    def own(self, edition: Edition) -> str:
        """Return whom the rows without a subject, and what is expected of no other, are about."""
        subjects = self.subjects(edition)
        return self.subject or (subjects[0].name if subjects else "")

    def rows(self, edition: Edition) -> list[dict[str, str]]:
        """Return the events as whole rows of the table."""
        own = {"subject": name} if (name := self.own(edition)) else {}
        named = ANSWERED if isinstance(edition.rulebook, Questionnaire) else {}
        rows = [{named.get(key, key): cell for key, cell in row.items()} for row in self.events]
        return [{"id": f"e{number}", **own, **row} for number, row in enumerate(rows, start=1)]

    def write(self, edition: Edition, path: Path) -> None:
        """Write the events as a file that the reader of events takes; a file of its own is copied."""
        if self.input:
            shutil.copyfile(self.input, path)
            return
        rows = self.rows(edition)
        first = ["id", "date", "subject", "clause"] if isinstance(edition.rulebook, Scorecard) else ["id"]
        columns = dict.fromkeys([*first, *(key for row in rows for key in row)])
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(columns))
            writer.writeheader()
            writer.writerows(rows)


class CaseFile(Spec):
    """One file of cases."""

    rulebook: str
    sets: dict[str, dict[str, str]] = Field(default_factory=dict, description="answers that applications begin with")
    cases: tuple[Case, ...]

    def told(self) -> tuple[Case, ...]:
        """Return the cases with their applications as rows."""
        return tuple(
            case.model_copy(
                update={"events": (*(r for a in case.applications for r in a.rows(self.sets)), *case.events)}
            )
            for case in self.cases
        )


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
        cases = CaseFile.model_validate(document.data).told()
    except ValidationError as error:
        raise RefusedError(
            document.finding("R034", fault["loc"], key_name=str(fault["loc"][-1]), found="", problem=fault["msg"])
            for fault in error.errors(include_url=False)
        ) from error
    return tuple(c.model_copy(update={"input": str(path.parent / c.input)}) if c.input else c for c in cases)
