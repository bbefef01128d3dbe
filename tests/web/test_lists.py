"""Lists taken away: exactly what the page shows under its filters, how many there are, and a trace."""

from __future__ import annotations

import csv
import io
import re

import openpyxl
import pytest
from fastapi import FastAPI
from serving import BOOK, NOW, Browser
from starlette.testclient import TestClient

from api.demo_year import demo_year
from api.demonstration import LOGINS
from appraisal.model.roles import Role
from appraisal.office.office import FIRST

FILTERS = (
    "period=2020-05",
    "period=2020&clause=CG-A",
    "period=2020&state=countered",
    "period=2020-11&department=城市管理办&words=示例",
    "period=2020-05&subject=mayuanwan",
)


def rows(client: TestClient, path: str) -> list[dict[str, str]]:
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def listed(client: TestClient, filters: str) -> list[str]:
    """Return the ids that the pages of a list show, one page after another."""
    found: list[str] = []
    for page in range(1, 60):
        more = re.findall(
            r'<td><a href="/events/[^"]+"><code>([^<]+)</code>', client.get(f"/events?{filters}&page={page}").text
        )
        if not more:
            return found
        found += more
    raise AssertionError("the list does not end")


@pytest.mark.parametrize("filters", FILTERS)
@pytest.mark.parametrize("role", [Role.GROUP, Role.OFFICER, Role.HEAD])
def test_events_are_taken_away_as_the_list_shows_them(browser: Browser, role: Role, filters: str) -> None:
    client = browser(LOGINS[role][0])
    filters = f"rulebook={BOOK}&{filters}"
    taken = rows(client, f"/events/export?form=csv&{filters}")
    assert [row["编号"] for row in taken] == listed(client, filters)
    if taken:
        assert f"当前筛选 {len(taken)} 条" in client.get(f"/events?{filters}").text


def test_a_workbook_says_how_many_and_what_was_filtered_and_leaves_a_trace(browser: Browser, app: FastAPI) -> None:
    client = browser(LOGINS[Role.GROUP][0])
    filters = f"rulebook={BOOK}&period=2020-05&clause=CG-A"
    number = len(rows(client, f"/events/export?form=csv&{filters}"))
    before = len(app.state.house.installation.audit.lines())
    answer = client.get(f"/events/export?form=xlsx&{filters}")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    words = [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert any(f"CG-A，当前筛选 {number} 条" in word for word in words)
    last = app.state.house.installation.audit.lines(limit=1)[0]
    assert len(app.state.house.installation.audit.lines()) == before + 1
    assert (last.action, last.target) == ("export", f"{BOOK}/2020-05/events ({number})")
    assert client.get(f"/events/export?form=exe&{filters}").status_code == 404


@pytest.mark.parametrize("key", ["appeals", "claims", "decisions"])
def test_a_queue_is_taken_away_with_what_waits_and_what_is_through(browser: Browser, app: FastAPI, key: str) -> None:
    demo_year(app.state.house.installation, FIRST, BOOK, now=NOW)
    for role in (Role.GROUP, Role.HEAD):
        client = browser(LOGINS[role][0])
        client.cookies.set("pick", f"rulebook={BOOK}&period=2020&subject=")
        page = client.get(f"/{key}").text
        taken = rows(client, f"/queues/{key}/export?form=csv")
        waiting = re.findall(r'<h2 class="card-title"><a href="/events/([^"]+)"', page)
        through = re.findall(r'<td><a href="/events/[^"]+"><code>([^<]+)</code>', page)
        shown = [row["编号"] for row in taken]
        assert sorted(shown[: len(waiting)]) == sorted(waiting)
        assert shown[len(waiting) :][: len(through)] == through
        if key == "appeals" and role is Role.GROUP:
            assert {row["剩余天数"] for row in taken[: len(waiting)]} == {"4"}


def test_evidence_is_named_in_what_is_taken_away(browser: Browser, app: FastAPI) -> None:
    demo_year(app.state.house.installation, FIRST, BOOK, now=NOW)
    client = browser(LOGINS[Role.GROUP][0])
    taken = {r["编号"]: r for r in rows(client, f"/events/export?form=csv&rulebook={BOOK}&period=2020-11")}
    book = app.state.house.installation.yearbook(FIRST, BOOK, 2020)
    (file,) = book.files("S1581")
    assert taken["S1581"]["证据"] == file[:12]
