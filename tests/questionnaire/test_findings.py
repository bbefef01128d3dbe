"""Faults of answer files and of a questionnaire's rulebook: a broken example each, its whole message, its page."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from appraisal.errors import Finding, RefusedError, messages
from appraisal.model.edition import Edition
from appraisal.reading.events import read_events
from appraisal.reading.rulebook import check_rulebook, find_rulebook, read_rulebook

BROKEN = Path(__file__).parents[1] / "broken" / "questionnaire"
PAGES = Path(__file__).parents[2] / "docs" / "findings"
EXAMPLES = sorted(path.name for path in BROKEN.glob("Q*") if path.suffix in {".csv", ".yaml"})
CODES = sorted(code for code in messages() if re.fullmatch(r"Q[0-2]\d\d", code))
WARNINGS = [code for code in CODES if code.startswith("Q2")]  # of an assessment; `test_results` has them
CAPTURES = {"Q016", "Q017"}  # told without refusing the file


@pytest.fixture(scope="module")
def edition() -> Edition:
    return read_rulebook(find_rulebook("sme-digital-2024"))


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
    """What is not answered is told only where every row could be read."""
    rows = [
        "企业,题号,答案",
        "示例甲,Q1,1;2",
        "示例甲,Q2,7",
        "示例甲,Q99,1",
        ",Q4,2",
        "示例甲,staff_1,2.5",
        "示例甲,S1,5",
    ]
    rows += ["示例甲,equipment,10", "示例甲,equipment_digital,11", "示例甲,Q5,2", "示例甲,Q5,3"]
    path = tmp_path / "rows.csv"
    path.write_text("\n".join(rows), encoding="utf-8")
    with pytest.raises(RefusedError) as caught:
        read_events([path], edition)
    told = [(f.code, f.place.line if f.place else 0) for f in caught.value.findings]
    expected = [("Q005", 2), ("Q004", 3), ("Q002", 4), ("Q018", 5), ("Q009", 6), ("Q012", 7), ("Q010", 9), ("Q001", 11)]
    assert told == expected
