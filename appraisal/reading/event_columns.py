"""The columns of an event table and every header that names them: the one place where the words stand."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property

FREE = "x_"


@dataclass(frozen=True)
class Column:
    """A column: its English name, its Chinese name, and further headers that mean the same."""

    name: str
    zh: str
    also: tuple[str, ...] = ()


COLUMNS = (
    Column("id", "编号"),
    Column("date", "日期"),
    Column("period", "所属期"),
    Column("subject", "社区", ("单位", "社区/单位")),
    Column("clause", "条款"),
    Column("kind", "类型"),
    Column("count", "数量"),
    Column("level", "级别", ("情形", "级别/情形")),
    Column("value", "数值"),
    Column("benchmark", "对照值"),
    Column("part", "分项"),
    Column("matter", "事项"),
    Column("status", "状态"),
    Column("note", "备注"),
    Column("recorded", "记录时间"),
    Column("counters", "冲销"),
    Column("derived_from", "来源线索"),
)


@dataclass(frozen=True)
class Need:
    """Columns of which a file must have one; `shown` are those that the message names."""

    any_of: tuple[str, ...]
    shown: tuple[str, ...] = ()


@dataclass(frozen=True)
class Form:
    """The columns of a kind of input file; `open_`: a header that is none of them is kept as a free column."""

    columns: tuple[Column, ...]
    needs: tuple[Need, ...]
    open_: bool = False

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The English names in order."""
        return tuple(column.name for column in self.columns)

    @cached_property
    def titles(self) -> Mapping[str, str]:
        """The Chinese names by the English ones."""
        return {column.name: column.zh for column in self.columns}

    @cached_property
    def words(self) -> Mapping[str, str]:
        """Every header with the column that it names."""
        return {_plain(word): c.name for c in self.columns for word in (c.name, c.zh, *c.also)}

    @cached_property
    def headers(self) -> tuple[str, ...]:
        """Every header as people are told it."""
        words = dict.fromkeys(word for c in self.columns for word in (c.name, c.zh, *c.also))
        return tuple(word for word in words if "/" not in word)

    def column_of(self, header: str) -> str | None:
        """Return the column that a header names: a known one, or a free one (`x_…`); None if unknown."""
        plain = _plain(header)
        if plain.startswith(FREE) and len(plain) > len(FREE):
            return plain
        return self.words.get(plain) or (header if self.open_ else None)

    def lacks(self, have: Collection[str]) -> list[str]:
        """Return the columns that are missing, as people are told them."""
        return [
            " / ".join(f"{self.titles[name]} ({name})" for name in need.shown or need.any_of)
            for need in self.needs
            if not set(have).intersection(need.any_of)
        ]


def _plain(header: str) -> str:
    return "".join(unicodedata.normalize("NFKC", header).split()).casefold()


EVENTS = Form(
    COLUMNS,
    needs=(
        Need(("id",)),
        Need(("date",)),
        Need(("clause", "kind", "counters"), shown=("clause", "kind")),
        Need(("subject", "counters"), shown=("subject",)),
    ),
)
NAMES, TITLES, column_of, column_words = EVENTS.names, EVENTS.titles, EVENTS.column_of, EVENTS.words
GENERAL = tuple(column for column in COLUMNS if column.name in {
    "id", "date", "period", "status", "note", "recorded", "counters"
})  # fmt: skip
"""The columns that the files of every family may have."""
