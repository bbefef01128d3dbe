"""A file as it would be taken in: its rows with what is wrong beside each cell, and how many of them are new."""

from __future__ import annotations

from api.web.views.model import View
from appraisal.errors import Lang
from appraisal.office.imports import Import, ImportRow

SHOWN = 200
"""Rows that a page shows; the faulty ones first where there are more."""


class ImportCell(View):
    """A cell as written, and what is wrong with it: pairs of what and what would be right."""

    text: str
    faults: tuple[tuple[str, str], ...]


class ImportLine(View):
    """A row: `state` is `faulty`, `there`, `repeated`, `likely` or `new`; `likely` names what it might repeat."""

    place: str
    state: str
    cells: tuple[ImportCell, ...]
    faults: tuple[tuple[str, str], ...]
    likely: tuple[str, ...]
    lacking: bool


class ImportPage(View):
    """The preview of a file."""

    id: str
    file: str
    rulebook: str
    titles: tuple[str, ...]
    lines: tuple[ImportLine, ...]
    faults: tuple[tuple[str, str], ...]
    total: int
    fresh: int
    there: int
    likely: int
    lacking: int
    faulty: int
    hidden: int


def import_page(found: Import, name: str, file: str, lang: Lang) -> ImportPage:
    """Return the preview of a file that is kept under a hash."""
    shown = found.rows
    if len(shown) > SHOWN:
        shown = tuple(sorted(shown, key=lambda row: not row.faults)[:SHOWN])
    whole = [fault.finding for fault in found.faults if fault.row < 0]
    return ImportPage(
        id=name,
        file=file,
        rulebook=found.rulebook,
        titles=tuple(found.sheet.titles[column] for column in found.sheet.columns),
        lines=tuple(_line(row, found.sheet.columns, lang) for row in shown),
        faults=tuple((finding.what(lang), finding.remedy(lang)) for finding in whole),
        total=len(found.rows),
        fresh=len(found.fresh),
        there=sum(row.there for row in found.rows),
        likely=len(found.likely),
        lacking=len(found.lacking),
        faulty=sum(bool(row.faults) for row in found.rows),
        hidden=len(found.rows) - len(shown),
    )


def _line(row: ImportRow, columns: tuple[str, ...], lang: Lang) -> ImportLine:
    own: dict[str, list[tuple[str, str]]] = {}
    for fault in row.faults:
        column = fault.column if fault.column in columns else ""
        own.setdefault(column, []).append((fault.finding.what(lang), fault.finding.remedy(lang)))
    return ImportLine(
        place=str(row.row.place.line),
        state=_state(row),
        cells=tuple(ImportCell(text=row.row.cells.get(c, ""), faults=tuple(own.get(c, ()))) for c in columns),
        faults=tuple(own.get("", ())),
        likely=row.likely,
        lacking=row.lacking,
    )


def _state(row: ImportRow) -> str:
    if row.faults:
        return "faulty"
    if row.there:
        return "there"
    if row.event is None:
        return "repeated"
    return "likely" if row.likely else "new"
