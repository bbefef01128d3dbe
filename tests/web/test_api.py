"""The JSON API: the same view models, tokens with scopes, problems, cursors, and posting once."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from fastapi import FastAPI
from serving import BOOK, NOW, Program
from starlette.testclient import TestClient

from api.demonstration import LOGINS
from appraisal.model.exact import show
from appraisal.model.periods import Period, Span
from appraisal.model.roles import Role
from appraisal.model.steps import Step
from appraisal.office import closing, months
from appraisal.office.rights import Action


def entry(**more: str) -> dict[str, str]:
    told = {"rulebook": BOOK, "date": "2020-12-30", "subject": "梓园社区", "clause": "CG-A3", "note": "示例：又一次"}
    return {**told, **more}


def test_a_ranking_is_the_assessment_digit_by_digit(program: Program, app: FastAPI) -> None:
    told = program(Role.LEADER).get(f"/api/v1/rankings/{BOOK}/2020").json()
    assessment = app.state.house.installation.standings("office", BOOK, Span.whole(2020), day=NOW.date())
    expected = {s.subject: (s.rank, show(s.total)) for s in assessment.standings}
    assert {row["subject"]: (row["rank"], row["total"]) for row in told["rows"]} == expected


def test_a_sheet_adds_up(program: Program) -> None:
    """The sum law as a program sees it: base and clauses give the item, items give the total."""
    from fractions import Fraction

    told = program(Role.LEADER).get("/api/v1/subjects/mayuanwan", params={"rulebook": BOOK, "period": "2020"}).json()
    total = Fraction(0)
    for department in told["departments"]:
        for item in department["items"]:
            moved = sum(Fraction(c["points"]) for c in item["clauses"])
            assert Fraction(item["base"]) + moved == Fraction(item["score"]), item["id"]
            total += Fraction(item["score"])
    assert total == Fraction(told["total"])


def test_a_token_goes_no_further_than_its_scopes(program: Program) -> None:
    client = program(Role.GROUP, Action.READ_RANKINGS)
    assert client.get(f"/api/v1/rankings/{BOOK}/2020").status_code == 200
    answer = client.get("/api/v1/events")
    assert answer.status_code == 403
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == "H010"
    assert client.get("/api/v1/me").json()["actions"] == ["read_rankings"]


def test_a_token_gives_no_right_that_its_account_has_not(program: Program) -> None:
    assert program(Role.LEADER, Action.LOG).post("/api/v1/events", json=entry()).status_code == 403


@pytest.mark.parametrize("shown", ["Bearer apt_no-such-token", "Bearer ", "Basic eDp5"])
def test_a_token_that_opens_nothing(app: FastAPI, shown: str) -> None:
    answer = TestClient(app).get("/api/v1/me", headers={"Authorization": shown})
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")


def test_a_token_that_is_over_opens_nothing(program: Program, app: FastAPI) -> None:
    client = program(Role.LEADER, days=1)
    assert client.get("/api/v1/me").status_code == 200
    object.__setattr__(app.state.house, "clock", lambda: NOW + timedelta(days=2))
    assert client.get("/api/v1/me").status_code == 401


def test_tokens_do_not_open_pages(program: Program) -> None:
    assert program(Role.LEADER).get("/").status_code == 303


# Posting


def test_the_same_request_sent_again_logs_nothing_twice(program: Program, app: FastAPI) -> None:
    client, house = program(Role.OFFICER), app.state.house.installation
    before = house.log.head("office").position
    key = {"Idempotency-Key": "9b2f-1"}
    first = client.post("/api/v1/events", json=entry(), headers=key)
    assert first.status_code == 201, first.text
    object.__setattr__(app.state.house, "clock", lambda: NOW + timedelta(hours=1))
    again = client.post("/api/v1/events", json=entry(), headers=key)
    assert (again.status_code, again.content) == (201, first.content)
    assert house.log.head("office").position == before + 1
    assert client.get(first.headers["location"]).json()["row"]["counted"] == "-0.2"


def test_a_crash_before_the_line_leaves_the_key_to_its_retry(
    program: Program, app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, house = program(Role.OFFICER), app.state.house.installation
    key, position = {"Idempotency-Key": "9b2f-2"}, house.log.head("office").position

    def crash(*_: object, **__: object) -> None:
        raise KeyError("示例")

    with monkeypatch.context() as patched:
        patched.setattr("api.web.v1.posting.entries.asked", crash)
        with pytest.raises(KeyError):
            client.post("/api/v1/events", json=entry(), headers=key)
    assert house.log.head("office").position == position
    assert client.post("/api/v1/events", json=entry(), headers=key).status_code == 201
    assert house.log.head("office").position == position + 1


def test_a_key_used_for_something_else_is_refused(program: Program) -> None:
    client, key = program(Role.OFFICER), {"Idempotency-Key": "9b2f-3"}
    client.post("/api/v1/events", json=entry(), headers=key)
    answer = client.post("/api/v1/events", json=entry(note="示例：另一次"), headers=key)
    assert (answer.status_code, answer.json()["code"]) == (422, "H029")


def test_many_that_send_the_same_at_once_all_hear_of_one_line(program: Program, app: FastAPI) -> None:
    house, key = app.state.house.installation, {"Idempotency-Key": "9b2f-5"}
    before = house.log.head("office").position
    clients = [program(Role.OFFICER) for _ in range(8)]
    with ThreadPoolExecutor(len(clients)) as pool:
        answers = list(pool.map(lambda client: client.post("/api/v1/events", json=entry(), headers=key), clients))
    assert {(answer.status_code, answer.content) for answer in answers} == {(201, answers[0].content)}
    assert house.log.head("office").position == before + 1


def test_a_retry_hears_of_its_line_also_where_the_month_takes_no_more(program: Program, app: FastAPI) -> None:
    client, house = program(Role.OFFICER), app.state.house.installation
    first, second = {"Idempotency-Key": "9b2f-6"}, {"Idempotency-Key": "9b2f-7"}
    told = client.post("/api/v1/events", json=entry(), headers=first)
    desk = house.desk("office", house.accounts.find(LOGINS[Role.GROUP][0]).actor)
    december = Period(2020, 12)
    on = months.month(desk, BOOK, december).last
    closing.move(desk, BOOK, december, Step.CUT_OFF, on=on, now=NOW)
    again = client.post("/api/v1/events", json=entry(), headers=first)
    assert (again.status_code, again.content) == (201, told.content)
    assert client.post("/api/v1/events", json=entry(), headers=second).json()["code"] == "O030"
    other = client.post("/api/v1/events", json=entry(note="示例：另一次"), headers=first)
    assert other.json()["code"] == "H029"  # what the key stands for comes before what is wrong with the month


def test_a_request_without_a_key_is_refused(program: Program) -> None:
    answer = program(Role.OFFICER).post("/api/v1/events", json=entry())
    assert (answer.status_code, answer.json()["code"]) == (422, "H028")


def test_every_fault_of_an_entry_is_told_at_once_and_the_key_stays_free(program: Program) -> None:
    client, key = program(Role.OFFICER), {"Idempotency-Key": "9b2f-4"}
    wrong = entry(date="2020-13-40", subject="梓圆社区")
    answer = client.post("/api/v1/events", json=wrong, headers=key)
    assert answer.status_code == 422
    assert len(answer.json()["errors"]) == 2
    assert "梓园社区" in json.dumps(answer.json(), ensure_ascii=False)
    assert client.post("/api/v1/events", json=entry(), headers=key).status_code == 201


def test_a_withdrawal_that_comes_second_is_told_what_happened(program: Program) -> None:
    client = program(Role.OFFICER)
    made = client.post("/api/v1/events", json=entry(), headers={"Idempotency-Key": "9b2f-5"}).json()
    path, body = f"/api/v1/events/{made['id']}/withdrawal", {"reason": "示例：登记有误", "on": made["last"]}
    first = client.post(path, json=body, headers={"Idempotency-Key": "9b2f-6"})
    assert first.status_code == 201, first.text
    assert client.get(first.headers["location"]).json()["row"]["state"] == "countered"
    second = client.post(path, json=body, headers={"Idempotency-Key": "9b2f-7"})
    assert second.status_code == 409
    assert second.json()["code"] == "L017"
    again = client.post(path, json=body, headers={"Idempotency-Key": "9b2f-6"})
    assert (again.status_code, again.content) == (201, first.content)


# Lists


def test_pages_of_a_list_hold_every_event_once_even_while_more_are_logged(program: Program) -> None:
    client, seen, cursor = program(Role.OFFICER), [], ""
    total = client.get("/api/v1/events", params={"period": "2020-05"}).json()["total"]
    while True:
        page = client.get("/api/v1/events", params={"period": "2020-05", "limit": 7, "cursor": cursor}).json()
        seen += [row["id"] for row in page["items"]]
        key = {"Idempotency-Key": f"page-{len(seen)}"}
        more = entry(date="2020-05-20", note=f"示例：{len(seen)}", not_duplicate="示例：另一件")
        assert client.post("/api/v1/events", json=more, headers=key).status_code == 201
        cursor = page["next"]
        if not cursor:
            break
    assert len(seen) == len(set(seen)) == total


@pytest.mark.parametrize(
    ("path", "params", "status"),
    [
        ("/api/v1/events", {"cursor": "%%%"}, 422),
        ("/api/v1/events", {"period": "2020-13"}, 404),
        ("/api/v1/events", {"rulebook": "no-such"}, 404),
        ("/api/v1/events", {"subject": "no-such"}, 404),
        ("/api/v1/events", {"limit": "0"}, 422),
        ("/api/v1/events/no-such", {}, 404),
        (f"/api/v1/rankings/{BOOK}/2031", {}, 404),
        ("/api/v1/subjects/no-such", {}, 404),
        ("/api/v1/no-such", {}, 404),
    ],
)
def test_what_is_not_there_is_a_problem(program: Program, path: str, params: dict[str, str], status: int) -> None:
    answer = program(Role.GROUP).get(path, params=params)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert {"type", "title", "status", "code"} <= set(answer.json())
