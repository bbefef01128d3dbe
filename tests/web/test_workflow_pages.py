"""Appeals, applications, decisions and months through the pages: who may, what counts when, and who was first."""

from __future__ import annotations

import re

import pytest
from fastapi import FastAPI
from serving import BOOK, NOW, SUBJECT, Browser, token
from starlette.testclient import TestClient

from api.demonstration import LOGINS
from api.web.views.deeds import DEEDS
from appraisal.model.periods import Span
from appraisal.model.roles import Role
from appraisal.office.installation import Installation
from appraisal.office.office import FIRST
from appraisal.office.workflow import State
from appraisal.office.yearbook import Yearbook

PDF = {"files": ("决定.pdf", b"%PDF-1.4 sample", "application/pdf")}


def login(role: Role) -> str:
    return LOGINS[role][0]


def house_of(app: FastAPI) -> Installation:
    house: Installation = app.state.house.installation
    return house


def book(app: FastAPI) -> Yearbook:
    return house_of(app).yearbook(FIRST, BOOK, 2020)


def total(app: FastAPI) -> object:
    standings = house_of(app).standings(FIRST, BOOK, Span.whole(2020), day=NOW.date()).standings
    return next(s.total for s in standings if s.name == SUBJECT)


def logged(client: TestClient, **more: str) -> str:
    """Log one more case of city management and return its id."""
    cells = {
        "csrf": token(client.get("/events/new").text), "clause": "CG-A1", "subject": SUBJECT, "date": "2020-12-29",
        "note": "示例：抽查", "duplicate": "示例：另一处", **more,
    }  # fmt: skip
    answer = client.post("/events", data=cells)
    assert answer.status_code == 303, re.findall(r"<strong>(.*?)</strong>", answer.text)
    return answer.headers["location"].partition("saved=")[2]


def deed(client: TestClient, event: str, key: str, **told: str) -> int:
    """Take a step by its form, as a browser does, and return the status."""
    form = client.get(f"/events/{event}/{key}")
    assert form.status_code == 200, form.status_code
    on = re.search(r'name="on" value="([^"]+)"', form.text)
    assert on
    cells = {"csrf": token(form.text), "on": on[1], **told}
    files = PDF if "number" in told else None
    return client.post(f"/events/{event}/{key}", data=cells, files=files).status_code


def test_every_deed_is_a_transition_of_the_workflow() -> None:
    from appraisal.office.workflow import TRANSITIONS

    assert {(d.step, d.action) for d in DEEDS} == {(t.step, t.action) for t in TRANSITIONS}


def test_a_withdrawn_entry_stays_and_no_longer_counts(browser: Browser, app: FastAPI) -> None:
    officer = browser(login(Role.OFFICER))
    before = total(app)
    event = logged(officer)
    assert deed(officer, event, "withdraw") == 422  # no reason
    assert deed(officer, event, "withdraw", reason="示例：登错了") == 303
    assert total(app) == before
    page = officer.get(f"/events/{event}").text
    assert "struck" in page
    assert "示例：登错了" in page


def test_a_correction_puts_another_entry_in_the_place_of_the_first(browser: Browser, app: FastAPI) -> None:
    officer = browser(login(Role.OFFICER))
    event = logged(officer)
    assert deed(officer, event, "correct", reason="示例：日期写错", date="2020-12-28", count="1") == 303
    case = book(app).case(event)
    assert case.state is State.COUNTERED
    corrected = book(app).lines[case.by].event
    assert (corrected.counters, corrected.clause, corrected.date.isoformat()) == (event, "CG-A1", "2020-12-28")


def test_an_appeal_is_answered_and_ruled_on_by_others_than_who_logged(browser: Browser, app: FastAPI) -> None:
    officer, head, group = (browser(login(r)) for r in (Role.OFFICER, Role.HEAD, Role.GROUP))
    before = total(app)
    event = logged(officer)
    after = total(app)
    assert head.get(f"/events/{event}/rule").status_code == 403
    assert deed(head, event, "appeal", reason="示例：不是本社区") == 303
    assert "示例：不是本社区" in group.get("/appeals").text
    assert deed(officer, event, "answer", reason="示例：有照片") == 303
    page = group.get("/appeals").text
    shown = re.findall(r"([\d.]+) → <strong>([\d.]+)</strong>", page)
    assert (float(after), float(before)) in {(float(a), float(b)) for a, b in shown}  # type: ignore[arg-type]
    assert deed(group, event, "rule", outcome="withdrawn", reason="示例：核实不在辖区") == 303
    assert total(app) == before
    assert book(app).case(event).state is State.COUNTERED


def test_the_second_of_two_is_told_what_the_first_did(browser: Browser, app: FastAPI) -> None:
    officer, head = browser(login(Role.OFFICER)), browser(login(Role.HEAD))
    event = logged(officer)
    stale = head.get(f"/events/{event}/appeal").text
    on = re.search(r'name="on" value="([^"]+)"', stale)
    assert on
    assert deed(officer, event, "withdraw", reason="示例：登错了") == 303
    cells = {"csrf": token(stale), "on": on[1], "reason": "示例：不服"}
    answer = head.post(f"/events/{event}/appeal", data=cells)
    assert answer.status_code == 409
    assert book(app).case(event).appeal is None


