"""Rows of an application: the words that people write, and what becomes of them."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import pytest

from appraisal.errors import Finding, RefusedError
from appraisal.model.event import Event, Scalar
from appraisal.reading.events import read_events
from eligibility.applying import edition, read, write


def one(tmp_path: Path, field: str, value: str) -> Event:
    (event,) = read(write(tmp_path / "a.csv", {"示例": {field: value}}))
    return event


@pytest.mark.parametrize("word", ["是", "有", "yes", "Yes", "TRUE", "1", "√", "符合", "ｙｅｓ"])
def test_yes_in_many_words(word: str, tmp_path: Path) -> None:
    assert one(tmp_path, "registered", word).facts["value"] is True


@pytest.mark.parametrize("word", ["否", "无", "没有", "no", "FALSE", "0", "×", "不符合"])
def test_no_in_many_words(word: str, tmp_path: Path) -> None:
    assert one(tmp_path, "registered", word).facts["value"] is False


@pytest.mark.parametrize(
    ("field", "value", "input_", "told"),
    [
        ("研发人员数（研发技术团队）", "20", "rd_staff", Fraction(20)),
        ("rd_staff", "20人", "rd_staff", Fraction(20)),
        ("rd_staff", "２０", "rd_staff", Fraction(20)),
        ("2021年主营业务收入", "1500.5万元", "main_revenue_2021", Fraction(3001, 2)),
        ("主营业务收入_2022", "0", "main_revenue_2022", Fraction(0)),
        ("主营业务收入2023年", "7", "main_revenue_2023", Fraction(7)),
        ("collection_rate", "90%", "collection_rate", Fraction(9, 10)),
        ("collection_rate", "0.9", "collection_rate", Fraction(9, 10)),
        ("profit_rate_2023", "-5.2%", "profit_rate_2023", Fraction(-52, 1000)),
        ("申报领域", "智能制造人才", "domain", "talent"),
        ("申报领域", "六", "domain", "talent"),
        ("domain", "talent", "domain", "talent"),
        ("project_table", "表1.5", "project_table", "service"),
        ("founded", "2015年6月", "founded", "2015-06"),
        ("industries", "电子信息；新能源", "industries", "pillar-1;emerging-6"),
        ("industries", "新能源,电子信息", "industries", "pillar-1;emerging-6"),
        ("qualifications", "省级大数据/人工智能骨干（培育）企业", "qualifications", "big-data-ai"),
        ("address", "示例路1号", "address", "示例路1号"),
    ],
)
def test_fields_by_id_or_name_and_values_as_people_write_them(
    field: str, value: str, input_: str, told: Scalar, tmp_path: Path
) -> None:
    event = one(tmp_path, field, value)
    assert (event.kind, event.clause, event.facts["value"]) == ("field", input_, told)


def test_persons_stand_in_the_private_part(tmp_path: Path) -> None:
    assert dict(one(tmp_path, "contact_phone", "000-0000001").facts) == {"x_value": "000-0000001"}


def test_a_row_without_an_id_is_called_by_what_it_says(tmp_path: Path) -> None:
    assert one(tmp_path, "rd_staff", "20").id == "示例/rd_staff"
    (event,) = read(write(tmp_path / "b.csv", {"示例": {"rd_staff": "20"}}, source="核验"))
    assert (event.id, event.facts["source"]) == ("示例/rd_staff/verified", "verified")
    assert (event.date.isoformat(), str(event.period)) == ("2024-01-01", "2024")


def test_an_empty_value_says_nothing_and_the_same_row_twice_is_once(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("单位,字段,数值\n示例,rd_staff,\n示例,registered,是\n示例,registered,是\n,,\n", encoding="utf-8")
    assert [event.clause for event in read(path)] == ["registered"]


def test_json_lines_and_english_headers(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    rows = [
        {"subject": "示例", "field": "rd_staff", "value": 20},
        {"subject": "示例", "field": "domain", "value": "pilot"},
    ]
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
    assert [event.facts["value"] for event in read(path)] == [Fraction(20), "pilot"]


def test_a_file_without_the_column_of_the_unit_is_one_units_form(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("字段,数值\n单位名称,示例甲\nrd_staff,20\n", encoding="utf-8")
    other = tmp_path / "b.csv"
    other.write_text("字段,数值\nunit,示例乙\nrd_staff,30\n", encoding="utf-8")
    events = read_events([path, other], edition())
    assert [(e.subject, e.clause) for e in events] == [
        ("示例甲", "unit"), ("示例甲", "rd_staff"), ("示例乙", "unit"), ("示例乙", "rd_staff"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("rows", "codes"),
    [
        (["示例,rd_staff,二十"], ["E054"]),
        (["示例,rd_staff,-1"], ["Y006"]),
        (["示例,collection_rate,92"], ["E055"]),
        (["示例,rd_staff,20%"], ["E056"]),
        (["示例,rd_staff,20", "示例,研发人员数（研发技术团队）,21"], ["Y010"]),
        (["示例,industries,电子信息;新能源;数字创意", "示例,industries,智能家电;绿色石化;智能机器人"], ["Y007"]),
        (["示例,earlier_batch,无", "示例,earlier_batch,第一批"], ["Y008"]),
        (["示例,service_staff,10", "示例,qualified_staff,11"], ["Y012"]),
        ([",rd_staff,20"], ["Y015"]),
        (["示例,没有的字段,"], ["Y001"]),
    ],
)
def test_what_cannot_be_is_refused(rows: list[str], codes: list[str], tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("\n".join(["单位,字段,数值", *rows]), encoding="utf-8")
    with pytest.raises(RefusedError) as caught:
        read(path)
    assert [finding.code for finding in caught.value.findings] == codes


def test_five_industries_are_not_too_many_and_verified_figures_are_compared_with_verified_ones(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    rows = ["单位,字段,数值,来源", "示例,industries,电子信息;新能源;数字创意;智能家电;绿色石化,"]
    rows += ["示例,service_staff,30,", "示例,service_staff,10,核验", "示例,degree_staff,20,"]
    path.write_text("\n".join(rows), encoding="utf-8")
    assert len(read(path)) == 4


def test_some_years_only_refuse_nothing_but_are_told_with_their_place(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", {"示例": {"main_revenue_2021": "1", "revenue_2021": "1", "revenue_2022": "1"}})
    advice: list[Finding] = []
    assert len(read_events([path], edition(), advice=advice)) == 3
    told = [(f.code, f.place.line if f.place else 0, f.args["missing"]) for f in advice]
    assert told == [("Y011", 2, "2022年、2023年"), ("Y011", 3, "2023年")]
