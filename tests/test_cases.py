"""Every hand-calculated case of every scorecard, through the whole river: rows of a file in, standings out.

What a case may expect, all optional (`by_subject` holds the first group again for other subjects):
- of a subject: `items` (scores), `states`, `total`, `rank`, `rank_without_veto`, `provisional`, and `entries`: the
  points under a clause, or under `cap X`, `multiplier X`, `veto X`, where such an entry stands for itself;
- of the run: `not_counted` (event: reason), `classified` (incident: clause and level, or no_rule), `warned` and
  `unwarned` (events that some, or no, warning names together), `refused` (the rows for which the file is refused).
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from appraisal.assess import assess
from appraisal.errors import RefusedError
from appraisal.inference.engine import classify, is_incident
from appraisal.model.edition import Edition
from appraisal.model.event import Event
from appraisal.model.exact import parse_exact, show
from appraisal.model.periods import Span
from appraisal.model.rulebook import Subject
from appraisal.model.standing import Assessment, EntryKind, Standing
from appraisal.reading.events import read_events
from appraisal.reading.rulebook import read_rulebook

FILES = sorted(Path(__file__).parents[1].glob("rulebooks/*/cases/*.yaml"))
PLAIN = {EntryKind.CLAUSE, EntryKind.MISSING}
OF_SUBJECT = {"items", "states", "total", "rank", "rank_without_veto", "provisional", "entries"}
OF_RUN = {"not_counted", "classified", "warned", "unwarned", "refused", "by_subject"}
KEYS = {"name", "why", "readings", "span", "through", "day", "known", "roster", "subject", "events", "expect"}


def cases() -> Iterator[Any]:
    for path in FILES:
        data = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # noqa: S506  it gives text only
        assert set(data) == {"rulebook", "cases"}, path
        assert data["rulebook"] == path.parents[1].name, path
        for case in data["cases"]:
            yield pytest.param(path.parents[1] / "rulebook.yaml", case, id=f"{path.parents[1].name} {case['name']}")


@cache
def edition_of(path: Path, readings: tuple[tuple[str, str], ...]) -> Edition:
    return read_rulebook(path, readings=dict(readings))


def span_of(case: Mapping[str, Any]) -> Span:
    if "span" in case:
        return Span.parse(case["span"])
    year, month = case["through"].split("-")
    return Span.through(int(year), int(month))


def roster_of(edition: Edition, case: Mapping[str, Any]) -> tuple[Subject, ...]:
    wanted = case.get("roster", [subject.name for subject in edition.roster])
    by_name = {subject.name: subject for subject in edition.roster}
    return tuple(by_name[name] for name in wanted)


def rows_of(case: Mapping[str, Any], default: str) -> list[dict[str, str]]:
    return [{"id": f"e{number}", "subject": default, **row} for number, row in enumerate(case["events"], start=1)]


def write(rows: list[dict[str, str]], folder: Path) -> Path:
    path = folder / "events.csv"
    columns = list(dict.fromkeys(["id", "date", "subject", "clause", *(key for row in rows for key in row)]))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        writer.writerows(rows)
    return path


def entries_of(standing: Standing) -> dict[str, Fraction]:
    found: dict[str, Fraction] = defaultdict(Fraction)
    for item in standing.items:
        for entry in item.entries:
            name = entry.clause if entry.kind in PLAIN else f"{entry.kind.value} {entry.clause}"
            found[name] += entry.points
    return found


def of_subject(standing: Standing) -> dict[str, Any]:
    return {
        "total": show(standing.total),
        "rank": str(standing.rank),
        "rank_without_veto": str(standing.rank_without_veto),
        "provisional": str(standing.provisional).lower(),
        "items": {item.id: show(item.score) for item in standing.items},
        "states": {item.id: item.state.value for item in standing.items},
        "entries": {name: show(points) for name, points in entries_of(standing).items()},
    }


def plain(expected: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a case expects of a subject, numbers in their shortest form."""
    numbers = {
        key: show(parse_exact(expected[key])) for key in ("total", "rank", "rank_without_veto") if key in expected
    }
    tables = {
        key: {name: show(parse_exact(points)) for name, points in expected[key].items()}
        for key in ("items", "entries")
        if key in expected
    }
    rest = {key: expected[key] for key in ("provisional", "states") if key in expected}
    return numbers | tables | rest


def told(found: Mapping[str, Any], wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Return of what was found just what is asked for; an entry that does not exist is 0."""
    return {
        key: {name: found[key].get(name, "0") for name in value} if isinstance(value, dict) else found[key]
        for key, value in wanted.items()
    }


def check_run(expected: Mapping[str, Any], assessment: Assessment, made: Mapping[str, str]) -> None:
    if "classified" in expected:
        assert {name: made.get(name, "no_rule") for name in expected["classified"]} == expected["classified"]
    if "not_counted" in expected:
        assert {n.event: n.reason for n in assessment.not_counted} == expected["not_counted"]
    named = [set(warning.events) for warning in assessment.warnings]
    for together in expected.get("warned", ()):
        assert any(set(together) <= events for events in named), (together, assessment.warnings)
    for together in expected.get("unwarned", ()):
        assert not any(set(together) <= events for events in named), (together, assessment.warnings)


def refused_rows(error: RefusedError, rows: list[dict[str, str]]) -> list[str]:
    lines = {finding.place.line for finding in error.findings if finding.place is not None}
    return [row["id"] for line, row in enumerate(rows, start=2) if line in lines]


def inferred(edition: Edition, events: list[Event]) -> tuple[list[Event], dict[str, str]]:
    made = classify(edition, [event for event in events if is_incident(event)])
    assert not made.quarantined
    return [*events, *made.events], {e.derived_from: f"{e.clause} {e.level}".strip() for e in made.events}


@pytest.mark.parametrize(("path", "case"), list(cases()))
def test_a_case_comes_out_as_calculated_by_hand(path: Path, case: dict[str, Any], tmp_path: Path) -> None:
    expected = case["expect"]
    assert set(case) <= KEYS
    assert set(expected) <= OF_SUBJECT | OF_RUN
    assert expected, "a case must expect something"
    edition = edition_of(path, tuple(sorted(case.get("readings", {}).items())))
    roster = roster_of(edition, case)
    default = case.get("subject", roster[0].name)
    rows = rows_of(case, default)
    source = write(rows, tmp_path)
    if "refused" in expected:
        with pytest.raises(RefusedError) as caught:
            read_events([source], edition, roster=roster)
        assert refused_rows(caught.value, rows) == expected["refused"]
        return
    events, made = inferred(edition, read_events([source], edition, roster=roster) if rows else [])
    assessment = assess(
        edition,
        events,
        span_of(case),
        known=datetime.fromisoformat(case["known"]) if "known" in case else None,
        day=date.fromisoformat(case["day"]) if "day" in case else None,
        roster=roster,
    )
    found = {standing.name: of_subject(standing) for standing in assessment.standings}
    wanted = {default: plain(expected)} | {name: plain(of) for name, of in expected.get("by_subject", {}).items()}
    assert {name: told(found[name], of) for name, of in wanted.items()} == wanted
    check_run(expected, assessment, made)
