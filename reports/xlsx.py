"""Sheets as a workbook: a worksheet each, set up to print; numbers are numbers, with the digits seen elsewhere."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from io import BytesIO
from typing import TYPE_CHECKING, Any

from appraisal.errors import Lang, text
from appraisal.model.exact import SHOWN_DIGITS, decimals, half_up
from reports.charts.png import png_bytes
from reports.document import Document, Progress, silent
from reports.figures import Code, Figure, HeatMap
from reports.layout import CJK, fit, width
from reports.sheet import Cell, Column, Kind, Section, Sheet, Table, blocks

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

_MADE = datetime(2000, 1, 1)  # noqa: DTZ001  a workbook's dates have no zone
_RISKY = ("=", "+", "-", "@", "\t", "\r")
_A4 = 9
_NAME_MOST = 31
_CELL_MOST = 32_000
_DIGITS_MOST = 15
_SIZE = 10.0  # of letters in cells, in points
_CHARACTER = 5.25  # points of a digit, by which a spreadsheet counts widths
_ROOM = 760.0  # A4 across between the margins, in points
_LINE = 13.5
_HIGHEST = 400.0
LOW, HIGH = "#F4B183", "#9DC3E6"
"""Colours of a heat map's ends: orange and blue can be told apart by everyone."""
_FONT = "宋体"
_GRID = {"border": 1, "border_color": "#8C8C8C", "valign": "vcenter", "font_size": 10}


def xlsx(document: Document, lang: Lang, progress: Progress = silent) -> bytes:
    """Return a document as XLSX; equal documents give equal bytes. What `progress` raises ends the work."""
    import xlsxwriter  # noqa: PLC0415

    out = BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_numbers": False, "strings_to_formulas": False})
    book.set_properties({"title": document.title, "author": document.author, "created": _MADE})
    styles = _Styles(book)
    names: set[str] = set()
    for number, sheet in enumerate(document.sheets):
        progress("filling", number, len(document.sheets))
        page = book.add_worksheet(_name(sheet.name, names))
        _Filling(page, styles, lang, sheet).fill()
    progress("filling", len(document.sheets), len(document.sheets))
    book.close()
    return out.getvalue()


def _name(wanted: str, taken: set[str]) -> str:
    """Return a name that a worksheet may have, unlike the others."""
    clean = re.sub(r"[\[\]:*?/\\\x00-\x1f]", " ", wanted).strip(" '")[:_NAME_MOST] or "Sheet"
    name, number = clean, 1
    while name.lower() in taken:
        number += 1
        name = f"{clean[: _NAME_MOST - len(str(number)) - 2]}({number})"
    taken.add(name.lower())
    return name


class _Styles:
    """Formats of a workbook, each made once."""

    def __init__(self, book: Workbook) -> None:
        self.book = book
        self.made: dict[tuple[tuple[str, Any], ...], Format] = {}

    def get(self, **wanted: Any) -> Format:
        """Return the format with these properties."""
        key = tuple(sorted(wanted.items()))
        if key not in self.made:
            self.made[key] = self.book.add_format({"font_name": _FONT, **wanted})
        return self.made[key]


