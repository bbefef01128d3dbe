"""Insert rows where there are none yet, in the words of each database."""

from __future__ import annotations

from sqlalchemy import Connection, Table
from sqlalchemy.sql.dml import Insert


def insert_new(connection: Connection, table: Table) -> Insert:
    """Return a statement that inserts rows, and leaves those as they are whose key is there."""
    if connection.dialect.name == "postgresql":
        from sqlalchemy.dialects.postgresql import insert  # noqa: PLC0415  each of its own dialect
    else:
        from sqlalchemy.dialects.sqlite import insert  # type: ignore[assignment]  # noqa: PLC0415
    return insert(table).on_conflict_do_nothing()
