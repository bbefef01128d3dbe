"""Sheets on a terminal, wide or narrow: tables whose numbers stand under each other at the decimal point."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from rich import box
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table as RichTable
from rich.text import Text

from appraisal.errors import Lang, text
from appraisal.model.exact import show
from reports.sheet import Cell, Kind, Sheet, Table

if TYPE_CHECKING:
    from typing import TextIO

PIPE_WIDTH = 120  # what a pipe or file gets when COLUMNS says nothing
_WRAPS_AT = 18  # a text column may be squeezed to this width before columns are left out
_BETWEEN = 2


def console(stream: TextIO | None = None, *, width: int | None = None) -> Console:
    """Return a console for this stream: as wide as the terminal, and without colour where there is none."""
    out = stream or sys.stdout
    fallback = (PIPE_WIDTH, 24)
    wide = width or (
        int(os.environ.get("COLUMNS") or 0)
        or (shutil.get_terminal_size(fallback).columns if out.isatty() else PIPE_WIDTH)
    )
    return Console(file=out, width=max(wide, 40), highlight=False, soft_wrap=False, emoji=False)


def write_sheet(sheet: Sheet, to: Console, lang: Lang) -> None:
    """Write a sheet: title, origin, tables, notes."""
    to.print(Text(sheet.title, style="bold"))
    if sheet.meta:
        to.print(Text("  ".join(f"{label} {value}" for label, value in sheet.meta), style="dim"))
    for table in sheet.tables:
        to.print()
        _write_table(table, to, lang)
    if sheet.notes:
        to.print()
    for note in sheet.notes:
        to.print(Text(f"· {note}"))


def _write_table(table: Table, to: Console, lang: Lang) -> None:
    columns = [_cells(table, i) for i in range(len(table.columns))]
    shown = _fitting(table, columns, to.width)
    grid = RichTable(
        box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1), title_justify="left", title_style="bold"
    )
    grid.title = table.title or None
    for i in shown:
        column = table.columns[i]
        is_text = column.kind is Kind.TEXT
        grid.add_column(
            Text(column.title), justify="left" if is_text else "right", no_wrap=not is_text, overflow="fold"
        )
    for r in range(len(table.rows)):
        grid.add_row(*(Text(columns[i][r]) for i in shown), style="bold" if r in table.strong else None)
    to.print(grid)
    if len(shown) < len(table.columns):
        left_out = len(table.columns) - len(shown)
        to.print(Text(text("columns_left_out", lang, number=str(left_out)), style="dim"))


def _cells(table: Table, index: int) -> list[str]:
    """Return a column's cells as text; numbers padded so that their decimal points stand under each other."""
    kind = table.columns[index].kind
    shown = [_plain(row[index]) for row in table.rows]
    if kind is not Kind.NUMBER:
        return shown
    after = [len(s.partition(".")[2]) + (1 if "." in s else 0) for s in shown]
    longest = max(after, default=0)
    return [s + " " * (longest - n) if s else s for s, n in zip(shown, after, strict=True)]


def _plain(cell: Cell) -> str:
    if cell is None:
        return ""
    return show(cell) if isinstance(cell, Fraction) else str(cell)


def _fitting(table: Table, cells: Sequence[Sequence[str]], width: int) -> list[int]:
    """Return the columns that fit, leaving out those with the highest `drop` first, from the right."""
    needs = []
    for column, shown in zip(table.columns, cells, strict=True):
        widest = max([cell_len(column.title), *map(cell_len, shown)])
        needs.append(min(widest, _WRAPS_AT) if column.kind is Kind.TEXT else widest)
    kept = list(range(len(table.columns)))
    while sum(needs[i] + _BETWEEN for i in kept) > width:
        droppable = [i for i in kept if table.columns[i].drop]
        if not droppable:
            break
        kept.remove(max(droppable, key=lambda i: (table.columns[i].drop, i)))
    return kept
