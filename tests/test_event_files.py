"""Event files read back: formats, headers, encodings, cells; and that nothing but events or a refusal comes out."""

from __future__ import annotations

import csv
import io
import json
import random
import time
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from fractions import Fraction
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from appraisal.errors import RefusedError
from appraisal.model.edition import Edition
from appraisal.model.event import Event, Status
from appraisal.model.exact import show
from appraisal.model.periods import Period
from appraisal.model.rulebook import Subject
from appraisal.reading.event_columns import COLUMNS, column_of, column_words, template_columns
from appraisal.reading.events import read_events
from appraisal.reading.rulebook import find_rulebook, read_rulebook

EDITION = read_rulebook(find_rulebook("houjiatang-2020"))
MODEST = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
HEAD = "编号,日期,社区,条款"
ROW = "e1,2020-03-09,梓园社区,CG-A1"


def read(folder: Path, text: str | bytes, name: str = "events.csv", **more: object) -> list[Event]:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_events([path], EDITION, **more)


def at(text: str) -> datetime:
    """Return a moment without a time zone, as the office writes it."""
    return datetime.fromisoformat(text)


def codes(folder: Path, text: str | bytes, name: str = "events.csv", **more: object) -> list[str]:
    with pytest.raises(RefusedError) as caught:
        read(folder, text, name, **more)
    return [finding.code for finding in caught.value.findings]


# ── headers ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_header_is_english_or_chinese_or_mixed(tmp_path: Path) -> None:
    english = read(tmp_path, "id,date,subject,clause\ne1,2020-03-09,ziyuan,CG-A1\n")
    chinese = read(tmp_path, f"{HEAD}\n{ROW}\n")
    mixed = read(tmp_path, "条款,id,单位,DATE\nCG-A1,e1,梓园社区,2020/3/9\n")
    assert english == chinese == mixed == [Event(id="e1", date=date(2020, 3, 9), subject="ziyuan", clause="CG-A1")]


@pytest.mark.parametrize(
    ("title", "column"), [("单位", "subject"), ("情形", "level"), ("级别 / 情形", "level"), ("ｉｄ", "id")]
)
def test_aliases_of_headers(title: str, column: str) -> None:
    assert column_of(title) == column


def test_the_template_has_every_column_of_the_documentation() -> None:
    pairs = template_columns()
    assert pairs[0] == ("id", "编号")
    assert len(pairs) == len(COLUMNS) == 17
    assert all(column_words[en] == column_words[zh] == en for en, zh in pairs)


def test_a_header_alone_is_no_event_and_no_fault(tmp_path: Path) -> None:
    assert read(tmp_path, f"{HEAD}\n") == []


def test_columns_of_ones_own_are_kept(tmp_path: Path) -> None:
    (event,) = read(tmp_path, f"{HEAD},x_网格\n{ROW},第三网格\n")
    assert dict(event.facts) == {"x_网格": "第三网格"}


def test_an_unknown_header_is_told_without_its_consequences(tmp_path: Path) -> None:
    """SC-2 needs a level; it stands under the misspelt header, so only the header is wrong."""
    assert codes(tmp_path, "编号,日期,社区,条款,等级\ne1,2020-03-09,梓园社区,SC-2,市\n") == ["E020"]


def test_a_header_without_what_is_needed_names_all_that_is_missing(tmp_path: Path) -> None:
    assert codes(tmp_path, "数量,备注\n1,示例\n") == ["E022"] * 4


