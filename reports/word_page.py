"""What stands on every page of a DOCX: the number of the page, and a mark such as 初稿 across it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import quoteattr

from appraisal.errors import Lang, text
from reports.word import HEI, SONG, Face, parsed, plain

if TYPE_CHECKING:
    from docx.document import Document


def furnish(word: Document, mark: str, lang: Lang) -> None:
    """Add page numbers where the template has none, and write the mark across them."""
    section = word.sections[0]
    if not _has_pages(section.footer):
        holder = section.footer.paragraphs[0] if section.footer.paragraphs else section.footer.add_paragraph()
        before, between, after = text("page_of", lang).replace("{all}", "{now}").split("{now}")
        runs = "".join((_words(before), _page("PAGE"), _words(between), _page("NUMPAGES"), _words(after)))
        made = parsed(f'<w:p><w:pPr><w:jc w:val="center"/></w:pPr>{runs}</w:p>')
        holder._element.addprevious(made)  # noqa: SLF001  python-docx has no other door to fields
        holder._element.getparent().remove(holder._element)  # noqa: SLF001
    if mark:
        header = section.header
        holder = header.paragraphs[0] if header.paragraphs else header.add_paragraph()
        holder._element.append(parsed(_watermark(mark)))  # noqa: SLF001


def _has_pages(footer: Any) -> bool:
    if footer.is_linked_to_previous:
        return False
    return "PAGE" in footer._element.xml  # noqa: SLF001


def _words(words: str) -> str:
    return f'<w:r>{Face(east=SONG, size=10.5).xml()}<w:t xml:space="preserve">{words}</w:t></w:r>'


def _page(name: str) -> str:
    return f'<w:fldSimple w:instr="{name}">{_words("1")}</w:fldSimple>'


def _watermark(mark: str) -> str:
    """Return the mark as Word draws watermarks: a shape in the header, behind the text, in the middle of the page."""
    style = (
        "position:absolute;margin-left:0;margin-top:0;width:380pt;height:170pt;rotation:315;z-index:-251658752;"
        "mso-position-horizontal:center;mso-position-horizontal-relative:margin;"
        "mso-position-vertical:center;mso-position-vertical-relative:margin"
    )
    path = "m@7,l@8,m@5,21600l@6,21600e"
    kind = (
        '<v:shapetype id="_x0000_t136" coordsize="21600,21600" o:spt="136" adj="10800" '
        f'path="{path}"><v:formulas><v:f eqn="sum #0 0 10800"/><v:f eqn="prod #0 2 1"/><v:f eqn="sum 21600 0 @1"/>'
        '<v:f eqn="sum 0 0 @2"/><v:f eqn="sum 21600 0 @3"/><v:f eqn="if @0 @3 0"/><v:f eqn="if @0 21600 @1"/>'
        '<v:f eqn="if @0 0 @2"/><v:f eqn="if @0 @4 21600"/><v:f eqn="mid @5 @6"/><v:f eqn="mid @8 @5"/>'
        '<v:f eqn="mid @7 @8"/><v:f eqn="mid @6 @7"/><v:f eqn="sum @6 0 @5"/></v:formulas>'
        '<v:path textpathok="t" o:connecttype="custom"/><v:textpath on="t" fitshape="t"/></v:shapetype>'
    )
    shape = (
        f'<v:shape id="mark" o:spid="_x0000_s2049" type="#_x0000_t136" style="{style}" fillcolor="#e4e4e4" stroked="f">'
        f'<v:textpath style="font-family:&quot;{HEI}&quot;;font-size:1pt" string={quoteattr(plain(mark))}/></v:shape>'
    )
    spaces = 'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
    return f"<w:r {spaces}><w:pict>{kind}{shape}</w:pict></w:r>"
