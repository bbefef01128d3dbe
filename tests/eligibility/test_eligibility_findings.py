"""Faults of application files and of a selection's rulebook: a broken example each, its whole message, its page."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from appraisal.errors import Finding, RefusedError, messages
from appraisal.model.edition import Edition
from appraisal.reading.events import read_events
from appraisal.reading.rulebook import check_rulebook, find_rulebook, read_rulebook

BROKEN = Path(__file__).parents[1] / "broken" / "eligibility"
PAGES = Path(__file__).parents[2] / "docs" / "findings"
EXAMPLES = sorted(path.name for path in BROKEN.glob("Y*") if path.suffix in {".csv", ".yaml"})
CODES = sorted(code for code in messages() if re.fullmatch(r"Y\d{3}", code))
WARNINGS = [code for code in CODES if code.startswith("Y5")]  # of an assessment; `test_warnings` has them
CAPTURES = {"Y011"}  # told without refusing the file


@pytest.fixture(scope="module")
def edition() -> Edition:
    return read_rulebook(find_rulebook("gd-smart-manufacturing-2024"))


@pytest.fixture(autouse=True)
def _beside(monkeypatch: pytest.MonkeyPatch) -> None:
    """Messages name files as the person typed them."""
    monkeypatch.chdir(BROKEN)


def found(name: str, edition: Edition) -> list[Finding]:
    if name.endswith(".yaml"):
        return check_rulebook(Path(name))
    told: list[Finding] = []
    if name.split(".", maxsplit=1)[0] in CAPTURES:
        read_events([Path(name)], edition, advice=told)
        return told
    with pytest.raises(RefusedError) as caught:
        read_events([Path(name)], edition)
    return list(caught.value.findings)


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_broken_example_gets_exactly_this_message_and_no_other(name: str, edition: Edition) -> None:
    findings = found(name, edition)
    assert {finding.code for finding in findings} == {name[:4]}
    told = ["\n".join(finding.render(lang) for finding in findings) for lang in ("zh", "en")]
    expected = (BROKEN / name).with_suffix(".expected.txt").read_text(encoding="utf-8")
    assert "\n\n".join(told) + "\n" == expected


def test_the_rulebook_of_the_broken_ones_is_sound_itself() -> None:
    assert check_rulebook(Path("base.yaml")) == []


@pytest.mark.parametrize("code", sorted(set(CODES) - set(WARNINGS)))
def test_every_code_has_a_broken_example(code: str) -> None:
    assert any(name.startswith(code) for name in EXAMPLES)


@pytest.mark.parametrize("code", CODES)
def test_every_code_has_a_page_with_its_message(code: str) -> None:
    page = (PAGES / f"{code}.md").read_text(encoding="utf-8")
    assert page.startswith(f"# {code}: ")
    assert "**Remedy.**" in page
    if code not in WARNINGS:
        expected = (BROKEN / f"{code}.expected.txt").read_text(encoding="utf-8")
        for told in expected.strip().split("\n\n"):
            assert told in page


def test_everything_that_is_wrong_is_told_at_once(edition: Edition, tmp_path: Path) -> None:
    """A year that is missing is told beside the faults that refuse the file."""
    rows = ["单位,字段,数值", "示例甲,专利数,5", "示例甲,rd_staff,二十", "示例甲,collection_rate,101%"]
    rows += ["示例甲,main_revenue_2021,1500", "示例乙,rd_staff,20", "示例乙,rd_staff,21", "示例乙,申报领域,软件开发"]
    path = tmp_path / "rows.csv"
    path.write_text("\n".join(rows), encoding="utf-8")
    with pytest.raises(RefusedError) as caught:
        read_events([path], edition)
    told = [(f.code, f.place.line if f.place else 0) for f in caught.value.findings]
    assert told == [("Y001", 2), ("E054", 3), ("Y006", 4), ("Y011", 5), ("Y010", 7), ("Y003", 8)]
