"""What the pages say of a year at work: states on every page, what waits, what changed since it was published."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import quote

import pytest
from fastapi import FastAPI
from serving import BOOK, LATER
from starlette.testclient import TestClient

from api.demonstration import LOGINS
from appraisal.model.roles import Role

At = Callable[[Role], TestClient]
CHIPS = {"2020-03": "正式", "2020-09": "正式", "2020-10": "初稿", "2020-11": "初稿", "2020-12": "开放", "2020": "开放"}
BOOK_AT = f"rulebook={BOOK}&period="


@pytest.fixture
def at(year_app: FastAPI) -> At:
    """Return what gives a signed-in client of a role."""

    def sign_in(role: Role) -> TestClient:
        client = TestClient(year_app, client=("127.0.0.1", 50000))
        house = year_app.state.house.installation
        client.cookies.set("session", house.sessions.begin(house.accounts.find(LOGINS[role][0]).id, now=LATER))
        return client

    return sign_in


@pytest.mark.parametrize(("period", "chip"), CHIPS.items())
def test_every_page_of_a_period_says_how_far_it_is(at: At, period: str, chip: str) -> None:
    client = at(Role.LEADER)
    ranking = f"/rankings/{BOOK}/{period}"
    sheet = f"?{BOOK_AT}{period}"
    pages = [ranking, f"{ranking}?screen=1", f"{ranking}?static=1", f"{ranking}/changes", f"/periods/{period}"]
    pages += [f"/subjects/mayuanwan{sheet}", f"/subjects/mayuanwan/items/CG{sheet}"]
    client.cookies.set("pick", f"{BOOK_AT}{period}&subject=")
    for path in pages:
        page = client.get(path)
        assert page.status_code == 200, path
        shown = re.findall(r"chip chip-\w+[^>]*>(?:<svg.*?</svg>)?([^<]+)<", page.text, re.DOTALL)
        assert chip in [one.strip() for one in shown] or f">{chip}<" in page.text or f" {chip}" in page.text, path


def test_one_button_leads_to_the_entry_from_every_page_of_the_officer(at: At) -> None:
    client = at(Role.OFFICER)
    seen, todo = set(), ["/"]
    while todo:
        path = todo.pop()
        page = client.get(path)
        seen.add(path)
        assert page.status_code == 200, path
        assert 'href="/events/new"' in page.text, path
        nav = re.search(r'<nav[^>]*class="[^"]*side.*?</nav>', page.text, re.DOTALL)
        assert nav, path
        todo += [href for href in re.findall(r'href="(/[^"?#]*)"', nav[0]) if href not in {*seen, *todo}]
    assert len(seen) >= 7


def test_appeals_wait_in_the_order_of_the_days_that_are_left(at: At) -> None:
    client = at(Role.GROUP)
    client.cookies.set("pick", f"{BOOK_AT}2020&subject=")
    left = [int(days) for days in re.findall(r"还剩 (\d+) 天", client.get("/appeals").text)]
    assert left
    assert left == sorted(left)


def test_what_changed_since_it_was_published_stands_beside_it(at: At) -> None:
    """An entry of April was withdrawn after it was published, 0.1 points: the ranking stays, the change is shown."""
    for role in (Role.LEADER, Role.HEAD):
        client = at(role)
        ranking = client.get(f"/api/v1/rankings/{BOOK}/2020-04").json()
        (mine,) = (row for row in ranking["rows"] if row["subject"] == "mayuanwan")
        changes = client.get(f"/rankings/{BOOK}/2020-04/changes").text
        before, after = re.search(r"([\d.]+) → <strong>([\d.]+)</strong>", changes).groups()  # type: ignore[union-attr]
        assert (mine["total"], float(after) - float(before)) == (before, pytest.approx(0.1))
        assert "公示栏照片后来找到了" in changes


def test_a_head_reads_what_changed_of_the_own_community_only(at: At) -> None:
    client = at(Role.HEAD)
    assert "侯家塘社区" not in client.get(f"/rankings/{BOOK}/2020-06/changes").text
    client.cookies.set("pick", f"{BOOK_AT}2020-06&subject=")
    page = client.get("/periods/2020-06").text
    assert "公布后变了什么" in page
    assert "侯家塘社区" not in page
    assert "侯家塘社区" in at(Role.LEADER).get(f"/rankings/{BOOK}/2020-06/changes").text


def test_what_waits_is_told_with_its_number(at: At) -> None:
    """Of September only the signature is missing: one month to publish, not the others that are final."""
    page = at(Role.COMMITTEE).get(f"/?{BOOK_AT}2020").text
    told = set(re.findall(r'tile-number">(\d+)</div><div class="tile-words">([^<]+)<', page))
    assert told == {("1", "待确定的申报"), ("1", "待公布的月份")}


def test_the_closing_page_names_who_has_not_reported_and_what_else_is_in_the_way(at: At) -> None:
    client = at(Role.GROUP)
    client.cookies.set("pick", f"{BOOK_AT}2020-11&subject=")
    page = client.get("/periods/2020-11").text
    assert re.search(r"财政所</th>.*?未报", page, re.DOTALL)
    found = set(re.findall(r'fault-code">(O\d+)<', page))
    assert {"O060", "O062", "O063", "O066"} <= found
    assert re.search(r"<button[^>]*disabled[^>]*>", page) is None  # its next step is to recheck
    client.cookies.set("pick", f"{BOOK_AT}2020-10&subject=")
    assert re.search(r"<button[^>]*disabled", client.get("/periods/2020-10").text)


def test_a_late_entry_is_refused_with_who_can_allow_it(at: At, year_app: FastAPI) -> None:
    client = at(Role.OFFICER)
    form = client.get("/events/new?clause=CG-A1").text
    csrf = re.search(r'name="csrf" value="([^"]*)"', form)
    assert csrf
    cells = {"csrf": csrf[1], "clause": "CG-A1", "subject": "mayuanwan", "date": "2020-10-05", "note": "示例"}
    head = year_app.state.house.installation.log.head("office")
    page = client.post("/events", data=cells).text
    assert "不能再登记" in page
    assert "领导小组" in page
    assert year_app.state.house.installation.log.head("office") == head


def test_a_name_of_a_page_that_is_none_is_missing(at: At) -> None:
    assert at(Role.GROUP).get(f"/queues/{quote('rights')}/export").status_code == 404
