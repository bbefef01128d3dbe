"""What programs do with entries and months through the JSON API: the workflow of the pages, each step once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from asking import book, done, evidence, house_of, logged, post, state
from fastapi import FastAPI
from httpx import Response
from serving import BOOK, NOW, SUBJECT, Program
from starlette.testclient import TestClient

from api.demonstration import LOGINS
from appraisal.model.roles import HeldRole, Role
from appraisal.model.steps import Step
from appraisal.office.entries import needs_decision
from appraisal.office.office import FIRST
from appraisal.office.rights import Action
from appraisal.office.workflow import State
from appraisal.store.outbox import Outbox

# Deeds


def test_an_appeal_with_a_file_is_answered_and_ruled_on(program: Program) -> None:
    officer, head, group = (program(role) for role in (Role.OFFICER, Role.HEAD, Role.GROUP))
    event = logged(officer)
    told = {"on": event["last"], "reason": "示例：不服", "files": [evidence(head)]}
    appeal = done(post(head, f"/events/{event['id']}/appeal", told))
    (mine,) = [w for w in group.get("/api/v1/appeals").json()["items"] if w["event"] == event["id"]]
    assert (mine["state"], mine["said"]) == ("appealed", "示例：不服")
    assert mine["moved"], "what withdrawing would change"
    assert {"rule"} <= {deed["key"] for deed in mine["deeds"]}
    answer = done(post(officer, f"/events/{event['id']}/answer", {"on": appeal["last"], "reason": "示例：有照片"}))
    ruling = {"on": answer["last"], "outcome": "withdrawn", "reason": "示例：理由成立"}
    done(post(group, f"/events/{event['id']}/rule", ruling))
    assert state(officer, event["id"]) == "countered"
    through = group.get("/api/v1/appeals", params={"through": "true"}).json()
    assert event["id"] in [w["event"] for w in through["items"]]


def test_who_logged_does_not_rule(program: Program, app: FastAPI) -> None:
    house = house_of(app)
    account = house.accounts.find(LOGINS[Role.OFFICER][0])
    assert account is not None
    house.accounts.assign(account.id, [*account.roles, HeldRole(role=Role.GROUP, office=FIRST)])
    both, head = program(Role.OFFICER), program(Role.HEAD)
    event = logged(both)
    appeal = done(post(head, f"/events/{event['id']}/appeal", {"on": event["last"], "reason": "示例：不服"}))
    ruling = {"on": appeal["last"], "outcome": "upheld", "reason": "示例"}
    answer = post(both, f"/events/{event['id']}/rule", ruling)
    assert (answer.status_code, answer.json()["code"]) == (422, "O021")


def test_an_adjustment_puts_other_columns_in_the_place_of_the_entry(program: Program, app: FastAPI) -> None:
    officer, head, group = (program(role) for role in (Role.OFFICER, Role.HEAD, Role.GROUP))
    event = logged(officer, count="3")
    appeal = done(post(head, f"/events/{event['id']}/appeal", {"on": event["last"], "reason": "示例：只有一次"}))
    ruling = {"on": appeal["last"], "outcome": "adjusted", "reason": "示例：核实两次", "count": "2"}
    line = done(post(group, f"/events/{event['id']}/rule", ruling))
    put = book(app).lines[line["id"]].event
    assert (put.counters, put.clause, put.facts["count"]) == (event["id"], "CG-A1", 2)


def test_a_claim_goes_through_three_hands(program: Program, app: FastAPI) -> None:
    head, group, committee = (program(role) for role in (Role.HEAD, Role.GROUP, Role.COMMITTEE))
    clauses = book(app).edition.scorecard.clauses()
    clause = next(c for c in clauses if c.needs_confirmation and c.inputs().loggable and not c.inputs().value)
    told = {"rulebook": BOOK, "clause": clause.id, "subject": SUBJECT, "date": "2020-12-20", "note": "示例：表彰"}
    levels = [str(level) for level in clause.inputs().levels]
    told |= {"level": levels[0]} if levels else {}
    claim = done(post(head, "/claims", {**told, "files": [evidence(head)]}))
    event = claim["id"]
    assert event in [w["event"] for w in group.get("/api/v1/claims").json()["items"]]
    back = done(post(group, f"/events/{event}/send-back", {"on": claim["last"], "reason": "示例：缺文号"}))
    again = done(post(head, f"/events/{event}/declare-again", {"on": back["last"], "note": "示例：补文号"}))
    passed = done(post(group, f"/events/{again['id']}/review", {"on": again["last"]}))
    assert state(group, again["id"]) == "reviewed"
    done(post(committee, f"/events/{again['id']}/confirm", {"on": passed["last"]}))
    assert state(group, again["id"]) == "confirmed"
    assert post(group, f"/events/{again['id']}/confirm", {"on": passed["last"]}).status_code == 403


def test_a_decision_needs_its_whole_record(program: Program, app: FastAPI) -> None:
    group = program(Role.GROUP)
    waits = group.get("/api/v1/decisions", params={"rulebook": BOOK, "period": "2020"}).json()["items"]
    event = waits[0]["event"]
    last = book(app).case(event).last
    told = {"on": last, "body": "示例党工委", "decided_on": "2020-12-30", "number": "示例〔2020〕1号"}
    assert post(group, f"/events/{event}/decide", told).status_code == 422  # no file
    assert post(group, f"/events/{event}/decide", {**told, "files": ["0" * 64]}).json()["code"] == "O040"
    done(post(group, f"/events/{event}/decide", {**told, "files": [evidence(group)]}))
    assert book(app).case(event).state is State.CONFIRMED


def test_a_matter_is_put_up_and_counts_nowhere_before_its_record(program: Program, app: FastAPI) -> None:
    group, officer = program(Role.GROUP), program(Role.OFFICER)
    clauses = book(app).edition.scorecard.clauses()
    clause = next(c for c in clauses if needs_decision(book(app).edition, c) and c.inputs().loggable)
    told = {"rulebook": BOOK, "clause": clause.id, "subject": SUBJECT, "date": "2020-12-20", "note": "示例：事由"}
    told |= {"not_duplicate": "示例：另一件", "files": [evidence(group)]}
    told |= {"level": clause.inputs().levels[0]} if clause.inputs().levels else {}
    told |= {"value": "1"} if clause.inputs().value else {}
    assert post(officer, "/decisions", told).status_code == 403
    matter = done(post(group, "/decisions", told))
    assert state(group, matter["id"]) == "undecided"


def test_evidence_is_added_to_an_entry_later(program: Program, app: FastAPI) -> None:
    officer = program(Role.OFFICER)
    event = logged(officer)
    path = f"/events/{event['id']}/evidence"
    assert post(officer, path, {"on": event["last"], "files": []}).status_code == 422
    line = done(post(officer, path, {"on": event["last"], "files": [evidence(officer)]}))
    assert book(app).case(event["id"]).last == line["id"]
    assert state(officer, event["id"]) == "counts"


def test_a_deed_asked_twice_is_done_once(program: Program, app: FastAPI) -> None:
    officer, house = program(Role.OFFICER), house_of(app)
    event = logged(officer)
    told, path = {"on": event["last"], "reason": "示例：登记有误"}, f"/events/{event['id']}/withdrawal"
    first = post(officer, path, told, "withdraw-1")
    before = house.log.head(FIRST).position
    again = post(officer, path, told, "withdraw-1")
    assert (again.status_code, again.content) == (201, first.content)
    assert house.log.head(FIRST).position == before
    assert post(officer, path, {**told, "reason": "示例：另一个"}, "withdraw-1").json()["code"] == "H029"
    assert (
        post(officer, f"/events/{event['id']}/correct", {**told, "count": "1"}, "withdraw-1").json()["code"] == "H029"
    )


def test_a_refused_deed_leaves_its_key_free(program: Program) -> None:
    officer, head = program(Role.OFFICER), program(Role.HEAD)
    event = logged(officer)
    path = f"/events/{event['id']}/appeal"
    assert post(officer, path, {"on": event["last"], "reason": "示例"}, "a-1").status_code == 403
    assert post(head, path, {"on": "e-unknown", "reason": "示例"}, "a-1").status_code == 422
    assert post(head, path, {"on": event["last"], "reason": "示例"}, "a-1").status_code == 201


# Months


def test_a_month_goes_from_open_to_published_and_tells_other_systems(app: FastAPI) -> None:
    """A year of one event, so that nothing stands in the way but what the test leaves there."""
    house, now = house_of(app), NOW
    house.log.add_office("small", "示例小街道")
    house.office("small").adopt(BOOK, now=now)
    edition = house.log.edition(house.office("small").adopted(BOOK))
    roles = [HeldRole(role=Role.OFFICER, office="small", department=d.id) for d in edition.scorecard.departments]
    roles += [HeldRole(role=role, office="small") for role in (Role.GROUP, Role.COMMITTEE)]
    account = house.accounts.add("one", "示例一人", now=now, roles=roles)
    scopes = [action.value for action in Action]
    _, secret = house.sessions.make_token(account.id, now=now, name="t", scopes=scopes, office="small")
    client = TestClient(app, headers={"Authorization": f"Bearer {secret}"})
    outbox: Outbox = house.outbox
    outbox.add_webhook("small", "https://example.org/", now=now, kinds=["published", "reopened"])
    at = f"/periods/2020-03?rulebook={BOOK}"

    def page() -> dict[str, Any]:
        found: dict[str, Any] = client.get(f"/api/v1{at}").json()
        return found

    def act(what: str, **told: object) -> Response:
        return post(client, f"/periods/2020-03/{what}?rulebook={BOOK}", {"on": page()["on"], **told})

    for report in page()["reports"]:
        told = {"department": report["department"], "entries": 0}
        assert post(client, f"/periods/2020-03/report?rulebook={BOOK}", {**told, "entries": 3}).json()["code"] == "O034"
        done(post(client, f"/periods/2020-03/report?rulebook={BOOK}", told))
    done(act("move", step="cut_off"))
    late = {"department": roles[0].department, "until": "2021-01-20", "reason": "示例：通报晚到"}
    done(post(client, f"/periods/2020-03/late?rulebook={BOOK}", late))
    (granted,) = page()["late"]
    path = f"/periods/2020-03/late/{granted['id']}/revoke?rulebook={BOOK}"
    done(post(client, path, {"reason": "示例：不再需要"}))
    assert post(client, path, {"reason": "示例"}).status_code == 404
    for step in ("drafted", "displayed", "rechecked"):
        done(act("move", step=step))
    stale = page()["on"]
    refused = act("move", step="closed")
    assert (refused.status_code, refused.json()["code"]) == (422, "O066"), "the time of appeals is not over"
    assert page()["stage"] == "recheck"
    object.__setattr__(app.state.house, "clock", lambda: NOW + timedelta(days=6))
    done(act("move", step="closed"))
    assert act("publish", signer="示例", number="").json()["code"] == "H017"
    done(act("publish", signer="示例签发人", number="示例〔2021〕1号"))
    assert (page()["stage"], page()["published"]["changed"]) == ("final", [])
    done(act("reopen", reason="示例：漏登"))
    assert page()["stage"] == "open"
    assert post(client, f"/periods/2020-03/move?rulebook={BOOK}", {"on": stale, "step": "closed"}).status_code == 409
    answer = act("publish", signer="示例", number="示例〔2021〕1号")
    assert (answer.status_code, answer.json()["code"]) == (422, "O027")
    assert [d.notice.kind for d in outbox.deliveries("small")] == [Step.REOPENED, Step.PUBLISHED]
    listed = client.get(f"/api/v1/periods?rulebook={BOOK}&year=2020").json()
    assert [p["period"] for p in listed["items"]][-1] == "2020"
    assert len(listed["items"]) == listed["total"] == 13
