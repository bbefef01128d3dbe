"""A sheet before it has a format: what it is called, how it came about, its tables, and what is said below them.

Sheet ── name, title, meta (label, value), notes
└── Table ── title, columns, rows
    └── Column ── title, key, kind, drop
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

Cell = str | int | Fraction | None


class Kind(StrEnum):
    """What the cells of a column are."""

    TEXT = "text"
    NUMBER = "number"
    WHOLE = "whole"


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column of a table: its title for people, its key for programs.

    Where room is short the columns with the highest `drop` go first; 0 never goes.
    """

    title: str
    kind: Kind = Kind.TEXT
    drop: int = 0
    key: str = ""


@dataclass(frozen=True, kw_only=True)
class Table:
    """Rows of typed cells; the rows in `strong` stand out."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    title: str = ""
    strong: frozenset[int] = frozenset()

    def __post_init__(self) -> None:
        """Refuse a row that has not one cell for each column."""
        for row in self.rows:
            if len(row) != len(self.columns):
                raise ValueError(f"{len(row)} cells for {len(self.columns)} columns: {row}")


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """What people read or take away: a title, a line about its origin, tables and notes."""

    name: str
    title: str
    meta: tuple[tuple[str, str], ...] = ()
    tables: tuple[Table, ...] = ()
    notes: tuple[str, ...] = ()
