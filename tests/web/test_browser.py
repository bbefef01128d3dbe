"""In a real browser: keys, pictures, the phone, no script, no fault of the policy, no other host."""

from __future__ import annotations

from pathlib import Path

import pytest
from browsing import Enter
from serving import BOOK

from appraisal.model.roles import Role


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
