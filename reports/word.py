"""Paragraphs and tables as WordprocessingML: fonts for Chinese and for Latin, exact line heights, repeated heads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from reports.layout import Layout, fit
from reports.sheet import Column, Kind, Table

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
SONG, FANG, HEI, KAI, TITLE = "宋体", "仿宋_GB2312", "黑体", "楷体_GB2312", "方正小标宋简体"
LATIN = "Times New Roman"
_TWIPS = 20
_GRID = "808080"
_LETTER_LINE = 29
_UNSEEN = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF])


@dataclass(frozen=True, kw_only=True)
class Face:
    """How letters look: the Chinese font, the size in points, weight, colour, points between them."""

    east: str = FANG
    size: float = 16
    bold: bool = False
    color: str = ""
    apart: float = 0

    def xml(self) -> str:
        """Return the properties of a run."""
        fonts = (
            f'<w:rFonts w:hint="eastAsia" w:ascii="{LATIN}" w:hAnsi="{LATIN}" w:eastAsia="{self.east}" w:cs="{LATIN}"/>'
        )
        bold = "<w:b/>" if self.bold else ""
        color = f'<w:color w:val="{self.color}"/>' if self.color else ""
        apart = f'<w:spacing w:val="{round(self.apart * _TWIPS)}"/>' if self.apart else ""
        half = round(self.size * 2)
        return f'<w:rPr>{fonts}{bold}{color}{apart}<w:sz w:val="{half}"/><w:szCs w:val="{half}"/></w:rPr>'


@dataclass(frozen=True, kw_only=True)
class Setting:
    """How a paragraph stands: alignment, indents in characters, space around and line height in points, level."""

    align: str = "left"
    first: float = 0
    hanging: float = 0
    right: float = 0
    before: float = 0
    after: float = 0
    line: float = 0
    keep: bool = False
    level: int = 0

    def xml(self, em: float = 16) -> str:
        """Return the properties of a paragraph, in the order of the format; `em` is a character in points."""
        line = f' w:line="{round(self.line * _TWIPS)}" w:lineRule="exact"' if self.line else ""
        space = f'<w:spacing w:before="{round(self.before * _TWIPS)}" w:after="{round(self.after * _TWIPS)}"{line}/>'
        sides = {"left": self.hanging, "right": self.right, "firstLine": self.first, "hanging": self.hanging}
        # Word takes the measure in characters, LibreOffice the one in twentieths of a point
        given = "".join(
            f' w:{side}Chars="{round(chars * 100)}" w:{side}="{round(chars * em * _TWIPS)}"'
            for side, chars in sides.items()
            if chars
        )
        indent = f"<w:ind{given}/>" if given else ""
        level = f'<w:outlineLvl w:val="{self.level - 1}"/>' if self.level else ""
        keep = "<w:keepNext/>" if self.keep else ""
        loose = "" if self.line >= _LETTER_LINE else '<w:snapToGrid w:val="0"/>'
        return (
            f'<w:pPr>{keep}<w:widowControl w:val="0"/>{loose}{space}{indent}<w:jc w:val="{self.align}"/>{level}</w:pPr>'
        )


LETTER = Face(east=FANG, size=16, apart=-0.25)
"""The body of a letter: 28 characters of size 3 in 156 mm, which a character grid would only give in Word."""


def plain(words: str) -> str:
    """Return text as XML may hold it: no control characters, no half of a character."""
    return words.translate(_UNSEEN).encode("utf-8", "replace").decode("utf-8")


def run(words: str, face: Face) -> str:
    """Return a run of text; line ends become breaks."""
    lines = "<w:br/>".join(f'<w:t xml:space="preserve">{escape(plain(part))}</w:t>' for part in words.split("\n"))
    return f"<w:r>{face.xml()}{lines}</w:r>"


def parsed(xml: str) -> Any:
    """Return one element from its text; its prefix `w` needs no declaration."""
    from docx.oxml import parse_xml  # noqa: PLC0415

    head, rest = xml.split(">", 1)
    closing = "/" if head.endswith("/") else ""
    return parse_xml(f'{head.rstrip("/")} xmlns:w="{W}"{closing}>{rest}')


def paragraph(words: str, face: Face, setting: Setting) -> str:
    """Return one paragraph."""
    return f"<w:p>{setting.xml(face.size)}{run(words, face)}</w:p>"


def table(made: Table, room: float) -> tuple[str, int]:
    """Return a table in `room` points and how many columns did not fit; its head is repeated on every page."""
    layout = fit(made, room)
    kept = tuple(made.columns[i] for i in layout.kept)
    shown = Table(columns=kept, rows=tuple(tuple(row[i] for i in layout.kept) for row in made.rows), strong=made.strong)
    grid = "".join(f'<w:gridCol w:w="{_dxa(w)}"/>' for w in layout.widths)
    whole = sum(map(_dxa, layout.widths))
    head = _head(shown, layout)
    body = "".join(_rows(shown, layout))
    xml = f"<w:tbl>{_properties(whole)}<w:tblGrid>{grid}</w:tblGrid>{head}{body}</w:tbl>"
    return xml, len(made.columns) - len(kept)


def _dxa(points: float) -> int:
    return round(points * _TWIPS)


def _properties(whole: int) -> str:
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    borders = "".join(f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="{_GRID}"/>' for side in sides)
    margins = "".join(f'<w:{side} w:w="60" w:type="dxa"/>' for side in ("left", "right"))
    return (
        f'<w:tblPr><w:tblW w:w="{whole}" w:type="dxa"/><w:jc w:val="center"/><w:tblBorders>{borders}</w:tblBorders>'
        f'<w:tblLayout w:type="fixed"/><w:tblCellMar>{margins}</w:tblCellMar></w:tblPr>'
    )


def _head(shown: Table, layout: Layout) -> str:
    face = Face(east=HEI, size=layout.size)
    rows = []
    heads, at = shown.heads(), 0
    if heads:
        cells = []
        for name, span in heads:
            wide = sum(map(_dxa, layout.widths[at : at + span]))
            cells.append(_cell(name, wide, face, "center", f'<w:gridSpan w:val="{span}"/>', shade=True))
            at += span
        rows.append("".join(cells))
    rows.append(
        "".join(
            _cell(c.title, _dxa(w), face, "center", shade=True)
            for c, w in zip(shown.columns, layout.widths, strict=True)
        )
    )
    return "".join(f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{row}</w:tr>" for row in rows)


def _rows(shown: Table, layout: Layout) -> list[str]:
    usual, strong = Face(east=SONG, size=layout.size), Face(east=HEI, size=layout.size)
    usual_xml, strong_xml = usual.xml(), strong.xml()
    starts = [{first for first, _ in shown.runs(i)} if c.merged else None for i, c in enumerate(shown.columns)]
    rows = []
    for r, row in enumerate(shown.rows):
        face = strong_xml if r in shown.strong else usual_xml
        cells = []
        for column, cell, wide, firsts in zip(shown.columns, row, layout.widths, starts, strict=True):
            begins = firsts is None or r in firsts
            merge = "" if firsts is None else f"<w:vMerge{' w:val=' + quoteattr('restart') if begins else ''}/>"
            words = column.words(cell) if begins else ""
            cells.append(_cell_xml(words, _dxa(wide), face, _align(column), merge))
        rows.append(f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{''.join(cells)}</w:tr>")
    return rows


def _align(column: Column) -> str:
    return "left" if column.kind is Kind.TEXT else "center"


def _cell(words: str, wide: int, face: Face, align: str, merge: str = "", *, shade: bool = False) -> str:
    return _cell_xml(words, wide, face.xml(), align, merge, shade=shade)


def _cell_xml(words: str, wide: int, face: str, align: str, merge: str = "", *, shade: bool = False) -> str:
    fill = '<w:shd w:val="clear" w:color="auto" w:fill="F0F0F0"/>' if shade else ""
    lines = "<w:br/>".join(f'<w:t xml:space="preserve">{escape(plain(part))}</w:t>' for part in words.split("\n"))
    inside = f"<w:r>{face}{lines}</w:r>" if words else ""
    mark = "" if words else face  # an empty paragraph is as high as the letters of its mark
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{wide}" w:type="dxa"/>{merge}{fill}<w:vAlign w:val="center"/></w:tcPr>'
        f'<w:p><w:pPr><w:snapToGrid w:val="0"/><w:spacing w:before="20" w:after="20"/><w:jc w:val="{align}"/>'
        f"{mark}</w:pPr>"
        f"{inside}</w:p></w:tc>"
    )
