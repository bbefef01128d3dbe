"""A ranking is a draft until it is displayed: who may not read drafts sees none of it, anywhere, and then all of it."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from fastapi import FastAPI
from programs import program
from serving import BOOK, NOW, Browser
from starlette.testclient import TestClient

from api.demonstration import LOGINS
from appraisal.model.periods import Period, Span
from appraisal.model.roles import Actor, HeldRole, Role
from appraisal.model.steps import Step
from appraisal.office import closing, months
from appraisal.office.consequence import what_if, withdrawn
from appraisal.office.installation import Installation
from appraisal.office.office import FIRST
from appraisal.office.rights import RIGHTS, Action

MONTH = "2020-05"
OWN = f"/subjects/mayuanwan?rulebook={BOOK}&period={MONTH}"
RANKING = f"/rankings/{BOOK}/{MONTH}"
VIEWS = (RANKING, f"{RANKING}?screen=1", f"{RANKING}/changes")
BLIND = [role for role in Role if Action.READ_RANKINGS in RIGHTS[role] and Action.READ_DRAFTS not in RIGHTS[role]]
SEEING = [role for role in Role if Action.READ_DRAFTS in RIGHTS[role]]


def move(app: FastAPI, *steps: Step, month: int = 5) -> None:
    house: Installation = app.state.house.installation
    desk = house.desk(FIRST, Actor(id="g", roles=(HeldRole(role=Role.GROUP, office=FIRST),)))
    period = Period(2020, month)
    for step in steps:
        on = months.month(desk, BOOK, period).last
        closing.move(desk, BOOK, period, step, on=on, now=NOW, reason="示例")


def display(app: FastAPI, month: int = 5) -> None:
    move(app, Step.CUT_OFF, Step.DRAFTED, Step.DISPLAYED, month=month)


def others(app: FastAPI) -> list[str]:
    """Return the names of the other communities."""
    house: Installation = app.state.house.installation
    roster = house.log.edition(house.office(FIRST).adopted(BOOK)).roster
    return [s.name for s in roster if s.id != "mayuanwan"]


def one_that_moves(house: Installation) -> str:
    """Return an entry of May whose withdrawal moves points of the community."""
    desk, book = house.desk(FIRST, Actor(id="")), house.yearbook(FIRST, BOOK, 2020)
    for line in book.entries:
        if line.event.subject == "mayuanwan" and line.event.when == Period(2020, 5) and line.event.clause:
            gone, spans = withdrawn(line.event, now=NOW), [Span.month(2020, 5)]
            (effect,) = what_if(desk, BOOK, 2020, [gone], spans=spans, day=NOW.date())
            if effect.of("mayuanwan"):
                return line.event.id
    pytest.fail("the sample year has no such entry")


def test_heads_and_authors_read_no_drafts_and_all_who_give_points_do() -> None:
    assert set(BLIND) == {Role.HEAD, Role.AUTHOR}
    assert set(SEEING) == {Role.OFFICER, Role.GROUP, Role.COMMITTEE, Role.LEADER}


@pytest.mark.parametrize("role", BLIND)
def test_a_ranking_is_hidden_until_it_is_displayed(
    role: Role, role_browser: Callable[[Role], TestClient], app: FastAPI
) -> None:
    client, group = role_browser(role), role_browser(Role.GROUP)
    for path in VIEWS:
        assert group.get(path).status_code == 200  # made for the group first: nobody else gets that page
        page = client.get(path)
        assert page.status_code == 200
        assert "尚未公示" in page.text
        assert not [name for name in others(app) if name in page.text]
    assert client.get(f"/api/v1{RANKING}").json()["code"] == "H030"
    if Action.EXPORT in RIGHTS[role]:
        assert client.get(f"{RANKING}?static=1").status_code == 404
    move(app, Step.CUT_OFF, Step.DRAFTED)
    assert "尚未公示" in client.get(RANKING).text
    move(app, Step.DISPLAYED)
    page = client.get(RANKING).text
    assert not [name for name in others(app) if name not in page]
    assert len(client.get(f"/api/v1{RANKING}").json()["rows"]) == len(others(app)) + 1
    move(app, Step.REOPENED)
    assert "尚未公示" in client.get(RANKING).text


@pytest.mark.parametrize("role", SEEING)
def test_who_reads_drafts_sees_it_before(role: Role, role_browser: Callable[[Role], TestClient]) -> None:
    assert "尚未公示" not in role_browser(role).get(RANKING).text


def test_months_beside_a_displayed_one_are_hidden_too(browser: Browser, app: FastAPI) -> None:
    """Neither the change since the month before nor the course of the year tells what is not displayed."""
    display(app)
    head, group = browser(LOGINS[Role.HEAD][0]), browser(LOGINS[Role.GROUP][0])
    shown = head.get(f"/api/v1{RANKING}").json()
    assert (shown["months"], shown["before"]) == ([MONTH], "")
    assert {row["change"] for row in shown["rows"]} == {None}
    assert len(group.get(f"/api/v1{RANKING}").json()["months"]) == 12
    display(app, month=4)
    shown = head.get(f"/api/v1{RANKING}").json()
    assert shown["months"] == ["2020-04", MONTH]
    assert None not in {row["change"]["places"] for row in shown["rows"]}


def test_the_own_sheet_is_always_there_without_ranks_before(browser: Browser, app: FastAPI) -> None:
    head, group = browser(LOGINS[Role.HEAD][0]), browser(LOGINS[Role.GROUP][0])
    mine, theirs = head.get(f"/api/v1{OWN}").json(), group.get(f"/api/v1{OWN}").json()
    assert (mine["total"], mine["course"]["totals"]) == (theirs["total"], theirs["course"]["totals"])
    assert (mine["rank"], mine["rank_without_veto"], mine["change"]) == (None, None, None)
    assert set(mine["course"]["ranks"]) == {None}
    assert {item["best"] for d in mine["departments"] for item in d["items"]} == {None}
    assert "待公示" in head.get(OWN).text
    assert theirs["rank"] is not None
    display(app)
    mine = head.get(f"/api/v1{OWN}").json()
    assert mine["rank"] == theirs["rank"]
    assert [rank is not None for rank in mine["course"]["ranks"]] == [month == 5 for month in range(1, 13)]


@pytest.mark.parametrize("form", ["json", "csv"])
def test_the_own_sheet_is_taken_away_without_ranks_before(browser: Browser, app: FastAPI, form: str) -> None:
    head = browser(LOGINS[Role.HEAD][0])
    taken = head.get(f"{RANKING}/export?form={form}").text
    assert not [name for name in others(app) if name in taken]
    if form == "json":
        assert not {"rank", "rank_without_veto"} & json.loads(taken).keys()
        display(app)
        assert json.loads(head.get(f"{RANKING}/export?form=json").text)["rank"] > 0


def test_the_own_sheet_as_paper_tells_nothing_of_others_before(browser: Browser, app: FastAPI, tmp_path: Path) -> None:
    """Neither the place nor its change, nor the other communities' months in the picture."""
    head = browser(LOGINS[Role.HEAD][0])

    def words() -> str:
        (tmp_path / "own.pdf").write_bytes(head.get(f"{RANKING}/export?form=pdf").content)
        told = [program("pdftotext"), str(tmp_path / "own.pdf"), "-"]
        return subprocess.run(told, capture_output=True, text=True, check=True).stdout

    before = words()
    assert "尚未公示" in before
    assert not [name for name in others(app) if name in before]
    assert "较上期" not in before
    display(app)
    assert "尚未公示" not in words()


def test_the_first_page_tells_no_rank_before(browser: Browser, app: FastAPI) -> None:
    head = browser(LOGINS[Role.HEAD][0])
    head.cookies.set("pick", f"rulebook={BOOK}&period={MONTH}&subject=")
    page = head.get("/").text
    assert "名次待公示" in page
    assert not [name for name in others(app) if name in page]
    display(app)
    page = head.get("/").text
    assert "名次待公示" not in page
    assert not [name for name in others(app) if name not in page]


def test_an_appeal_shows_what_it_would_change_with_ranks_of_displayed_months_only(
    browser: Browser, app: FastAPI
) -> None:
    house: Installation = app.state.house.installation
    head = browser(LOGINS[Role.HEAD][0])
    event = one_that_moves(house)
    form = head.get(f"/events/{event}/appeal")
    told = {"csrf": form.text.split('name="csrf" value="')[1].split('"')[0], "reason": "示例：不服"}
    assert head.post(f"/events/{event}/appeal", data=told).status_code == 303
    head.cookies.set("pick", f"rulebook={BOOK}&period=2020&subject=")
    page = head.get("/appeals").text
    assert "如果撤销" in page
    assert "名次 " not in page
    display(app)
    assert "名次 " in head.get("/appeals").text
