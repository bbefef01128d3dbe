"""Work in a real browser: logging by keyboard alone, without script, an appeal ruled on, a month that cannot close."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from browsing import Enter
from serving import BOOK, SUBJECT

from appraisal.model.roles import Role

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text(encoding="utf-8")
ENTRY = "/events/new?clause=CG-A1&date=2020-12-29"


def serious(page) -> list[str]:
    """Return what axe-core finds serious or critical on a page, with the first element of each."""
    page.evaluate(AXE)
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']}).then(r => JSON.stringify(r.violations))")
    return [
        f"{one['id']}: {one['nodes'][0]['html'][:120]}"
        for one in json.loads(found)
        if one["impact"] in {"serious", "critical"}
    ]


def press(page, key: str, until: str) -> None:
    """Press a key until something holds."""
    for _ in range(20):
        if page.evaluate(until):
            return
        page.keyboard.press(key)
    raise AssertionError(f"{key} twenty times, and not {until}")


@pytest.mark.slow
def test_an_event_is_logged_by_keyboard_alone(enter: Enter) -> None:
    """n, the initials of 数字化工作, Enter, the fields, Ctrl+Enter: no pointer; the consequence is there before."""
    page = enter(Role.OFFICER)
    page.goto("/events?period=2020-12")
    page.keyboard.press("n")
    page.wait_for_url("**/events/new*")
    page.wait_for_function("document.activeElement.id === 'q'")
    page.keyboard.type("szhgz")
    page.keyboard.press("Enter")  # the list is still on its way
    page.wait_for_url("**clause=CG-A2*")
    assert page.evaluate("document.activeElement.id") == "f-subject"
    press(page, "ArrowDown", f"document.activeElement.selectedOptions[0].text === '{SUBJECT}'")
    press(page, "Tab", "document.activeElement.id === 'f-note'")
    page.keyboard.type("示例：超时")
    page.locator("section.outcome").wait_for()
    assert "−0.5" in page.locator("section.outcome .outcome-points").inner_text()
    assert page.locator(".outcome-table tbody tr").count() >= 2
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**saved=*")
    event = page.url.partition("saved=")[2]
    page.goto(f"/events/{event}")
    assert "示例：超时" in page.locator("main").inner_text()
    assert SUBJECT in page.locator("main").inner_text()


@pytest.mark.slow
def test_the_same_form_works_without_script(enter: Enter) -> None:
    page = enter(Role.OFFICER, script=False)
    page.goto("/events/new")
    page.fill("#q", "ljfl")
    page.click("form.find button")
    page.locator(".found-clause", has_text="CG-B2").click()
    page.select_option("#f-subject", label=SUBJECT)
    page.fill("#f-date", "2020-12-29")
    page.fill("#f-note", "示例：未完成")
    page.click("button[form=entry][formaction]")
    assert "−0.5" in page.locator("section.outcome .outcome-points").inner_text()
    page.click("button[form=entry].btn-primary")
    assert "saved=" in page.url


@pytest.mark.slow
def test_a_picture_is_pasted_and_dropped_as_evidence(enter: Enter) -> None:
    page = enter(Role.OFFICER)
    page.goto(ENTRY)
    carry = """kind => {
      const carried = new DataTransfer();
      carried.items.add(new File([new Uint8Array([137, 80, 78, 71])], kind + ".png", {type: "image/png"}));
      const told = {bubbles: true, cancelable: true};
      const event = kind === "paste" ? new ClipboardEvent(kind, {...told, clipboardData: carried})
                                     : new DragEvent(kind, {...told, dataTransfer: carried});
      document.querySelector("#f-note").dispatchEvent(event);
    }"""
    page.evaluate(carry, "paste")
    page.evaluate(carry, "drop")
    names = page.evaluate("[...document.querySelector('#files').files].map(f => f.name)")
    assert names == ["paste.png", "drop.png"]


def act(page, path: str, **told: str) -> None:
    """Fill in a form of the workflow and send it."""
    page.goto(path)
    for name, words in told.items():
        page.fill(f"main [name={name}]", words)
    page.click("main button[form=deed].btn-primary")


@pytest.mark.slow
def test_an_appeal_shows_what_it_would_change_and_is_ruled_on(enter: Enter) -> None:
    """The head appeals, the department answers, the group sees score and rank before and after, and withdraws it."""
    officer = enter(Role.OFFICER)
    officer.goto(ENTRY)
    officer.select_option("#f-subject", label=SUBJECT)
    officer.fill("#f-note", "示例：抽查")
    officer.locator("section.outcome").wait_for()
    if officer.locator("#duplicate-side").count():
        officer.fill("#duplicate-side", "示例：另一处")
    officer.keyboard.press("Control+Enter")
    officer.wait_for_url("**saved=*")
    event = officer.url.partition("saved=")[2]
    act(enter(Role.HEAD), f"/events/{event}/appeal", reason="示例：不是我社区")
    act(officer, f"/events/{event}/answer", reason="示例：请裁定")
    group = enter(Role.GROUP)
    group.goto("/appeals")
    waiting = group.locator(f".waiting:has(a[href='/events/{event}'])")
    assert "示例：不是我社区" in waiting.inner_text()
    assert "→" in waiting.locator(".waiting-moved").inner_text()
    assert serious(group) == []
    group.goto(f"/events/{event}/rule")
    assert "→" in group.locator("main").inner_text()
    group.check("input[name=outcome][value=withdrawn]")
    group.fill("main [name=reason]", "示例：查实不属于")
    group.click("main button[form=deed].btn-primary")
    group.goto(f"/events/{event}")
    assert group.locator("main .struck").count() > 0


@pytest.mark.slow
def test_a_month_does_not_close_while_something_stands_in_its_way(enter: Enter) -> None:
    page = enter(Role.GROUP)
    page.goto("/periods/2020-10")
    while not page.locator("input[name=step][value=closed]").count():
        before = page.locator(".stages [aria-current]").inner_text()
        page.click(".moves form >> nth=0 >> button")
        page.wait_for_function(f"document.querySelector('.stages [aria-current]').innerText !== '{before}'")
    assert "没有月结" in page.locator(".blockers").inner_text()
    assert page.locator("form:has([value=closed]) button").is_disabled()
    told = {
        name: page.locator(f"form:has([value=closed]) [name={name}]").input_value() for name in ("csrf", "on", "step")
    }
    answer = page.request.post("/periods/2020-10/move", form=told)
    assert answer.status == 422
    assert "没有月结" in answer.text()
    page.reload()
    assert page.locator(".stages [aria-current]").inner_text() == "复核"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("role", "paths"),
    [
        (Role.OFFICER, (ENTRY, "/events/S0003", "/events/S0003/withdraw", "/imports", "/events")),
        (Role.GROUP, ("/appeals", "/claims", "/decisions", "/periods/2020-10", "/periods")),
        (Role.HEAD, ("/claims/new", f"/rankings/{BOOK}/2020-05", "/subjects/mayuanwan?period=2020")),
    ],
)
def test_axe_finds_nothing_serious(enter: Enter, role: Role, paths: tuple[str, ...]) -> None:
    page = enter(role)
    found = {}
    for path in paths:
        page.goto(path)
        if wrong := serious(page):
            found[path] = wrong
    assert found == {}
