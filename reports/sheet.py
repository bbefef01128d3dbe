"""A sheet before it has a format: what it is called, how it came about, what stands on it.

Sheet ── name, title, meta (label, value), notes, paper, letter
├── Table ── title, columns, rows
│   └── Column ── title, key, kind, group (a head over neighbours), merged, drop
└── Section ── title, body: in this order paragraphs, tables, figures, sections
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise

from appraisal.model.exact import show
from reports.figures import Figure

Cell = str | int | Fraction | float | None


class Kind(StrEnum):
    """What the cells of a column are."""

    TEXT = "text"
    NUMBER = "number"
    WHOLE = "whole"


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column of a table: its title for people, its key for programs.

    Where room is short the columns with the highest `drop` go first; 0 never goes. Neighbours of one `group` share a
    head above theirs. `merged`: equal cells below each other are set as one. `share` is how wide it is on paper beside
    the others; 0 leaves that to the writer. `places` is how many decimals a float shows; exact numbers show all theirs.
    """

    title: str
    kind: Kind = Kind.TEXT
    drop: int = 0
    key: str = ""
    group: str = ""
    merged: bool = False
    share: int = 0
    places: int = 3

    def words(self, cell: Cell) -> str:
        """Return a cell as it reads, the same in every format; nothing for None."""
        if cell is None:
            return ""
        if isinstance(cell, Fraction):
            return show(cell)
        if isinstance(cell, float):
            shown = f"{cell:.{self.places}f}"
            return shown.removeprefix("-") if float(shown) == 0 else shown
        return str(cell)


@dataclass(frozen=True, kw_only=True)
class Table:
    """Rows of typed cells; the rows in `strong` stand out."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    title: str = ""
    strong: frozenset[int] = frozenset()
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a row that has not one cell for each column."""
        for row in self.rows:
            if len(row) != len(self.columns):
                raise ValueError(f"{len(row)} cells for {len(self.columns)} columns: {row}")

    def heads(self) -> tuple[tuple[str, int], ...]:
        """Return the heads above the columns' own, each with how many columns it covers; none without groups."""
        if not any(column.group for column in self.columns):
            return ()
        found: list[tuple[str, int]] = []
        for column in self.columns:
            if found and column.group and found[-1][0] == column.group:
                found[-1] = (column.group, found[-1][1] + 1)
            else:
                found.append((column.group, 1))
        return tuple(found)

    def runs(self, index: int) -> Iterator[tuple[int, int]]:
        """Yield first row and number of rows of what is set as one cell; never across a merged one to its left."""
        breaks = {0, len(self.rows)}
        for left in [i for i in range(index + 1) if self.columns[i].merged]:
            breaks |= {r for r in range(1, len(self.rows)) if self.rows[r][left] != self.rows[r - 1][left]}
        edges = sorted(breaks) if self.columns[index].merged else list(range(len(self.rows) + 1))
        yield from ((first, after - first) for first, after in pairwise(edges))


@dataclass(frozen=True, kw_only=True)
class Section:
    """A part with a heading of its own: paragraphs, tables, figures and further sections as they follow each other."""

    title: str
    body: tuple[str | Table | Figure | Section, ...] = ()
    new_page: bool = False


@dataclass(frozen=True, kw_only=True)
class Letter:
    """What makes a sheet an official letter (公文): who issues it to whom, its number, who signed it and when."""

    issuer: str
    number: str = ""
    signer: str = ""
    to: str = ""
    closing: str = ""
    signed: str = ""
    author: str = ""
    annexes: tuple[str, ...] = ()
    copies: str = ""


@dataclass(frozen=True, kw_only=True)
class Paper:
    """How a sheet is set on paper; A4 always. `mark` is written across every page, such as 初稿."""

    landscape: bool = False
    mark: str = ""
    code: Figure | None = None


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """What people read or take away: a title, a line about its origin, paragraphs, tables, sections and notes."""

    name: str
    title: str
    subtitle: str = ""
    annex: str = ""
    meta: tuple[tuple[str, str], ...] = ()
    opening: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()
    sections: tuple[Section, ...] = ()
    notes: tuple[str, ...] = ()
    paper: Paper = Paper()
    letter: Letter | None = None

    def all_tables(self) -> Iterator[Table]:
        """Yield every table as it comes, those of sections after the sheet's own."""
        yield from self.tables
        yield from (block for section in self.sections for block in blocks(section) if isinstance(block, Table))


def blocks(section: Section) -> Iterator[str | Table | Figure]:
    """Yield what stands in a section and in those below it, as it comes."""
    for block in section.body:
        if isinstance(block, Section):
            yield from blocks(block)
        else:
            yield block
