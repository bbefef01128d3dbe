"""What programs do: deeds, months, batches and files through the JSON API, once each, all or none."""

from __future__ import annotations

import json
from datetime import timedelta
from hashlib import sha256
from itertools import count
from typing import Any

import pytest
from fastapi import FastAPI
from httpx import Response
from serving import BOOK, NOW, SUBJECT, Program
from starlette.testclient import TestClient

from api.demonstration import LOGINS
from appraisal.model.roles import HeldRole, Role
from appraisal.model.steps import Step
from appraisal.office.entries import needs_decision
from appraisal.office.installation import Installation
from appraisal.office.office import FIRST
from appraisal.office.rights import Action
from appraisal.office.workflow import State
from appraisal.office.yearbook import Yearbook
from appraisal.reading.rulebook import find_rulebook
from appraisal.store.outbox import Outbox

PNG = b"\x89PNG\r\n\x1a\n" + b"sample"
_keys = count()


def house_of(app: FastAPI) -> Installation:
    house: Installation = app.state.house.installation
    return house


def book(app: FastAPI) -> Yearbook:
    return house_of(app).yearbook(FIRST, BOOK, 2020)


def post(client: TestClient, path: str, told: object, key: str = "") -> Response:
    headers = {"Idempotency-Key": key or f"k-{next(_keys)}"}
    return client.post(f"/api/v1{path}", json=told, headers=headers)


def done(answer: Response) -> dict[str, Any]:
    """Return a posted line; it is in the log at the place that the answer names."""
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def evidence(client: TestClient) -> str:
    answer = client.post("/api/v1/evidence", files={"file": ("决定.png", PNG)})
    assert (answer.status_code, answer.json()["type"]) == (201, "image/png")
    assert answer.json()["sha256"] == sha256(PNG).hexdigest()
    return str(answer.json()["sha256"])


def logged(client: TestClient, **more: str) -> dict[str, Any]:
    told = {"rulebook": BOOK, "date": "2020-12-29", "subject": SUBJECT, "clause": "CG-A1", "note": "示例：抽查"}
    return done(post(client, "/events", {**told, "not_duplicate": "示例：另一处", **more}))


def state(client: TestClient, event: str) -> str:
    return str(client.get(f"/api/v1/events/{event}").json()["row"]["state"])


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


# Many at once


def rows(number: int, **more: str) -> list[dict[str, str]]:
    return [
        {"date": "2020-12-30", "subject": SUBJECT, "clause": "CG-A1", "note": f"示例 {n}", **more}
        for n in range(number)
    ]


def test_a_batch_is_logged_whole_and_once(program: Program, app: FastAPI) -> None:
    officer, house = program(Role.OFFICER), house_of(app)
    before = house.log.head(FIRST).position
    told = {"rulebook": BOOK, "events": rows(40), "not_duplicate": "示例：各是一次"}
    first = post(officer, "/batches", told, "batch-1")
    made = done(first)["events"]
    assert [one["position"] for one in made] == list(range(before + 1, before + 41))
    assert post(officer, "/batches", told, "batch-1").content == first.content
    assert house.log.head(FIRST).position == before + 40
    assert [house.log.line(FIRST, one["id"]).event.note for one in made] == [f"示例 {n}" for n in range(40)]


def test_one_fault_keeps_a_whole_batch_out_and_every_fault_is_told(program: Program, app: FastAPI) -> None:
    officer, house = program(Role.OFFICER), house_of(app)
    before = house.log.head(FIRST).position
    wrong = rows(5)
    wrong[1]["subject"], wrong[3]["date"], wrong[4]["clause"] = "没有的社区", "2020-13-01", "DJ-1"
    answer = post(officer, "/batches", {"rulebook": BOOK, "events": wrong, "not_duplicate": "示例"})
    assert answer.status_code == 422
    places = {e["place"].split(":")[1] for e in answer.json()["errors"]}
    assert {"2", "4"} <= places
    assert house.log.head(FIRST).position == before
    foreign = post(officer, "/batches", {"rulebook": BOOK, "events": rows(2, clause="DJ-1")})
    assert foreign.status_code in {403, 422}
    assert house.log.head(FIRST).position == before


@pytest.mark.parametrize("number", [0, 1001])
def test_a_batch_has_its_limits(program: Program, number: int) -> None:
    answer = post(program(Role.OFFICER), "/batches", {"rulebook": BOOK, "events": rows(number)})
    assert (answer.status_code, answer.json()["code"]) == (422, "H017")


