"""One application on the sample year, with an account of each role; each test gets a copy of its database."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from browsing import address, chromium, enter  # noqa: F401  fixtures
from fastapi import FastAPI
from serving import BOOK, LATER, NOW, SUBJECT, Browser, Program, secret
from starlette.testclient import TestClient

from api.demo_year import demo_year
from api.demonstration import LOGINS, demo_accounts
from api.web.app import create_app
from api.web.settings import Settings
from appraisal.model.periods import Span
from appraisal.model.roles import HeldRole, Role
from appraisal.office.installation import open_installation
from appraisal.office.office import FIRST
from appraisal.office.rights import Action
from appraisal.reading.rulebook import find_rulebook


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a database with the sample year, and beside it a second office that has the same and one account."""
    path = tmp_path_factory.mktemp("web") / "filled.db"
    sample = find_rulebook(BOOK).parent / "sample" / "2020.csv"
    with open_installation(f"sqlite:///{path}") as house:
        for office in (FIRST, "other"):
            house.log.add_office(office, f"示例{office}")
            house.office(office).import_files([sample], rulebook=BOOK, now=NOW)
            for span in (Span.whole(2020), *(Span.month(2020, month) for month in range(1, 13))):
                house.standings(office, BOOK, span, day=NOW.date())
        edition = house.log.edition(house.office(FIRST).adopted(BOOK))
        demo_accounts(house, FIRST, edition, subject=SUBJECT, now=NOW)
        held = HeldRole(role=Role.GROUP, office="other")
        house.accounts.add(
            "elsewhere", "示例别处", now=NOW, password=secret("elsewhere"), roles=[held], must_change=False
        )
    return path


@pytest.fixture(scope="session")
def year_app(filled: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FastAPI]:
    """Return an application on the year at work of the demonstration; for tests that only look."""
    path = tmp_path_factory.mktemp("year") / "year.db"
    shutil.copy(filled, path)
    made = create_app(replace(Settings(), database_url=f"sqlite:///{path}"), lambda: LATER, quiet=True)
    demo_year(made.state.house.installation, FIRST, BOOK, now=LATER)
    yield made
    made.state.house.close()


@pytest.fixture
def settings(filled: Path, tmp_path: Path) -> Settings:
    shutil.copy(filled, tmp_path / "web.db")
    return replace(Settings(), database_url=f"sqlite:///{tmp_path / 'web.db'}")


@pytest.fixture
def app(settings: Settings) -> Iterator[FastAPI]:
    made = create_app(settings, lambda: NOW, quiet=True)
    yield made
    made.state.house.close()


@pytest.fixture
def browser(app: FastAPI) -> Browser:
    """Return what gives a signed-in client for a login, or for `-` one that nobody uses yet."""

    def sign_in(login: str) -> TestClient:
        client = TestClient(app, follow_redirects=False, client=("127.0.0.1", 50000))
        house = app.state.house.installation
        if login != "-":  # the password takes a sixth of a second: its own tests are in test_doors.py
            client.cookies.set("session", house.sessions.begin(house.accounts.find(login).id, now=NOW))
        return client

    return sign_in


@pytest.fixture
def role_browser(browser: Browser) -> Callable[[Role], TestClient]:
    return lambda role: browser(LOGINS[role][0])


@pytest.fixture
def program(app: FastAPI) -> Program:
    """Return what gives a client with a token of a role, of all its actions or of some."""

    def make(role: Role, *scopes: Action, days: int = 30) -> TestClient:
        house = app.state.house.installation
        account = house.accounts.find(LOGINS[role][0])
        words = [action.value for action in scopes or Action]
        until = NOW + timedelta(days=days)
        _, secret = house.sessions.make_token(account.id, now=NOW, name="test", scopes=words, expires_at=until)
        headers = {"Authorization": f"Bearer {secret}"}
        return TestClient(app, headers=headers, follow_redirects=False, raise_server_exceptions=True)

    return make
