"""Sheets as CSV for spreadsheets: UTF-8 with a byte-order mark, numbers plain, no cell that runs as a formula."""

from __future__ import annotations

import csv
import io

from reports.sheet import Cell, Column, Table

BYTE_ORDER_MARK = "\ufeff"
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def neutral(words: str) -> str:
    """Return text that no spreadsheet runs: behind an apostrophe where it would be taken for a formula."""
    return f"'{words}" if words.startswith(_FORMULA) else words


def plain(cell: Cell, column: Column) -> str:
    """Return a cell as text: numbers bare, text neutral."""
    words = column.words(cell)
    return neutral(words) if isinstance(cell, str) else words


def csv_text(table: Table) -> str:
    """Return one table with its header; only its rows, so that every line has the same columns."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow([neutral(column.title) for column in table.columns])
    for row in table.rows:
        writer.writerow([plain(cell, column) for cell, column in zip(row, table.columns, strict=True)])
    return BYTE_ORDER_MARK + buffer.getvalue()
