"""Each finding of inference: a broken example, what is said about it to the letter, and a page."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from finding_pages import assert_page_tells, codes, expected_text

from appraisal.errors import RefusedError
from appraisal.inference.engine import classify
from appraisal.inference.plan import inference_problems
from appraisal.model.event import Event
from appraisal.reading.rulebook import check_rulebook, read_rulebook

pytestmark = pytest.mark.inference

BROKEN = Path(__file__).parents[1] / "broken" / "inference"
CODES = codes(r"I\d{3}")
BOOKS = sorted(path.stem for path in BROKEN.glob("I*.yaml"))
INCIDENTS = sorted(path.stem for path in BROKEN.glob("I*.jsonl"))
OF_THE_ENGINE = {"I201", "I202"}  # test_faults.py


@pytest.fixture(autouse=True)
def _here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Messages name files as the person typed them, relative to where they are."""
    monkeypatch.chdir(BROKEN)


def incident(row: dict[str, Any]) -> Event:
    """Return a row of an event file, as a store or another system would hand it in."""
    own = {name: row.pop(name) for name in ("id", "subject", "kind", "note") if name in row}
    count = {"count": int(row.pop("count"))} if "count" in row else {}
    return Event(date=date.fromisoformat(row.pop("date")), **own, facts={**row, **count})


@pytest.mark.parametrize("code", BOOKS)
def test_a_broken_rulebook_gets_exactly_this_message(code: str) -> None:
    findings = check_rulebook(Path(f"{code}.yaml"), more=[inference_problems])
    assert {finding.code for finding in findings} == {code}
    assert expected_text(findings) == Path(f"{code}.expected.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("code", INCIDENTS)
def test_a_broken_incident_gets_exactly_this_message(code: str) -> None:
    rows = [json.loads(line) for line in Path(f"{code}.jsonl").read_text(encoding="utf-8").splitlines()]
    with pytest.raises(RefusedError) as refused:
        classify(read_rulebook(Path("incidents.yaml")), [incident(row) for row in rows])
    findings = refused.value.findings
    assert {finding.code for finding in findings} == {code}
    assert expected_text(findings) == Path(f"{code}.expected.txt").read_text(encoding="utf-8")


def test_the_example_of_incidents_is_sound() -> None:
    assert not check_rulebook(Path("incidents.yaml"), more=[inference_problems])


def test_every_code_has_an_example() -> None:
    assert set(CODES) == {*BOOKS, *INCIDENTS, *OF_THE_ENGINE}


@pytest.mark.parametrize("code", CODES)
def test_every_code_has_a_page_with_its_message(code: str) -> None:
    assert_page_tells(code, None if code in OF_THE_ENGINE else BROKEN / f"{code}.expected.txt")
