"""The workbooks of an import: the template that an office fills in, and the file that comes back with its faults."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from appraisal.errors import Lang, text
from appraisal.model.clauses import Clause
from appraisal.model.edition import Edition
from appraisal.model.inputs import CountUse
from appraisal.model.rulebook import Subject
from appraisal.office.imports import MOST_ROWS, Import
from appraisal.reading.event_columns import TITLES
from appraisal.reading.event_sheet import REMARKS

HEADER_ROW = 2  # counted from 0; above it stand the title and how to fill in
_WIDTHS = {"date": 12, "subject": 18, "clause": 12, "level": 16, "part": 14, "note": 44, "matter": 24, "period": 10}
_WIDE, _REMARKS_WIDE, _CLAUSE_WIDE = 10, 60, 70
_LOOKS: Mapping[str, Mapping[str, Any]] = {
    "title": {"bold": True, "font_size": 14, "valign": "vcenter"},
    "note": {"font_size": 10, "font_color": "#555555", "text_wrap": True, "valign": "top"},
    "header": {"bold": True, "bg_color": "#1F4E79", "font_color": "#FFFFFF", "border": 1, "align": "center"},
    "cell": {"border": 1, "num_format": "@", "text_wrap": True, "valign": "top"},
    "faulty": {"border": 1, "num_format": "@", "text_wrap": True, "valign": "top", "bg_color": "#F8CBAD"},
}


def import_template(edition: Edition, clauses: Sequence[Clause], roster: Iterable[Subject], lang: Lang = "zh") -> bytes:
    """Return a workbook to fill in: the columns that these clauses know, with drop-downs; the same gives the same."""
    buffer, book, looks = _begin(edition)
    rows = book.add_worksheet(text("import_rows", lang))
    about = book.add_worksheet(text("import_clauses", lang))
    lists = book.add_worksheet(text("import_lists", lang))
    lists.hide()
    columns = _columns(clauses)
    _head(rows, columns, TITLES, looks, title=f"{edition.rulebook.name} · {text('import_rows', lang)}")
    rows.write_string(1, 0, text("import_how", lang, most=str(MOST_ROWS)), looks["note"])
    words = {
        "subject": [subject.name for subject in roster],
        "clause": [clause.id for clause in clauses],
        "level": list(dict.fromkeys(word for clause in clauses for word in clause.inputs().levels)),
        "part": list(dict.fromkeys(word for clause in clauses for word in clause.inputs().parts)),
    }
    first, last = HEADER_ROW + 1, HEADER_ROW + MOST_ROWS
    for number, name in enumerate(columns):
        rows.set_column(number, number, _WIDTHS.get(name, _WIDE), book.add_format({"num_format": "@"}))
        if words.get(name):
            source = _list(lists, [*words].index(name), words[name])
            told = {"error_title": TITLES[name], "error_message": text("import_pick", lang)}
            rows.data_validation(first, number, last, number, {"validate": "list", "source": source, **told})
    _clauses(about, clauses, looks, lang)
    rows.activate()
    book.close()
    return buffer.getvalue()


def _columns(clauses: Iterable[Clause]) -> list[str]:
    """Return the columns that at least one of the clauses knows, in the order in which they are filled in."""
    known = [clause.inputs() for clause in clauses]
    wanted = {
        "level": any(one.levels for one in known),
        "part": any(one.parts for one in known),
        "value": any(one.value is not None for one in known),
        "benchmark": any(one.benchmark_needed for one in known),
        "count": any(one.count is CountUse.COUNTED for one in known),
        "period": any(one.month_needed for one in known),
    }
    return ["date", "subject", "clause", *(name for name, does in wanted.items() if does), "note", "matter"]


def _clauses(sheet: Worksheet, clauses: Iterable[Clause], looks: Mapping[str, Format], lang: Lang) -> None:
    """Write what each clause says and which words it knows, to read beside the rows; its headers name no column."""
    titles = [text(f"import_clause_{name}", lang) for name in ("id", "text", "words", "needs")]
    for number, (title, wide) in enumerate(zip(titles, (12, _CLAUSE_WIDE, 30, 30), strict=True)):
        sheet.set_column(number, number, wide)
        sheet.write_string(0, number, title, looks["header"])
    for at, clause in enumerate(clauses, start=1):
        inputs = clause.inputs()
        needs = [
            name
            for name, needed in (
                ("level", inputs.level_needed),
                ("part", bool(inputs.parts)),
                ("value", inputs.value is not None and inputs.value_needed and not inputs.level_for_value),
                ("benchmark", inputs.benchmark_needed),
                ("period", inputs.period_needed),
                ("note", inputs.note_needed),
            )
            if needed
        ]
        cells = (
            clause.id,
            clause.text,
            "、".join([*inputs.levels, *inputs.parts]),
            "、".join(TITLES[n] for n in needs),
        )
        for number, cell in enumerate(cells):
            sheet.write_string(at, number, cell, looks["cell"])
    sheet.freeze_panes(1, 1)


def import_faults(found: Import, edition: Edition, lang: Lang = "zh") -> bytes:
    """Return the rows as written with faulty cells marked, a comment in each, and all of it in words in a column.

    Mended, the workbook can be handed in as it is: the column of remarks is not read.
    """
    buffer, book, looks = _begin(edition)
    sheet = book.add_worksheet(text("import_rows", lang))
    columns = [*found.sheet.columns, REMARKS]
    titles = {**found.sheet.titles, REMARKS: REMARKS}
    _head(sheet, columns, titles, looks, title=text("import_back", lang, n=str(len(found.faults))))
    whole = [fault.finding for fault in found.faults if fault.row < 0]
    how = [text("import_back_how", lang), *(finding.what(lang) for finding in whole)]
    sheet.write_string(1, 0, "\n".join(how), looks["note"])
    for number, name in enumerate(columns):
        sheet.set_column(number, number, _REMARKS_WIDE if name == REMARKS else _WIDTHS.get(name, _WIDE))
    for at, row in enumerate(found.rows, start=HEADER_ROW + 1):
        by_column: dict[str, list[str]] = {}
        for fault in row.faults:
            column = fault.column if fault.column in titles else REMARKS
            by_column.setdefault(column, []).append(f"{fault.finding.what(lang)} {fault.finding.remedy(lang)}".strip())
        remarks = "\n".join(words for told in by_column.values() for words in told)
        for number, name in enumerate(columns):
            told = remarks if name == REMARKS else row.row.cells.get(name, "")
            faulty = name in by_column
            sheet.write_string(at, number, told, looks["faulty" if faulty else "cell"])
            if faulty and name != REMARKS:
                sheet.write_comment(at, number, "\n".join(by_column[name]), {"x_scale": 2})
    sheet.ignore_errors({"number_stored_as_text": f"A1:XFD{HEADER_ROW + 1 + len(found.rows)}"})
    book.close()
    return buffer.getvalue()


def _begin(edition: Edition) -> tuple[io.BytesIO, xlsxwriter.Workbook, dict[str, Format]]:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    made = datetime.combine(edition.rulebook.valid_from, datetime.min.time())
    book.set_properties({"title": edition.rulebook.name, "created": made})
    return buffer, book, {name: book.add_format({"font_name": "宋体", **look}) for name, look in _LOOKS.items()}


def _head(
    sheet: Worksheet, columns: Sequence[str], titles: Mapping[str, str], looks: Mapping[str, Format], *, title: str
) -> None:
    """Write the title and the header, which stays in sight and on every page of paper."""
    sheet.write_string(0, 0, title, looks["title"])
    if len(columns) > 1:
        sheet.merge_range(1, 0, 1, len(columns) - 1, "", looks["note"])
    sheet.set_row(1, 60)
    for number, name in enumerate(columns):
        sheet.write_string(HEADER_ROW, number, titles[name], looks["header"])
    sheet.freeze_panes(HEADER_ROW + 1, 0)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(HEADER_ROW)


def _list(sheet: Worksheet, column: int, words: Sequence[str]) -> str:
    """Return the cells of the hidden sheet that hold these words; a list inside a rule is too short for some."""
    for n, word in enumerate(words):
        sheet.write_string(n, column, word)
    letter = chr(ord("A") + column)
    return f"='{sheet.get_name()}'!${letter}$1:${letter}${len(words)}"
