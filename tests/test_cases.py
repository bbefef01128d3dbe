"""Every hand-calculated case of every scorecard, through the whole river: rows of a file in, standings out.

The format of a case is that of `appraisal.reading.cases`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from appraisal.assess import assess
from appraisal.errors import RefusedError
from appraisal.inference.engine import classify, is_incident
from appraisal.model.edition import Edition
from appraisal.model.event import Event
from appraisal.model.exact import exact_form, show
from appraisal.model.levels import Answers
from appraisal.model.standing import Assessment, EntryKind, Standing
from appraisal.reading.cases import Case, OfSubject, case_files, read_cases
from appraisal.reading.coverage import coverage
from appraisal.reading.events import read_events
from appraisal.reading.exercised import exercised
from appraisal.reading.rulebook import read_rulebook, rulebook_folder

BOOKS = sorted(path for path in rulebook_folder().glob("*/rulebook.yaml") if case_files(path))
PLAIN = {EntryKind.CLAUSE, EntryKind.MISSING}


@dataclass(frozen=True, kw_only=True)
class Ran:
    """A case that was carried out."""

    events: list[Event]
    made: Mapping[str, str]
    assessment: Assessment


def cases() -> Iterator[Any]:
    for book in BOOKS:
        for file in case_files(book):
            for case in read_cases(file):
                yield pytest.param(book, case, id=f"{book.parent.name} {file.stem} {case.name}")


@cache
def edition_of(book: Path, readings: tuple[tuple[str, str], ...]) -> Edition:
    return read_rulebook(book, readings=dict(readings))


def edition_for(book: Path, case: Case) -> Edition:
    return edition_of(book, tuple(sorted(case.readings.items())))


def run(edition: Edition, case: Case, folder: Path) -> Ran:
    """Carry a case out; incidents are classified on the way."""
    path = folder / "events.csv"
    case.write(edition, path)
    roster = case.subjects(edition)
    told = read_events([path], edition, roster=roster) if case.told else []
    classified = classify(edition, [event for event in told if is_incident(event)])
    assert not classified.quarantined
    made = {event.derived_from: f"{event.clause} {event.level}".strip() for event in classified.events}
    events = [*told, *classified.events]
    assessment = assess(edition, events, case.asked(edition), known=case.known, day=case.day, roster=roster)
    return Ran(events=events, made=made, assessment=assessment)


def entries_of(standing: Standing) -> dict[str, Fraction]:
    found: dict[str, Fraction] = defaultdict(Fraction)
    for item in standing.items:
        for entry in item.entries:
            name = entry.clause if entry.kind in PLAIN else f"{entry.kind.value} {entry.clause}"
            found[name] += entry.points
    return found


def exact(figure: Fraction | str | None) -> str | None:
    """Return a figure so that equal ones are equal texts, fractions included."""
    return exact_form(figure) or show(figure) if isinstance(figure, Fraction) else figure


def came_out(standing: Standing, wanted: OfSubject) -> dict[str, Any]:
    """Return of a standing just what is asked for, numbers in their shortest form."""
    scores = {item.id: item for item in standing.items}
    entries = entries_of(standing)
    found: dict[str, Any] = {name: show(scores[name].score) for name in wanted.items}
    found |= {f"{name} state": scores[name].state.value for name in wanted.states}
    found |= {f"entry {name}": show(entries[name]) for name in wanted.entries}
    figures: dict[str, Any] = {"total": show(standing.total), "rank": standing.rank}
    figures["rank_without_veto"] = standing.rank_without_veto
    figures |= {"provisional": standing.provisional, "grade": standing.grade}
    verdicts = {verdict.id: verdict for verdict in standing.verdicts}
    found |= {f"verdict {name}": verdicts[name].outcome.value for name in wanted.verdicts}
    found |= {f"figure {name}": exact(verdicts[name].figure) for name in wanted.figures}
    figures["way"] = way_of(standing)
    return found | {name: value for name, value in figures.items() if getattr(wanted, name) is not None}


def way_of(standing: Standing) -> dict[str, str]:
    """Return the answers to change for the next level, and to what; nothing where there is no next one."""
    if not isinstance(standing.exhibits, Answers) or standing.exhibits.way is None:
        return {}
    return {step.part: step.after for step in standing.exhibits.way.changes}


def as_expected(wanted: OfSubject) -> dict[str, Any]:
    """Return what is asked for in the same form."""
    found: dict[str, Any] = {name: show(points) for name, points in wanted.items.items()}
    found |= {f"{name} state": state for name, state in wanted.states.items()}
    found |= {f"entry {name}": show(points) for name, points in wanted.entries.items()}
    found |= {f"verdict {name}": outcome for name, outcome in wanted.verdicts.items()}
    found |= {f"figure {name}": exact(figure) for name, figure in wanted.figures.items()}
    figures: dict[str, Any] = {"rank": wanted.rank, "rank_without_veto": wanted.rank_without_veto}
    figures["provisional"] = wanted.provisional
    figures |= {"grade": wanted.grade, "way": wanted.way}
    figures["total"] = None if wanted.total is None else show(wanted.total)
    return found | {name: value for name, value in figures.items() if value is not None}


def check_run(case: Case, ran: Ran) -> None:
    wanted = case.expect
    assert {name: ran.made.get(name, "no_rule") for name in wanted.classified} == wanted.classified
    if wanted.not_counted is not None:
        assert {one.event: one.reason for one in ran.assessment.not_counted} == wanted.not_counted
    assert set(wanted.warnings) <= {warning.code for warning in ran.assessment.warnings}
    named = [set(warning.events) for warning in ran.assessment.warnings]
    for together in wanted.warned:
        assert any(set(together) <= events for events in named), (together, ran.assessment.warnings)
    for together in wanted.unwarned:
        assert not any(set(together) <= events for events in named), (together, ran.assessment.warnings)


def refused_rows(error: RefusedError, case: Case, edition: Edition) -> tuple[str, ...]:
    lines = {finding.place.line for finding in error.findings if finding.place is not None}
    return tuple(row["id"] for line, row in enumerate(case.rows(edition), start=2) if line in lines)


@pytest.mark.parametrize(("book", "case"), list(cases()))
def test_a_case_comes_out_as_calculated_by_hand(book: Path, case: Case, tmp_path: Path) -> None:
    edition = edition_for(book, case)
    if case.expect.refused:
        with pytest.raises(RefusedError) as caught:
            run(edition, case, tmp_path)
        assert refused_rows(caught.value, case, edition) == case.expect.refused
        return
    ran = run(edition, case, tmp_path)
    standings = {standing.name: standing for standing in ran.assessment.standings}
    own = [(name, case.expect)] if (name := case.own(edition)) else []
    for name, wanted in [*own, *case.expect.by_subject.items()]:
        assert came_out(standings[name], wanted) == as_expected(wanted), name
    check_run(case, ran)


@pytest.mark.parametrize("book", BOOKS, ids=lambda book: book.parent.name)
def test_each_case_says_why_and_expects_something(book: Path) -> None:
    for file in case_files(book):
        for case in read_cases(file):
            assert case.expect.model_dump(exclude_defaults=True), (file, case.name)
            assert case.why, (file, case.name)


@pytest.mark.parametrize("book", BOOKS, ids=lambda book: book.parent.name)
def test_the_cases_try_every_clause_word_edge_cap_and_reading(book: Path, tmp_path: Path) -> None:
    reached: set[str] = set()
    for file in case_files(book):
        for case in read_cases(file):
            if not case.expect.refused:
                edition = edition_for(book, case)
                ran = run(edition, case, tmp_path)
                reached |= exercised(edition, case, ran.events, ran.assessment)
    assert sorted(coverage(book).targets - reached) == []