# ── text ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"])
@pytest.mark.parametrize("mark", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_encodings_separators_and_line_ends(tmp_path: Path, encoding: str, mark: str, end: str) -> None:
    lines = [f"{HEAD},备注", f"{ROW},市容巡查；道路堆物", "", "e2,2020年3月10日,电院社区,CG-A2,"]
    text = end.join(line.replace(",", mark) for line in lines) + end
    events = read(tmp_path, text.encode(encoding))
    assert [(e.id, e.subject, e.note) for e in events] == [
        ("e1", "ziyuan", "市容巡查；道路堆物"),
        ("e2", "dianyuan", ""),
    ]


@pytest.mark.parametrize("encoding", ["big5", "shift_jis", "latin-1"])
def test_other_encodings_are_refused_not_guessed(tmp_path: Path, encoding: str) -> None:
    text = {
        "big5": "備註：道路堆物，市容巡查",
        "shift_jis": "日付、備考、社区、道路",
        "latin-1": "café Müller Øresund naïve",
    }
    assert codes(
        tmp_path, f"id,date,subject,clause,note\ne1,2020-03-09,ziyuan,CG-A1,{text[encoding]}\n".encode(encoding)
    ) == ["E005"]


def test_a_damaged_byte_is_named_by_its_line(tmp_path: Path) -> None:
    raw = f"{HEAD},备注\n{ROW},示例\ne2,2020-03-10,梓园社区,CG-A1,示例\n".encode()
    with pytest.raises(RefusedError) as caught:
        read(tmp_path, raw[:-3] + raw[-2:])
    assert [(f.code, f.place.line) for f in caught.value.findings] == [("E005", 3)]


def test_a_quoted_note_may_have_several_lines_and_places_count_physical_lines(tmp_path: Path) -> None:
    text = f'{HEAD},备注\n{ROW},"第一行\n第二行, 有逗号"\ne2,2020-02-30,梓园社区,CG-A1,\n'
    with pytest.raises(RefusedError) as caught:
        read(tmp_path, text)
    assert [(f.place.line, f.place.column) for f in caught.value.findings] == [(4, 2)]
    (event,) = read(tmp_path, text.rsplit("e2", 1)[0])
    assert event.note == "第一行\n第二行, 有逗号"


def test_blank_rows_short_rows_and_trailing_separators_are_fine(tmp_path: Path) -> None:
    events = read(tmp_path, f"{HEAD},备注,,\n\n,,,,,,\n{ROW}\n  e2 , 2020-03-09　,梓园社区,CG-A1,,,\n")
    assert [event.id for event in events] == ["e1", "e2"]


# ── cells ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "text",
    ["2020-03-09", "2020-3-9", "2020/3/9", "2020年3月9日", "2020.3.9", "２０２０／３／９", "2020-03-09 00:00:00"],
)
def test_forms_of_a_date(tmp_path: Path, text: str) -> None:
    assert read(tmp_path, f"{HEAD}\ne1,{text},梓园社区,CG-A1\n")[0].date == date(2020, 3, 9)


@pytest.mark.parametrize(
    ("text", "right"),
    [("20200309", "2020-03-09"), ("31/3/2020", "2020-03-31"), ("3/31/2020", "2020-03-31"), ("昨天", "2020-03-09")],
)
def test_a_date_in_another_form_is_refused_with_a_likely_one(tmp_path: Path, text: str, right: str) -> None:
    with pytest.raises(RefusedError) as caught:
        read(tmp_path, f"{HEAD}\ne1,{text},梓园社区,CG-A1\n")
    (finding,) = caught.value.findings
    assert finding.code == "E040"
    assert right in finding.remedy()


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2020-03-09", at("2020-03-09")),
        ("2020-03-09 14:30", at("2020-03-09 14:30")),
        ("2020-03-09T14:30:05", at("2020-03-09 14:30:05")),
        ("2020年3月9日 8:05", at("2020-03-09 08:05")),
    ],
)
def test_forms_of_a_moment(tmp_path: Path, text: str, moment: datetime) -> None:
    assert read(tmp_path, f"{HEAD},记录时间\n{ROW},{text}\n")[0].recorded == moment


@pytest.mark.parametrize("text", ["2020-03-09T14:30Z", "2020-03-09 14:30+08:00", "14:30", "2020-03-09 25:00"])
def test_a_time_zone_or_half_a_moment_is_refused(tmp_path: Path, text: str) -> None:
    assert codes(tmp_path, f"{HEAD},记录时间\n{ROW},{text}\n") == ["E048"]


@pytest.mark.parametrize(
    ("text", "period"),
    [("2020-03", Period(2020, 3)), ("2020年3月", Period(2020, 3)), ("2020/3", Period(2020, 3)), ("2020", Period(2020)),
     ("2020-03-01", Period(2020, 3))],
)  # fmt: skip
def test_forms_of_a_period(tmp_path: Path, text: str, period: Period) -> None:
    assert read(tmp_path, f"{HEAD},所属期\n{ROW},{text}\n")[0].period == period


@pytest.mark.parametrize("text", ["0.72", "72%", "７２％", "72 %", "0。72", "+0.720"])
def test_forms_of_a_rate(tmp_path: Path, text: str) -> None:
    (event,) = read(tmp_path, f"{HEAD},数值\ne1,2020-03-09,梓园社区,CG-B1,{text}\n")
    assert event.value == Fraction(72, 100)


