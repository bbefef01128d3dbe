"""The guide as a whole: how much it holds, that each single condition decides, and that its papers are its own."""

from __future__ import annotations

import csv
import re
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import pytest

from appraisal.assess import assess
from appraisal.model.criteria import AnyOf, Choose, Criterion, Least, Mean, Share, walk
from appraisal.model.fields import Choice, Choices, Figure, YesNo
from appraisal.model.standing import Outcome
from appraisal.reading.events import read_events
from appraisal.reading.source_text import SourceText, bounds
from eligibility.applying import DOMAINS, FOLDER, FULL, HOUSE, by_name, edition, full, grades, guide, judge

SOURCE = SourceText.of((FOLDER / "source.txt").read_text(encoding="utf-8"))


def test_it_holds_what_the_guide_holds() -> None:
    ids = list(guide().criterion_by_id)
    assert [i for i in ids if re.fullmatch(r"D\d", i)] == [f"D{n}" for n in range(1, 9)]
    assert [i for i in ids if re.fullmatch(r"Z\d", i)] == [f"Z{n}" for n in range(1, 10)]
    assert [i for i in ids if re.fullmatch(r"T1\.\d", i)] == [f"T1.{n}" for n in range(1, 7)]
    elements = [i for i in ids if re.fullmatch(r"T1\.\d(-[ABC])?-\d", i)]
    assert len(elements) == 38
    assert [sum(e.startswith(f"T1.{n}-") for e in elements) for n in range(1, 7)] == [5, 5, 5, 5, 9, 9]


@pytest.mark.parametrize("name", FULL)
def test_thresholds_just_reached_are_enough(name: str, tmp_path: Path) -> None:
    found = by_name(judge(tmp_path / "a.csv", {"示例": full(name)}))["示例"]
    assert found.grade == "符合遴选条件"
    assert not found.provisional
    modules = {"T1.1-1-2", "T1.1-2-2", "T1.2-1-1-2", "T1.2-2-2"}  # not needed beside the systems themselves
    assert {v.id for v in found.verdicts if v.outcome is not Outcome.MET} <= modules


def worse(field: str, value: str) -> str | None:
    """Return a value that misses what this one just reaches; None for words that decide nothing by themselves."""
    spec = guide().field_of[field]
    if isinstance(spec, YesNo):
        return "否" if value == "是" else None
    if isinstance(spec, Figure):
        return "89%" if value == "90%" else "19%" if value == "20%" else str(Fraction(value) - 1)
    return None


SINGLE = [(name, field) for name in FULL for field, value in full(name).items() if worse(field, value) is not None]
SPARED = {"third_party_shop"}  # no is what it says anyway


@pytest.mark.parametrize(("name", "field"), [pair for pair in SINGLE if pair[1] not in SPARED])
def test_each_condition_decides_by_itself_and_is_open_by_itself(name: str, field: str, tmp_path: Path) -> None:
    """Worse in one field alone: failed. Without it: open, and it is what is to be supplied."""
    missed = {**full(name), field: worse(field, full(name)[field]) or ""}
    open_ = {f: value for f, value in full(name).items() if f != field}
    found = by_name(judge(tmp_path / "a.csv", {"示例差": missed, "示例缺": open_}))
    unknown, named = found["示例缺"], {one for v in found["示例缺"].verdicts for one in v.supply}
    alternative = field in {"erp", "scm", "crm", "wms", "qms", "mes", "aps"}  # 或具备相当功能: a module may do instead
    assert found["示例差"].grade == ("待补充" if alternative else "不符合")
    assert unknown.grade == "待补充"
    assert unknown.provisional
    assert any(guide().field_of[field].name in words for words in named)


@pytest.mark.parametrize("name", FULL)
def test_a_unit_of_which_only_the_name_is_known_has_failed_nothing(name: str, tmp_path: Path) -> None:
    chosen = {f: v for f, v in full(name).items() if f in {"domain", "unit_kind", "project_table"}}
    found = by_name(judge(tmp_path / "a.csv", {"示例": chosen}))["示例"]
    assert found.grade == "待补充"
    assert {v.outcome for v in found.verdicts if v.supply and not v.events} == {Outcome.UNKNOWN}


