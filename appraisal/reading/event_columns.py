"""The columns of an event table and every header that names them: the one place where the words stand."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

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
NAMES = tuple(c.name for c in COLUMNS)
TITLES: Mapping[str, str] = MappingProxyType({c.name: c.zh for c in COLUMNS})
column_words: Mapping[str, str] = MappingProxyType(
    {word: c.name for c in COLUMNS for word in (c.name, c.zh, *c.also)},
)
HEADERS = tuple(word for word in column_words if "/" not in word)


def template_columns() -> tuple[tuple[str, str], ...]:
    """Return the (English, Chinese) headers in the order of the documentation."""
    return tuple((c.name, c.zh) for c in COLUMNS)


def column_of(header: str) -> str | None:
    """Return the column that a header names: a known one, or a free one that begins with `x_`; None if unknown."""
    plain = "".join(unicodedata.normalize("NFKC", header).split()).casefold()
    if plain.startswith(FREE) and len(plain) > len(FREE):
        return plain
    return column_words.get(plain)