@pytest.mark.parametrize(
    ("text", "code"),
    [("72", "E055"), ("2.01", "E055"), ("1001%", "E057"), ("1500", "E057"), ("-1%", "E057"), ("0.123456789", "E059"),
     ("1/2", "E054"), ("1,5", "E054"), ("NaN", "E054"), ("1e3", "E054"), ("十", "E054"), ("9" * 40, "E069")],
)  # fmt: skip
def test_rates_that_are_none(tmp_path: Path, text: str, code: str) -> None:
    assert codes(tmp_path, f'{HEAD},数值\ne1,2020-03-09,梓园社区,CG-B1,"{text}"\n') == [code]


@pytest.mark.parametrize("text", ["2", "200%", "1000%", "0.12345678", "12.345678%"])
def test_rates_at_the_edge_are_taken(tmp_path: Path, text: str) -> None:
    assert read(tmp_path, f"{HEAD},数值\ne1,2020-03-09,梓园社区,CG-B1,{text}\n")[0].value is not None


@pytest.mark.parametrize(("text", "count"), [("", 1), ("1", 1), ("2", 2), ("2.0", 2), ("１２", 12), ("1000000", 10**6)])
def test_counts(tmp_path: Path, text: str, count: int) -> None:
    (event,) = read(tmp_path, f"{HEAD},数量\n{ROW},{text}\n")
    assert event.count == count


@pytest.mark.parametrize("text", ["0", "-1", "1.5", "1000001", "两", "50%"])
def test_counts_that_are_none(tmp_path: Path, text: str) -> None:
    assert codes(tmp_path, f"{HEAD},数量\n{ROW},{text}\n") == ["E066"]


@pytest.mark.parametrize(
    ("text", "status"),
    [("", Status.NONE), ("已确认", Status.CONFIRMED), ("确定", Status.CONFIRMED), ("Confirmed", Status.CONFIRMED),
     ("已申报", Status.DECLARED), ("已审核", Status.REVIEWED), ("待定", Status.PENDING), ("已撤回", Status.WITHDRAWN)],
)  # fmt: skip
def test_words_of_status(tmp_path: Path, text: str, status: Status) -> None:
    assert read(tmp_path, f"{HEAD},状态\n{ROW},{text}\n")[0].status is status


def test_a_subject_is_an_id_a_name_or_an_alias_and_never_merely_similar(tmp_path: Path) -> None:
    roster = (Subject(id="a1", name="示例甲社区", aliases=("甲区",)), Subject(id="b1", name="示例乙社区"))
    rows = "".join(f"e{i},2020-03-09,{name},CG-A1\n" for i, name in enumerate(["a1", "示例甲社区", "甲区", "b1"]))
    assert [e.subject for e in read(tmp_path, f"{HEAD}\n{rows}", roster=roster)] == ["a1", "a1", "a1", "b1"]
    assert codes(tmp_path, f"{HEAD}\ne1,2020-03-09,示例乙,CG-A1\n", roster=roster) == ["E032"]
    assert codes(tmp_path, f"{HEAD}\n{ROW}\n", roster=roster) == ["E032"]


def test_width_and_what_cannot_be_seen_do_not_make_a_word_unknown(tmp_path: Path) -> None:
    (event,) = read(tmp_path, f"{HEAD},级别\n\u200be1,2020-03-09,梓园社区\ufeff,ＳＣ－２,　市\n")
    assert (event.id, event.subject, event.clause, event.level) == ("e1", "ziyuan", "SC-2", "市")


# ── dates and validity ───────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("day", "good"), [("2020-01-01", True), ("2020-12-31", True), ("2019-12-31", False), ("2021-01-01", False)]
)
def test_the_validity_includes_both_ends(tmp_path: Path, day: str, good: bool) -> None:  # noqa: FBT001
    text = f"{HEAD}\ne1,{day},梓园社区,CG-A1\n"
    if good:
        assert len(read(tmp_path, text)) == 1
    else:
        assert codes(tmp_path, text) == ["E043"]


def test_with_a_period_the_period_is_judged_not_the_date(tmp_path: Path) -> None:
    """The accounts of December are handed in next January and belong to the year that they report on."""
    (event,) = read(tmp_path, f"{HEAD},所属期\ne1,2021-01-12,梓园社区,CW-2,2020-12\n")
    assert event.when == Period(2020, 12)
    assert codes(tmp_path, f"{HEAD},所属期\ne1,2020-12-12,梓园社区,CW-2,2021-01\n") == ["E047"]


