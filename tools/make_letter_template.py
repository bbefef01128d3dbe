"""Make `reports/templates/letter.docx`, the template of official letters that an office may replace by its own.

The layout is that of GB/T 9704-2012: A4, 156 × 225 mm of type, 22 lines of 28 characters, title in 小标宋 of size 2
(22 pt), body in 仿宋 of size 3 (16 pt). Fields are those of `reports/letter_template.py`. Same script, same bytes.

    python tools/make_letter_template.py
"""

from __future__ import annotations

import io
from datetime import UTC, datetime
from pathlib import Path

from docx import Document
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.shared import Mm, Pt

from reports.archive import fixed_zip
from reports.word import FANG, HEI, KAI, LATIN, LETTER, TITLE, Face, Setting, W, paragraph, run

TO = Path(__file__).parent.parent / "reports" / "templates" / "letter.docx"
LINE = 29.0
BODY = LETTER
RED = "C00000"
LIKE = {TITLE: "华文中宋", FANG: "仿宋", KAI: "楷体", HEI: "SimHei"}
"""What stands in where a machine lacks the font that official letters ask for."""


def part(words: str, **more: float | str | bool) -> str:
    """Return a paragraph of the body."""
    return paragraph(words, BODY, Setting(line=LINE, **more))  # type: ignore[arg-type]


def ruled() -> str:
    """Return the red line under the number."""
    border = f'<w:pBdr><w:bottom w:val="single" w:sz="12" w:space="1" w:color="{RED}"/></w:pBdr>'
    return f'<w:p><w:pPr>{border}<w:spacing w:before="0" w:after="0" w:line="120" w:lineRule="exact"/></w:pPr></w:p>'


def numbered() -> str:
    """Return the number on the left and who signs on the right."""
    tabs = '<w:tabs><w:tab w:val="right" w:pos="8600"/></w:tabs>'
    setting = f'<w:pPr>{tabs}<w:spacing w:before="240" w:after="0"/></w:pPr>'
    return f"<w:p>{setting}{run('　{{ number }}', BODY)}<w:r><w:tab/></w:r>{run('签发人：{{ signer }}　', BODY)}</w:p>"


def body() -> list[str]:
    """Return the paragraphs of the template."""
    title = Face(east=TITLE, size=22)
    return [
        paragraph("{{ issuer }}", Face(east=TITLE, size=36, color=RED), Setting(align="center", before=20, after=6)),
        part("{%p if signer %}"),
        numbered(),
        part("{%p else %}"),
        paragraph("{{ number }}", BODY, Setting(align="center", before=12)),
        part("{%p endif %}"),
        ruled(),
        paragraph("{{ title }}", title, Setting(align="center", before=40, after=26, line=36, level=1)),
        part("{{ to }}"),
        part("{{ body }}"),
        part("{{ closing }}", first=2),
        part("{%p for name in annexes %}"),
        part("{{ '附件：' if loop.first else '　　　' }}{{ name }}", first=2),
        part("{%p endfor %}"),
        part(""),
        part("{{ author }}", align="right", right=2, keep=True),
        part("{{ date }}", align="right", right=4),
        part("{{ annex_pages }}"),
    ]


def fonts() -> bytes:
    """Return the font table: each font with what may stand in for it."""
    rows = "".join(f'<w:font w:name="{name}"><w:altName w:val="{like}"/></w:font>' for name, like in LIKE.items())
    return f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<w:fonts xmlns:w="{W}">{rows}</w:fonts>'.encode()


def main() -> None:
    """Write the template."""
    made = Document()
    section = made.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.header_distance, section.footer_distance = Mm(15), Mm(25)
    properties = section._sectPr  # noqa: SLF001  the grid has no other door
    for old in properties.findall(f"{{{W}}}docGrid"):
        properties.remove(old)
    properties.append(parse_xml(f'<w:docGrid xmlns:w="{W}" w:type="lines" w:linePitch="580"/>'))
    style = made.styles["Normal"]
    style.font.name = LATIN
    style.font.size = Pt(16)
    style.element.rPr.rFonts.set(f"{{{W}}}eastAsia", FANG)
    for xml in body():
        made.element.body.insert(len(made.element.body) - 1, parse_xml(xml.replace("<w:p>", f'<w:p xmlns:w="{W}">', 1)))
    for related in made.part.rels.values():
        if related.reltype.endswith("/fontTable"):
            target = related.target_part
            related._target = Part(target.partname, target.content_type, fonts(), target.package)  # noqa: SLF001
    properties_of = made.core_properties
    properties_of.author, properties_of.title, properties_of.comments = "{{ author }}", "{{ title }}", ""
    properties_of.created = properties_of.modified = datetime(2000, 1, 1, tzinfo=UTC)
    out = io.BytesIO()
    made.save(out)
    TO.write_bytes(fixed_zip(out.getvalue()))
    print(f"{TO.name}: {TO.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
