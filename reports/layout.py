"""How a table fits a width: the size of its letters, which columns stay, how wide each is; alike in every format."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from rich.cells import cell_len

from reports.sheet import Kind, Table

SIZES = (10.5, 9.0, 8.0, 7.0, 6.0)
"""Sizes of letters in points that are tried, the largest first."""
CJK, NARROW, WIDE = 100, 58, 78  # hundredths of an em: a Chinese character, a Latin one, a Latin capital
_PAD = 6.6  # points that a cell keeps free beside its text
_TEXT_LEAST = 500  # a text column is not squeezed under five characters
_HEAD_LINES = 3
_FEW = 6  # columns under which there is room for heads of two lines
_LONG_WORD = 800
_ROWS_TRIED = 60


@dataclass(frozen=True, kw_only=True)
class Layout:
    """The size of the letters, the columns that stay by their places, and their widths, in points."""

    size: float
    kept: tuple[int, ...]
    widths: tuple[float, ...]


@lru_cache(maxsize=65536)
def width(words: str) -> int:
    """Return how wide a text is on one line, in hundredths of an em."""
    if words.isascii():
        return sum(WIDE if c.isupper() or c in "%@mw" else NARROW for c in words)
    return sum(CJK if cell_len(c) > 1 or ord(c) > 0x2000 else WIDE if c.isupper() else NARROW for c in words)  # noqa: PLR2004


def _longest(words: str) -> int:
    """Return how wide the longest part is that no line may break."""
    parts = "".join(c if c.isascii() and c != " " else " " for c in words).split()
    return min(max((width(part) for part in parts), default=0), _LONG_WORD)


def _needs(table: Table, index: int) -> tuple[int, int]:
    """Return the natural and the least width of a column."""
    column = table.columns[index]
    cells = {column.words(row[index]) for row in table.rows}
    natural = max((width(line) for words in cells for line in words.split("\n")), default=0)
    head = width(column.title)
    if column.kind is not Kind.TEXT:
        lines = _HEAD_LINES if len(table.columns) > _FEW else 2
        least = max(natural, -(-head // lines) if head > 3 * CJK else min(head, 2 * CJK), _longest(column.title))
        return max(least, min(head, 4 * CJK)), least
    natural = max(natural, head, column.share * CJK)
    word = max((_longest(words) for words in cells), default=0)
    return natural, min(natural, max(_TEXT_LEAST, word, min(head, 2 * CJK)))


def fit(table: Table, room: float, sizes: Sequence[float] = SIZES) -> Layout:
    """Return how a table stands in `room` points: smaller letters first, then fewer columns, then squeezed text."""
    needs = [_needs(table, i) for i in range(len(table.columns))]
    kept = list(range(len(table.columns)))
    for size in sizes:
        if _fits([needs[i][1] for i in kept], room, size):
            return _spread(table, kept, needs, room, size)
    size = sizes[-1]
    while not _fits([needs[i][1] for i in kept], room, size) and any(table.columns[i].drop for i in kept):
        kept.remove(max((i for i in kept if table.columns[i].drop), key=lambda i: (table.columns[i].drop, i)))
    return _spread(table, kept, needs, room, size)


def lines(table: Table, row: int, layout: Layout) -> int:
    """Return about how many lines a row of a table has that is laid out so; its columns are those that stay."""
    most = 1
    for column, cell, wide in zip(table.columns, table.rows[row], layout.widths, strict=True):
        if isinstance(cell, str) and not column.merged:
            room = max(int((wide - _PAD) * 100 / layout.size), CJK)
            most = max(most, sum(-(-width(part) // room) or 1 for part in cell.split("\n")))
    return most


def _fits(least: Sequence[int], room: float, size: float) -> bool:
    return sum(least) * size / 100 + _PAD * len(least) <= room


def _spread(table: Table, kept: Sequence[int], needs: Sequence[tuple[int, int]], room: float, size: float) -> Layout:
    free = int((room - _PAD * len(kept)) * 100 / size)
    kinds = [table.columns[i].kind for i in kept]
    natural, least = [needs[i][0] for i in kept], [needs[i][1] for i in kept]
    if sum(least) > free:  # nothing more may go: text is squeezed
        least = [min(n, 2 * CJK) if kind is Kind.TEXT else n for n, kind in zip(least, kinds, strict=True)]
    given = natural if sum(natural) <= free else _lowest(table, kept, natural, least, free)
    over = free - sum(given)
    if over > 0:  # the table fills the width, and wide columns get more of what is left
        given = [g + over * g // sum(given) for g in given]
    return Layout(size=size, kept=tuple(kept), widths=tuple(round(g * size / 100 + _PAD, 2) for g in given))


def _lowest(table: Table, kept: Sequence[int], natural: Sequence[int], least: Sequence[int], free: int) -> list[int]:
    """Return widths under which the rows of a table are low: what is free goes, em by em, where it saves most lines."""
    step = -(-len(table.rows) // _ROWS_TRIED) or 1
    sizes = [np.array(_sizes(table, i)[::step], dtype=np.int64) for i in kept]
    given = list(least)
    stack = np.array([_lines(column, w) for column, w in zip(sizes, given, strict=True)])
    while (rest := free - sum(given)) > 0:
        loose = [k for k in range(len(kept)) if given[k] < natural[k]]
        if not loose:
            break
        tried = {k: _lines(sizes[k], given[k] + min(CJK, rest)) for k in loose}
        low = {k: stack[[j for j in range(len(kept)) if j != k]].max(axis=0, initial=0) for k in loose}
        best = min(loose, key=lambda k: (int(np.maximum(low[k], tried[k]).sum()), *_left(stack[k], tried[k])))
        given[best] += min(CJK, rest)
        stack[best] = tried[best]
    return given


def _left(now: NDArray[np.int64], tried: NDArray[np.int64]) -> tuple[int, int]:
    """Return what decides between columns that make a table equally low: lines of the column saved, then had."""
    return int(tried.sum() - now.sum()), -int(tried.sum())


def _sizes(table: Table, index: int) -> list[int]:
    """Return how wide the cells of a column are on one line; one over several rows is shared by them."""
    column = table.columns[index]
    sizes = [width(column.words(row[index])) for row in table.rows]
    if column.merged:
        for first, count in table.runs(index):
            sizes[first : first + count] = [sizes[first] // count] * count
    return sizes


def _lines(sizes: NDArray[np.int64], room: int) -> NDArray[np.int64]:
    return np.maximum(-(-sizes // max(room, 1)), 1)