@dataclass
class _Filling:
    """One worksheet while it fills from the top."""

    page: Worksheet
    styles: _Styles
    lang: Lang
    sheet: Sheet
    row: int = 0
    wide: int = 1
    widths: dict[int, float] = field(default_factory=dict)
    headed: tuple[int, int] | None = None
    breaks: list[int] = field(default_factory=list)

    def fill(self) -> None:
        """Write everything that the sheet holds, then how it prints."""
        sheet = self.sheet
        heats = [b for section in sheet.sections for b in blocks(section) if isinstance(b, HeatMap)]
        counts = [*(len(t.columns) for t in sheet.all_tables()), *(len(h.rows) + 1 for h in heats)]
        self.wide = max(counts, default=8)
        if heats:
            self.widths[0] = max(width(name) for h in heats for name in h.columns) * _SIZE / 100 / _CHARACTER + 2
        for table in sheet.all_tables():
            self._widen(table)
        for column, size in self.widths.items():
            self.page.set_column(column, column, size)
        self._line(sheet.title, font_size=16, bold=True, align="center")
        if sheet.subtitle:
            self._line(sheet.subtitle, font_size=12, align="center")
        if sheet.meta:
            told = "　".join(f"{label} {value}" for label, value in sheet.meta)
            self._line(told, font_size=9, font_color="#595959")
        for words in sheet.opening:
            self._line(words, font_size=11)
        for table in sheet.tables:
            self._table(table)
        for section in sheet.sections:
            self._section(section, 13)
        for note in sheet.notes:
            self._line(note, font_size=9)
        self._print()

    def _print(self) -> None:
        page, sheet = self.page, self.sheet
        page.set_paper(_A4)
        page.set_landscape()
        page.fit_to_pages(1, 0)
        page.set_h_pagebreaks(self.breaks)
        page.set_margins(left=0.5, right=0.5, top=0.7, bottom=0.7)
        page.set_footer("&C" + text("page_of", self.lang).format(now="&P", all="&N"))
        if sheet.paper.mark:
            page.set_header(f"&C&20{sheet.paper.mark.replace('&', '&&')}")
        if self.headed is not None:
            first, last = self.headed
            page.repeat_rows(first, last)
            if sum(1 for _ in sheet.all_tables()) == 1:
                page.freeze_panes(last + 1, 0)

    def _line(self, words: str, **style: Any) -> None:
        """Write words across the whole width, the row as high as they need."""
        room = sum(self.widths.get(c, 8.43) for c in range(self.wide))
        size = float(style.get("font_size", 10))
        lines = sum(
            max(1, -(-int(width(part) / CJK * 2 * size / 10) // max(int(room), 1))) for part in words.split("\n")
        )
        self.page.set_row(self.row, lines * size * 1.45 + 2)
        form = self.styles.get(text_wrap=True, valign="vcenter", **style)
        if self.wide > 1:
            self.page.merge_range(self.row, 0, self.row, self.wide - 1, "", form)
        self.page.write_string(self.row, 0, words[:_CELL_MOST], form)
        self.row += 1

    def _section(self, section: Section, size: int) -> None:
        if section.new_page:
            self.breaks.append(self.row)
        self._line(section.title, font_size=size, bold=True)
        for block in section.body:
            if isinstance(block, str):
                self._line(block, font_size=10)
            elif isinstance(block, Table):
                self._table(block)
            elif isinstance(block, Section):
                self._section(block, max(size - 1, 10))
            elif isinstance(block, HeatMap):
                self._heat(block)
            else:
                self._figure(block)

    def _table(self, table: Table) -> None:
        if table.title:
            self._line(table.title, font_size=11, bold=True)
        top, head = self.row, self.styles.get(**_GRID, bold=True, bg_color="#F0F0F0", align="center", text_wrap=True)
        at = 0
        for name, span in table.heads():
            if span > 1:
                self.page.merge_range(self.row, at, self.row, at + span - 1, name, head)
            else:
                self.page.write_string(self.row, at, name, head)
            at += span
        self.row += 1 if at else 0
        for i, column in enumerate(table.columns):
            self.page.write_string(self.row, i, column.title, head)
        self.page.set_row(self.row, max(self._high(c.title, i) for i, c in enumerate(table.columns)) + 4)
        if self.headed is None:
            self.headed = (top, self.row)
        self.row += 1
        first = self.row
        flat = [i for i, column in enumerate(table.columns) if not column.merged]
        for r, row in enumerate(table.rows):
            texts = ((i, row[i]) for i in flat)
            high = max((self._high(cell, i) for i, cell in texts if isinstance(cell, str)), default=_LINE)
            self.page.set_row(self.row + r, min(max(high, _LINE) + 3, _HIGHEST))
            for i, (cell, column) in enumerate(zip(row, table.columns, strict=True)):
                self._cell(self.row + r, i, cell, column, strong=r in table.strong)
        self.row += len(table.rows)
        self._merge(table, first)
        for note in table.notes:
            self._line(note, font_size=9)

    def _merge(self, table: Table, first: int) -> None:
        for i, column in enumerate(table.columns):
            for start, count in table.runs(i) if column.merged else ():
                if count > 1:
                    form = self.styles.get(**_GRID, text_wrap=True)
                    self.page.merge_range(first + start, i, first + start + count - 1, i, "", form)
                    self._cell(first + start, i, table.rows[start][i], column, strong=False)

    def _cell(self, row: int, at: int, cell: Cell, column: Column, *, strong: bool) -> None:
        style: dict[str, Any] = {**_GRID, **({"bold": True} if strong else {})}
        shown = column.words(cell)
        number = None if isinstance(cell, str) or cell is None else _number(cell, column)
        if number is not None:
            digits = len(shown.partition(".")[2])
            style |= {
                "num_format": "0." + "0" * digits if digits else "0",
                "align": "center" if isinstance(cell, int) else "right",
            }
            self.page.write_number(row, at, number, self.styles.get(**style))
        elif not shown:
            self.page.write_blank(row, at, None, self.styles.get(**style))
        else:
            quote = {"quote_prefix": True} if shown.startswith(_RISKY) else {}
            cut = shown if len(shown) <= _CELL_MOST else shown[:_CELL_MOST] + "……"
            self.page.write_string(row, at, cut, self.styles.get(**style, text_wrap=True, **quote))

    def _heat(self, heat: HeatMap) -> None:
        """Write a heat map as numbers, what it measures going down, under a colour scale for each measure."""
        columns = (Column(title=""), *(Column(title=name, kind=Kind.NUMBER) for name in heat.rows))
        values = zip(*heat.values, strict=True)
        rows = tuple((name, *measured) for name, measured in zip(heat.columns, values, strict=True))
        table = Table(title=heat.title, columns=columns, rows=rows)
        self._table(table)
        top, last = self.row - len(rows), len(heat.rows)
        for i, (low, high) in enumerate(zip(heat.low, heat.high, strict=True)):
            scale = {"type": "2_color_scale", "min_type": "num", "max_type": "num", "min_color": LOW, "max_color": HIGH}
            ends = {"min_value": float(low), "max_value": float(high)}
            self.page.conditional_format(top + i, 1, top + i, last, {**scale, **ends})

    def _figure(self, figure: Figure) -> None:
        data = png_bytes(figure, width=300 if isinstance(figure, Code) else 1200)
        scale = 0.4 if isinstance(figure, Code) else 0.5
        self.page.insert_image(
            self.row, 0, "figure.png", {"image_data": BytesIO(data), "x_scale": scale, "y_scale": scale}
        )
        height = int.from_bytes(data[20:24], "big") * scale * 0.75  # the height in pixels stands there in every PNG
        self._line(figure.title, font_size=9)
        self.row += int(height / _LINE) + 1

    def _widen(self, table: Table) -> None:
        """Give columns the widths that they have on paper, larger where letters are smaller there; none is left out."""
        layout = fit(table, _ROOM)
        on_paper = dict(zip(layout.kept, layout.widths, strict=True))
        for i, column in enumerate(table.columns):
            words = [column.title, *(column.words(row[i]) for row in table.rows)]
            natural = max((width(line) for cell in words for line in cell.split("\n")), default=0) * _SIZE / 100 + 6
            points = on_paper.get(i, min(natural, 200)) * max(1.0, _SIZE / layout.size)
            self.widths[i] = max(self.widths.get(i, 6.0), round(points / _CHARACTER, 2))

    def _high(self, words: str, at: int) -> float:
        """Return how high a cell must be, in points."""
        room = max(self.widths.get(at, 8.43) * _CHARACTER - 8, _SIZE) * 100 / _SIZE
        return sum(max(1, -(-width(line) // int(room))) for line in words.split("\n")) * _LINE


def _number(cell: Fraction | float, column: Column) -> float | int | None:
    """Return the number to store, the one that the cell shows; None for one with too many digits for a spreadsheet."""
    shown = column.words(cell)
    if sum(c.isdigit() for c in shown.lstrip("-0.")) > _DIGITS_MOST:
        return None
    if isinstance(cell, Fraction):
        exact = decimals(cell) is not None
        return float(cell if exact else half_up(cell, Fraction(1, 10**SHOWN_DIGITS)))
    return cell
