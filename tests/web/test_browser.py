"""In a real browser: keys, pictures, the phone, no script, no fault of the policy, no other host."""

from __future__ import annotations

from pathlib import Path

import pytest
from browsing import Enter
from serving import BOOK, NOW

from appraisal.model.roles import Role
from appraisal.office.installation import open_installation
from appraisal.office.office import FIRST


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


@pytest.mark.slow
def test_a_ranking_as_one_file_is_read_without_any_network(enter: Enter, chromium, tmp_path: Path) -> None:
    """Taken away, opened from the disk in a browser without network: tables and pictures are there."""
    page = enter(Role.LEADER)
    taken = page.context.request.get(f"/rankings/{BOOK}/2020-05?static=1")
    kept = tmp_path / "ranking.html"
    kept.write_bytes(taken.body())
    apart = chromium.new_context(offline=True, java_script_enabled=False)
    asked: list[str] = []
    alone = apart.new_page()
    alone.on("request", lambda request: asked.append(request.url))
    alone.goto(kept.as_uri())
    assert asked == [kept.as_uri()]
    assert alone.locator("table >> nth=0 >> tbody tr").count() == 12
    assert all(picture.is_visible() for picture in alone.locator("svg").all())
    assert alone.locator("svg").count() == 2
    apart.close()


@pytest.mark.slow
@pytest.mark.parametrize("role", list(Role))
def test_the_navigation_has_at_most_eight_entries_and_says_where_one_is(role: Role, enter: Enter) -> None:
    page = enter(role)
    entries = page.locator("nav.side ul a")
    assert 2 <= entries.count() <= 8
    assert page.locator("nav.side a[aria-current=page]").count() == 1
    for href in [one.get_attribute("href") for one in entries.all()]:
        page.goto(href)
        assert page.locator("nav.side a[aria-current=page]").get_attribute("href") == href


@pytest.mark.slow
def test_on_a_phone_the_consequence_stands_before_the_button(enter: Enter) -> None:
    page = enter(Role.OFFICER, wide=False)
    page.goto("/events/new?clause=CG-A1&subject=ziyuan&date=2020-12-28")
    page.locator("section.outcome").wait_for()
    order = "[...document.querySelectorAll('section.outcome, button[form=entry].btn-primary')].map(e => e.tagName)"
    assert page.evaluate(order) == ["SECTION", "BUTTON"]
    page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    button = page.locator("button[form=entry].btn-primary").bounding_box()
    assert page.locator("section.outcome").bounding_box()["y"] < button["y"] < 844


@pytest.mark.slow
def test_an_application_says_what_is_missing_while_it_is_filled_in(enter: Enter, settings) -> None:
    """By keyboard: the unit, a condition; what the guide still asks for stands beside, before anything is saved."""
    book = "gd-smart-manufacturing-2024"
    with open_installation(settings.database_url) as house:
        house.office(FIRST).adopt(book, now=NOW)
    page = enter(Role.OFFICER)
    page.goto(f"/assessments/{book}/form")
    page.locator("#subject").focus()
    page.keyboard.type("示例新装备有限公司")
    page.locator("select[name=registered]").focus()
    page.keyboard.press("ArrowDown")
    page.locator("#outcome .supply").wait_for()
    assert "具有独立法人资格" in page.locator("#outcome .supply").inner_text()
    page.keyboard.press("Control+Enter")
    page.wait_for_url(f"**/assessments/{book}/*taken=*")
    assert "示例新装备有限公司" in page.locator("main").inner_text()
