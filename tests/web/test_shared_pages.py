"""Pages made once for all of the same rights: each sees the own name and token, what it may see, never old figures."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from fastapi import FastAPI
from serving import BOOK, NOW, Browser, secret, token
from starlette.testclient import TestClient

from api.demonstration import LOGINS
from appraisal.model.roles import HeldRole, Role

PAGES = [f"/rankings/{BOOK}/2020", f"/subjects/mayuanwan?rulebook={BOOK}&period=2020"]


@pytest.fixture
def second(app: FastAPI, browser: Browser) -> TestClient:
    """Return another member of the group, whose name would break a page that does not escape it."""
    held = [HeldRole(role=Role.GROUP, office="office")]
    accounts = app.state.house.installation.accounts
    accounts.add("second", "示例<b>&二", now=NOW, password=secret("second"), roles=held, must_change=False)
    return browser("second")


@pytest.mark.parametrize("page", PAGES)
def test_each_sees_the_own_name_and_token(browser: Browser, second: TestClient, page: str) -> None:
    first = browser(LOGINS[Role.GROUP][0])
    mine, theirs, again = first.get(page), second.get(page), first.get(page)
    assert mine.content == again.content
    assert token(mine.text) != token(theirs.text)
    assert LOGINS[Role.GROUP][1] in mine.text
    assert LOGINS[Role.GROUP][1] not in theirs.text
    assert "示例&lt;b&gt;&amp;二" in theirs.text
    assert second.post("/sign-out", data={"csrf": token(theirs.text)}).status_code == 303
    assert first.get(page).status_code == 200


@pytest.mark.parametrize("page", PAGES)
def test_a_page_made_for_one_role_is_not_shown_to_another(
    role_browser: Callable[[Role], TestClient], page: str
) -> None:
    head, group = role_browser(Role.HEAD).get("/subjects/ziyuan"), role_browser(Role.GROUP).get("/subjects/ziyuan")
    assert (head.status_code, group.status_code) == (403, 200)
    assert role_browser(Role.GROUP).get(page).status_code == 200
    assert role_browser(Role.SYSTEM).get(page).status_code == 403


def test_a_page_follows_the_log_and_the_language(browser: Browser, app: FastAPI) -> None:
    client, page = browser(LOGINS[Role.GROUP][0]), PAGES[1]
    before = client.get(page).text
    house, officer = app.state.house.installation, browser(LOGINS[Role.OFFICER][0])
    form = {"csrf": token(officer.get("/events/new").text), "rulebook": BOOK, "period": "2020", "clause": "CG-A1"}
    form |= {"subject": "mayuanwan", "date": "2020-12-30", "note": "示例：又一次", "duplicate": "示例：另一件"}
    position = house.log.head("office").position
    assert officer.post("/events", data=form).status_code == 303
    assert house.log.head("office").position == position + 1
    after = client.get(page).text
    assert after != before
    assert client.get(page + "&lang=en").text != after
