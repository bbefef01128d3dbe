"""No table keeps how far an entry or a month has come: it is read from the log's links alone."""

from __future__ import annotations

from appraisal.store.account_rows import ACCOUNT, CLOSING
from appraisal.store.rows import EVENT, OFFICE

WORDS = ("status", "state", "stage", "step", "approved", "confirmed", "published", "closed", "open")


def test_no_column_says_how_far_something_has_come() -> None:
    for table in {table.name: table for table in (EVENT, OFFICE, CLOSING, *ACCOUNT.metadata.tables.values())}.values():
        kept = {column.name for column in table.columns}
        mutable = {name for name in kept if any(word in name for word in WORDS)} - ALLOWED.get(table.name, set())
        assert not mutable, table.name


ALLOWED: dict[str, set[str]] = {"delivery": {"state"}, "request": {"status"}}
"""Columns that are no step of the office: whether a notice was delivered, how a request of a program was answered."""
