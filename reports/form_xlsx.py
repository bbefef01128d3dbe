"""An application form as a workbook: rows with drop-downs and limits, which `score` reads back as they are.

Sheets: a cover, the rows to fill in (the only one that is read), tables and texts, and a hidden one with the options.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from appraisal.errors import Lang, text
from appraisal.model.application import Form
from appraisal.model.eligibility import Eligibility
from appraisal.model.fields import Figure, Words, YesNo
from reports.application_form import Block, Row, form_blocks
from reports.layout import width

HEADER_ROW = 4  # counted from 0; above it stand the title and how to fill in
YES_NO = ("是", "否")
_COLUMNS = (("项目", 34), ("填写", 34), ("计量单位", 10), ("填写说明", 60), ("字段", 22))
_LARGEST = 10**9
_TEXT_ROWS, _TABLE_COLUMNS = 12, 6
_LINE, _SMALL_LINE, _PADDING = 14.5, 12.5, 3.0  # points
_DIGIT, _SMALL_DIGIT = 48, 58  # a digit, by which columns are wide, in hundredths of an em of labels and of hints
_LOOKS: Mapping[str, Mapping[str, Any]] = {
    "title": {"bold": True, "font_size": 16, "align": "center", "valign": "vcenter"},
    "scope": {"font_size": 11, "align": "center", "valign": "vcenter", "text_wrap": True},
    "note": {"font_size": 10, "font_color": "#555555", "text_wrap": True, "valign": "top"},
    "header": {"bold": True, "bg_color": "#1F4E79", "font_color": "#FFFFFF", "border": 1, "align": "center"},
    "section": {"bold": True, "bg_color": "#DDEBF7", "border": 1},
    "label": {"border": 1, "text_wrap": True, "valign": "vcenter"},
    "hint": {"border": 1, "text_wrap": True, "valign": "vcenter", "font_color": "#555555", "font_size": 9},
    "field": {"border": 1, "valign": "vcenter", "font_color": "#999999", "font_size": 9},
    "words": {"border": 1, "bg_color": "#FFFBE6", "locked": False, "num_format": "@", "text_wrap": True},
    "whole": {"border": 1, "bg_color": "#FFFBE6", "locked": False, "num_format": "0", "align": "left"},
    "number": {"border": 1, "bg_color": "#FFFBE6", "locked": False, "num_format": "0.######", "align": "left"},
    "rate": {"border": 1, "bg_color": "#FFFBE6", "locked": False, "num_format": "0.##%", "align": "left"},
    "twice": {"bg_color": "#F8CBAD", "font_color": "#9C0006"},
}


def form_xlsx(rulebook: Eligibility, form: Form, lang: Lang = "zh") -> bytes:
    """Return a form as the bytes of a workbook; the same rulebook gives the same bytes."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    made = datetime.combine(rulebook.valid_from, datetime.min.time())
    book.set_properties({"title": f"{form.title} {form.id}", "created": made})
    looks = {name: book.add_format({"font_name": "宋体", **look}) for name, look in _LOOKS.items()}
    blocks = form_blocks(rulebook, form)
    cover = book.add_worksheet(text("form_cover", lang))
    rows = book.add_worksheet(text("form_rows", lang))
    _cover(cover, rulebook, form, looks, lang)
    options = book.add_worksheet(text("form_options", lang))
    options.hide()
    _Rows(rows, options, looks, lang).write(form, blocks)
    extra = book.add_worksheet(text("form_tables", lang))
    _tables(extra, blocks, looks)
    rows.activate()
    book.close()
    return buffer.getvalue()


def _cover(sheet: Worksheet, rulebook: Eligibility, form: Form, looks: Mapping[str, Format], lang: Lang) -> None:
    sheet.set_column(0, 0, 110)
    lines = [
        ("title", form.title),
        ("scope", form.scope),
        ("note", ""),
        *(("label", text(f"form_{line}", lang)) for line in ("sender", "recommender", "day")),
        ("note", ""),
        *(("note", text(f"form_how_{n}", lang)) for n in range(1, 6)),
        ("note", text("form_source", lang, source=rulebook.source.title, id=rulebook.id, form=form.id)),
    ]
    pledge = [section.hint for section in form.sections if section.pledge]
    lines += [("note", ""), *(("note", words) for words in pledge)]
    for n, (look, words) in enumerate(lines):
        sheet.write_string(n, 0, words, looks[look])
    sheet.set_row(0, 30)
    _paper(sheet)


