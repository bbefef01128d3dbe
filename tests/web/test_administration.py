"""Accounts, roles, settings, tokens and the audit trail, as their administrators use them."""

from __future__ import annotations

import re

import pytest
from fastapi import FastAPI
from serving import NOW, Browser, token
from starlette.testclient import TestClient

from api.demonstration import LOGINS
from appraisal.model.roles import HeldRole, Role


def post(client: TestClient, path: str, **form: str) -> str:
    """Send a form as its page would, and return the page that comes of it."""
    csrf = token(client.get("/account").text)
    answer = client.post(path, data={"csrf": csrf, **form}, follow_redirects=True)
    assert answer.status_code in {200, 422}, answer.text
    return answer.text


def test_an_account_is_added_given_a_role_and_used(browser: Browser, app: FastAPI) -> None:
    """System administration adds it, security gives the role; neither can do the other's."""
    house = app.state.house.installation
    system, security = browser(LOGINS[Role.SYSTEM][0]), browser(LOGINS[Role.SECURITY][0])
    page = post(system, "/admin/accounts", login="xinren", name="示例新人")
    secret = re.search(r'class="secret">([^<]+)<', page)
    assert secret
    account = house.accounts.find("xinren")
    assert account.must_change
    assert secret[1] not in system.get(f"/admin/accounts/{account.id}").text
    roles = f"/admin/accounts/{account.id}/roles"
    given = {"role": "officer", "office": "office", "place": "城市管理办"}
    mine = token(system.get("/account").text)
    assert system.post(roles, data={"csrf": mine, **given}).status_code == 403
    post(security, roles, **given)
    assert house.accounts.get(account.id).roles == (
        HeldRole(role=Role.OFFICER, office="office", department="城市管理办"),
    )
    assert house.accounts.sign_in("xinren", secret[1], now=NOW).id == account.id
    trail = [(t.action, t.target) for t in house.audit.lines(limit=10)]
    assert ("add_account", account.id) in trail
    assert ("assign_roles", account.id) in trail


def test_three_administrations_are_three_people(browser: Browser, app: FastAPI) -> None:
    house, security = app.state.house.installation, browser(LOGINS[Role.SECURITY][0])
    auditor = house.accounts.find(LOGINS[Role.AUDITOR][0])
    page = post(security, f"/admin/accounts/{auditor.id}/roles", role="system", office="")
    assert "alert-danger" in page
    assert len(house.accounts.get(auditor.id).roles) == 1


def test_a_disabled_account_is_out_at_once(browser: Browser, app: FastAPI) -> None:
    house, victim = app.state.house.installation, browser(LOGINS[Role.LEADER][0])
    assert victim.get("/").status_code == 200
    account = house.accounts.find(LOGINS[Role.LEADER][0])
    post(browser(LOGINS[Role.SYSTEM][0]), f"/admin/accounts/{account.id}/state")
    assert victim.get("/").status_code == 303


def test_administration_of_an_office_sees_its_own_accounts_only(browser: Browser, app: FastAPI) -> None:
    house = app.state.house.installation
    held = HeldRole(role=Role.SYSTEM, office="other")
    house.accounts.add("bendi", "示例本地管理员", now=NOW, password="bu-yao-yong-123", roles=[held], must_change=False)  # noqa: S106
    client = browser("bendi")
    page = client.get("/admin").text
    assert "elsewhere" in page
    assert LOGINS[Role.GROUP][0] not in page
    assert client.get(f"/admin/accounts/{house.accounts.find(LOGINS[Role.GROUP][0]).id}").status_code == 404


def test_a_token_is_shown_once_and_can_be_revoked(browser: Browser, app: FastAPI) -> None:
    client = browser(LOGINS[Role.LEADER][0])
    csrf = token(client.get("/account").text)
    form = {"csrf": csrf, "name": "示例报表", "days": "30", "scope": ["read_rankings", "log", "no-such"]}
    page = client.post("/account/tokens", data=form).text
    secret = re.search(r'class="secret">(apt_[^<]+)<', page)
    assert secret
    assert secret[1] not in client.get("/account/tokens").text
    program = TestClient(app, headers={"Authorization": f"Bearer {secret[1]}"})
    assert program.get("/api/v1/me").json()["actions"] == ["read_rankings"]
    (kept,) = app.state.house.installation.sessions.tokens(app.state.house.installation.accounts.find("lingdao").id)
    post(client, f"/account/tokens/{kept.id}/revoke")
    assert program.get("/api/v1/me").status_code == 401


def test_the_trail_says_whether_its_chain_holds(browser: Browser, app: FastAPI) -> None:
    from sqlalchemy import text

    client = browser(LOGINS[Role.AUDITOR][0])
    post(browser(LOGINS[Role.SYSTEM][0]), "/admin/accounts", login="linshi", name="示例")
    assert "链条完整" in client.get("/audit").text
    engine = app.state.house.installation.database.engine
    with engine.begin() as connection:
        connection.execute(text("DROP TRIGGER IF EXISTS audit_no_update"))
        triggers = connection.execute(text("SELECT name FROM sqlite_master WHERE type='trigger' AND tbl_name='audit'"))
        for (name,) in triggers.all():
            connection.execute(text(f"DROP TRIGGER {name}"))
        connection.execute(text("UPDATE audit SET target = 'someone-else' WHERE position = 1"))
    assert "链条不完整" in client.get("/audit").text


@pytest.mark.parametrize("days", ["7", "0"])
def test_days_of_appeals_are_set_for_an_office(browser: Browser, app: FastAPI, days: str) -> None:
    client = browser(LOGINS[Role.SYSTEM][0])
    page = post(client, "/admin/settings", office="office", appeal_days=days)
    assert f'value="{days}"' in page
    assert app.state.house.installation.settings.get("appeal_days", scope="office/office") == int(days)
