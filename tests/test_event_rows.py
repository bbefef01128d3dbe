"""Rows of events: cells, dates and validity, incidents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from fractions import Fraction
from pathlib import Path

import pytest
from event_reading import EDITION, HEAD, ROW, at, codes, read

from appraisal.errors import RefusedError
from appraisal.model.conditions import FactSpec, Kind
from appraisal.model.event import Event, Status
from appraisal.model.periods import Period
from appraisal.model.rulebook import Subject
from appraisal.reading import nearest
from appraisal.reading.events import read_events

# ── cells ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "text",
    ["2020-03-09", "2020-3-9", "2020/3/9", "2020年3月9日", "2020.3.9", "２０２０／３／９", "2020-03-09 00:00:00"],
)
def test_forms_of_a_date(tmp_path: Path, text: str) -> None:
    assert read(tmp_path, f"{HEAD}\ne1,{text},梓园社区,CG-A1\n")[0].date == date(2020, 3, 9)


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("20200309", "2020-03-09"),
        ("31/3/2020", "2020-03-31"),
        ("3/31/2020", "2020-03-31"),
        ("昨天", "2020-03-09"),
        ("5/3/2020", "2020-03-09"),
        ("31/31/2020", "2020-03-09"),
    ],
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


@pytest.mark.parametrize(
    "text", ["2020-03-09T14:30Z", "2020-03-09 14:30+08:00", "14:30", "2020-03-09 25:00", "2020-03-09 14"]
)
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


@pytest.mark.parametrize(
    ("clause", "cells", "code"),
    [
        ("2020-31-02", "CG-A1,,,,,", "E041"),  # swapped or not, there is no such day
        ("2020-03-09 2pm", "CG-A1,,,,,", "E040"),
        ("2020-03-09", "CG-B1,.5,,,,", "E054"),
        ("2020-03-09", "XC-9,80,-1,,,", "E057"),
        ("2020-03-09", "XC-9,80,八十,,,", "E054"),
        ("2020-03-09", "CG-A1,,,,,202003", "E044"),
        ("2020-03-09", "CG-A1,,,,,2020-Q1", "E044"),
        ("2020-03-09", "CG-A1,,,,,9999-12-01", "E044"),  # the last year that a date can hold has no periods
        ("2020-03-09", "JF-6,0,,,,", "E057"),  # a bonus of nothing is none
        ("2020-03-09", "RD-1,0.05,,,,", "E057"),  # at least 0.1; RD-1 needs a note as well
    ],
)
def test_further_cells_that_are_refused(tmp_path: Path, clause: str, cells: str, code: str) -> None:
    text = f"编号,日期,社区,条款,数值,对照值,级别,数量,所属期\ne1,{clause},梓园社区,{cells}\n"
    assert set(codes(tmp_path, text)) - {"E068"} == {code}


@pytest.mark.parametrize(
    ("clause", "code"), [("cg-a1", "E033"), ("JF-appr", "E039"), ("LD-0", "E039"), ("CG-A", "E033")]
)
def test_what_is_not_a_clause(tmp_path: Path, clause: str, code: str) -> None:
    assert codes(tmp_path, f"{HEAD}\ne1,2020-03-09,梓园社区,{clause}\n") == [code]


def test_a_moment_on_a_day_that_does_not_exist(tmp_path: Path) -> None:
    assert codes(tmp_path, f"{HEAD},记录时间\n{ROW},2020-02-30 14:30\n") == ["E041"]


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


# ── incidents ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_incident_keeps_the_facts_that_its_kind_declares(tmp_path: Path) -> None:
    head = "编号,日期,社区,类型,级别,数量,x_topic,x_其他"
    (event,) = read(tmp_path, f"{head}\nb1,2020-03-09,梓园社区,bulletin,市,2,食品安全,随手记\n")
    assert (event.kind, event.clause, event.level, event.count) == ("bulletin", "", "市", 2)
    assert (event.facts["x_topic"], event.facts["x_其他"]) == ("食品安全", "随手记")


@pytest.mark.parametrize(
    ("cells", "code"),
    [("case,超时,,0,", "E066"), ("case,超时,,3次,", "E066"), ("case,超时,,,日常", "E084"), ("case,,,,", "E081")],
)
def test_incidents_that_are_refused(tmp_path: Path, cells: str, code: str) -> None:
    assert codes(tmp_path, f"编号,日期,社区,类型,级别,数值,数量,分项\nb1,2020-03-09,梓园社区,{cells}\n") == [code]


def test_a_count_that_the_kind_does_not_look_at_is_refused(tmp_path: Path) -> None:
    with_kind(tmp_path, Kind(id="walk", name="示例巡查"), "count", "2", ["E084"])
    with_kind(tmp_path, Kind(id="walk", name="示例巡查"), "count", "1", [])


def test_a_number_among_the_facts_of_a_kind(tmp_path: Path) -> None:
    walk = Kind(id="walk", name="示例巡查", facts={"value": FactSpec(type="whole"), "x_people": FactSpec(type="whole")})
    with_kind(tmp_path, walk, "value", "2.5", ["E083"])
    with_kind(tmp_path, walk, "x_people", "三", ["E083"])
    assert with_kind(tmp_path, walk, "value", "２")[0].value == 2
    assert with_kind(tmp_path, walk, "x_people", "１２.0")[0].facts["x_people"] == "12"
    figure = Kind(id="walk", name="示例巡查", facts={"value": FactSpec()})
    assert with_kind(tmp_path, figure, "value", "2.5")[0].value == Fraction(5, 2)
    with_kind(tmp_path, figure, "value", "两个半", ["E054"])


def with_kind(folder: Path, kind: Kind, column: str, cell: str, expected: Sequence[str] = ()) -> list[Event]:
    """Read one incident of a kind of its own; return it, or check the codes of its faults."""
    inference = EDITION.scorecard.inference.model_copy(update={"kinds": (kind,)})
    edition = replace(EDITION, rulebook=EDITION.rulebook.model_copy(update={"inference": inference}))
    path = folder / "incident.csv"
    path.write_text(f"id,date,subject,kind,{column}\nb1,2020-03-09,ziyuan,walk,{cell}\n", encoding="utf-8")
    if not expected:
        return read_events([path], edition)
    with pytest.raises(RefusedError) as caught:
        read_events([path], edition)
    assert [finding.code for finding in caught.value.findings] == expected
    return []


def test_a_withdrawal_that_counts_something_is_refused(tmp_path: Path) -> None:
    text = f"{HEAD},冲销,数量\n{ROW},,\nw1,2020-03-10,,,e1,{{}}\n"
    assert codes(tmp_path, text.format("2")) == ["E077"]
    assert len(read(tmp_path, text.format("1"))) == 2


def test_a_row_that_is_empty_but_for_a_word_is_refused_whole(tmp_path: Path) -> None:
    assert codes(tmp_path, f"{HEAD}\n合计,,,\n") == ["E030", "E030", "E036"]


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


def test_what_is_offered_for_a_slip_does_not_hang_on_the_slips_of_earlier_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server reads a form for every line that is logged: names that it keeps for all of them learn nothing."""
    monkeypatch.setattr(nearest, "_WORK", 2000)  # comparisons, after which neighbours in the alphabet must do
    for n in range(60):
        codes(tmp_path, f"{HEAD}\ne1,2020-03-09,别处{n},YY-{n}\n")
    with pytest.raises(RefusedError) as caught:
        read(tmp_path, f"{HEAD}\ne1,2020-03-09,别梓园社区,ZCG-A1\n")
    subject, clause = (finding.args["near"].split(", ") for finding in caught.value.findings)
    assert ("梓园社区" in subject, "CG-A1" in clause) == (True, True)
