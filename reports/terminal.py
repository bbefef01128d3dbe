"""Sheets on a terminal, wide or narrow: tables whose numbers stand under each other at the decimal point."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich import box
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table as RichTable
from rich.text import Text

from appraisal.errors import Lang, text
from reports.sheet import Column, Kind, Section, Sheet, Table
from reports.wrapping import fold, shares

if TYPE_CHECKING:
    from typing import TextIO

PIPE_WIDTH = 120  # what a pipe or file gets when COLUMNS says nothing
_WRAPS_AT = 18  # a text column may be squeezed to this width before columns are left out
_HEAD_FOLDS_AT = 8
_SQUEEZED = 4
_BETWEEN = 3  # what the grid puts between two columns


class _Terminal(Console):
    """A console that leaves a reader who went away to the program, which knows its exit status."""

    def on_broken_pipe(self) -> None:
        """Raise what the pipe raised."""
        raise BrokenPipeError


def console(stream: TextIO | None = None, *, width: int | None = None) -> Console:
    """Return a console for this stream: as wide as the terminal, and without colour where there is none."""
    out = stream or sys.stdout
    fallback = (PIPE_WIDTH, 24)
    wide = width or (
        int(os.environ.get("COLUMNS") or 0)
        or (shutil.get_terminal_size(fallback).columns if out.isatty() else PIPE_WIDTH)
    )
    return _Terminal(file=out, width=max(wide, 40), highlight=False, soft_wrap=False, emoji=False)


def write_sheet(sheet: Sheet, to: Console, lang: Lang) -> None:
    """Write a sheet: title, origin, paragraphs, tables, sections, notes."""
    to.print(Text(sheet.title, style="bold"))
    if sheet.meta:
        to.print(Text("  ".join(f"{label} {value}" for label, value in sheet.meta), style="dim"))
    for words in sheet.opening:
        _write_words(words, to)
    for table in sheet.tables:
        to.print()
        _write_table(table, to, lang)
    for section in sheet.sections:
        _write_section(section, to, lang)
    if sheet.notes:
        to.print()
    for note in sheet.notes:
        to.print(Text(f"· {note}"))


def _write_section(section: Section, to: Console, lang: Lang) -> None:
    to.print()
    to.print(Text(section.title, style="bold"))
    for block in section.body:
        if isinstance(block, str):
            _write_words(block, to)
        elif isinstance(block, Table):
            to.print()
            _write_table(block, to, lang)
        elif isinstance(block, Section):
            _write_section(block, to, lang)
        else:  # a figure is only named: its numbers stand in the tables
            to.print(Text(text("figure_named", lang, title=block.title), style="dim"))


def _write_words(words: str, to: Console) -> None:
    to.print(Text("\n".join(fold(words, to.width))))


def _write_table(table: Table, to: Console, lang: Lang) -> None:
    cells = [_cells(table, i) for i in range(len(table.columns))]
    heads = [
        _head(column, max(map(cell_len, shown), default=0)) for column, shown in zip(table.columns, cells, strict=True)
    ]
    tallest = max((len(h) for h in heads), default=0)
    heads = [[""] * (tallest - len(h)) + h for h in heads]
    natural = [max(map(cell_len, [*h, *c])) for h, c in zip(heads, cells, strict=True)]
    least = [min(n, _WRAPS_AT) if c.kind is Kind.TEXT else n for c, n in zip(table.columns, natural, strict=True)]
    shown = _fitting(table, least, to.width)
    room = to.width - _BETWEEN * (len(shown) - 1)
    if sum(least[i] for i in shown) > room:  # nothing more may go: squeeze what is left
        least = [min(n, _SQUEEZED) if c.kind is Kind.TEXT else n for c, n in zip(table.columns, natural, strict=True)]
    widths = shares([natural[i] for i in shown], [least[i] for i in shown], room)
    grid = RichTable(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1))
    for i, width in zip(shown, widths, strict=True):
        grid.add_column(Text("\n".join(_set(heads[i], table.columns[i], width))), width=width)
    for r in range(len(table.rows)):
        row = (_set(fold(cells[i][r], width), table.columns[i], width) for i, width in zip(shown, widths, strict=True))
        grid.add_row(*(Text("\n".join(lines)) for lines in row), style="bold" if r in table.strong else None)
    if table.title:
        to.print(Text(table.title, style="bold"))
    to.print(grid)
    for note in table.notes:
        to.print(Text(note, style="dim"))
    if len(shown) < len(table.columns):
        left_out = len(table.columns) - len(shown)
        to.print(Text(text("columns_left_out", lang, number=str(left_out)), style="dim"))


def _set(lines: Sequence[str], column: Column, width: int) -> list[str]:
    """Return lines as they stand in a column: numbers to the right, blanks that align decimal points kept."""
    return [line if column.kind is Kind.TEXT else " " * (width - cell_len(line)) + line for line in lines]


def _head(column: Column, widest: int) -> list[str]:
    """Return a column's title in lines: over numbers no wider than they need, so that many columns fit."""
    if column.kind is Kind.TEXT:
        return [column.title]
    title = cell_len(column.title)
    lines = -(-title // max(widest, _HEAD_FOLDS_AT))
    longest_word = max((cell_len(word) for word in column.title.split() if word.isascii()), default=0)
    return fold(column.title, max(widest, longest_word, -(-title // lines) + 1 if lines > 1 else title))


def _cells(table: Table, index: int) -> list[str]:
    """Return a column's cells as text; numbers padded so that their decimal points stand under each other."""
    kind = table.columns[index].kind
    shown = [table.columns[index].words(row[index]) for row in table.rows]
    if kind is not Kind.NUMBER:
        return shown
    after = [len(s.partition(".")[2]) + (1 if "." in s else 0) for s in shown]
    longest = max(after, default=0)
    return [s + " " * (longest - n) if s else s for s, n in zip(shown, after, strict=True)]


def _fitting(table: Table, needs: Sequence[int], width: int) -> list[int]:
    """Return the columns that fit, leaving out those with the highest `drop` first, from the right."""
    kept = list(range(len(table.columns)))
    while sum(needs[i] for i in kept) + _BETWEEN * (len(kept) - 1) > width:
        droppable = [i for i in kept if table.columns[i].drop]
        if not droppable:
            break
        kept.remove(max(droppable, key=lambda i: (table.columns[i].drop, i)))
    return kept
