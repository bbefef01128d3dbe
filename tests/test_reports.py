"""Reports: sheets and their writers. Expected figures are written beside the assessment made here by hand."""

from __future__ import annotations

import csv as csv_module
import io
import json as json_module
import os
from collections.abc import Callable
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

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
    Swallowed,
    Warn,
)
from reports.csv import BYTE_ORDER_MARK, csv_text, plain
from reports.json import assessment_json, dumps, number
from reports.sheet import Column, Kind, Sheet, Table
from reports.terminal import console, write_sheet
from reports.wrapping import fold, shares

# 梓园: CG 6 − 0.5 − 4 + 0.5 (cap) = 2; WG not yet judged: 0; total 2. 水院: a seventh, without finite decimal.
SAY = Say("C034", {"path": "p"})


def made() -> Assessment:
    swallowed = Swallowed(event="e9", clause="CG-A2", points=Fraction(1, 2), of=Fraction(1, 2))
    entries = (
        Entry(
            clause="CG-A1",
            kind=EntryKind.CLAUSE,
            points=Fraction(-1, 2),
            reason=SAY,
            events=("e1",),
            counted=Fraction(-1, 2),
        ),
        Entry(
            clause="CG-A2",
            kind=EntryKind.CLAUSE,
            points=Fraction(-4),
            reason=SAY,
            events=("e2", "e9"),
            counted=Fraction(-7, 2),
        ),
        Entry(
            clause="CG-A",
            kind=EntryKind.CAP,
            points=Fraction(1, 2),
            reason=SAY,
            events=("e9",),
            used_up_by="e2",
            swallowed=(swallowed,),
        ),
    )
    cg = ItemScore(
        id="CG",
        name="城市管理",
        points=Fraction(6),
        base=Fraction(6),
        score=Fraction(2),
        state=State.ASSESSED,
        entries=entries,
    )
    wg = ItemScore(
        id="WG",
        name="网格化",
        points=Fraction(4),
        base=Fraction(0),
        score=Fraction(0),
        state=State.PENDING,
        reasons=(SAY, SAY),
    )
    department = DepartmentScore(id="城管办", points=Fraction(10), score=Fraction(2))
    first = Standing(
        subject="ziyuan", name="梓园社区", rank=1, rank_without_veto=1, total=Fraction(2), provisional=True,
        departments=(department,), items=(cg, wg),
    )  # fmt: skip
    second = Standing(
        subject="shuiyuan", name="水院社区", rank=2, rank_without_veto=1, total=Fraction(1, 7), provisional=False,
        departments=(), items=(), vetoed=True,
    )  # fmt: skip
    return Assessment(
        rulebook="r", rulebook_hash="sha256:00", engine="1", span=Span.month(2020, 3),
        input_hash="sha256:11", known=None,
        day=None, provisional=True, standings=(first, second), warnings=(Warn(code="W001", say=SAY, events=("e1",)),),
        not_counted=(NotCounted(event="e7", reason="declared"),),
    )  # fmt: skip


def test_the_json_has_every_key_of_the_fixed_form() -> None:
    document = assessment_json(made())
    fixed = {"rulebook", "rulebook_hash", "engine", "period", "input_hash", "known", "day", "provisional", "warnings"}
    assert fixed | {"not_counted", "standings"} <= set(document)
    assert document["period"] == "2020-03"
    assert document["known"] is None
    assert document["day"] is None
    assert document["not_counted"] == [{"event": "e7", "reason": "declared"}]
    assert {"code", "message", "events"} <= set(document["warnings"][0])
    standing = document["standings"][0]
    assert {"subject", "rank", "rank_without_veto", "total", "grade", "provisional", "departments", "items"} <= set(
        standing
    )
    assert standing["grade"] is None
    assert standing["departments"] == [{"id": "城管办", "points": "10", "score": "2"}]
    item = standing["items"][0]
    assert {"id", "name", "points", "base", "score", "state", "entries"} <= set(item)
    assert {"clause", "events", "points", "reason"} <= set(item["entries"][0])


def test_only_an_item_that_was_not_judged_carries_a_reason() -> None:
    judged, pending = assessment_json(made())["standings"][0]["items"]
    assert "reason" not in judged
    assert pending["state"] == "pending"
    assert pending["reason"] == "没有文件 p。；没有文件 p。"


def test_in_the_json_base_and_entries_add_up_to_the_score() -> None:
    item = assessment_json(made())["standings"][0]["items"][0]
    assert Fraction(item["base"]) + sum(Fraction(e["points"]) for e in item["entries"]) == Fraction(item["score"]) == 2


def test_a_value_without_finite_decimal_has_its_fraction_beside_it() -> None:
    # 1/7 = 0.142857142…, half-up to six decimals 0.142857
    assert number("total", Fraction(1, 7)) == {"total": "0.142857", "total_exact": "1/7"}
    assert number("total", Fraction(3, 2)) == {"total": "1.5"}
    assert assessment_json(made())["standings"][1]["total_exact"] == "1/7"


