"""How a table fits a width: numbers are never cut, text gives way, columns go last."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from reports.layout import SIZES, fit, width
from reports.sheet import Column, Kind, Table

TEXTS = st.text(alphabet="甲乙丙 abc-1。", max_size=60)


def table(texts: list[str], numbers: int) -> Table:
    columns = (Column(title="事由"), *(Column(title=f"第{n}项", kind=Kind.NUMBER, drop=n) for n in range(numbers)))
    return Table(columns=columns, rows=tuple((t, *(Fraction(n * 1234, 100) for n in range(numbers))) for t in texts))


@given(st.lists(TEXTS, min_size=1, max_size=8), st.integers(0, 12), st.floats(200, 760))
def test_a_table_never_runs_out_of_its_room_and_no_number_is_cut(texts: list[str], numbers: int, room: float) -> None:
    made = table(texts, numbers)
    layout = fit(made, room)
    assert layout.size in SIZES
    assert sum(layout.widths) <= room + len(layout.widths)
    for i, wide in zip(layout.kept, layout.widths, strict=True):
        if made.columns[i].kind is Kind.NUMBER:
            assert all(wide >= width(made.columns[i].words(row[i])) * layout.size / 100 for row in made.rows)


def test_letters_get_smaller_before_a_column_goes() -> None:
    assert fit(table(["短"], 3), 504).size == SIZES[0]
    assert fit(table(["短"], 12), 400).size < SIZES[0]
    assert len(fit(table(["短"], 12), 400).kept) == 13
    assert len(fit(table(["短"], 12), 200).kept) < 13


def test_room_goes_where_it_saves_lines() -> None:
    columns = (Column(title="编号"), Column(title="条款原文"))
    rows = tuple((f"e{n}", "每发现一处占道经营未在规定时限内整改到位的扣分" * 3) for n in range(9))
    narrow, broad = fit(Table(columns=columns, rows=rows), 300).widths
    assert broad > 4 * narrow
