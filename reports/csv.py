"""Sheets as CSV for spreadsheets: UTF-8 with a byte-order mark, numbers plain, no cell that runs as a formula."""

from __future__ import annotations

import csv
import io
from fractions import Fraction

from appraisal.model.exact import show
from reports.sheet import Cell, Table

BYTE_ORDER_MARK = "\ufeff"
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def plain(cell: Cell) -> str:
    """Return a cell as text: numbers bare, text that a spreadsheet would run as a formula behind an apostrophe."""
    if cell is None:
        return ""
    if isinstance(cell, Fraction):
        return show(cell)
    if isinstance(cell, int):
        return str(cell)
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def csv_text(table: Table) -> str:
    """Return one table with its header; only its rows, so that every line has the same columns."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow([plain(column.title) for column in table.columns])
    writer.writerows([plain(cell) for cell in row] for row in table.rows)
    return BYTE_ORDER_MARK + buffer.getvalue()
