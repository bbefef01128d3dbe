"""Documents of the families without a scorecard: what has no points shows none; each document in its formats."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from pypdf import PdfReader

from appraisal.assess import assess
from appraisal.reading.events import read_events
from appraisal.reading.rulebook import find_rulebook, read_rulebook
from reports.catalogue import Wish, exported, offered
from reports.material import Imprint, Material
from tests.paper.reading_back import xlsx_rows

SAMPLES = {
    "sme-digital-2024": "2024.csv",
    "gd-smart-manufacturing-2024": "2024.csv",
    "customer-satisfaction-2007": "survey.csv",
}
OWN = {
    "sme-digital-2024": "levels",
    "gd-smart-manufacturing-2024": "recommendation",
    "customer-satisfaction-2007": "report",
}


def material(name: str) -> Material:
    path = find_rulebook(name)
    edition = read_rulebook(path)
    events = read_events([path.parent / "sample" / SAMPLES[name]], edition)
    found = assess(edition, events, edition.rulebook.default_span())
    held = {event.id: event for event in events}
    return Material(edition=edition, assessment=found, events=held, lang="zh", imprint=Imprint(office="示例市局"))


@pytest.fixture(scope="module", params=SAMPLES)
def told(request: pytest.FixtureRequest) -> Material:
    return material(request.param)


def words(data: bytes) -> str:
    return "".join("".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(data)).pages)


def test_a_selection_has_neither_points_nor_ranks(tmp_path: Path) -> None:
    del tmp_path
    about = material("gd-smart-manufacturing-2024")
    one = about.assessment.standings[0]
    sheet = words(exported(about, Wish(document="subject", subject=one.subject), "pdf").data)
    assert one.grade is not None
    assert f"等级{one.grade}" in sheet
    assert "得分" not in sheet
    assert "名次" not in sheet
    rows = xlsx_rows(exported(about, Wish(document="subject", subject=one.subject), "xlsx").data, one.name)
    assert not {"得分", "名次"} & {cell for row in rows for cell in row}


def test_each_document_in_word_and_pdf(told: Material) -> None:
    own = OWN[told.edition.rulebook.id]
    assert {"workbook", "subject", own} <= set(offered(told))
    for form, head in (("docx", b"PK"), ("pdf", b"%PDF"), ("xlsx", b"PK")):
        assert exported(told, Wish(document=own), form).data.startswith(head)
    printed = words(exported(told, Wish(document=own), "pdf").data)
    assert "第1页" in printed
    missing = [s.name for s in told.assessment.standings if "".join(s.name.split()) not in printed]
    if own == "levels":
        assert missing == []


def test_the_report_has_the_parts_of_section_nineteen_in_their_order() -> None:
    """The parts as section 19 of the document names them, each a bookmark of the printed report."""
    source = find_rulebook("customer-satisfaction-2007").parent / "source.txt"
    lines = ["".join(line.split()).rstrip("：:") for line in source.read_text(encoding="utf-8").splitlines()]
    start = next(n for n, line in enumerate(lines) if line.startswith("商业服务顾客满意度测评最终需编写调查报告"))
    parts = [line for line in lines[start + 1 : lines.index("附录A", start)] if line]
    wanted = [part for part in parts if part in {"摘要", "前言", "附录"} or re.match("第.部分", part)]
    assert len(wanted) == 7
    printed = exported(material("customer-satisfaction-2007"), Wish(document="report"), "pdf").data
    outline = PdfReader(io.BytesIO(printed)).outline
    inner = next(entry for entry in outline if isinstance(entry, list))
    marks = ["".join(str(entry.title).split()) for entry in inner if not isinstance(entry, list)]
    assert [mark.startswith(part) for mark, part in zip(marks, wanted, strict=True)] == [True] * 7
