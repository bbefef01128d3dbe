"""One assessment: every number of the ranking and of a community sheet is the same in every format, digit by digit."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from pathlib import Path

import pytest

from reports.csv import csv_text
from reports.documents.notice import notice
from reports.documents.subject import subject_document
from reports.documents.workbook import workbook
from reports.docx import docx
from reports.json import assessment_json
from reports.ledger import ledger_table
from reports.material import Material
from reports.pdf import pdf
from reports.standings import ranking_table
from reports.xlsx import xlsx
from tests.paper.reading_back import csv_rows, docx_tables, pdf_lines, xlsx_rows

NUMBER_SIGNS = set("-.0123456789")


def expected_ranking(material: Material) -> list[list[str]]:
    """Return rank, name, total, scores of departments, items outside: from the JSON, which other programs rely on."""
    document = assessment_json(material.assessment)
    outside = [item.id for item in material.edition.scorecard.outside]
    rows = []
    for standing in document["standings"]:
        scores = {item["id"]: item["score"] for item in standing["items"]}
        departments = [d["score"] for d in standing["departments"]]
        row = [str(standing["rank"]), standing["subject"], standing["total"], *departments]
        rows.append([*row, *(scores[i] for i in outside)])
    return rows


def without_words(rows: list[list[str]]) -> list[list[str]]:
    """Return rows with their name but without other texts, such as the change of rank."""
    return [[c for i, c in enumerate(row) if i == 1 or (c and set(c) <= NUMBER_SIGNS)] for row in rows]


@pytest.fixture(scope="module")
def letter_pdf(december: Material, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    return pdf_lines(pdf(notice(december), "zh").data, tmp_path_factory.mktemp("pdf"), "-layout")


def test_the_ranking_has_the_same_digits_everywhere(december: Material, letter_pdf: list[str]) -> None:
    expected = expected_ranking(december)
    assert len(expected) == 12
    table = ranking_table(december.assessment, december.edition, "zh")
    assert without_words(csv_rows(csv_text(table))[1:]) == expected
    sheet = xlsx_rows(xlsx(workbook(december), "zh"), "排名")
    assert without_words([row for row in sheet if row[0].isdigit()]) == expected
    tables = docx_tables(docx(notice(december), "zh"))
    assert without_words(tables[2][1:]) == expected
    names = {row[1] for row in expected}
    lines = [line.split() for line in letter_pdf]
    printed = [row for row in lines if len(row) > len(expected[0]) and row[0].isdigit() and row[1] in names]
    assert without_words([[c for c in row if c not in {"↑", "↓", "→"}] for row in printed]) == expected


def test_the_letter_itself_says_the_same_totals(december: Material, letter_pdf: list[str]) -> None:
    expected = [row[:3] for row in expected_ranking(december)]
    tables = docx_tables(docx(notice(december), "zh"))
    assert [row[:3] for row in tables[0][1:]] == expected
    first_page = " ".join(
        letter_pdf[: letter_pdf.index(next(line for line in letter_pdf if "第 1 页" in line))]
    ).split()
    places = [first_page.index(name) for _, name, _ in expected]
    assert [[first_page[i - 1], first_page[i], first_page[i + 1]] for i in places] == expected


def test_a_communitys_sheet_has_the_same_digits_everywhere(year: Material, tmp_path: Path) -> None:
    standing = next(s for s in assessment_json(year.assessment)["standings"] if s["subject"] == "活力社区")
    items = [[f"{i['id']} {i['name']}", i["points"], i["score"]] for i in standing["items"]]
    entries = [entry for item in standing["items"] for entry in item["entries"]]
    moved = [[e["points"], "" if e["kind"] == "cap" else e.get("counted", e["points"])] for e in entries]
    assert len(moved) > 100
    document = subject_document(year, standing["subject_id"])
    tables = docx_tables(docx(document, "zh"))
    assert [row[1:4] for row in tables[0][1:]] == items
    assert [row[5:7] for row in tables[1][1:]] == moved
    sheet = xlsx_rows(xlsx(document, "zh"), "活力社区")
    heads = [n for n, row in enumerate(sheet) if {"分值", "加减分"} & set(row)]
    assert [row[1:4] for row in sheet[heads[0] + 1 :]][: len(items)] == items
    assert [row[5:7] for row in sheet[heads[1] + 1 :]][: len(moved)] == moved
    made = pdf(document, "zh").data
    joined = ["".join(line.split()) for line in pdf_lines(made, tmp_path, "-layout")]
    for name, points, score in items:
        assert any("".join(name.split()) + points + score in line for line in joined), name
    tokens = Counter(token for line in pdf_lines(made, tmp_path, "-raw") for token in line.split())
    wanted = Counter(number for pair in moved for number in pair if number)
    assert {n: c for n, c in wanted.items() if tokens[n] < c} == {}
    assert any(standing["total"] in line.split() for line in pdf_lines(made, tmp_path, "-layout")[:6])


def test_either_column_of_a_sheet_adds_up_to_the_score_of_the_item(year: Material) -> None:
    for standing in year.assessment.standings:
        table = ledger_table([standing], year)
        for item in standing.items:
            rows = [row for row in table.rows if row[0] == f"{item.id} {item.name}"]
            for column in (5, 6):
                assert item.base + sum(row[column] or Fraction(0) for row in rows) == item.score, (
                    standing.name,
                    item.id,
                )