def test_equal_assessments_give_equal_bytes_and_one_document() -> None:
    assert dumps(assessment_json(made())) == dumps(assessment_json(made()))
    assert json_module.loads(dumps(assessment_json(made())))["standings"][0]["subject"] == "梓园社区"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_text_that_a_spreadsheet_would_run_is_neutralised(text: str) -> None:
    assert plain(text, Column(title="")) == f"'{text}"


def test_numbers_stay_numbers_in_csv() -> None:
    column = Column(title="", kind=Kind.NUMBER, places=2)
    assert plain(Fraction(-1, 2), column) == "-0.5"
    assert plain(-3, column) == "-3"
    assert plain(-1.005, column) == "-1.00"
    assert plain(None, column) == ""


@given(st.lists(st.tuples(st.text(), st.fractions(max_denominator=8)), max_size=5))
def test_what_is_written_as_csv_can_be_read_back(rows: list[tuple[str, Fraction]]) -> None:
    table = Table(columns=(Column(title="甲"), Column(title="乙", kind=Kind.NUMBER)), rows=tuple(rows))
    text = csv_text(table)
    assert text.startswith(BYTE_ORDER_MARK)
    back = list(csv_module.reader(io.StringIO(text.removeprefix(BYTE_ORDER_MARK), newline="")))
    assert back[0] == ["甲", "乙"]
    assert [row[0].removeprefix("'") for row in back[1:]] == [row[0].removeprefix("'") for row in rows]
    assert len(back) == len(rows) + 1


def shown(table: Table, width: int) -> list[str]:
    out = io.StringIO()
    write_sheet(Sheet(name="n", title="题", tables=(table,)), console(out, width=width), "zh")
    return out.getvalue().splitlines()


WIDE = Table(
    columns=(
        Column(title="名次", kind=Kind.WHOLE),
        Column(title="社区"),
        Column(title="得分", kind=Kind.NUMBER),
        *(Column(title=f"部门名称很长{n}", kind=Kind.NUMBER, drop=2) for n in range(9)),
    ),
    rows=((1, "梓园社区", Fraction(393, 4), *[Fraction(7, 2)] * 9), (2, "水院社区", Fraction(7), *[Fraction(20)] * 9)),
)


@pytest.mark.parametrize("width", [40, 60, 80, 100, 140, 200])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    assert max(cell_len(line) for line in shown(WIDE, width)) <= width


def test_a_narrow_terminal_keeps_rank_name_and_total_and_says_what_it_left_out() -> None:
    lines = shown(WIDE, 50)
    assert any("98.25" in line and "梓园社区" in line for line in lines)
    assert any("略去" in line for line in lines)
    assert not any("略去" in line for line in shown(WIDE, 200))


def test_decimal_points_stand_under_each_other() -> None:
    table = Table(columns=(Column(title="分", kind=Kind.NUMBER),), rows=tuple((Fraction(n, 4),) for n in (393, 28, 2)))
    first, second, third = shown(table, 40)[-3:]
    assert first.index(".") == third.index(".") == second.index("7") + 1


def test_a_row_needs_a_cell_for_each_column() -> None:
    with pytest.raises(ValueError, match="2 cells for 1"):
        Table(columns=(Column(title="甲"),), rows=(("a", "b"),))


@given(st.text(alphabet="扣分，。；（）0123456789.%abc ", max_size=60), st.integers(min_value=8, max_value=40))
def test_folding_loses_nothing_but_spaces_and_keeps_the_width(text: str, width: int) -> None:
    lines = fold(text, width)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(cell_len(line.rstrip()) <= width for line in lines)


def test_folding_splits_no_number_and_begins_no_line_with_a_full_stop() -> None:
    assert fold("每次扣0.25分。每次扣12.5分。", 10) == ["每次扣0.25", "分。每次扣", "12.5分。"]
    assert fold("一二三四五。六", 10) == ["一二三四", "五。六"]


@given(
    st.lists(st.integers(min_value=1, max_value=60), min_size=1, max_size=8), st.integers(min_value=1, max_value=200)
)
def test_columns_share_the_room_and_never_get_less_than_their_least(natural: list[int], room: int) -> None:
    least = [min(n, 5) for n in natural]
    given_widths = shares(natural, least, room)
    assert all(lo <= w <= n for lo, w, n in zip(least, given_widths, natural, strict=True))
    assert sum(given_widths) <= max(room, sum(least))
    if sum(natural) <= room:
        assert given_widths == natural


def test_a_pipe_is_wide_enough_and_columns_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    read, write = os.pipe()
    opened: Callable[..., io.TextIOWrapper] = os.fdopen
    with opened(write, "w") as pipe:
        assert console(pipe).width == 120
        monkeypatch.setenv("COLUMNS", "80")
        assert console(pipe).width == 80
    os.close(read)
