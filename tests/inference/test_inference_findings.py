"""Each finding of inference: a broken example, what is said about it to the letter, and a page."""

from __future__ import annotations

import json
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from appraisal.errors import RefusedError
from appraisal.inference.engine import classify
from appraisal.inference.plan import inference_problems
from appraisal.model.event import Event
from appraisal.reading.rulebook import check_rulebook, read_rulebook

pytestmark = pytest.mark.inference

ROOT = Path(__file__).parents[2]
BROKEN = ROOT / "tests" / "broken" / "inference"
CODES = sorted(tomllib.loads((ROOT / "appraisal" / "messages" / "I.toml").read_text(encoding="utf-8")))
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
    told = ["\n".join(finding.render(lang) for finding in findings) for lang in ("zh", "en")]
    assert "\n\n".join(told) + "\n" == Path(f"{code}.expected.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("code", INCIDENTS)
def test_a_broken_incident_gets_exactly_this_message(code: str) -> None:
    rows = [json.loads(line) for line in Path(f"{code}.jsonl").read_text(encoding="utf-8").splitlines()]
    with pytest.raises(RefusedError) as refused:
        classify(read_rulebook(Path("incidents.yaml")), [incident(row) for row in rows])
    findings = refused.value.findings
    assert {finding.code for finding in findings} == {code}
    told = ["\n".join(finding.render(lang) for finding in findings) for lang in ("zh", "en")]
    assert "\n\n".join(told) + "\n" == Path(f"{code}.expected.txt").read_text(encoding="utf-8")


def test_the_example_of_incidents_is_sound() -> None:
    assert not check_rulebook(Path("incidents.yaml"), more=[inference_problems])


def test_every_code_has_an_example() -> None:
    assert set(CODES) == {*BOOKS, *INCIDENTS, *OF_THE_ENGINE}


@pytest.mark.parametrize("code", CODES)
def test_every_code_has_a_page_with_its_message(code: str) -> None:
    page = (ROOT / "docs" / "findings" / f"{code}.md").read_text(encoding="utf-8")
    assert page.startswith(f"# {code}: ")
    assert "**Remedy.**" in page
    if code not in OF_THE_ENGINE:
        for told in (BROKEN / f"{code}.expected.txt").read_text(encoding="utf-8").strip().split("\n\n"):
            assert told in page
