"""A sheet before it has a format: how cells read, merged heads and cells, sections in order."""

from __future__ import annotations

import io
from fractions import Fraction

import pytest

from reports.figures import Bar, Bars, HeatMap
from reports.sheet import Column, Kind, Section, Sheet, Table
from reports.terminal import console, write_sheet


def test_a_cell_reads_alike_everywhere_exact_numbers_with_all_their_digits() -> None:
    column = Column(title="", kind=Kind.NUMBER, places=2)
    assert column.words(Fraction(197, 2)) == "98.5"
    assert column.words(Fraction(1, 14)) == "0.071429"  # 1/14 = 0.0714285…, half-up to six decimals
    assert column.words(0.125) == "0.12"  # a float is cut to its places, ties to even as IEEE prints them
    assert column.words(-0.001) == "0.00"  # no minus before nothing
    assert column.words(None) == ""


def test_neighbours_of_one_group_share_a_head() -> None:
    names = (("社区", ""), ("一月", "得分"), ("二月", "得分"), ("名次", ""), ("三月", "得分"))
    table = Table(columns=tuple(Column(title=title, group=group) for title, group in names), rows=())
    assert table.heads() == (("", 1), ("得分", 2), ("", 1), ("得分", 1))
    assert Table(columns=(Column(title="a"), Column(title="b")), rows=()).heads() == ()


def test_equal_cells_below_each_other_are_one_but_never_across_the_cell_to_their_left() -> None:
    merged = (Column(title="部门", merged=True), Column(title="项目", merged=True), Column(title="分"))
    rows = (("甲", "同", 1), ("甲", "同", 2), ("乙", "同", 3), ("乙", "异", 4))
    table = Table(columns=merged, rows=rows)
    assert list(table.runs(0)) == [(0, 2), (2, 2)]
    assert list(table.runs(1)) == [(0, 2), (2, 1), (3, 1)]
    assert list(table.runs(2)) == [(0, 1), (1, 1), (2, 1), (3, 1)]


def test_a_heat_map_that_is_not_rectangular_is_refused() -> None:
    with pytest.raises(ValueError, match="do not fit"):
        HeatMap(title="", rows=("a",), columns=("x", "y"), values=((1.0,),), low=(0.0, 0.0), high=(1.0, 1.0))


def test_sections_are_told_in_their_order_and_figures_are_named() -> None:
    table = Table(title="表1", columns=(Column(title="x"),), rows=(("一格",),), notes=("注：示例",))
    inner = Section(title="（一）小节", body=("第二段", table))
    figure = Bars(title="图1", bars=(Bar(label="a", value=Fraction(1)),))
    sheet = Sheet(
        name="s", title="报告", opening=("导语",), sections=(Section(title="一、节", body=("第一段", inner, figure)),)
    )
    out = io.StringIO()
    write_sheet(sheet, console(out, width=60), "zh")
    told = out.getvalue()
    order = [
        told.index(word)
        for word in ("报告", "导语", "一、节", "第一段", "（一）小节", "第二段", "表1", "一格", "注：示例", "图1")
    ]
    assert order == sorted(order)
    assert list(sheet.all_tables()) == [table]