def test_a_withdrawal_may_come_after_the_year_but_not_before_it(tmp_path: Path) -> None:
    text = f"{HEAD},冲销\n{ROW},\nw1,{{day}},,,e1\n"
    assert read(tmp_path, text.format(day="2021-01-08"))[1].counters == "e1"
    assert codes(tmp_path, text.format(day="2019-12-31")) == ["E043"]


# ── rows about rows ──────────────────────────────────────────────────────────────────────────────────────────────


def test_the_same_row_twice_is_once_also_across_files_and_forms(tmp_path: Path) -> None:
    one, two = tmp_path / "one.csv", tmp_path / "two.jsonl"
    one.write_text(f"{HEAD},数值,数量\ne1,2020-03-09,梓园社区,CG-B1,0.50,\n", encoding="utf-8")
    two.write_text(
        '{"id": "e1", "date": "2020/3/9", "subject": "ziyuan", "clause": "CG-B1", "value": 0.5, "count": 1}\n'
    )
    assert len(read_events([one, two, one], EDITION)) == 1
    two.write_text('{"id": "e1", "date": "2020/3/9", "subject": "ziyuan", "clause": "CG-B1", "value": 0.51}\n')
    with pytest.raises(RefusedError) as caught:
        read_events([one, two], EDITION)
    (finding,) = caught.value.findings
    assert (finding.code, finding.place.file, finding.also[0].file) == ("E031", str(two), str(one))


def test_a_withdrawal_may_name_an_event_of_the_log_or_of_another_file(tmp_path: Path) -> None:
    text = "编号,日期,冲销\nw1,2020-04-01,e77\n"
    assert codes(tmp_path, text) == ["E072"]
    (event,) = read(tmp_path, text, existing={"e77"})
    assert (event.counters, event.subject, event.clause) == ("e77", "", "")


def test_a_faulty_row_is_not_reported_again_by_what_names_it(tmp_path: Path) -> None:
    assert codes(tmp_path, f"{HEAD},冲销\ne1,2020-02-30,梓园社区,CG-A1,\nw1,2020-04-01,,,e1\n") == ["E041"]


def test_a_correction_withdraws_the_first_value_and_gives_its_own(tmp_path: Path) -> None:
    first = "e1,2020-03-31,梓园社区,CG-B1,70%,"
    second = "e2,2020-04-02,梓园社区,CG-B1,72%,{},2020-03"
    head = f"{HEAD},数值,冲销,所属期\n"
    assert codes(tmp_path, f"{head}{first}\n{second.format('')}\n") == ["E076"]
    assert len(read(tmp_path, f"{head}{first}\n{second.format('e1')}\n")) == 2
    third = "e3,2020-04-03,梓园社区,CG-B1,74%,e1,2020-03"
    assert codes(tmp_path, f"{head}{first}\n{second.format('e1')}\n{third}\n") == ["E076"]


@pytest.mark.parametrize(
    "other", ["2020-04-30,梓园社区,CG-B1,72%,", "2020-03-31,电院社区,CG-B1,72%,", "2020-03-31,梓园社区,CG-B1,72%,待定"]
)
def test_another_month_subject_or_step_is_no_second_value(tmp_path: Path, other: str) -> None:
    assert len(read(tmp_path, f"{HEAD},数值,状态\ne1,2020-03-31,梓园社区,CG-B1,70%,\ne2,{other}\n")) == 2


def test_a_chain_of_withdrawals_may_be_long(tmp_path: Path) -> None:
    rows = "".join(f"c{i},2020-03-09,梓园社区,CG-A1,{f'c{i - 1}' if i else ''}\n" for i in range(3000))
    assert len(read(tmp_path, f"{HEAD},冲销\n{rows}")) == 3000


# ── incidents ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_incident_keeps_the_facts_that_its_kind_declares(tmp_path: Path) -> None:
    head = "编号,日期,社区,类型,级别,数量,x_topic,x_其他"
    (event,) = read(tmp_path, f"{head}\nb1,2020-03-09,梓园社区,bulletin,市,2,食品安全,随手记\n")
    assert (event.kind, event.clause, event.level, event.count) == ("bulletin", "", "市", 2)
    assert (event.facts["x_topic"], event.facts["x_其他"]) == ("食品安全", "随手记")


