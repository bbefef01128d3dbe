"""What programs hand in through the JSON API: batches, files, rows; whole and once, or refused in a document."""

from __future__ import annotations

import json
from typing import Any

import pytest
from asking import PNG, done, house_of, post
from fastapi import FastAPI
from serving import BOOK, NOW, SUBJECT, Browser, Program

from api.demonstration import LOGINS
from appraisal.model.roles import Role
from appraisal.office.office import FIRST
from appraisal.office.rights import Action
from appraisal.reading.rulebook import find_rulebook

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


def test_a_part_of_a_batch_under_its_key_is_something_else(program: Program) -> None:
    officer, some = program(Role.OFFICER), rows(3)
    done(post(officer, "/batches", {"rulebook": BOOK, "events": some, "not_duplicate": "示例"}, "batch-2"))
    for told in ({"events": some[:1], "not_duplicate": "示例"}, {"events": some, "not_duplicate": "示例：别的"}):
        answer = post(officer, "/batches", {"rulebook": BOOK, **told}, "batch-2")
        assert (answer.status_code, answer.json()["code"]) == (422, "H029")


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


# Files


@pytest.mark.parametrize(
    "content",
    [
        b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
        b"\xef\xbb\xbf \n<!doctype html><script>alert(1)</script>",
        b"<?xml version='1.0'?><x/>",
        b"\x7fELF\x02\x01\x01",
        b"MZ\x90\x00\x03",
        b"",
    ],
)
def test_what_could_run_in_a_browser_or_on_a_machine_is_no_evidence(program: Program, content: bytes) -> None:
    answer = program(Role.OFFICER).post("/api/v1/evidence", files={"file": ("innocent.png", content, "image/png")})
    assert (answer.status_code, answer.json()["code"] in {"O041", "O043"}) == (422, True)


@pytest.mark.parametrize(
    ("content", "kind", "way"),
    [
        (b"words <script>alert(1)</script>", "text/plain; charset=utf-8", "attachment"),
        (b"PK\x03\x04 of any content", "application/zip", "attachment"),
        (PNG, "image/png", "inline"),
    ],
)
def test_evidence_is_handed_out_as_what_its_bytes_say(
    program: Program, browser: Browser, content: bytes, kind: str, way: str
) -> None:
    """Whatever it is called, a browser neither guesses its type nor runs it."""
    officer = program(Role.OFFICER)
    name = officer.post("/api/v1/evidence", files={"file": ("page.html", content, "text/html")}).json()["sha256"]
    told = {"rulebook": BOOK, "date": "2020-12-29", "subject": SUBJECT, "clause": "CG-A1", "note": "示例：附件"}
    event = done(post(officer, "/events", {**told, "not_duplicate": "示例", "files": [name]}))["id"]
    answer = browser(LOGINS[Role.OFFICER][0]).get(f"/events/{event}/files/{name}")
    assert (answer.status_code, answer.headers["content-type"], answer.content) == (200, kind, content)
    assert answer.headers["content-disposition"].startswith(way)
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
