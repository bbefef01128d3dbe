"""Who gets in: signing in, forms of other sites, headers, and every route with every role."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from serving import BOOK, NOW, Browser, every_route, guards, secret, token
from starlette.routing import BaseRoute
from starlette.testclient import TestClient

from api.demonstration import LOGINS
from api.web import app as application
from api.web.guard import Open
from api.web.headers import HEADERS
from appraisal.model.roles import HeldRole, Role
from appraisal.office.consequence import withdrawn
from appraisal.office.rights import RIGHTS, Action
from appraisal.store.sessions import LASTS, ROTATED_EVERY

PARTS = {
    "rulebook": BOOK,
    "period": "2020-05",
    "item": "CG",
    "name": "0" * 64,
    "account": "u0",
    "hook": "w0",
    "token": "t0",
    "key": "appeals",
    "job": "j0",
    "late": "excepted-0",
}


ENDING = {"/sign-out", "/account/sessions/end"}
"""What ends the session of whoever asks: asked last."""


def test_every_route_has_one_guard() -> None:
    assert [r.path for r in every_route() if len(guards(r)) != 1] == []


def test_nothing_is_served_beside_the_routers(app: FastAPI) -> None:
    def known(route: BaseRoute) -> bool:
        return type(route).__name__ == "_IncludedRouter" or getattr(route, "path", "") == "/static"

    assert [route for route in app.routes if not known(route)] == []


def address(route: APIRoute, subject: str, event: str) -> str:
    path = route.path.replace(":path}", "}")
    for name, value in {**PARTS, "subject": subject, "event": event}.items():
        path = path.replace(f"{{{name}}}", value)
    assert "{" not in path, f"{route.path}: say in PARTS what stands here"
    return path


@pytest.mark.parametrize("role", list(Role))
def test_every_route_with_every_role(role: Role, role_browser: Callable[[Role], TestClient], app: FastAPI) -> None:
    """403 exactly where the table of rights grants nothing; what a role may do it finds there."""
    client = role_browser(role)
    subject = app.state.house.installation.accounts.find(LOGINS[Role.HEAD][0]).roles[0].subject
    book = app.state.house.installation.yearbook("office", BOOK, 2020)
    of_the_department = [
        x for x in book.entries if book.department(x.event) == book.edition.scorecard.departments[0].id
    ]
    event = next(line.event.id for line in of_the_department if line.event.subject == subject)
    mine = token(client.get("/account/password").text)
    for route in sorted(every_route(), key=lambda r: r.path in ENDING):
        (guard,) = guards(route)
        for method in sorted(route.methods):
            form = {"data": {"csrf": mine}} if method == "POST" else {}
            if route.path.startswith("/api/"):
                form = {"headers": {"X-CSRF-Token": mine}}
            answer = client.request(method, address(route, subject, event), **form)
            allowed = isinstance(guard.action, Open) or guard.action in RIGHTS[role]
            assert (answer.status_code != 403) is allowed, f"{role} {method} {route.path}: {answer.status_code}"
            assert answer.status_code < 500


def test_nobody_is_sent_to_sign_in_from_every_route(browser: Browser) -> None:
    client = browser("-")
    for route in every_route():
        if guards(route)[0].action is not Open.ANYONE:
            answer = client.request(min(route.methods), address(route, "s", "e"))
            if route.path.startswith("/api/"):
                assert (answer.status_code, answer.json()["code"]) == (401, "H015"), route.path
                continue
            assert answer.status_code == 303, route.path
            assert answer.headers["location"].startswith("/sign-in"), route.path


def test_a_head_sees_the_own_community_only(browser: Browser, app: FastAPI) -> None:
    client = browser(LOGINS[Role.HEAD][0])
    house = app.state.house.installation
    own = house.accounts.find(LOGINS[Role.HEAD][0]).roles[0].subject
    edition = house.log.edition(house.office("office").adopted(BOOK))
    for subject in edition.roster:
        for path in (f"/subjects/{subject.id}", f"/subjects/{subject.id}/items/CG"):
            assert client.get(path).status_code == (200 if subject.id == own else 403)
    page = client.get(f"/subjects/{own}").text
    others = [s.id for s in edition.roster if s.id != own]
    assert not [name for name in others if f'<option value="{name}"' in page]


def test_an_officer_sees_items_of_the_own_department_only(browser: Browser, app: FastAPI) -> None:
    client = browser(LOGINS[Role.OFFICER][0])
    house = app.state.house.installation
    edition = house.log.edition(house.office("office").adopted(BOOK))
    own, *others = edition.rulebook.departments
    subject = edition.roster[0].id
    assert client.get(f"/subjects/{subject}/items/{own.items[0].id}").status_code == 200
    for department in others:
        assert client.get(f"/subjects/{subject}/items/{department.items[0].id}").status_code == 404


def test_one_office_does_not_see_another(browser: Browser, app: FastAPI) -> None:
    """The other office withdraws everything; what this one shows stays as it was."""
    here, there = browser(LOGINS[Role.GROUP][0]), browser("elsewhere")
    path = f"/rankings/{BOOK}/2020"
    before = here.get(path).text
    house = app.state.house.installation
    office = house.office("other")
    (last,) = office.log.lines("other", limit=1)
    office.record(withdrawn(last.event, now=NOW), rulebook=last.rulebook, now=NOW)
    assert here.get(path).text == before
    assert there.get(path).status_code == 200
    here.cookies.set("office", "other")
    assert here.get(path).text == before


# Signing in


def test_a_wrong_password_and_an_unknown_login_read_the_same(browser: Browser) -> None:
    client = browser("-")
    pages = []
    for login in (LOGINS[Role.GROUP][0], "nobody-of-this-name"):
        form = {"csrf": token(client.get("/sign-in").text), "login": login, "password": "wrong"}
        answer = client.post("/sign-in", data=form)
        assert answer.status_code == 422
        pages.append(answer.text.replace(login, "LOGIN"))
    assert pages[0] == pages[1]


def test_an_account_waits_after_wrong_passwords(browser: Browser, app: FastAPI) -> None:
    client, login = browser("-"), LOGINS[Role.GROUP][0]
    for _ in range(5):
        form = {"csrf": token(client.get("/sign-in").text), "login": login, "password": "wrong"}
        client.post("/sign-in", data=form)
    form = {"csrf": token(client.get("/sign-in").text), "login": login, "password": secret(login)}
    assert client.post("/sign-in", data=form).status_code == 422
    later = NOW + timedelta(minutes=16)
    object.__setattr__(app.state.house, "clock", lambda: later)
    assert client.post("/sign-in", data=form).status_code == 303


def test_an_address_waits_after_many_tries(browser: Browser) -> None:
    client = browser("-")
    csrf = token(client.get("/sign-in").text)
    for number in range(20):
        client.post("/sign-in", data={"csrf": csrf, "login": f"name-{number}", "password": "wrong"})
    form = {"csrf": csrf, "login": LOGINS[Role.GROUP][0], "password": secret(LOGINS[Role.GROUP][0])}
    answer = client.post("/sign-in", data=form)
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "300")
    assert "过于频繁" in answer.text


def test_a_password_given_by_another_is_changed_first(browser: Browser, app: FastAPI) -> None:
    accounts = app.state.house.installation.accounts
    accounts.add("fresh", "示例新人", now=NOW, password=secret("fresh"), must_change=True)
    client = browser("fresh")
    answer = client.get("/")
    assert (answer.status_code, answer.headers["location"]) == (303, "/account/password")
    csrf = token(client.get("/account/password").text)
    fields = {"csrf": csrf, "old": secret("fresh"), "new": "yi-ge-xin-mima-88"}
    assert client.post("/account/password", data={**fields, "again": "another"}).status_code == 422
    assert client.post("/account/password", data={**fields, "again": fields["new"]}).status_code == 303
    assert client.get("/").status_code == 200


def test_a_session_ends_by_itself_and_by_signing_out(browser: Browser, app: FastAPI) -> None:
    client = browser(LOGINS[Role.GROUP][0])
    kept = client.cookies["session"]
    csrf = token(client.get("/").text)
    client.post("/sign-out", data={"csrf": csrf})
    client.cookies.set("session", kept)
    assert client.get("/").status_code == 303
    client = browser(LOGINS[Role.GROUP][0])
    object.__setattr__(app.state.house, "clock", lambda: NOW + LASTS)
    assert client.get("/").status_code == 303


def test_a_first_password_opens_nothing_but_its_own_change(browser: Browser, app: FastAPI) -> None:
    house = app.state.house.installation
    held = HeldRole(role=Role.GROUP, office="office")
    house.accounts.add("xinren", "示例新人", now=NOW, password=secret("xinren"), roles=[held], must_change=True)
    client = browser("-")
    form = {"csrf": token(client.get("/sign-in").text), "login": "xinren", "password": secret("xinren")}
    assert client.post("/sign-in", data=form).status_code == 303
    for path in ("/", "/events", "/account", f"/rankings/{BOOK}/2020"):
        assert client.get(path).headers["location"] == "/account/password", path
    change = {
        "csrf": token(client.get("/account/password").text),
        "old": secret("xinren"),
        "new": "shili-xin-2021-mima",
    }
    answer = client.post("/account/password", data={**change, "again": change["new"]})
    assert answer.headers["location"] == "/"
    assert client.get("/events").status_code == 200


def test_signing_out_everywhere_ends_every_session_of_the_account_and_no_other(browser: Browser) -> None:
    mine, phone, other = (browser(LOGINS[role][0]) for role in (Role.GROUP, Role.GROUP, Role.LEADER))
    assert phone.get("/").status_code == 200
    csrf = token(mine.get("/account").text)
    assert mine.post("/account/sessions/end", data={"csrf": csrf}).headers["location"] == "/sign-in"
    assert (mine.get("/").status_code, phone.get("/").status_code, other.get("/").status_code) == (303, 303, 200)


def test_no_page_holds_what_the_policy_forbids(role_browser: Callable[[Role], TestClient], app: FastAPI) -> None:
    """Every page that any role gets: the policy with it, no script or style inside it, nothing of another host."""
    subject = app.state.house.installation.accounts.find(LOGINS[Role.HEAD][0]).roles[0].subject
    event = app.state.house.installation.yearbook("office", BOOK, 2020).entries[0].event.id
    seen = set()
    for role in (Role.OFFICER, Role.GROUP, Role.AUTHOR, Role.SYSTEM, Role.SECURITY, Role.AUDITOR):
        client = role_browser(role)
        for route in every_route():
            if "GET" not in route.methods or route.path in seen or route.path.startswith("/api/"):
                continue
            answer = client.get(address(route, subject, event))
            if answer.status_code != 200 or not answer.headers["content-type"].startswith("text/html"):
                continue
            seen.add(route.path)
            assert answer.headers["Content-Security-Policy"] == HEADERS["Content-Security-Policy"], route.path
            page = re.sub(r'<script type="application/json"[^>]*>', "", answer.text)
            assert not re.search(r"<script(?![^>]*\ssrc=)", page), route.path
            assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:", page), route.path
            assert not re.search(r'(?:src|href|action)="(?:https?:)?//', page), route.path
    assert len(seen) > 30


def test_signing_in_gives_a_new_session_and_cookies_that_no_script_reads(browser: Browser) -> None:
    client = browser("-")
    client.cookies.set("session", "chosen-by-another")
    login = LOGINS[Role.LEADER][0]
    form = {"csrf": token(client.get("/sign-in").text), "login": login, "password": secret(login)}
    answer = client.post("/sign-in", data=form)
    kept = [line for line in answer.headers.get_list("set-cookie") if line.startswith("session=")]
    assert len(kept) == 1
    assert "chosen-by-another" not in kept[0]
    assert "HttpOnly" in kept[0]
    assert "SameSite=lax" in kept[0]


@pytest.mark.parametrize("path", ["/events", f"/rankings/{BOOK}/2020"])
def test_a_session_gets_a_new_id_while_it_lasts_and_nobody_else_gets_it(
    path: str, browser: Browser, app: FastAPI
) -> None:
    house, login = app.state.house, LOGINS[Role.GROUP][0]
    first, other = (browser(login).cookies["session"] for _ in range(2))
    client = browser("-")

    def ask(session: str) -> tuple[int, str]:
        """Return the status, and the new id that comes with the answer."""
        client.cookies.clear()
        answer = client.get(path, headers={"Cookie": f"session={session}"})
        given = [c for c in answer.headers.get_list("set-cookie") if c.startswith("session=")]
        return answer.status_code, given[0].partition(";")[0].removeprefix("session=") if given else ""

    assert ask(first) == (200, "")
    object.__setattr__(house, "clock", lambda: NOW + ROTATED_EVERY)
    status, fresh = ask(first)
    assert (status, bool(fresh)) == (200, True)
    assert ask(other)[1] not in {"", fresh}
    object.__setattr__(house, "clock", lambda: NOW + ROTATED_EVERY + timedelta(minutes=1))
    assert ask(fresh) == (200, "")
    assert ask(first)[0] == 303


@pytest.mark.parametrize("to", ["https://example.org/", "//example.org", "/\\example.org", "javascript:alert(1)"])
def test_signing_in_leads_nowhere_else(browser: Browser, to: str) -> None:
    client = browser(LOGINS[Role.GROUP][0])
    assert client.get("/sign-in", params={"to": to}).headers["location"] == "/"


# Forms of other sites, headers, sizes


def test_a_form_without_its_token_is_refused(browser: Browser) -> None:
    client = browser(LOGINS[Role.GROUP][0])
    csrf = token(client.get("/").text)
    assert client.post("/sign-out").status_code == 403
    assert client.post("/sign-out", data={"csrf": "guessed"}).status_code == 403
    foreign = {"Origin": "https://example.org"}
    assert client.post("/sign-out", data={"csrf": csrf}, headers=foreign).status_code == 403
    assert client.post("/sign-out", headers={"X-CSRF-Token": csrf}).status_code == 303


@pytest.mark.parametrize("path", ["/sign-in", "/static/app.css", "/no-such-page", "/"])
def test_every_answer_carries_the_headers(browser: Browser, path: str) -> None:
    answer = browser("-").get(path)
    assert {name: answer.headers.get(name) for name in HEADERS} == dict(HEADERS)
    policy = answer.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "http" not in policy


def test_a_body_that_is_too_large_is_refused(browser: Browser) -> None:
    client = browser(LOGINS[Role.GROUP][0])
    assert client.post("/sign-out", data={"csrf": "x" * (application.SMALL + 1)}).status_code == 413


def test_actions_are_words_in_both_languages(browser: Browser) -> None:
    client = browser(LOGINS[Role.GROUP][0])
    for lang in ("zh", "en"):
        page = client.get("/rights", params={"lang": lang}).text
        assert page.count("<tr>") == len(Action) + 1