def test_a_classified_row_may_tell_its_kind_and_its_source(tmp_path: Path) -> None:
    (event,) = read(tmp_path, f"{HEAD},类型,来源线索\n{ROW},case,b1\n")
    assert (event.kind, event.derived_from) == ("case", "b1")
    assert codes(tmp_path, f"{HEAD},类型\n{ROW},信件\n") == ["E080"]


def test_a_kind_is_named_by_its_id_or_its_name(tmp_path: Path) -> None:
    head = "编号,日期,社区,类型,级别"
    one, two = read(tmp_path, f"{head}\nb1,2020-03-09,梓园社区,case,超时\nb2,2020-03-09,梓园社区,数字城管案卷,超时\n")
    assert one.kind == two.kind == "case"


def test_each_clause_is_named_in_its_own_message(tmp_path: Path) -> None:
    """Both rows miss the same thing on the same day; each message tells its own clause."""
    with pytest.raises(RefusedError) as caught:
        read(
            tmp_path, f"{HEAD},数值,所属期\ne1,2020-03-09,梓园社区,CG-B1,72%,2020\ne2,2020-03-09,梓园社区,JR-1,,2020\n"
        )
    assert ["CG-B1" in f.what() for f in caught.value.findings] == [True, False]


# ── JSON lines ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_json_lines_in_either_language_numbers_or_text(tmp_path: Path) -> None:
    lines = [
        {"id": "e1", "date": "2020-03-09", "subject": "ziyuan", "clause": "CG-B1", "value": 0.1, "note": None},
        {"编号": "e2", "日期": "2020-03-09", "单位": "电院社区", "条款": "CG-B1", "数值": "10%"},
    ]
    events = read(tmp_path, "\n\n".join(json.dumps(line, ensure_ascii=False) for line in lines), "events.jsonl")
    assert [event.value for event in events] == [Fraction(1, 10)] * 2


def test_json_numbers_never_become_floats(tmp_path: Path) -> None:
    """0.30000000000000004 is what a float would make of 0.1 + 0.2; as text it is seen and refused."""
    line = '{{"id": "e1", "date": "2020-03-09", "subject": "ziyuan", "clause": "CG-B1", "value": {}}}\n'
    assert codes(tmp_path, line.format("0.30000000000000004"), "events.jsonl") == ["E059"]
    assert read(tmp_path, line.format("1e-05"), "events.jsonl")[0].value == Fraction(1, 100000)
    assert codes(tmp_path, line.format("1e999999999"), "events.jsonl") == ["E054"]
    assert codes(tmp_path, line.format("true"), "events.jsonl") == ["E018"]


@pytest.mark.parametrize("line", ["[" * 100_000, '{"id": "e1"', '{"id": "\\ud800", "date": 1}', "{}", "null", "\x00"])
def test_json_that_is_none_is_refused(tmp_path: Path, line: str) -> None:
    assert codes(tmp_path, line + "\n", "events.jsonl")


# ── workbooks ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_workbook_with_titles_blank_rows_dates_percents_and_further_sheets(tmp_path: Path) -> None:
    path = tmp_path / "示例.xlsx"
    book = xlsxwriter.Workbook(str(path))
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    month = book.add_format({"num_format": "yyyy-mm"})
    percent = book.add_format({"num_format": "0%"})
    book.add_worksheet("说明").write(0, 0, "示例街道2020年记录")
    sheet = book.add_worksheet("记录")
    sheet.merge_range("B1:F1", "示例街道2020年记录")
    sheet.write_row(2, 1, ["编号", "日期", "社区", "条款", "数值", "记录时间", "所属期", "事项"])
    sheet.write_row(3, 1, [101, "", "梓园社区", "CG-B1"])
    sheet.write_datetime(3, 2, date(2020, 4, 2), day)
    sheet.write_number(3, 5, 0.72, percent)
    sheet.write_datetime(3, 6, at("2020-04-02 14:30"), moment)
    sheet.write_datetime(3, 7, date(2020, 3, 1), month)
    sheet.write_row(6, 1, ["e2", "2020年3月9日", "电院社区", "CG-A1", "", "", "", 20200309])
    book.add_worksheet("二月").write_row(0, 0, ["id", "date", "subject", "clause"])
    book.close()
    one, two = read_events([path], EDITION)
    assert one == Event(
        id="101",
        date=date(2020, 4, 2),
        subject="ziyuan",
        clause="CG-B1",
        period=Period(2020, 3),
        recorded=at("2020-04-02 14:30"),
        facts={"value": Fraction(72, 100)},
    )
    assert (two.id, two.date, two.matter) == ("e2", date(2020, 3, 9), "20200309")


