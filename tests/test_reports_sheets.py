"""Sheets of standings: what they say, in which columns, in both languages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from fractions import Fraction

import pytest

from appraisal.model.event import Event
from appraisal.model.periods import Span
from appraisal.model.standing import (
    Assessment,
    DepartmentScore,
    Entry,
    EntryKind,
    ItemScore,
    NotCounted,
    Say,
    Standing,
    State,
    Warn,
)
from appraisal.reading.rulebook import find_rulebook, read_rulebook
from reports.clauses import clause_sheet, method_words, rulebook_sheet
from reports.coverage import percent
from reports.methods_told import method_told
from reports.overview import MOST_ROWS, overview_sheet
from reports.rulebooks import rulebooks_table
from reports.sheet import Table
from reports.standings import (
    entries_table,
    not_counted_table,
    ranking_sheet,
    ranking_table,
    readings_table,
    subject_sheet,
)
from reports.wording import span_words

EDITION = read_rulebook(find_rulebook("houjiatang-2020"))
BOOK = EDITION.rulebook
EVENTS = {
    f"e{n}": Event(id=f"e{n}", date=date(2020, 3, n), subject="ziyuan", clause="JF-1", note="=1") for n in range(1, 20)
}
SAY = Say("C034", {"path": "p"})


def standing(subject: str, rank: int, total: int, *, vetoed: bool = False, pending: bool = False) -> Standing:
    entry = Entry(clause="CG-A1", kind=EntryKind.CLAUSE, points=Fraction(-1, 5), reason=SAY, events=("e1",))
    state = State.PENDING if pending else State.ASSESSED
    cg = ItemScore(
        id="CG", name="城市管理", points=Fraction(6), base=Fraction(6), score=Fraction(29, 5), state=state,
        reasons=(SAY,) if pending else (), entries=(entry,),
    )  # fmt: skip
    jf = ItemScore(
        id="JF", name="特色创新", points=Fraction(0), base=Fraction(0), score=Fraction(3), state=State.ASSESSED
    )
    name = next(s.name for s in EDITION.roster if s.id == subject)
    departments = tuple(DepartmentScore(id=d.id, points=d.points, score=d.points) for d in BOOK.departments)
    return Standing(
        subject=subject, name=name, rank=rank, rank_without_veto=1 if vetoed else rank, total=Fraction(total),
        provisional=pending, departments=departments, items=(cg, jf), vetoed=vetoed,
    )  # fmt: skip


def assessment(*standings: Standing, not_counted: int = 0) -> Assessment:
    return Assessment(
        rulebook=BOOK.id, rulebook_hash="sha256:abcdef0123456789", engine="9", span=Span.month(2020, 3),
        input_hash="sha256:0", known=datetime.fromisoformat("2020-04-01T12:00"), day=date(2020, 4, 2),
        provisional=any(s.provisional for s in standings), standings=standings,
        warnings=(Warn(code="W001", say=SAY, events=("e1", "e2")),),
        not_counted=tuple(NotCounted(event=f"e{n}", reason="declared") for n in range(1, not_counted + 1)),
        readings={"R03": "clip"},
    )  # fmt: skip


def titles(table: Table) -> list[str]:
    return [column.title for column in table.columns]


def column(table: Table, key: str) -> Sequence[object]:
    place = [c.key for c in table.columns].index(key)
    return [row[place] for row in table.rows]


def test_a_ranking_without_veto_or_pending_has_no_columns_for_them() -> None:
    table = ranking_table(assessment(standing("ziyuan", 1, 98)), EDITION, "zh")
    assert titles(table)[:3] == ["名次", "社区", "得分"]
    assert "无否决名次" not in titles(table)
    assert "待定" not in titles(table)
    assert titles(table)[-2:] == ["特色创新", "负面清单"]
    assert column(table, "JF") == [3]
    assert column(table, "FM") == [None]


def test_a_veto_and_what_is_pending_have_columns_and_notes() -> None:
    told = assessment(standing("ziyuan", 1, 90, pending=True), standing("shuiyuan", 2, 95, vetoed=True), not_counted=1)
    sheet = ranking_sheet(told, EDITION, "zh")
    (table,) = sheet.tables
    assert column(table, "rank_without_veto") == [1, 1]
    assert column(table, "pending") == ["CG", ""]
    assert any("水院社区 被一票否决" in note for note in sheet.notes)
    assert any("不能公布" in note for note in sheet.notes)
    assert any("1 条记录未计入" in note for note in sheet.notes)
    assert sheet.title.endswith("暂定")


def test_the_receipt_stands_on_the_sheet() -> None:
    told = dict(ranking_sheet(assessment(standing("ziyuan", 1, 98)), EDITION, "en").meta)
    assert told["rulebook"] == BOOK.id
    assert told["its hash"] == "abcdef012345"
    assert told["known at"] == "2020-04-01 12:00"
    assert told["duties up to"] == "2020-04-02"
    assert told["readings"] == "R03=clip"


def test_with_items_the_ranking_has_a_column_for_each_of_them() -> None:
    table = ranking_table(assessment(standing("ziyuan", 1, 98)), EDITION, "zh", items=True)
    keys = [c.key for c in table.columns]
    assert len(set(keys)) == len(keys)
    assert {i.id for i in BOOK.items()} <= set(keys)
    assert column(table, "CG") == [Fraction(29, 5)]


def test_a_detail_sheet_has_items_with_their_states_and_the_entries_behind_them() -> None:
    one = standing("ziyuan", 1, 98, pending=True)
    sheet = subject_sheet(assessment(one), one, EDITION, EVENTS, "zh")
    items, entries = sheet.tables
    assert column(items, "state") == ["待定：没有文件 p。", ""]
    assert column(items, "department") == ["城市管理办", "百分之外"]
    assert column(entries, "clause") == ["CG-A1"]
    assert column(entries, "entry_points") == [Fraction(-1, 5)]
    assert column(entries, "note") == ["=1"]
    assert ("名次", "第 1 名（共 1 个）") in sheet.meta


def test_events_that_do_not_count_are_listed_with_the_reason_in_words() -> None:
    table = not_counted_table(assessment(standing("ziyuan", 1, 98), not_counted=1), EVENTS, "zh")
    assert table.rows == (("e1", "2020-03-01", "梓园社区", "JF-1", "已申报，未审核", "=1"),)


def test_the_overview_shows_the_first_rows_and_says_how_many_there_are() -> None:
    sheet = overview_sheet(assessment(standing("ziyuan", 1, 98), not_counted=15), EDITION, EVENTS, "zh")
    _, warnings, left_out = sheet.tables
    assert len(warnings.rows) == 1
    assert len(left_out.rows) == MOST_ROWS
    assert "共 15 条" in left_out.title


def test_entries_of_several_subjects_stand_in_one_table() -> None:
    two = (standing("ziyuan", 1, 98), standing("shuiyuan", 2, 97))
    assert column(entries_table(two, {}, "en"), "subject") == ["梓园社区", "水院社区"]


def test_readings_say_which_wording_is_in_force() -> None:
    clip = read_rulebook(find_rulebook("houjiatang-2020"), readings={"R03": "clip"})
    (as_written,) = readings_table(EDITION, "zh", ["R03"]).rows
    (clipped,) = readings_table(clip, "zh", ["R03"]).rows
    assert as_written[3] != clipped[3]
    assert "7" in str(clipped[3])
    assert len(readings_table(EDITION, "zh").rows) == 30


@pytest.mark.parametrize(
    ("span", "zh"),
    [
        (Span.month(2020, 3), "2020年3月"),
        (Span.parse("2020-Q1"), "2020年第1季度"),
        (Span.through(2020, 6), "2020年1月至6月"),
        (Span.whole(2020), "2020年度"),
    ],
)
def test_spans_are_called_what_people_call_them(span: Span, zh: str) -> None:
    assert span_words(span, "zh") == zh


def test_a_rulebook_sheet_has_every_clause_once() -> None:
    sheet = rulebook_sheet(EDITION, "zh")
    shown = [str(row[0]).strip() for table in sheet.tables for row in table.rows]
    for clause in BOOK.clauses():
        assert shown.count(clause.id) == (2 if clause.id in {i.id for i in BOOK.items()} else 1)


def test_every_clause_can_be_shown_in_both_languages() -> None:
    for clause in BOOK.clauses():
        for lang in ("zh", "en"):
            assert clause.text in str(clause_sheet(EDITION, clause.id, lang).tables[0].rows)


def test_methods_are_told_with_the_parameters_of_the_file() -> None:
    clauses = {clause.id: clause for clause in BOOK.clauses()}
    assert method_words(clauses["CG-A1"], "zh") == "逐次 unit=次 deduct=0.2"
    assert "parts={日常: 0.7, 社区测评: 0.15, 书记测评: 0.15}" in method_words(clauses["DJ-1"], "en")


@pytest.mark.parametrize(
    ("clause", "zh", "en"),
    [
        ("CG-A2", "每条扣 0.5 分；同一事项只计一次", "0.5 points off each time (条); one matter counts once"),
        ("CG-B1", "≥80% 不扣分；≥50% <80% 扣0.05分；<50% 扣0.1分；每月评一次", ""),
        ("WY-4", "按级别或情形：市扣 0.5 分、区扣 0.2 分；同一事项只计一次", ""),
        ("DJ-4", "每月至少 2 篇；每少 1 篇扣 0.1 分", ""),
        ("CW-2", "次月 15 日前交，逾期扣 0.1 分；注明“有故”的不扣", ""),
    ],
)
def test_methods_are_told_as_the_sentence_says_them(clause: str, zh: str, en: str) -> None:
    """Beside the sentences of the document: 每条扣0.5分, 每季..., 未达到80%，扣0.05分，未达到50%，扣0.1分."""
    found = BOOK.clause_by_id[clause]
    assert method_told(found, "zh") == zh
    assert not en or method_told(found, "en") == en


def test_every_method_is_told_without_the_names_of_parameters() -> None:
    for clause in BOOK.clauses():
        for lang in ("zh", "en"):
            assert method_told(clause, lang)
            assert "=" not in method_told(clause, lang).replace("≥", "")


def test_the_list_of_rulebooks_counts_subjects_and_clauses() -> None:
    (row,) = rulebooks_table({"x": EDITION}, "zh").rows
    assert row[2:4] == ("扣分考核", f"{EDITION.rulebook.valid_from} … {EDITION.rulebook.valid_to}")
    assert row[4] == 12
    assert row[5] == sum(1 for _ in BOOK.clauses())


def test_a_share_of_nothing_is_nothing() -> None:
    assert percent(0, 0) == 0
    assert percent(1, 3) == Fraction(3333, 100)
