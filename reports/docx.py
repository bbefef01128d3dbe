"""Sheets as one DOCX: a letter in its template, every other sheet in a section of its own, with exact line heights."""

from __future__ import annotations

import copy
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from appraisal.errors import Lang, text
from reports.archive import fixed_zip
from reports.charts.png import png_bytes
from reports.document import Document, Progress, silent
from reports.figures import Code, Figure
from reports.letter_template import ANNEXES, BODY, SHIPPED, fill
from reports.sheet import Section, Sheet, Table
from reports.word import FANG, HEI, KAI, LETTER, SONG, TITLE, Face, Setting, W, paragraph, parsed, plain, table
from reports.word_page import furnish

if TYPE_CHECKING:
    from docx.document import Document as Word

_MADE = datetime(2000, 1, 1, tzinfo=UTC)
_LINE = 29.0
_MM = 72 / 25.4
_EXACT = '<w:spacing w:before="0" w:after="0" w:line="20" w:lineRule="exact"/>'
_TINY = f'<w:p><w:pPr><w:snapToGrid w:val="0"/>{_EXACT}</w:pPr></w:p>'
_ROOM = {"portrait": 178 * _MM, "landscape": 265 * _MM, "letter": 156 * _MM}
_HEADS = (Face(east=HEI, size=16), Face(east=KAI, size=16), Face(east=FANG, size=16, bold=True))


def docx(
    document: Document, lang: Lang, progress: Progress = silent, *, template: bytes | None = None, name: str = ""
) -> bytes:
    """Return a document as DOCX; equal documents give equal bytes.

    `template` is an office's own letter; RefusedError P02x with all that is wrong with it. What `progress` raises
    ends the work.
    """
    from docx import Document as open_word  # noqa: N813, PLC0415  a third of a second

    first = document.sheets[0]
    letter = first.letter is not None
    base = (template or SHIPPED.read_bytes()) if letter else SHIPPED.read_bytes()
    if letter:
        base = fill(base, _fields(first, lang), name or SHIPPED.name)
    word = open_word(io.BytesIO(base))
    writing = _Writing(word=word, lang=lang)
    if not letter:
        writing.clear()
    writing.write(document.sheets, progress)
    properties = word.core_properties
    properties.title, properties.author = plain(document.title), plain(document.author)
    properties.created = properties.modified = _MADE
    properties.last_modified_by = ""
    out = io.BytesIO()
    word.save(out)
    return fixed_zip(out.getvalue())


def _fields(sheet: Sheet, lang: Lang) -> dict[str, Any]:
    """Return what the fields of a letter's template stand for."""
    letter = sheet.letter
    assert letter is not None  # noqa: S101  callers ask only for letters
    one = len(letter.annexes) == 1
    told: dict[str, Any] = {
        "issuer": letter.issuer,
        "number": letter.number,
        "signer": letter.signer,
        "title": sheet.title,
        "subtitle": sheet.subtitle,
        "to": letter.to,
        "opening": "\n".join(sheet.opening),
        "closing": letter.closing,
        "author": letter.author or letter.issuer,
        "date": letter.signed,
        "copies": letter.copies,
        "state": sheet.paper.mark or text("final", lang),
        "code": sheet.paper.code.content if isinstance(sheet.paper.code, Code) else "",
    }
    told = {key: _clean(value) for key, value in told.items()}
    annexes = [_clean(name if one else f"{n}. {name}") for n, name in enumerate(letter.annexes, 1)]
    return {**told, "annexes": annexes, "rows": _ranking(sheet), "body": BODY, "annex_pages": ANNEXES}


def _clean(words: str) -> str:
    return plain(words).replace("\t", " ").replace("\a", "").replace("\f", "")


def _ranking(sheet: Sheet) -> list[dict[str, str]]:
    """Return the rows of the ranking that a letter holds, for a template that sets them itself."""
    for made in sheet.all_tables():
        keys = [column.key for column in made.columns]
        if keys[:3] == ["rank", "subject", "total"]:
            names = ["rank", "subject", "total", "change"]
            shown = [[_clean(c.words(cell)) for c, cell in zip(made.columns, row, strict=True)] for row in made.rows]
            return [dict(zip(names, [*row[:3], row[3] if len(row) > 3 else ""], strict=True)) for row in shown]  # noqa: PLR2004
    return []