def test_every_sheet_with_a_header_is_read_and_named(tmp_path: Path) -> None:
    path = tmp_path / "months.xlsx"
    book = xlsxwriter.Workbook(str(path))
    for month in ("1月", "2月"):
        sheet = book.add_worksheet(month)
        sheet.write_row(0, 0, ["编号", "日期", "社区", "条款"])
        sheet.write_row(1, 0, [f"e{month}", f"2020-0{month[0]}-30", "梓园社区", "CG-A1"])
    book.close()
    with pytest.raises(RefusedError) as caught:
        read_events([path], EDITION)
    (finding,) = caught.value.findings
    assert str(finding.place) == f"{path}[2月]:2:2"


def test_an_unformatted_serial_number_is_no_date(tmp_path: Path) -> None:
    path = tmp_path / "serial.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["编号", "日期", "社区", "条款"])
    sheet.write_row(1, 0, ["e1", 43910, "梓园社区", "CG-A1"])
    book.close()
    with pytest.raises(RefusedError) as caught:
        read_events([path], EDITION)
    assert [f.code for f in caught.value.findings] == ["E040"]
    assert "2020-03-20" in caught.value.findings[0].remedy()  # 43910 days after 1899-12-30


# ── laws ─────────────────────────────────────────────────────────────────────────────────────────────────────────

_DAYS = st.dates(date(2020, 1, 1), date(2020, 12, 31))
_TEXT = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S")), max_size=12)
_NAMES = [subject.id for subject in EDITION.roster]
_AMOUNTS = st.integers(1, 10**9).map(lambda n: Fraction(n, 10**6))


@st.composite
def _facts(draw: st.DrawFn) -> tuple[str, dict[str, object]]:
    """Draw a clause and facts that it takes; none of one value a period."""
    clause = draw(st.sampled_from(["CG-A1", "TJ-1", "SC-2", "WG-1", "DJ-6"]))
    facts: dict[str, object] = {}
    if clause in {"TJ-1", "SC-2"}:
        word = draw(st.sampled_from({"TJ-1": ["", "不良影响"], "SC-2": ["市", "区"]}[clause]))
        facts |= {"level": word} if word else {}
    if clause == "WG-1":
        facts["value"] = draw(st.integers(0, 10**8).map(lambda n: Fraction(n, 10**6)))
    elif clause == "DJ-6":
        facts["value"] = draw(_AMOUNTS)
    elif (count := draw(st.integers(1, 30))) > 1:
        facts["count"] = count
    return clause, facts


@st.composite
def _events(draw: st.DrawFn) -> list[Event]:
    events = []
    for number in range(draw(st.integers(1, 6))):
        clause, facts = draw(_facts())
        own = draw(_TEXT)
        day = draw(_DAYS)
        events.append(
            Event(
                id=f"e{number}",
                date=day,
                subject=draw(st.sampled_from(_NAMES)),
                clause=clause,
                period=draw(st.sampled_from([None, Period.of(day), Period(2020)])),
                matter=draw(_TEXT),
                status=draw(st.sampled_from(list(Status))),
                note=draw(_TEXT) or "示例",
                recorded=draw(st.none() | st.integers(0, 10**7).map(lambda s: at("2020-01-01") + timedelta(seconds=s))),
                counters=f"e{draw(st.integers(0, number - 1))}" if number and draw(st.booleans()) else "",
                derived_from=draw(_TEXT),
                facts=facts | ({"x_own": own} if own else {}),
            )
        )
    return events


def _row(event: Event) -> dict[str, str]:
    facts = {name: show(fact) if isinstance(fact, Fraction) else str(fact) for name, fact in event.facts.items()}
    told = {name: str(text) for name, text in event.content().items() if name != "facts"}
    return told | facts


def _table(events: Sequence[Event], *, chinese: bool, order: random.Random) -> tuple[list[str], list[list[str]]]:
    """Return headers in one language and rows, both shuffled."""
    names = [*(column.name for column in COLUMNS), "x_own"]
    rows = [_row(event) for event in events]
    order.shuffle(names)
    order.shuffle(rows)
    titles = {column.name: column.zh for column in COLUMNS}
    return [titles.get(n, n) if chinese else n for n in names], [[row.get(n, "") for n in names] for row in rows]


