"""Workbooks of events: every sheet that has a header, its cells as the text that a person would have typed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from appraisal.errors import Finding, Place
from appraisal.reading.cells import BLANKS
from appraisal.reading.event_columns import Form
from appraisal.reading.event_table import Layout, Source, header, looks_like_header, rows_of
from appraisal.reading.event_xlsx_parts import DamagedError, Parts, column_letters, computed_cells, look_inside

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

_SEARCHED = 30  # rows in which a header may stand below titles
_ENOUGH = 2  # known columns that make a row a header
_EXACT_DIGITS = 10**15  # a spreadsheet keeps 15 digits of a number and makes the rest zeros
_Value = str | float | bool | date | datetime | time | timedelta | None


def open_xlsx(path: Path, faults: list[Finding], form: Form) -> list[Source]:
    """Return the rows of each sheet that has a header; what is wrong with the workbook goes to the faults."""
    before = len(faults)
    try:
        parts = look_inside(path)
        book = _load(path)
        names = _visible(book)
        layouts = {name: Layout(file=f"{path}[{name}]" if len(names) > 1 else str(path), form=form) for name in names}
        sources = [
            source
            for name in names
            if (source := _sheet(path, _open(book, name), parts, layouts[name], faults)) is not None
        ]
    except DamagedError as error:
        faults.append(Finding(code=error.code, place=Place(file=str(path)), args={"cell": error.cell}))
        return []
    if not sources and len(faults) == before:
        faults.append(Finding(code="E014", place=Place(file=str(path)), args={"sheets": ", ".join(names) or "—"}))
    broken = any(source.layout.broken for source in sources)
    for source in sources:
        source.torn = broken
        source.size = path.stat().st_size // len(sources)
    return [source for source in sources if not source.layout.broken]


def _load(path: Path) -> CalamineWorkbook:
    from python_calamine import CalamineError, CalamineWorkbook  # noqa: PLC0415  only a workbook needs it

    try:
        return CalamineWorkbook.from_path(path)
    except (CalamineError, OSError, ValueError) as error:
        raise DamagedError("E012") from error


def _open(book: CalamineWorkbook, name: str) -> CalamineSheet:
    from python_calamine import CalamineError  # noqa: PLC0415

    try:
        return book.get_sheet_by_name(name)
    except (CalamineError, ValueError) as error:
        raise DamagedError("E012") from error


def _visible(book: CalamineWorkbook) -> list[str]:
    from python_calamine import SheetTypeEnum, SheetVisibleEnum  # noqa: PLC0415

    return [
        sheet.name
        for sheet in book.sheets_metadata
        if sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible
    ]


def _sheet(path: Path, sheet: CalamineSheet, parts: Parts, layout: Layout, faults: list[Finding]) -> Source | None:
    """Return one sheet as a source; None where no row of it looks like a header."""
    if sheet.start is None:
        return None
    left = sheet.start[1]
    top = _header_row(sheet, layout.form)
    if top is None:
        return None
    layout.line = top
    source = Source(layout=layout)
    cells = _texts(next(islice(sheet.iter_rows(), top - 1, None)), left)
    header(layout, cells, faults)
    if layout.broken or _merged(sheet, layout, faults):
        layout.broken = True
        return source
    width = max(i for i, cell in enumerate(cells, start=1) if cell.strip(BLANKS))
    records = _sound(sheet, left, source, computed_cells(path, parts.paths.get(sheet.name, "")), faults)
    source.rows = rows_of(source, width, records, faults)
    total, reached = sheet.total_height or 1, layout
    source.done = lambda: source.size * reached.reached // total
    return source


def _header_row(sheet: CalamineSheet, form: Form) -> int | None:
    """Return the number of the row that names columns of events, the first of those that name the most."""
    best, found = _ENOUGH - 1, None
    for number, row in enumerate(islice(sheet.iter_rows(), _SEARCHED), start=1):
        known = looks_like_header((cell for cell in row if isinstance(cell, str)), form)
        if known > best:
            best, found = known, number
    return found


def _texts(row: Sequence[_Value], left: int) -> list[str]:
    """Return a row's cells as text from column A on."""
    return [""] * left + [cell if type(cell) is str else as_text(cell) for cell in row]


def _sound(
    sheet: CalamineSheet,
    left: int,
    source: Source,
    computed: dict[tuple[int, int], str],
    faults: list[Finding],
) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows below the header; those with a formula, an error or a number too long go to the faults."""
    layout = source.layout
    rows_computed: dict[int, list[int]] = {}
    for at, column in computed:
        rows_computed.setdefault(at, []).append(column)
    identity = layout.numbers.get("id", 0) - 1
    for number, row in enumerate(sheet.iter_rows(), start=1):
        if number <= layout.line:
            continue
        layout.reached = number
        cells = _texts(row, left)
        bad = [(c, "E015" if computed[number, c] == "f" else "E016") for c in rows_computed.get(number, ())]
        bad += [
            (i, "E038")
            for i, cell in enumerate(row, start=left + 1)
            if type(cell) is float and abs(cell) >= _EXACT_DIGITS
        ]
        for column, code in bad:
            text = cells[column - 1] if column <= len(cells) else ""
            args = {"cell": f"{column_letters(column)}{number}", "text": text}
            faults.append(Finding(code=code, place=Place(file=layout.file, line=number, column=column), args=args))
        if bad:
            source.unread.add(cells[identity].strip(BLANKS) if identity >= 0 else "")
        else:
            yield number, cells


def _merged(sheet: CalamineSheet, layout: Layout, faults: list[Finding]) -> bool:
    """Say whether cells below the header are merged: only the first of them has a value; each goes to the faults."""
    found = [
        (top, left, bottom, right)
        for (top, left), (bottom, right) in sheet.merged_cell_ranges or []
        if bottom >= layout.line and left < max(layout.numbers.values())
    ]
    for top, left, bottom, right in found:
        cells = f"{column_letters(left + 1)}{top + 1}:{column_letters(right + 1)}{bottom + 1}"
        place = Place(file=layout.file, line=top + 1, column=left + 1)
        faults.append(Finding(code="E019", place=place, args={"cells": cells}))
    return bool(found)


def as_text(cell: _Value) -> str:
    """Return a cell's value as text: a number in its shortest exact decimal form, a day as `2020-03-09`."""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, (int, float)):
        return _plain_number(cell)
    if isinstance(cell, datetime):
        text = cell.isoformat(sep=" ")
        return text.removesuffix(":00") if cell.second == 0 and not cell.microsecond else text
    if isinstance(cell, (date, time)):
        return cell.isoformat()
    return "" if cell is None else str(cell)


def _plain_number(number: float) -> str:
    if number == int(number) if abs(number) != float("inf") and number == number else False:  # noqa: PLR0124
        return str(int(number))
    return format(Decimal(repr(number)), "f")
