"""In a real browser: keys, pictures, the phone, no script, no fault of the policy, no other host."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import uvicorn
from serving import BOOK, secret

from api.demonstration import LOGINS
from api.logbook import now
from api.web.app import create_app
from api.web.settings import Settings
from appraisal.model.roles import Role

CHROMIUM = "/usr/bin/chromium"
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
    import shutil

    from playwright.sync_api import sync_playwright

    if shutil.which("chromium") is None:
        pytest.fail("chromium is missing: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
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

    def make(role: Role, *, wide: bool = True, script: bool = True):
        size = {"width": 1440, "height": 900} if wide else {"width": 390, "height": 844}
        context = chromium.new_context(viewport=size, java_script_enabled=script, base_url=address)
        contexts.append(context)
        page = context.new_page()
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


@pytest.mark.slow
def test_a_ranking_draws_what_its_tables_say(enter: Enter) -> None:
    page = enter(Role.LEADER)
    page.goto(f"/rankings/{BOOK}/2020-05")
    page.wait_for_selector("[data-chart] canvas")
    assert page.locator("[data-chart] canvas").count() == 2
    assert page.locator("table.ranking tbody tr").count() == 12


@pytest.mark.slow
def test_the_pickers_lead_on_at_once(enter: Enter) -> None:
    page = enter(Role.LEADER)
    page.goto(f"/rankings/{BOOK}/2020-05")
    page.select_option("select[name=period]", "2020-03")
    page.wait_for_url(f"**/rankings/{BOOK}/2020-03")
    page.select_option("select[name=subject]", "ziyuan")
    page.locator("tr.mine").wait_for()
    assert page.locator("tr.mine").inner_text().count("梓园社区") == 1


@pytest.mark.slow
def test_the_list_of_events_is_narrowed_in_place(enter: Enter) -> None:
    page = enter(Role.GROUP)
    page.goto("/events?period=2020-05")
    before = page.locator("#list tbody tr").count()
    page.fill("#words", "占道")
    page.locator("#list tbody tr").nth(40).wait_for(state="detached")
    assert 0 < page.locator("#list tbody tr").count() < before
    assert "words=" in page.url


@pytest.mark.slow
def test_reading_works_without_script(enter: Enter) -> None:
    page = enter(Role.LEADER, script=False)
    page.goto(f"/rankings/{BOOK}/2020-05")
    page.select_option("select[name=period]", "2020-03")
    page.click("form.picker button")
    assert page.url.endswith(f"/rankings/{BOOK}/2020-03")
    page.click("table.ranking tbody tr:first-child th a")
    page.click("table.sheet tbody a >> nth=0")
    assert page.locator("blockquote.sentence, .empty").count() > 0


@pytest.mark.slow
@pytest.mark.parametrize(
    "path", ["/", f"/rankings/{BOOK}/2020-05", "/events", "/subjects/mayuanwan", f"/rulebooks/{BOOK}"]
)
def test_a_phone_scrolls_down_only(enter: Enter, path: str) -> None:
    page = enter(Role.GROUP, wide=False)
    page.goto(path)
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
    assert not page.locator("nav.side").is_visible()
    page.click("label.nav-button")
    assert page.locator("nav.side a").first.is_visible()


@pytest.mark.slow
def test_everything_can_be_reached_by_keyboard(enter: Enter) -> None:
    page = enter(Role.LEADER)
    page.goto("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent.trim()") == "跳到正文"
    for _ in range(12):
        page.keyboard.press("Tab")
        seen = "e => getComputedStyle(e).outlineStyle !== 'none' || e.id === 'nav-open'"
        assert page.evaluate(f"({seen})(document.activeElement)")


ACCESSIBLE = (Path(__file__).parent / "accessible.js").read_text(encoding="utf-8").partition("\n")[2]
"""What WCAG 2 AA asks at least: names, labels, ids, one heading, contrast of every text."""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("role", "path"),
    [
        (Role.GROUP, "/"),
        (Role.GROUP, f"/rankings/{BOOK}/2020-05"),
        (Role.GROUP, f"/rankings/{BOOK}/2020/evenness"),
        (Role.GROUP, "/subjects/mayuanwan?period=2020"),
        (Role.GROUP, "/subjects/mayuanwan/items/CG?period=2020"),
        (Role.GROUP, "/events?period=2020-05"),
        (Role.GROUP, "/events/S0003"),
        (Role.AUTHOR, f"/rulebooks/{BOOK}"),
        (Role.SYSTEM, "/admin"),
        (Role.AUDITOR, "/audit"),
        (Role.LEADER, "/account/tokens"),
    ],
)
def test_pages_are_accessible(enter: Enter, role: Role, path: str) -> None:
    page = enter(role)
    page.goto(path)
    assert page.evaluate(ACCESSIBLE) == []