def _write(path: Path, header: list[str], rows: list[list[str]]) -> None:
    if path.suffix == ".csv":
        with path.open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerows([header, *rows])
    elif path.suffix == ".jsonl":
        lines = [json.dumps({k: v for k, v in zip(header, row, strict=True) if v}) for row in rows]
        path.write_text("\n".join(lines), encoding="utf-8")
    else:
        book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False})
        sheet = book.add_worksheet()
        for number, row in enumerate([header, *rows]):
            for column, cell in enumerate(row):
                sheet.write_string(number, column, cell)
        book.close()


@pytest.mark.parametrize("suffix", [".csv", ".jsonl", ".xlsx"])
@given(events=_events(), chinese=st.booleans(), order=st.randoms(use_true_random=False))
@MODEST
def test_what_is_written_is_read_back_whatever_the_order(
    tmp_path: Path,
    suffix: str,
    events: list[Event],
    chinese: bool,  # noqa: FBT001
    order: random.Random,
) -> None:
    path = tmp_path / f"events{suffix}"
    _write(path, *_table(events, chinese=chinese, order=order))
    assert sorted(read_events([path], EDITION), key=lambda e: e.id) == events


@pytest.mark.parametrize("suffix", [".csv", ".jsonl", ".xlsx", ".txt"])
@given(raw=st.binary(max_size=400))
@MODEST
def test_random_bytes_are_refused_or_empty_and_nothing_else(tmp_path: Path, suffix: str, raw: bytes) -> None:
    path = tmp_path / f"noise{suffix}"
    path.write_bytes(raw)
    with pytest.raises(RefusedError):
        read_events([path], EDITION)


def _workbook() -> bytes:
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream)
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, HEAD.split(","))
    sheet.write_row(1, 0, ROW.split(","))
    book.close()
    return stream.getvalue()


_SOUND = {
    ".csv": f"{HEAD},数值,备注\n{ROW},,示例\ne2,2020-03-09,梓园社区,CG-B1,72%,\n".encode(),
    ".jsonl": b'{"id": "e1", "date": "2020-03-09", "subject": "ziyuan", "clause": "CG-B1", "value": 0.5}\n',
    ".xlsx": _workbook(),
}


@pytest.mark.parametrize("suffix", sorted(_SOUND))
@given(
    cuts=st.lists(st.tuples(st.integers(0, 10**6), st.binary(max_size=3), st.integers(0, 4)), min_size=1, max_size=4)
)
@MODEST
def test_mangled_files_give_events_or_a_refusal(
    tmp_path: Path, suffix: str, cuts: list[tuple[int, bytes, int]]
) -> None:
    raw = _SOUND[suffix]
    for at, put, gone in cuts:
        start = at % (len(raw) + 1)
        raw = raw[:start] + put + raw[start + gone :]
    path = tmp_path / f"mangled{suffix}"
    path.write_bytes(raw)
    events, refused = attempt(path)
    assert all(event.id for event in events)
    if refused is not None:
        assert refused.findings
        assert all(finding.render("zh") and finding.render("en") for finding in refused.findings)


def attempt(path: Path) -> tuple[list[Event], RefusedError | None]:
    try:
        return read_events([path], EDITION), None
    except RefusedError as refused:
        return [], refused


# ── size ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_ten_thousand_faults_are_all_told_and_soon(tmp_path: Path) -> None:
    rows = "".join(f"e{i},2020-03-09,梓园社{i},CG-X{i},zz{i}\n" for i in range(5000))
    begun = time.perf_counter()
    found = codes(tmp_path, f"{HEAD},冲销\n{rows}")
    assert (len(found), set(found)) == (10_000, {"E032", "E033"})
    assert time.perf_counter() - begun < 30


def test_progress_ends_at_the_whole(tmp_path: Path) -> None:
    rows = "".join(f"e{i},2020-03-09,梓园社区,CG-A1\n" for i in range(9000))
    told: list[tuple[int, int]] = []
    read(tmp_path, f"{HEAD}\n{rows}", progress=lambda done, total: told.append((done, total)))
    size = (tmp_path / "events.csv").stat().st_size
    assert told[-1] == (size, size)
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert len(told) > 2


def test_the_edition_is_the_real_one() -> None:
    assert isinstance(EDITION, Edition)
    assert EDITION.rulebook.id == "houjiatang-2020"
