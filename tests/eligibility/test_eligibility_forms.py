"""The application forms: workbooks with limits, in which every field has its place, and which are read back."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from appraisal.assess import assess
from appraisal.errors import RefusedError
from appraisal.model.application import Form
from appraisal.model.event import Event
from appraisal.model.fields import Choice, Choices
from appraisal.reading.events import read_events
from eligibility.applying import DOMAINS, edition, full, grades, guide, write
from reports.application_form import form_blocks
from reports.form_xlsx import HEADER_ROW, form_xlsx

FORMS = {form.id: form for form in guide().forms}
FIRST = HEADER_ROW + 2
FORM_OF = {**dict.fromkeys(("equipment", "software", "network", "solution"), "2.1"),
           **dict.fromkeys(("association", "school", "institute", "firm", "finance"), "2.2")}  # fmt: skip
PILOTS = ("process", "discrete", "machine", "product", "smart", "logistics", "energy", "customising", "shop")


def book(form: Form) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(form_xlsx(guide(), form)))


def sheet(form: Form) -> tuple[openpyxl.Workbook, Worksheet]:
    made = book(form)
    return made, made["申报书"]


def inputs(page: Worksheet) -> list[str]:
    return [str(cell.value) for cell in page["E"][FIRST - 1 :] if cell.value]


def shown(name: str, value: str) -> str:
    """Return a value as the drop-down shows it."""
    field = guide().field_of[name]
    if not isinstance(field, (Choice, Choices)):
        return value
    return next(option.name for option in field.options if value in option.words)


def fill(path: Path, form: Form, unit: str, answers: dict[str, str]) -> Path:
    made, page = sheet(form)
    left = {"unit": unit, **answers}
    for row in range(FIRST, page.max_row + 1):
        name = page.cell(row, 5).value
        if name in left:
            page.cell(row, 2).value = shown(str(name), left.pop(str(name)))
    assert left == {}, "fields that the form does not have"
    made.save(path)
    return path


def result(events: list[Event]) -> dict[str, str | None]:
    return grades(assess(edition(), events, edition().rulebook.default_span()))


@pytest.mark.parametrize("form", FORMS.values(), ids=lambda form: form.id)
def test_equal_rulebooks_give_equal_bytes(form: Form) -> None:
    assert form_xlsx(guide(), form) == form_xlsx(guide(), form)


@pytest.mark.parametrize("name", [*DOMAINS, *PILOTS])
def test_a_filled_in_form_is_judged_as_the_same_answers_in_a_table(name: str, tmp_path: Path) -> None:
    form = FORMS[FORM_OF.get(name, "2.3")]
    from_form = read_events([fill(tmp_path / "form.xlsx", form, "示例单位", full(name))], edition())
    from_table = read_events([write(tmp_path / "a.csv", {"示例单位": full(name)})], edition())
    facts = {(event.subject, event.clause, event.facts["value"]) for event in from_form if event.clause != "unit"}
    assert facts == {(event.subject, event.clause, event.facts["value"]) for event in from_table}
    assert result(from_form) == result(from_table) == {"示例单位": "符合遴选条件"}


@pytest.mark.parametrize("form", FORMS.values(), ids=lambda form: form.id)
def test_a_form_that_nobody_filled_in_says_nothing(form: Form, tmp_path: Path) -> None:
    path = tmp_path / "empty.xlsx"
    path.write_bytes(form_xlsx(guide(), form))
    if form.id != "2.3":
        assert read_events([path], edition()) == []
    else:  # its domain stands there from the start, and nobody's row it is
        with pytest.raises(RefusedError) as caught:
            read_events([path], edition())
        assert [finding.code for finding in caught.value.findings] == ["Y015"]


@pytest.mark.parametrize("form", FORMS.values(), ids=lambda form: form.id)
def test_every_field_that_its_domains_ask_has_a_row_and_only_lists_have_several(form: Form) -> None:
    names = inputs(sheet(form)[1])
    several = {name for name in names if names.count(name) > 1}
    assert several == {"industries", "qualifications"}
    assert names.count("industries") == 5
    for name in (*DOMAINS, *PILOTS):
        if FORM_OF.get(name, "2.3") == form.id:
            assert set(full(name)) <= set(names)


def rule_of(page: Worksheet, made: openpyxl.Workbook, name: str) -> tuple[str, list[str]]:
    """Return the kind of limit of a field's first cell, and the words of its list."""
    row = next(r for r in range(FIRST, page.max_row + 1) if page.cell(r, 5).value == name)
    (rule,) = [v for v in page.data_validations.dataValidation if f"B{row}" in v.sqref]
    if rule.type != "list":
        return str(rule.type), [str(rule.formula1), str(rule.formula2)]
    _, _, where = str(rule.formula1).partition("!")
    return "list", [str(cell.value) for (cell,) in made["选项"][where.replace("$", "")]]


def test_limits_of_the_cells() -> None:
    made, page = sheet(FORMS["2.1"])
    domains = ["智能制造装备", "关键软件", "信息网络基础设施", "智能制造系统解决方案"]
    assert rule_of(page, made, "domain") == ("list", domains)
    kind, industries = rule_of(page, made, "industries")
    assert (kind, len(industries)) == ("list", 20)
    assert rule_of(page, made, "registered") == ("list", ["是", "否"])
    assert rule_of(page, made, "rd_staff")[0] == "whole"
    assert rule_of(page, made, "foreign_share") == ("decimal", ["0.0", "1.0"])
    made, page = sheet(FORMS["2.2"])
    assert rule_of(page, made, "domain") == ("list", ["行业组织", "智能制造人才", "智能制造金融服务"])
    made, page = sheet(FORMS["2.3"])
    assert rule_of(page, made, "domain") == ("list", ["智能制造试点示范"])
    given = [page.cell(r, 2).value for r in range(FIRST, page.max_row + 1) if page.cell(r, 5).value == "domain"]
    assert given == ["智能制造试点示范"]
    assert made["选项"].sheet_state == "hidden"


def test_only_cells_to_fill_in_are_open() -> None:
    _, page = sheet(FORMS["2.1"])
    assert page.protection.sheet
    for row in range(FIRST, page.max_row + 1):
        if page.cell(row, 5).value:
            assert not page.cell(row, 2).protection.locked
            assert page.cell(row, 1).protection.locked


def test_hints_say_what_the_guide_demands_and_which_evidence_it_asks_for() -> None:
    rows = {row.input: row for block in form_blocks(guide(), FORMS["2.1"]) for row in block.rows}
    assert "智能制造装备：近三年平均主营业务收入达1500万元以上" in rows["main_revenue_2021"].hint
    assert "佐证：近3年审计报告" in rows["main_revenue_2021"].hint
    assert rows["main_revenue_2021"].unit == "万元"
    assert "行业组织" not in rows["cases_in_province"].hint


def test_six_industries_and_two_units_are_refused_when_they_come_back(tmp_path: Path) -> None:
    made, page = sheet(FORMS["2.1"])
    page.cell(next(r for r in range(FIRST, 99) if page.cell(r, 5).value == "unit"), 2).value = "示例"
    rows = [r for r in range(FIRST, page.max_row + 1) if page.cell(r, 5).value == "industries"]
    for row, word in zip(rows, ["电子信息;新能源", "绿色石化", "智能家电", "汽车产业", "数字创意"], strict=True):
        page.cell(row, 2).value = word
    path = tmp_path / "a.xlsx"
    made.save(path)
    with pytest.raises(RefusedError) as caught:
        read_events([path], edition())
    assert [finding.code for finding in caught.value.findings] == ["Y007"]
