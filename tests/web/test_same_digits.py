"""One result: every number of a ranking and of a sheet is the same on the page and in each file taken from it."""

from __future__ import annotations

import json
import re
from html import unescape
from pathlib import Path

import pytest
from fastapi import FastAPI
from serving import BOOK, NOW, Browser
from starlette.testclient import TestClient

from api.demonstration import LOGINS, demo_families
from appraisal.model.roles import Role
from tests.paper.reading_back import csv_rows, docx_tables, pdf_lines, xlsx_rows

NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


def tables(html: str) -> list[list[list[str]]]:
    """Return the cells of the tables of a page; the page sets a true minus where files have a hyphen."""
    found = []
    for table in re.findall(r"<table.*?</table>", html, re.DOTALL):
        rows = re.findall(r"<tr.*?</tr>", table, re.DOTALL)
        cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL) for row in rows]
        found.append([[_words(cell) for cell in row] for row in cells])
    return found


def _words(cell: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", cell)).replace("−", "-").split())


def taken(client: TestClient, period: str, form: str, **more: str) -> bytes:
    answer = client.get(f"/rankings/{BOOK}/{period}/export", params={"form": form, **more})
    assert answer.status_code == 200
    return bytes(answer.content)


def by_head(rows: list[list[str]], heads: list[str], name: int = 1) -> dict[str, list[str]]:
    """Return what stands under these heads for each subject; a gain's sign is no part of its number."""
    places = [next(n for n, cell in enumerate(rows[0]) if cell.startswith(head)) for head in heads]
    return {row[name].split(" ")[0]: [row[n].split(" ")[0].removeprefix("+") for n in places] for row in rows[1:]}


@pytest.mark.slow
@pytest.mark.parametrize("period", ["2020-05", "2020"])
def test_a_ranking_on_the_page_and_in_every_file(browser: Browser, period: str, tmp_path: Path) -> None:
    client = browser(LOGINS[Role.LEADER][0])
    told = json.loads(taken(client, period, "json"))["standings"]
    departments = [d["id"] for d in told[0]["departments"]]
    heads = ["名次", "得分", *departments]
    expected = {s["subject"]: [str(s["rank"]), s["total"], *(d["score"] for d in s["departments"])] for s in told}
    assert by_head(tables(client.get(f"/rankings/{BOOK}/{period}").text)[0], heads) == expected
    assert by_head(csv_rows(taken(client, period, "csv").decode().removeprefix("\ufeff")), heads) == expected
    sheet = xlsx_rows(taken(client, period, "xlsx"), "排名")
    first = next(n for n, row in enumerate(sheet) if "名次" in row)
    ranks = [row for row in sheet[first + 1 :] if row[0].isdigit()]
    assert by_head([sheet[first], *ranks], heads) == expected
    letter = docx_tables(taken(client, period, "docx", document="notice"))
    assert {row[1]: [row[0], row[2]] for row in letter[0][1:]} == {name: row[:2] for name, row in expected.items()}
    annex = next(table for table in letter[1:] if "名次" in table[0] and departments[0] in " ".join(table[0]))
    assert by_head(annex, heads) == expected
    printed = [line.split() for line in pdf_lines(taken(client, period, "pdf", document="notice"), tmp_path, "-layout")]
    for name, row in expected.items():
        assert any(name in line and set(row) <= set(line) for line in printed), name


@pytest.mark.slow
@pytest.mark.parametrize("period", ["2020-05", "2020"])
def test_a_sheet_on_the_page_and_in_every_file(browser: Browser, period: str, tmp_path: Path) -> None:
    client = browser(LOGINS[Role.LEADER][0])
    standing = json.loads(taken(client, period, "json", subject="ziyuan"))
    expected = {f"{i['id']} {i['name']}": [i["points"], i["score"]] for i in standing["items"]}
    html = client.get("/subjects/ziyuan", params={"rulebook": BOOK, "period": period}).text
    page = {row[0]: row[1:3] for table in tables(html) for row in table if row and row[0] in expected and len(row) > 4}
    assert {name: page[name] for name in expected} == expected
    more = {"document": "subject", "subject": "ziyuan"}
    word = {row[1]: row[2:4] for row in docx_tables(taken(client, period, "docx", **more))[0][1:]}
    assert word == expected
    book = xlsx_rows(taken(client, period, "xlsx", **more), standing["subject"])
    assert {row[1]: row[2:4] for row in book if len(row) > 3 and row[1] in expected} == expected
    lines = ["".join(line.split()) for line in pdf_lines(taken(client, period, "pdf", **more), tmp_path, "-layout")]
    for name, (points, score) in expected.items():
        assert any("".join(name.split()) + points + score in line for line in lines), name


@pytest.mark.parametrize("name", ["sme-digital-2024", "customer-satisfaction-2007"])
def test_the_other_families_on_the_page(browser: Browser, app: FastAPI, name: str) -> None:
    demo_families(app.state.house.installation, "office", now=NOW)
    client = browser(LOGINS[Role.LEADER][0])
    year = name.rsplit("-", 1)[1]
    told = client.get(f"/rankings/{name}/{year}/export", params={"form": "json"}).json()["standings"]
    page = tables(client.get(f"/assessments/{name}/{year}").text)[0]
    csv = csv_rows(client.get(f"/rankings/{name}/{year}/export", params={"form": "csv"}).text)
    for standing in told:
        total = standing["total"]
        row = next(row for row in page if standing["subject"] in row)
        line = next(row for row in csv if standing["subject"] in row)
        shown = [cell for cell in row if NUMBER.fullmatch(cell) and len(cell) > 2]
        wanted = total if isinstance(total, str) else f"{total:.{len(shown[0].partition('.')[2])}f}"
        assert wanted in row, standing["subject"]
        assert any(cell.startswith(wanted[:4]) for cell in line), standing["subject"]
