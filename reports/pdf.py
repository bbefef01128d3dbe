"""Sheets as one PDF: Typst sets what `templates/paper.typ` says, with the project's own faces and a fixed date."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any, cast

from appraisal.errors import Lang, text
from reports.charts.svg import svg_text
from reports.document import Document, Progress, in_turn, silent
from reports.figures import Code, Figure, HeatMap
from reports.layout import fit, lines
from reports.sheet import Kind, Letter, Section, Sheet, Table
from reports.typeface import fonts, printable, rare, without_a_face

TEMPLATE = Path(__file__).parent / "templates" / "paper.typ"
_MADE = datetime(2000, 1, 1, tzinfo=UTC)
_ROOM = {"portrait": 504.0, "landscape": 751.0, "letter": 441.0}  # points between the margins of paper.typ
_LONG_CELL = 20  # lines; a lower row is not broken over two pages
_WHOLE = 330.0  # points; a lower table is not broken either
_LONG_RUN = 3
_ROWS_A_RUN = 1000
_ROWS_KEPT = 100  # after a run with more rows Typst is made to forget it
_ROWS_TAGGED = 400  # tags make a file with many cells four times as large
_FORGETS_AFTER = 11  # Typst keeps what the last ten runs needed, some 3 MB a page
_BREAK_EVERY = 12
_DIGIT, _POINT = 0.557, 0.327  # em: how wide a digit and the decimal point of AppraisalSong are
_LONG_WORD = re.compile(rf"[!-~]{{{_BREAK_EVERY + 1},}}")


@dataclass
class _Setting:
    """What is collected while sheets become data: the pictures by file name, the characters no font has.

    `whole`: these are all sheets of the file, so that it can be tagged: parts that are joined lose their tags.
    """

    lang: Lang
    missing: frozenset[str]
    whole: bool
    files: dict[str, bytes] = field(default_factory=dict)
    room: float = 0.0

    def words(self, words: str) -> str:
        return printable(words, self.missing) if words else ""


@dataclass(frozen=True, kw_only=True)
class Pdf:
    """A PDF, and the characters that no font of this machine has, set as 〓."""

    data: bytes
    missing: str = ""


def pdf(document: Document, lang: Lang, progress: Progress = silent) -> Pdf:
    """Return a document as PDF; equal documents give equal bytes where the project's faces have all characters.

    Sheets that are handed out apart are set a few at a time and put together, so that memory stays bounded. What
    `progress` raises, such as a cancellation, ends the work between two of these steps.
    """
    scarce = rare(_texts(document))
    missing = without_a_face(scarce)
    groups = list(_groups(document.sheets)) if document.apart else [document.sheets]
    whole = len(groups) == 1
    each = [_Setting(lang=lang, missing=frozenset(missing), whole=whole) for _ in groups]
    parts = list(
        in_turn(
            (partial(_set, document, g, to, system=bool(scarce)) for g, to in zip(groups, each, strict=True)),
            "setting",
            progress,
        )
    )
    return Pdf(data=parts[0] if len(parts) == 1 else _joined(parts, document), missing=missing)


def _groups(sheets: Sequence[Sheet]) -> Iterator[tuple[Sheet, ...]]:
    """Yield sheets that are set in one run: as many as have some hundred rows together, at least one."""
    group: list[Sheet] = []
    rows = 0
    for sheet in sheets:
        own = sum(len(table.rows) for table in sheet.all_tables())
        if group and rows + own > _ROWS_A_RUN:
            yield tuple(group)
            group, rows = [], 0
        group.append(sheet)
        rows += own
    if group:
        yield tuple(group)


def _set(document: Document, sheets: Sequence[Sheet], setting: _Setting, *, system: bool) -> bytes:
    import typst  # noqa: PLC0415  40 MB

    data = {
        "title": setting.words(document.title),
        "author": setting.words(document.author),
        "lang": setting.lang,
        "region": "cn" if setting.lang == "zh" else "gb",
        "page": text("page_of", setting.lang),
        "apart": document.apart,
        "sheets": [{**_sheet(sheet, setting), "end": f"end-{n}"} for n, sheet in enumerate(sheets)],
    }
    told = json.dumps(data, ensure_ascii=False).encode()
    files = {"main.typ": TEMPLATE.read_bytes(), "data.json": told, **setting.files}
    faces = fonts(system=system)
    rows = sum(len(table.rows) for sheet in sheets for table in sheet.all_tables())
    tagged = setting.whole and rows <= _ROWS_TAGGED
    made = typst.compile(cast("Any", files), font_paths=faces, timestamp=_MADE, format="pdf", pdf_tags=tagged)
    if rows > _ROWS_KEPT:
        for _ in range(_FORGETS_AFTER):
            typst.compile(cast("Any", {"main.typ": b""}), font_paths=faces)
    return made


def _joined(parts: Sequence[bytes], document: Document) -> bytes:
    from pypdf import PdfWriter  # noqa: PLC0415

    whole = PdfWriter()
    for part in parts:
        whole.append(BytesIO(part), import_outline=True)
    stamp = f"D:{_MADE:%Y%m%d%H%M%S}Z"
    whole.add_metadata({"/Title": document.title, "/Author": document.author, "/CreationDate": stamp})
    out = BytesIO()
    whole.write(out)
    return out.getvalue()


def _texts(document: Document) -> Iterator[str]:
    yield from (document.title, document.author, text("page_of", "zh"))
    for sheet in document.sheets:
        yield from (sheet.title, sheet.subtitle, *sheet.opening, *sheet.notes, *(f"{k}{v}" for k, v in sheet.meta))
        if sheet.letter is not None:
            yield from (str(value) for value in vars(sheet.letter).values())
        yield sheet.paper.mark
        for table in sheet.tables:
            yield from _table_texts(table)
        for section in sheet.sections:
            yield from _section_texts(section)


def _section_texts(section: Section) -> Iterator[str]:
    yield section.title
    for block in section.body:
        if isinstance(block, str):
            yield block
        elif isinstance(block, Table):
            yield from _table_texts(block)
        elif isinstance(block, Section):
            yield from _section_texts(block)
        else:
            yield repr(block)


def _table_texts(table: Table) -> Iterator[str]:
    yield from (table.title, *table.notes, *(f"{c.title}{c.group}" for c in table.columns))
    yield from (cell for row in table.rows for cell in row if isinstance(cell, str))


def _sheet(sheet: Sheet, to: _Setting) -> dict[str, Any]:
    paper = sheet.paper
    to.room = _ROOM["letter" if sheet.letter else "landscape" if paper.landscape else "portrait"]
    blocks = [_table(table, to) for table in sheet.tables] + [_section(section, to) for section in sheet.sections]
    return {
        "title": to.words(sheet.title),
        "subtitle": to.words(sheet.subtitle),
        "annex": to.words(sheet.annex),
        "meta": [[to.words(label), to.words(value)] for label, value in sheet.meta],
        "opening": [to.words(words) for words in sheet.opening],
        "blocks": blocks,
        "notes": [to.words(words) for words in sheet.notes],
        "landscape": paper.landscape,
        "mark": to.words(paper.mark),
        "code": _figure(paper.code, to) if paper.code else None,
        "letter": _letter(sheet.letter, to) if sheet.letter else None,
    }


def _letter(letter: Letter, to: _Setting) -> dict[str, Any]:
    colon = "：" if to.lang == "zh" else ": "
    one = len(letter.annexes) == 1
    annexes = [name if one else f"{n}. {name}" for n, name in enumerate(letter.annexes, 1)]
    label = text("letter_annex", to.lang)
    issuer_size = min(42.0, 420.0 / max(len(letter.issuer), 1))
    return {
        "issuer": to.words(letter.issuer),
        "issuer-size": issuer_size,
        "author": to.words(letter.author or letter.issuer),
        "number": to.words(letter.number),
        "signer": to.words(letter.signer),
        "signer-label": text("letter_signer", to.lang) + colon,
        "to": to.words(letter.to),
        "closing": to.words(letter.closing),
        "signed": to.words(letter.signed),
        "annexes": [to.words((f"{label}{colon}" if n == 0 else "　　　") + name) for n, name in enumerate(annexes)],
        "copies": to.words(letter.copies),
    }


def _section(section: Section, to: _Setting) -> dict[str, Any]:
    return {
        "kind": "section",
        "title": to.words(section.title),
        "new-page": section.new_page,
        "body": [_block(block, to) for block in section.body],
    }


def _block(block: str | Table | Figure | Section, to: _Setting) -> dict[str, Any]:
    if isinstance(block, str):
        return {"kind": "words", "words": to.words(block)}
    if isinstance(block, Table):
        return _table(block, to)
    if isinstance(block, Section):
        return _section(block, to)
    return _figure(block, to)


def _figure(figure: Figure, to: _Setting) -> dict[str, Any]:
    name = f"figure-{len(to.files) + 1}.svg"
    to.files[name] = printable(svg_text(figure), to.missing).encode()
    title = to.words(figure.title)
    if isinstance(figure, Code):
        words = [to.words(line) for line in figure.words]
        return {"kind": "code", "file": name, "title": title, "words": words, "width": 48}
    width = to.room if isinstance(figure, HeatMap) else min(to.room, 430.0)
    return {"kind": "figure", "file": name, "title": title, "width": width}


def _table(table: Table, to: _Setting) -> dict[str, Any]:
    layout = fit(table, to.room)
    kept = [table.columns[i] for i in layout.kept]
    left_out = len(table.columns) - len(kept)
    notes = [*table.notes, *([text("columns_not_printed", to.lang, number=str(left_out))] if left_out else [])]
    shown = Table(columns=tuple(kept), rows=tuple(tuple(row[i] for i in layout.kept) for row in table.rows))
    tall = [lines(shown, r, layout) for r in range(len(shown.rows))]
    columns = [
        {"title": to.words(_breakable(c.title)), "left": c.kind is Kind.TEXT, "width": w}
        for c, w in zip(kept, layout.widths, strict=True)
    ]
    return {
        "kind": "table",
        "title": to.words(table.title),
        "size": layout.size,
        "columns": columns,
        "heads": [[to.words(name), span] for name, span in shown.heads()],
        "rows": _rows(shown, table.strong, tall, to),
        "whole": sum(tall) * layout.size * 1.7 < _WHOLE,
        "notes": [to.words(note) for note in notes],
    }


def _rows(table: Table, strong: frozenset[int], tall: Sequence[int], to: _Setting) -> list[dict[str, Any]]:
    columns = table.columns
    spans = [dict(table.runs(i)) if c.merged else None for i, c in enumerate(columns)]
    wide = [_sides(table, i) if c.kind is not Kind.TEXT else None for i, c in enumerate(columns)]
    rows = []
    for r, row in enumerate(table.rows):
        cells: list[Any] = []
        for column, cell, runs, sides in zip(columns, row, spans, wide, strict=True):
            if runs is not None and r not in runs:
                continue
            words = to.words(column.words(cell))
            shown = _breakable(words) if sides is None else _padded(words, sides)
            span = 1 if runs is None else runs[r]
            long = tall[r] > _LONG_CELL or span > _LONG_RUN
            cells.append({"words": shown, "span": span, "long": long} if span > 1 or long else shown)
        rows.append({"cells": cells, "strong": r in strong})
    return rows


def _sides(table: Table, index: int) -> tuple[int, int]:
    """Return the most characters before and from the decimal point in a column."""
    parts = [_halves(table.columns[index].words(row[index])) for row in table.rows]
    return max((len(whole) for whole, _ in parts), default=0), max((len(rest) for _, rest in parts), default=0)


def _halves(words: str) -> tuple[str, str]:
    whole, point, rest = words.partition(".")
    return whole, point + rest


def _padded(words: str, sides: tuple[int, int]) -> str | list[str | float]:
    """Return a number between what is kept free around it, in em, so that decimal points come under each other."""
    whole, rest = _halves(words)
    before, after = sides[0] - len(whole), sides[1] - len(rest)
    if not words or before + after == 0:
        return words
    return [before * _DIGIT, words, after * _DIGIT - (_DIGIT - _POINT if after and not rest else 0)]


def _breakable(words: str) -> str:
    """Return a text whose very long words may break: an id of forty letters must not run out of its cell."""
    if not _LONG_WORD.search(words):
        return words
    out, run = [], 0
    for c in words:
        run = run + 1 if c.isascii() and c != " " else 0
        out.append(c)
        if run and run % _BREAK_EVERY == 0:
            out.append("\u200b")
    return "".join(out)