def bonus(app: FastAPI) -> str:
    clauses = book(app).edition.scorecard.clauses()
    return next(c.id for c in clauses if c.needs_confirmation and c.inputs().loggable and not c.inputs().value)


def declared(app: FastAPI, head: TestClient) -> str:
    clause = bonus(app)
    page = head.get("/claims/new", params={"clause": clause}).text
    level = re.search(r'name="level".*?<option value="([^"]+)">', page.replace('<option value="">', ""), re.DOTALL)
    cells = {"csrf": token(page), "clause": clause, "subject": SUBJECT, "date": "2020-12-20", "note": "示例：表彰"}
    if level:
        cells["level"] = level[1]
    answer = head.post("/claims", data=cells, files=PDF)
    assert answer.status_code == 303, re.findall(r"<strong>(.*?)</strong>", answer.text)
    return answer.headers["location"].rpartition("/")[2]


def test_a_bonus_counts_only_after_its_last_step(browser: Browser, app: FastAPI) -> None:
    head, group, committee = (browser(login(r)) for r in (Role.HEAD, Role.GROUP, Role.COMMITTEE))
    before = total(app)
    event = declared(app, head)
    assert "示例：表彰" in group.get("/claims").text
    assert deed(group, event, "send-back", reason="示例：缺文号") == 303
    assert deed(head, event, "declare-again", note="示例：补文号") == 303
    page = group.get("/claims").text
    assert "第 2 轮" in page
    again = re.search(r'href="/events/([^"/]+)/review"', page)
    assert again
    assert deed(group, again[1], "review") == 303
    assert total(app) == before
    assert deed(committee, again[1], "confirm") == 303
    assert total(app) != before


def test_a_decision_needs_body_day_number_and_file(browser: Browser, app: FastAPI) -> None:
    group = browser(login(Role.GROUP))
    waits = [line.event.id for line in book(app).entries if book(app).state(line.event) is State.UNDECIDED]
    if not waits:
        pytest.fail("the sample year has nothing that waits for a decision")
    event = waits[0]
    told = {"body": "示例街道党工委", "decided_on": "2020-12-30", "number": "示例〔2020〕1号"}
    form = group.get(f"/events/{event}/decide").text
    on = re.search(r'name="on" value="([^"]+)"', form)
    assert on
    cells = {"csrf": token(form), "on": on[1], **told}
    assert group.post(f"/events/{event}/decide", data=cells).status_code == 422  # no file
    assert group.post(f"/events/{event}/decide", data={**cells, "number": ""}, files=PDF).status_code == 422
    assert group.post(f"/events/{event}/decide", data=cells, files=PDF).status_code == 303
    assert "示例〔2020〕1号" in group.get("/decisions").text


def test_the_group_puts_up_a_matter_and_records_its_decision(browser: Browser, app: FastAPI) -> None:
    """A special project: no clause but those that rest on a decision is offered; it counts after the record."""
    group, officer = browser(login(Role.GROUP)), browser(login(Role.OFFICER))
    assert officer.get("/decisions/new").status_code == 403
    offered = set(re.findall(r"clause=([A-Z]+-\d+)", group.get("/decisions/new").text))
    assert offered == {"AQ-2", "DJ-7", "FM-1", *(f"LD-{number}" for number in range(1, 13))}
    before = total(app)
    cells = {
        "csrf": token(group.get("/decisions/new?clause=FM-1").text), "clause": "FM-1", "subject": "mayuanwan",
        "date": "2020-12-20", "value": "1", "note": "示例：区负面清单",
    }  # fmt: skip
    assert group.post("/decisions", data={**cells, "value": ""}).status_code == 422
    answer = group.post("/decisions", data=cells)
    assert answer.status_code == 303, re.findall(r"<strong>(.*?)</strong>", answer.text)
    event = answer.headers["location"].split("/")[2]
    assert answer.headers["location"].endswith("/decide")
    assert total(app) == before
    told = {"body": "示例街道党工委", "decided_on": "2020-12-22", "number": "示例〔2020〕7号"}
    assert deed(group, event, "decide", **told) == 303
    assert total(app) != before
    page = group.get("/decisions").text
    assert "示例〔2020〕7号" in page


# Months


def month(client: TestClient, period: str, path: str, **told: str) -> int:
    page = client.get(f"/periods/{period}").text
    on = re.search(r'name="on" value="([^"]+)"><input type="hidden" name="step"', page)
    cells = {"csrf": token(page), **({"on": on[1]} if on else {}), **told}
    return client.post(f"/periods/{period}/{path}", data=cells).status_code


