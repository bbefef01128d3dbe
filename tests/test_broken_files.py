"""Faults of answer and application files and their rulebooks: a broken example each, its whole message, its page."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from finding_pages import assert_page_tells, codes, expected_text

from appraisal.errors import Finding, RefusedError
from appraisal.model.edition import Edition
from appraisal.reading.events import read_events
from appraisal.reading.rulebook import check_rulebook, find_rulebook, read_rulebook

BROKEN = Path(__file__).parent / "broken"


@dataclass(frozen=True, kw_only=True)
class Family:
    """A family whose rows have codes of their own; `warnings`: of an assessment, the tests of results have them."""

    name: str
    rulebook: str
    codes: str
    warnings: str
    without_refusing: frozenset[str]

    @property
    def folder(self) -> Path:
        """Where its broken examples lie."""
        return BROKEN / self.name

    def examples(self) -> list[str]:
        """Return the names of the broken files."""
        return sorted(path.name for path in self.folder.glob(f"{self.codes[0]}*") if path.suffix in {".csv", ".yaml"})


FAMILIES = {
    family.name: family
    for family in (
        Family(
            name="eligibility",
            rulebook="gd-smart-manufacturing-2024",
            codes=r"Y\d{3}",
            warnings="Y5",
            without_refusing=frozenset({"Y011"}),
        ),
        Family(
            name="questionnaire",
            rulebook="sme-digital-2024",
            codes=r"Q[0-2]\d\d",
            warnings="Q2",
            without_refusing=frozenset({"Q016", "Q017"}),
        ),
    )
}
CODES = [(family.name, code) for family in FAMILIES.values() for code in codes(family.codes)]
EXAMPLES = [(family.name, example) for family in FAMILIES.values() for example in family.examples()]
OF_FILES = [(name, code) for name, code in CODES if not code.startswith(FAMILIES[name].warnings)]


@cache
def edition(name: str) -> Edition:
    return read_rulebook(find_rulebook(FAMILIES[name].rulebook))


def refused(path: Path, name: str) -> tuple[Finding, ...]:
    with pytest.raises(RefusedError) as caught:
        read_events([path], edition(name))
    return tuple(caught.value.findings)


def found(name: str, example: str) -> tuple[Finding, ...]:
    path = Path(example)
    if path.suffix == ".yaml":
        return tuple(check_rulebook(path))
    if path.name.split(".", maxsplit=1)[0] not in FAMILIES[name].without_refusing:
        return refused(path, name)
    told: list[Finding] = []
    read_events([path], edition(name), advice=told)
    return tuple(told)


@pytest.mark.parametrize(("name", "example"), EXAMPLES)
def test_a_broken_example_gets_exactly_this_message_and_no_other(
    name: str, example: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(FAMILIES[name].folder)  # messages name files as the person typed them
    findings = found(name, example)
    assert {finding.code for finding in findings} == {example[:4]}
    assert expected_text(findings) == Path(example).with_suffix(".expected.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", FAMILIES)
def test_the_rulebook_of_the_broken_ones_is_sound_itself(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(FAMILIES[name].folder)
    assert check_rulebook(Path("base.yaml")) == []


@pytest.mark.parametrize(("name", "code"), OF_FILES)
def test_every_code_has_a_broken_example(name: str, code: str) -> None:
    assert any(example.startswith(code) for example in FAMILIES[name].examples())


@pytest.mark.parametrize(("name", "code"), CODES)
def test_every_code_has_a_page_with_its_message(name: str, code: str) -> None:
    expected = FAMILIES[name].folder / f"{code}.expected.txt"
    assert_page_tells(code, expected if (name, code) in OF_FILES else None)


def told_at_once(name: str, rows: list[str], folder: Path) -> list[tuple[str, int]]:
    path = folder / "rows.csv"
    path.write_text("\n".join(rows), encoding="utf-8")
    return [(finding.code, finding.place.line if finding.place else 0) for finding in refused(path, name)]


def test_everything_that_is_wrong_with_applications_is_told_at_once(tmp_path: Path) -> None:
    """A year that is missing is told beside the faults that refuse the file."""
    rows = ["单位,字段,数值", "示例甲,专利数,5", "示例甲,rd_staff,二十", "示例甲,collection_rate,101%"]
    rows += ["示例甲,main_revenue_2021,1500", "示例乙,rd_staff,20", "示例乙,rd_staff,21", "示例乙,申报领域,软件开发"]
    expected = [("Y001", 2), ("E054", 3), ("Y006", 4), ("Y011", 5), ("Y010", 7), ("Y003", 8)]
    assert told_at_once("eligibility", rows, tmp_path) == expected


def test_everything_that_is_wrong_with_answers_is_told_at_once(tmp_path: Path) -> None:
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
    expected = [("Q005", 2), ("Q004", 3), ("Q002", 4), ("Q018", 5), ("Q009", 6), ("Q012", 7), ("Q010", 9), ("Q001", 11)]
    assert told_at_once("questionnaire", rows, tmp_path) == expected
