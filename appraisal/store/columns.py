"""The kinds of column that tables are made of: text, whole numbers, bytes; every one is there unless it says `none`."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, ForeignKey, Integer, LargeBinary, Table, Text
from sqlmodel import Field, SQLModel

# Times, ids and hashes are compared byte by byte on every server, whatever its locale.
TEXT = Text().with_variant(Text(collation="C"), "postgresql")


def words(
    *, key: bool = False, to: str = "", none: bool = False, unique: bool = False, default: str | None = None
) -> Any:
    """Return a column of text; `to`: the column that it refers to."""
    links = [ForeignKey(to)] if to else []
    column = Column(TEXT, *links, primary_key=key, nullable=none, unique=unique or None, server_default=default)
    return Field(sa_column=column)


def whole(*, key: bool = False, to: str = "", counts: bool = False, default: str | None = None) -> Any:
    """Return a column of whole numbers; `counts`: the database gives the next one."""
    links = [ForeignKey(to)] if to else []
    column = Column(Integer, *links, primary_key=key, nullable=False, autoincrement=counts, server_default=default)
    return Field(sa_column=column)


def octets() -> Any:
    """Return a column of bytes."""
    return Field(sa_column=Column(LargeBinary, nullable=False))


def table_of(row: type[SQLModel]) -> Table:
    """Return the table of a row's type."""
    return SQLModel.metadata.tables[str(row.__tablename__)]