def test_a_department_reports_what_the_log_holds_and_nothing_else(browser: Browser, app: FastAPI) -> None:
    officer = browser(login(Role.OFFICER))
    csrf = token(officer.get("/periods/2020-11").text)
    own = book(app).edition.scorecard.departments[0].id
    now = sum(
        1 for line in book(app).entries
        if str(line.event.when) == "2020-11" and book(app).department(line.event) == own
        and line.event.id not in book(app).gone and not line.event.counters
    )  # fmt: skip
    cells = {"csrf": csrf, "department": own}
    assert officer.post("/periods/2020-11/report", data={**cells, "entries": str(now + 1)}).status_code == 422
    assert officer.post("/periods/2020-11/report", data={**cells, "entries": str(now)}).status_code == 303
    assert f"已登记 {now} 条" in officer.get("/periods/2020-11").text


def test_a_month_with_blockers_is_not_closed_and_says_why(browser: Browser) -> None:
    group = browser(login(Role.GROUP))
    for step in ("cut_off", "drafted", "displayed", "rechecked"):
        assert month(group, "2020-10", "move", step=step) == 303, step
    assert "定稿前还要处理" in group.get("/periods/2020-10").text
    page = group.get("/periods/2020-10").text
    on = re.findall(r'name="on" value="([^"]+)"', page)[0]
    answer = group.post("/periods/2020-10/move", data={"csrf": token(page), "on": on, "step": "closed"})
    assert answer.status_code == 422
    assert "O063" in answer.text or "零报告" in answer.text or "未报" in answer.text


def test_a_late_entry_needs_a_named_exception(browser: Browser, app: FastAPI) -> None:
    officer, group = browser(login(Role.OFFICER)), browser(login(Role.GROUP))
    assert month(group, "2020-09", "move", step="cut_off") == 303
    cells = {
        "csrf": token(officer.get("/events/new").text),
        "clause": "CG-A1",
        "subject": SUBJECT,
        "date": "2020-09-15",
    }
    told = {**cells, "note": "示例", "duplicate": "示例"}
    refused = officer.post("/events", data=told)
    assert refused.status_code == 422
    assert "补录" in refused.text
    own = book(app).edition.scorecard.departments[0].id
    late = {"department": own, "until": "2021-01-20", "reason": "示例：上级迟到的通报"}
    assert month(group, "2020-09", "late", **{**late, "until": "2020-01-01"}) == 422
    assert month(group, "2020-09", "late", **late) == 303
    assert officer.post("/events", data=told).status_code == 303


def test_reopening_needs_a_reason(browser: Browser) -> None:
    group = browser(login(Role.GROUP))
    assert month(group, "2020-08", "move", step="cut_off") == 303
    assert month(group, "2020-08", "reopen", step="reopened", reason=" ") == 422
    assert month(group, "2020-08", "reopen", step="reopened", reason="示例：漏登") == 303
    assert "示例：漏登" in group.get("/periods/2020-08").text


def test_publishing_needs_a_signature_and_a_document_number(browser: Browser) -> None:
    committee = browser(login(Role.COMMITTEE))
    assert month(committee, "2020-07", "publish", step="published", signer="示例签发人") == 422


# What waits, and what is handed out


def badge(client: TestClient) -> int:
    found = re.search(r'href="/appeals"[^>]*>.*?</a>', client.get("/").text, re.DOTALL)
    assert found
    count = re.search(r'side-count">(\d+)<', found[0])
    return int(count[1]) if count else 0


def test_the_navigation_counts_what_waits_for_whoever_asks(browser: Browser) -> None:
    officer, head, group = (browser(login(r)) for r in (Role.OFFICER, Role.HEAD, Role.GROUP))
    before, theirs = badge(officer), badge(group)
    event = logged(officer)
    assert deed(head, event, "appeal", reason="示例：不服") == 303
    assert (badge(officer), badge(group)) == (before + 1, theirs + 1)
    assert deed(officer, event, "answer", reason="示例：有照片") == 303
    assert (badge(officer), badge(group)) == (before, theirs + 1)  # answered: the officer is through, the group not
    assert deed(group, event, "rule", outcome="upheld", reason="示例：维持") == 303
    assert badge(group) == theirs


def test_evidence_is_handed_out_to_those_who_may_and_leaves_a_trace(browser: Browser, app: FastAPI) -> None:
    officer, head, auditor = (browser(login(r)) for r in (Role.OFFICER, Role.HEAD, Role.AUDITOR))
    event = logged(officer)
    form = head.get(f"/events/{event}/appeal")
    on = re.search(r'name="on" value="([^"]+)"', form.text)
    assert on
    cells = {"csrf": token(form.text), "on": on[1], "reason": "示例：见附件"}
    assert head.post(f"/events/{event}/appeal", data=cells, files=PDF).status_code == 303
    link = re.search(rf'href="(/events/{event}/files/[0-9a-f]+)"', head.get(f"/events/{event}").text)
    assert link
    trail = len(house_of(app).audit.lines())
    answer = officer.get(link[1])
    assert (answer.status_code, answer.content) == (200, PDF["files"][1])
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert len(house_of(app).audit.lines()) == trail + 1
    assert auditor.get(link[1]).status_code == 403
