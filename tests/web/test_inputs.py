"""Handing in answers, fields and survey rows: all of a file, or every fault of it and nothing."""

from __future__ import annotations

import pytest
from fastapi import FastAPI
from httpx import Response
from serving import BOOK, NOW, Browser, token
from starlette.testclient import TestClient

from api.demonstration import LOGINS
from appraisal.model.roles import Role
from appraisal.office.office import FIRST
from appraisal.reading.rulebook import find_rulebook

SAMPLES = (
    ("sme-digital-2024", "2024.csv"),
    ("gd-smart-manufacturing-2024", "2024.csv"),
    ("customer-satisfaction-2007", "survey.csv"),
)


def hand_in(client: TestClient, book: str, content: bytes, name: str) -> Response:
    csrf = token(client.get(f"/assessments/{book}/input").text)
    return client.post(f"/assessments/{book}/input", data={"csrf": csrf}, files={"file": (name, content)})


@pytest.mark.parametrize(("book", "name"), SAMPLES)
def test_a_file_is_taken_in_and_leads_to_its_result(browser: Browser, app: FastAPI, book: str, name: str) -> None:
    house = app.state.house.installation
    house.office(FIRST).adopt(book, now=NOW)
    client = browser(LOGINS[Role.OFFICER][0])
    content = (find_rulebook(book).parent / "sample" / name).read_bytes()
    answer = hand_in(client, book, content, name)
    assert answer.status_code == 303, answer.text
    result = client.get(answer.headers["location"])
    assert result.status_code == 200
    assert "示例" in result.text
    assert house.audit.lines(limit=1)[0].action == "run_assessment"
    again = hand_in(client, book, content, name)
    assert again.headers["location"].endswith("taken=0")


def test_one_fault_keeps_the_whole_file_out(browser: Browser, app: FastAPI) -> None:
    book, house = SAMPLES[0][0], app.state.house.installation
    house.office(FIRST).adopt(book, now=NOW)
    before = len(house.log.known_ids(FIRST))
    rows = "企业,题号,答案\n示例甲公司,equipment,160\n示例甲公司,Q99,1\n"
    answer = hand_in(browser(LOGINS[Role.GROUP][0]), book, rows.encode(), "答案.csv")
    assert answer.status_code == 422
    assert "答案.csv:3:2" in answer.text
    assert "Q99" in answer.text
    assert len(house.log.known_ids(FIRST)) == before


def test_only_who_runs_assessments_finds_the_page(browser: Browser, app: FastAPI) -> None:
    app.state.house.installation.office(FIRST).adopt(SAMPLES[0][0], now=NOW)
    assert browser(LOGINS[Role.HEAD][0]).get(f"/assessments/{SAMPLES[0][0]}/input").status_code == 403
    officer = browser(LOGINS[Role.OFFICER][0])
    assert officer.get(f"/assessments/{BOOK}/input").status_code == 404
    assert hand_in(officer, SAMPLES[0][0], b"", "empty.csv").status_code == 422


def test_a_questionnaire_is_filled_in_on_the_page(browser: Browser, app: FastAPI) -> None:
    """Two levels of S1 at once and one option of Q8; an unknown option is told beside its question."""
    book, house = SAMPLES[0][0], app.state.house.installation
    house.office(FIRST).adopt(book, now=NOW)
    client, path = browser(LOGINS[Role.OFFICER][0]), f"/assessments/{book}/form"
    page = client.get(path).text
    assert all(f'name="Q{n}"' in page for n in range(1, 16))
    assert all(f'name="S{n}"' in page for n in range(1, 17))
    told = {"csrf": token(page), "subject": "示例乙公司", "source": "自报", "Q8": "99"}
    refused = client.post(path, data=told)
    assert refused.status_code == 422
    assert "示例乙公司" in refused.text
    assert "field-fault" in refused.text
    assert not house.log.known_ids(FIRST, ["示例乙公司/Q8"])
    answer = client.post(path, data={**told, "Q8": "1", "S1": ["1", "2"]})
    assert answer.status_code == 303, answer.text
    assert house.log.line(FIRST, "示例乙公司/S1").event.facts["answer"] == "1;2"
    assert "示例乙公司" in client.get(answer.headers["location"]).text
    assert client.post(path, data={**told, "subject": ""}).status_code == 422