def test_a_file_is_looked_at_and_taken_in_once(program: Program, app: FastAPI) -> None:
    officer, house = program(Role.OFFICER), house_of(app)
    content = f"日期,社区,条款,备注\n2020-12-21,{SUBJECT},CG-A1,示例：导入\n".encode()
    sheet, at = {"file": ("records.csv", content)}, {"rulebook": BOOK}
    before = house.log.head(FIRST).position
    seen = officer.post("/api/v1/imports/look", files=sheet, params=at)
    assert (seen.status_code, seen.json()["fresh"], seen.json()["faulty"]) == (200, 1, 0)
    assert house.log.head(FIRST).position == before
    headers, more = {"Idempotency-Key": "file-1"}, {"not_duplicate": "示例：另一处"}
    first, again = (officer.post("/api/v1/imports", files=sheet, data=more, params=at, headers=headers) for _ in "ab")
    assert (first.status_code, first.json()["appended"]) == (201, 1)
    assert again.content == first.content
    assert house.log.head(FIRST).position == before + 1
    other = officer.post("/api/v1/imports", files=sheet, data=more, params=at, headers={"Idempotency-Key": "file-2"})
    assert other.json() == {"rulebook": BOOK, "appended": 0, "there": 1}
    spoiled = {"file": ("records.csv", content.replace(b"CG-A1", b"CG-A99"))}
    refused = officer.post("/api/v1/imports", files=spoiled, params=at, headers={"Idempotency-Key": "file-3"})
    assert refused.status_code == 422
    assert house.log.head(FIRST).position == before + 1


def test_rows_of_another_family_are_taken_in_and_assessed(program: Program, app: FastAPI) -> None:
    name, house = "sme-digital-2024", house_of(app)
    house.office(FIRST).adopt(name, now=NOW)
    officer = program(Role.OFFICER)
    content = (find_rulebook(name).parent / "sample" / "2024.csv").read_bytes()
    headers = {"Idempotency-Key": "answers-1"}
    first = officer.post(f"/api/v1/assessments/{name}/input", files={"file": ("2024.csv", content)}, headers=headers)
    assert first.status_code == 201, first.text
    assert first.json()["appended"] > 0
    listed = officer.get("/api/v1/assessments").json()
    assert name in [line["rulebook"] for line in listed["items"]]
    run = officer.get(f"/api/v1/assessments/{name}/2024").json()
    subject = next(iter(run["names"].values()))
    assert officer.get(f"/api/v1/assessments/{name}/2024/{subject}").json()["sheets"]
    wrong = post(
        officer, f"/assessments/{name}/rows", {"rows": [{"subject": "示例丙公司", "question": "Q99", "answer": "1"}]}
    )
    assert (wrong.status_code, "Q99" in wrong.text) == (422, True)
    assert post(officer, f"/assessments/{BOOK}/rows", {"rows": [{"subject": "x"}]}).status_code == 404


# Refusals


@pytest.mark.parametrize(
    ("method", "path", "kind", "status", "code"),
    [
        ("POST", "/events", "text/plain", 415, "H043"),
        ("POST", "/imports", "application/json", 415, "H043"),
        ("DELETE", "/events", "", 405, "H013"),
        ("GET", "/batches", "", 405, "H013"),
        ("GET", "/nothing-here", "", 404, "H011"),
        ("POST", "/events", "application/json", 422, "H017"),
    ],
)
def test_every_refusal_is_a_problem_document(
    program: Program, method: str, path: str, kind: str, status: int, code: str
) -> None:
    headers = {"Content-Type": kind} if kind else {}
    answer = program(Role.OFFICER).request(method, f"/api/v1{path}", content=b"{" if kind else b"", headers=headers)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json"), answer.text
    assert answer.json()["code"] == code


def test_a_body_that_is_too_large_is_a_problem_document(program: Program) -> None:
    told = json.dumps({"rulebook": "x" * 3 * 1024 * 1024})
    headers = {"Content-Type": "application/json", "Idempotency-Key": "k"}
    answer = program(Role.OFFICER).post("/api/v1/events", content=told, headers=headers)
    assert (answer.status_code, answer.headers["content-type"]) == (413, "application/problem+json")
    assert answer.json()["code"] == "H014"


@pytest.mark.parametrize("action", [Action.APPEAL, Action.MOVE_MONTH, Action.IMPORT, Action.ADD_EVIDENCE])
def test_scopes_bound_every_route(program: Program, action: Action) -> None:
    """A token of an account that may do everything, with one scope, opens only what that scope is for."""
    ways = {
        Action.APPEAL: ("/events/e/appeal", Role.HEAD),
        Action.MOVE_MONTH: ("/periods/2020-03/move", Role.GROUP),
        Action.IMPORT: ("/batches", Role.OFFICER),
        Action.ADD_EVIDENCE: ("/evidence", Role.OFFICER),
    }
    for other, (path, role) in ways.items():
        more: dict[str, Any] = {"files": {"file": ("x.png", PNG)}} if path == "/evidence" else {"json": {}}
        answer = program(role, action).post(f"/api/v1{path}", headers={"Idempotency-Key": "k"}, **more)
        held = other is action
        assert (answer.status_code != 403) is held or answer.status_code == 422, (action, path, answer.status_code)