def thresholds() -> list[Criterion]:
    found = [c for top in guide().criteria for c in walk(top)]
    return [c for c in found if isinstance(c, (Least, Mean, Share))]


def test_every_number_of_a_condition_stands_in_its_sentence() -> None:
    """`least: 20` where the sentence says 20, and so on; one case at all (有…典型案例) is no number there."""
    for criterion in thresholds():
        assert isinstance(criterion, (Least, Mean, Share))
        shown = f"{criterion.least * 100}%" if criterion.least < 1 else str(criterion.least)
        assert shown in criterion.text or criterion.id == "B1-3", criterion.id


def test_the_options_of_a_form_stand_in_its_lines() -> None:
    """Labels, hints and evidence are held against the source by `rulebook check`."""
    for form in guide().forms:
        for entry in (entry for section in form.sections for entry in section.entries if entry.lines):
            field = guide().field_by_id[entry.field]
            if isinstance(field, (Choice, Choices)) and entry.field != "unit_kind":  # of which the form prints none
                first, last = bounds(entry.lines or "")
                span = SOURCE.span(first, last)
                there = SOURCE.chars[span.start : span.stop]
                names = [o.name for o in field.options if entry.field != "domain" or o.id in form.options]
                names = [name for name in names if name != "其他企业"]  # which has a line of its own
                assert [name for name in names if name not in there] == []


def test_every_field_that_a_condition_asks_has_evidence_or_is_a_count_of_people_or_a_choice() -> None:
    for name in {f for top in guide().criteria for c in walk(top) for f in c.fields()}:
        field = guide().field_by_id[name]
        people = isinstance(field, Figure) and field.unit == "人"
        assert field.evidence or people or field.kind in {"choice", "choices"}, name


def test_alternatives_are_alternatives(tmp_path: Path) -> None:
    """或具备相当功能: either all the systems or a module, never some of them."""
    found = [c for top in guide().criteria for c in walk(top) if isinstance(c, AnyOf) and c.id != "Z"]
    assert [c.id for c in found] == ["T1.1-1", "T1.1-2", "T1.2-1-1", "T1.2-2"]
    none = dict.fromkeys(("erp", "scm", "crm", "wms", "qms", "mes", "aps"), "否")
    modules = dict.fromkeys(("management_equivalent", "planning_equivalent"), "是")
    units = {f"示例{n}": {**full(n), **none, **modules} for n in ("process", "discrete")}
    assert set(grades(judge(tmp_path / "a.csv", units)).values()) == {"符合遴选条件"}


def test_each_domain_and_kind_of_unit_is_judged_by_its_own_conditions_only(tmp_path: Path) -> None:
    for name in DOMAINS:
        found = by_name(judge(tmp_path / "a.csv", {"示例": full(name)}))["示例"]
        domains = {v.id for v in found.verdicts if re.fullmatch(r"D\d", v.id)}
        assert len(domains) == 1, name
    chosen = [c for top in guide().criteria for c in walk(top) if isinstance(c, Choose)]
    assert [c.id for c in chosen] == ["B4", "D6", "D8-1", "T1.5", "T1.6"]


SAMPLE = FOLDER / "sample" / "2024.csv"


def test_the_sample_has_units_of_every_grade_and_domain_and_is_labelled() -> None:
    events = read_events([SAMPLE], edition())
    found = assess(edition(), events, edition().rulebook.default_span())
    assert set(grades(found).values()) == {"直接认定", "符合遴选条件", "不符合", "待补充"}
    options = {e.facts["value"] for e in events if e.clause == "domain"}
    assert len(options) == 8
    rows = list(csv.DictReader(SAMPLE.read_text(encoding="utf-8").splitlines()))
    assert all(row["单位"].startswith("示例") and row["备注"].startswith("示例") for row in rows)


def test_the_sample_is_what_its_script_makes(tmp_path: Path) -> None:
    target = tmp_path / "2024.csv"
    script = HOUSE / "tools" / "make_sample_applications.py"
    subprocess.run([sys.executable, str(script), str(target)], check=True, capture_output=True)
    assert target.read_bytes() == SAMPLE.read_bytes()
