"""A real browser on the application that tests fill: pages of a role, and what they complained of."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
import uvicorn
from programs import program
from serving import secret

from api.demonstration import LOGINS
from api.logbook import now
from api.web.app import create_app
from api.web.settings import Settings
from appraisal.model.roles import Role

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@dataclass
class Seen:
    """What a browser complained of, and which hosts it asked."""

    faults: list[str] = field(default_factory=list)
    hosts: set[str] = field(default_factory=set)


@pytest.fixture(scope="module")
def chromium():
    from playwright.sync_api import sync_playwright

    path = program("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def address(settings: Settings) -> Iterator[str]:
    server = uvicorn.Server(uvicorn.Config(create_app(settings, now, quiet=True), port=0, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 60
    while not server.started and time.monotonic() < deadline:
        time.sleep(0.05)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(timeout=20)


Enter = Callable[..., object]


@pytest.fixture
def enter(chromium, address: str) -> Iterator[Enter]:
    """Return what gives a page on which a role is signed in, wide or as a phone, with script or without."""
    seen, contexts = Seen(), []

    @contextmanager
    def no_faults() -> Iterator[None]:
        yield
        assert seen.faults == []
        assert seen.hosts <= {"127.0.0.1"}

    def make(role: Role, *, wide: bool = True, script: bool = True, complain: bool = True):
        size = {"width": 1440, "height": 900} if wide else {"width": 390, "height": 844}
        context = chromium.new_context(viewport=size, java_script_enabled=script, base_url=address)
        contexts.append(context)
        page = context.new_page()
        if complain:  # the browser itself complains of a page that answers 403 or 404
            page.on("console", lambda m: seen.faults.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda error: seen.faults.append(str(error)))
        page.on("request", lambda request: seen.hosts.add(request.url.split("/")[2].split(":")[0]))
        page.goto("/sign-in")
        login = LOGINS[role][0]
        page.fill("#login", login)
        page.fill("#password", secret(login))
        page.click("form:has(#login) button")
        return page

    with no_faults():
        yield make
    for context in contexts:
        context.close()
