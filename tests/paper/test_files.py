"""The written files are sound: other programs open them, equal input gives equal bytes, nothing runs as a formula."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import openpyxl
import pytest
from pypdf import PdfReader

from reports.document import Document
from reports.documents.department import department_document
from reports.documents.notice import notice
from reports.documents.subject import subject_document
from reports.documents.workbook import workbook
from reports.docx import docx
from reports.material import Material
from reports.pdf import pdf
from reports.sheet import Column, Kind, Paper, Sheet, Table
from reports.xlsx import xlsx
from tests.paper.reading_back import docx_tables, opened_by_libreoffice, pdf_lines, xlsx_rows

ODD = [
    '"引号"',
    "<b>尖括号</b>",
    "#井号 $钱 *星 _线_ @人",
    "emoji 🏆",
    "㐂𠮷社区",
    "\x07铃\x00",
    "很" * 3000,
    "a" * 300,
    "\\反斜杠{{ x }}",
    "../../上级/目录",
    "C:\\示例",
    "مجتمع عربي שכונה",
    "a\u202egpj.exe",
    "\ufeff零宽\u200b字",
]
FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)"]


def one(rows: list[str], **more: object) -> Document:
    columns = (Column(title="名称"), Column(title="数", kind=Kind.NUMBER))
    table = Table(columns=columns, rows=tuple((row, Fraction(1, 3)) for row in rows))
    return Document(name="t", title="试", sheets=(Sheet(name="试", title="试", tables=(table,), **more),))  # type: ignore[arg-type]


@pytest.mark.slow
@pytest.mark.parametrize("make", [workbook, notice, subject_document, department_document])
def test_libreoffice_opens_every_document(make: object, december: Material, tmp_path: Path) -> None:
    document = make(december)  # type: ignore[operator]
    small = replace(document, sheets=document.sheets[:3])
    for data, name in ((xlsx(small, "zh"), "a.xlsx"), (docx(small, "zh"), "b.docx")):
        pages = PdfReader(io.BytesIO(opened_by_libreoffice(data, name, tmp_path))).pages
        told = "".join("".join(page.extract_text() for page in pages).split())
        assert "".join(small.sheets[0].title.split()) in told, name
        assert "".join(december.assessment.standings[0].name.split()) in told, name


def test_same_input_gives_same_bytes(december: Material) -> None:
    assert xlsx(workbook(december), "zh") == xlsx(workbook(december), "zh")
    assert docx(notice(december), "zh") == docx(notice(december), "zh")
    assert pdf(notice(december), "zh") == pdf(notice(december), "zh")
    sheets = subject_document(december)
    assert pdf(sheets, "zh") == pdf(sheets, "zh")


def test_no_member_of_an_archive_bears_the_time_of_writing(december: Material) -> None:
    for data in (xlsx(workbook(december), "zh"), docx(notice(december), "zh")):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_no_text_becomes_a_formula_and_what_people_see_is_what_was_said() -> None:
    data = xlsx(one(FORMULAS), "zh")
    page = openpyxl.load_workbook(io.BytesIO(data))["试"]
    cells = {cell.value: cell for row in page.iter_rows() for cell in row if cell.value in FORMULAS}
    assert set(cells) == set(FORMULAS)
    assert all(cell.data_type == "s" and cell.quotePrefix for cell in cells.values())


def test_odd_names_go_through_every_writer(tmp_path: Path) -> None:
    document = one(ODD)
    rows = [row[0] for row in xlsx_rows(xlsx(document, "zh"), "试")]
    assert {"<b>尖括号</b>", "㐂𠮷社区", "\\反斜杠{{ x }}"} <= set(rows)
    words = [row[0] for row in docx_tables(docx(document, "zh"))[0]]
    assert {'"引号"', "<b>尖括号</b>", "铃", "\\反斜杠{{ x }}", "很" * 3000} <= set(words)
    made = pdf(document, "zh")
    told = "".join("".join(line.split()) for line in pdf_lines(made.data, tmp_path, "-raw"))
    assert "<b>尖括号</b>" in told
    assert "#井号$钱*星_线_@人" in told
    assert told.count("很") == 3000
    assert told.count("a") >= 300


def test_what_no_font_has_is_printed_as_a_geta_and_named(tmp_path: Path) -> None:
    made = pdf(one(["私\U0010fffd用"]), "zh")
    assert made.missing == "\U0010fffd"
    assert any("私〓用" in line for line in pdf_lines(made.data, tmp_path, "-raw"))


def test_a_number_without_finite_decimals_is_the_number_that_is_shown() -> None:
    assert xlsx_rows(xlsx(one(["a"]), "zh"), "试")[-1] == ["a", "0.333333"]
    assert docx_tables(docx(one(["a"]), "zh"))[0][-1] == ["a", "0.333333"]


def test_the_print_set_up_of_a_workbook(december: Material) -> None:
    book = openpyxl.load_workbook(io.BytesIO(xlsx(workbook(december), "zh")))
    assert book.sheetnames == ["排名", "热力图", "明细", "未计入", "口径", "提醒"]
    page = book["排名"]
    assert (page.page_setup.paperSize, page.page_setup.orientation) == (9, "landscape")
    assert page.print_title_rows == "$3:$3"
    assert page.freeze_panes == "A4"
    assert "第 &P 页 共 &N 页" in page.oddFooter.center.text
    assert len(book["热力图"].conditional_formatting) == sum(1 for _ in december.edition.scorecard.items())


def test_a_draft_says_so_and_a_final_one_does_not(december: Material, tmp_path: Path) -> None:
    draft = pdf_lines(pdf(notice(december), "zh").data, tmp_path, "-raw")
    assert any("初稿" in line for line in draft)
    assert not any("签发人" in line for line in draft)
    final = replace(december, imprint=replace(december.imprint, final=True))
    told = pdf_lines(pdf(notice(final), "zh").data, tmp_path, "-raw")
    assert not any("初稿" in line for line in told)
    assert any("签发人" in line for line in told)
    assert any("特此通报" in line for line in told)


def test_pages_are_numbered_and_bookmarked(december: Material) -> None:
    reader = PdfReader(io.BytesIO(pdf(subject_document(december), "zh").data))
    marks = [entry.title for entry in reader.outline if not isinstance(entry, list)]
    assert marks == [sheet.title for sheet in subject_document(december).sheets]
    first = reader.pages[0].extract_text()
    assert "第 1 页" in first


def test_a_sheet_of_five_thousand_entries_repeats_its_head(tmp_path: Path) -> None:
    document = one([f"第{number}条记录" for number in range(5000)])
    made = pdf(document, "zh").data
    pages = len(PdfReader(io.BytesIO(made)).pages)
    lines = pdf_lines(made, tmp_path, "-layout")
    assert sum(line.split() == ["名称", "数"] for line in lines) == pages > 50
    assert sum("条记录" in line for line in lines) == 5000
    assert len(xlsx_rows(xlsx(document, "zh"), "试")) == 5002
    assert len(docx_tables(docx(replace(document), "zh"))[0]) == 5001


def test_names_of_worksheets_are_made_fit() -> None:
    sheets = tuple(Sheet(name=name, title="t", paper=Paper()) for name in ("a/b:c", "a b c", "长" * 40, "", "'x'"))
    book = openpyxl.load_workbook(io.BytesIO(xlsx(Document(name="t", title="t", sheets=sheets), "zh")))
    assert book.sheetnames == ["a b c", "a b c(2)", "长" * 31, "Sheet", "x"]