@dataclass
class _Writing:
    """A Word document while sheets are put into it."""

    word: Word
    lang: Lang
    room: float = 0.0
    mark: str = ""
    pictures: list[Any] = field(default_factory=list)

    def clear(self) -> None:
        """Leave of the template only its page, styles and fonts."""
        body = self.word.element.body
        for element in list(body):
            if not element.tag.endswith("}sectPr"):
                body.remove(element)

    def write(self, sheets: Sequence[Sheet], progress: Progress) -> None:
        """Put every sheet in: the letter where its template says, the others behind it in order."""
        last = self.word.element.body.sectPr
        letter = sheets[0].letter is not None
        self.mark = sheets[0].paper.mark
        furnish(self.word, self.mark, self.lang)
        rest = list(sheets)
        if letter:
            self.room = _ROOM["letter"]
            self._replace(BODY, self._letter_body(sheets[0]))
            rest = rest[1:]
        place = self._place_of(ANNEXES)
        if letter and sheets[0].paper.code is not None:
            place = self._append(place, self._figure(sheets[0].paper.code))
        before = copy.deepcopy(last)
        for number, sheet in enumerate(rest):
            progress("writing_word", number, len(rest))
            if letter or number:
                place = self._end_section(place, before)
            place = self._append(place, self._plain_sheet(sheet))
            before = self._section(last, sheet)
        progress("writing_word", len(rest), len(rest))
        if rest:
            _take_page(last, before)

    def _end_section(self, place: Any, section: Any) -> Any:
        """End a section at a place: in the paragraph there if it is empty, in one of its own otherwise."""
        if place.tag.endswith("}p") and not "".join(place.itertext()):
            ender = place
            for old in ender.findall(f"{{{W}}}pPr"):
                ender.remove(old)
            ender.insert(0, parsed(_TINY).pPr)
        else:
            ender = parsed(_TINY)
            place.addnext(ender)
        ender.pPr.append(copy.deepcopy(section))
        return ender

    def _append(self, place: Any, blocks: Iterator[Any]) -> Any:
        for element in blocks:
            place.addnext(element)
            place = element
        return place

    def _place_of(self, sentinel: str) -> Any:
        """Return the element behind which the annexes go; the sentinel's own paragraph is emptied."""
        body = self.word.element.body
        for element in body.iter(f"{{{W}}}p"):
            if sentinel in "".join(element.itertext()):
                for run_of in list(element.iterchildren(f"{{{W}}}r")):
                    element.remove(run_of)
                return element
        empty = parsed(_TINY)
        body.sectPr.addprevious(empty)
        return empty

    def _replace(self, sentinel: str, blocks: Iterator[Any]) -> None:
        for element in self.word.element.body.iter(f"{{{W}}}p"):
            if sentinel in "".join(element.itertext()):
                self._append(element, blocks)
                element.getparent().remove(element)
                return

    def _section(self, last: Any, sheet: Sheet) -> Any:
        """Return the page of a sheet: A4 upright or across, narrow margins, headers and footers as before."""
        made = copy.deepcopy(last)
        wide, high = (16838, 11906) if sheet.paper.landscape else (11906, 16838)
        size, margins = made.find(f"{{{W}}}pgSz"), made.find(f"{{{W}}}pgMar")
        size.set(f"{{{W}}}w", str(wide))
        size.set(f"{{{W}}}h", str(high))
        size.attrib.pop(f"{{{W}}}orient", None)
        if sheet.paper.landscape:
            size.set(f"{{{W}}}orient", "landscape")
        for side in ("top", "bottom", "left", "right"):
            margins.set(f"{{{W}}}{side}", "900")
        for side in ("header", "footer"):
            margins.set(f"{{{W}}}{side}", "450")
        for grid in made.findall(f"{{{W}}}docGrid"):
            made.remove(grid)
        return made

    def _letter_body(self, sheet: Sheet) -> Iterator[Any]:
        for words in sheet.opening:
            yield parsed(paragraph(words, LETTER, Setting(line=_LINE, first=2, align="both")))
        for made in sheet.tables:
            yield from self._table(made)
        for section in sheet.sections:
            yield from self._section_parts(section, 0, letter=True)
        for words in sheet.notes:
            yield parsed(paragraph(words, LETTER, Setting(line=_LINE, first=2)))

    def _plain_sheet(self, sheet: Sheet) -> Iterator[Any]:
        self.room = _ROOM["landscape" if sheet.paper.landscape else "portrait"]
        if sheet.annex:
            yield parsed(paragraph(sheet.annex, Face(east=HEI, size=16), Setting(after=6)))
        title = Setting(align="center", before=4, after=6, level=1)
        yield parsed(paragraph(sheet.title, Face(east=TITLE, size=18), title))
        if sheet.subtitle:
            yield parsed(paragraph(sheet.subtitle, Face(east=KAI, size=12), Setting(align="center", after=6)))
        if sheet.meta:
            told = "　".join(f"{label} {value}" for label, value in sheet.meta)
            yield parsed(paragraph(told, Face(east=SONG, size=8.5, color="595959"), Setting(after=4)))
        for words in sheet.opening:
            yield parsed(paragraph(words, Face(size=12), Setting(first=2, after=4)))
        for made in sheet.tables:
            yield from self._table(made)
        for section in sheet.sections:
            yield from self._section_parts(section, 1, letter=False)
        for note in sheet.notes:
            yield parsed(paragraph(note, Face(east=SONG, size=9), Setting(before=3)))

    def _section_parts(self, section: Section, depth: int, *, letter: bool) -> Iterator[Any]:
        face = _HEADS[min(depth if letter else depth - 1, 2)]
        if letter:
            yield parsed(paragraph(section.title, face, Setting(line=_LINE, first=2, keep=True, level=depth + 2)))
        else:
            small = Face(east=face.east, size=max(14 - depth, 10.5), bold=face.bold)
            yield parsed(paragraph(section.title, small, Setting(before=10, after=4, keep=True, level=depth + 1)))
        for block in section.body:
            if isinstance(block, str):
                setting = Setting(line=_LINE, first=2, align="both") if letter else Setting(first=2, after=3)
                yield parsed(paragraph(block, LETTER if letter else Face(size=11), setting))
            elif isinstance(block, Table):
                yield from self._table(block)
            elif isinstance(block, Section):
                yield from self._section_parts(block, depth + 1, letter=letter)
            else:
                yield from self._figure(block)

    def _table(self, made: Table) -> Iterator[Any]:
        if made.title:
            centred = Setting(align="center", before=8, after=3, keep=True)
            yield parsed(paragraph(made.title, Face(east=HEI, size=10.5), centred))
        xml, left_out = table(made, self.room)
        yield parsed(xml)
        notes = list(made.notes)
        if left_out:
            notes.append(text("columns_not_printed", self.lang, number=str(left_out)))
        for note in notes:
            yield parsed(paragraph(note, Face(east=SONG, size=9), Setting()))
        yield parsed(paragraph("", Face(east=SONG, size=4), Setting(line=6)))  # two tables in a row would become one

    def _figure(self, figure: Figure) -> Iterator[Any]:
        from docx.enum.text import WD_PARAGRAPH_ALIGNMENT  # noqa: PLC0415
        from docx.shared import Pt  # noqa: PLC0415

        code = isinstance(figure, Code)
        data = png_bytes(figure, width=400 if code else 1600)
        made = self.word.add_paragraph()
        made.alignment = WD_PARAGRAPH_ALIGNMENT.LEFT if code else WD_PARAGRAPH_ALIGNMENT.CENTER
        made.add_run().add_picture(io.BytesIO(data), width=Pt(70 if code else min(self.room, 430.0)))
        made._element.getparent().remove(made._element)  # noqa: SLF001  it goes where the figure stands
        yield made._element  # noqa: SLF001
        words = [figure.title, *figure.words] if isinstance(figure, Code) else []  # a drawing bears its title
        for line in words:
            yield parsed(paragraph(line, Face(east=SONG, size=9), Setting(align="left" if code else "center")))


def _take_page(last: Any, wanted: Any) -> None:
    """Give the document's last section the page of the last sheet."""
    last.getparent().replace(last, wanted)