class _Rows:
    """Writes the sheet to fill in, and the options of its drop-downs beside it."""

    def __init__(self, sheet: Worksheet, options: Worksheet, looks: Mapping[str, Format], lang: Lang) -> None:
        self._sheet = sheet
        self._options = options
        self._looks = looks
        self._lang = lang
        self._at = HEADER_ROW + 1
        self._lists: dict[tuple[str, ...], str] = {}

    def write(self, form: Form, blocks: tuple[Block, ...]) -> None:
        """Write the title, the header and every row."""
        sheet, looks = self._sheet, self._looks
        last = len(_COLUMNS) - 1
        sheet.merge_range(0, 0, 0, last, f"{form.title}（附件{form.id}）", looks["title"])
        sheet.merge_range(1, 0, 1, last, form.scope, looks["scope"])
        sheet.merge_range(2, 0, 2, last, text("form_how", self._lang), looks["note"])
        sheet.set_row(0, 28)
        for number, (title, wide) in enumerate(_COLUMNS):
            sheet.set_column(number, number, wide)
            sheet.write_string(HEADER_ROW, number, title, looks["header"])
        for block in blocks:
            if block.rows:
                for number in range(len(_COLUMNS)):
                    sheet.write_string(self._at, number, block.section.title if not number else "", looks["section"])
                self._at += 1
            for row in block.rows:
                self._row(row)
            self._no_option_twice(block)
        sheet.freeze_panes(HEADER_ROW + 1, 1)
        sheet.protect("", {"format_columns": True, "format_rows": True})
        sheet.repeat_rows(HEADER_ROW)
        _paper(sheet)

    def _row(self, row: Row) -> None:
        sheet, looks, at = self._sheet, self._looks, self._at
        sheet.write_string(at, 0, row.label, looks["label"])
        sheet.set_row(at, _height(row))
        kind = row.field.kind if isinstance(row.field, Figure) else "words"
        if row.given:
            sheet.write_string(at, 1, row.given, looks[kind])
        else:
            sheet.write_blank(at, 1, None, looks[kind])
        sheet.write_string(at, 2, row.unit, looks["label"])
        sheet.write_string(at, 3, row.hint, looks["hint"])
        sheet.write_string(at, 4, row.input, looks["field"])
        rule = self._rule(row)
        if rule:
            sheet.data_validation(at, 1, at, 1, {"ignore_blank": True, **rule})
        self._at += 1

    def _rule(self, row: Row) -> dict[str, Any]:
        """Return what the cell of a row takes."""
        if row.options:
            return {"validate": "list", "source": self._list(row.options), **self._told("form_pick")}
        if isinstance(row.field, YesNo):
            return {"validate": "list", "source": self._list(YES_NO), **self._told("form_yes_no")}
        if isinstance(row.field, Figure):
            low, high = row.field.least, row.field.most
            between = {
                "criteria": "between",
                "minimum": -_LARGEST if low is None else float(low),
                "maximum": _LARGEST if high is None else float(high),
            }
            validate = "integer" if row.field.kind == "whole" else "decimal"
            return {"validate": validate, **between, **self._told("form_number")}
        if isinstance(row.field, Words) and row.field.kind == "month":
            return {"validate": "any", "input_title": row.field.name, "input_message": text("form_month", self._lang)}
        return {}

    def _told(self, code: str) -> dict[str, str]:
        words = text(code, self._lang)
        return {"error_title": text("form_wrong", self._lang), "error_message": words}

    def _list(self, words: tuple[str, ...]) -> str:
        """Return the cells of the hidden sheet that hold these options; a list inside a rule is too short for some."""
        if words not in self._lists:
            column = len(self._lists)
            for n, word in enumerate(words):
                self._options.write_string(n, column, word)
            letter = chr(ord("A") + column)
            name = self._options.get_name()
            self._lists[words] = f"='{name}'!${letter}$1:${letter}${len(words)}"
        return self._lists[words]

    def _no_option_twice(self, block: Block) -> None:
        """Colour an option that is chosen in two rows of one field."""
        first = self._at - len(block.rows)
        inputs = [row.input for row in block.rows]
        for name in dict.fromkeys(inputs):
            if inputs.count(name) > 1:
                top = first + inputs.index(name)
                look = {"type": "duplicate", "format": self._looks["twice"]}
                self._sheet.conditional_format(top, 1, top + inputs.count(name) - 1, 1, look)


def _height(row: Row) -> float:
    """Return how tall a row must be for its label and its hint, in points; no spreadsheet works that out on opening."""
    label = -(-width(row.label) // (_COLUMNS[0][1] * _DIGIT))
    hint = -(-width(row.hint) // (_COLUMNS[3][1] * _SMALL_DIGIT))
    return max(_LINE * label, _SMALL_LINE * hint, _LINE) + _PADDING


def _tables(sheet: Worksheet, blocks: tuple[Block, ...], looks: Mapping[str, Format]) -> None:
    """Write the tables and texts of the form one below the other."""
    sheet.set_column(0, _TABLE_COLUMNS - 1, 28)
    sheet.set_landscape()
    at = 0
    for block in blocks:
        section = block.section
        if not (section.columns or section.narrative or (section.hint and not section.entries)):
            continue
        sheet.merge_range(at, 0, at, _TABLE_COLUMNS - 1, section.title, looks["section"])
        at += 1
        if section.hint:
            sheet.merge_range(at, 0, at, _TABLE_COLUMNS - 1, section.hint, looks["note"])
            at += 1
        if section.columns:
            for number, title in enumerate(section.columns):
                sheet.write_string(at, number, title, looks["header"])
            for row in range(1, section.rows + 1):
                for number in range(len(section.columns)):
                    sheet.write_blank(at + row, number, None, looks["words"])
            at += section.rows + 1
        if section.narrative:
            sheet.merge_range(at, 0, at + _TEXT_ROWS - 1, _TABLE_COLUMNS - 1, "", looks["words"])
            at += _TEXT_ROWS
        at += 1
    _paper(sheet)


def _paper(sheet: Worksheet) -> None:
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.5, right=0.5)
