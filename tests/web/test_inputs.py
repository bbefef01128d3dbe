"""Handing in answers, fields and survey rows: all of a file, or every fault of it and nothing."""

from __future__ import annotations

import pytest
from fastapi import FastAPI
from httpx import Response
from serving import BOOK, NOW, Browser, token
from starlette.testclient import TestClient

from api.demonstration import LOGINS
from appraisal.model.ledger import resolve
from appraisal.model.roles import Role
from appraisal.model.rulebook import Rulebook
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


def test_an_answer_is_corrected_on_the_page_and_the_first_stays(browser: Browser, app: FastAPI) -> None:
    """The second answer to Q8 counters the first with a reason; what says the same is left as it is."""
    book, house = SAMPLES[0][0], app.state.house.installation
    house.office(FIRST).adopt(book, now=NOW)
    client, path = browser(LOGINS[Role.OFFICER][0]), f"/assessments/{book}/form"
    told = {"csrf": token(client.get(path).text), "subject": "示例乙公司", "source": "自报"}
    assert client.post(path, data={**told, "Q8": "1", "Q9": "1"}).status_code == 303
    assert client.post(path, data={**told, "Q8": "2"}).status_code == 422  # the log has another answer
    refused = client.post(path, data={**told, "Q8": "2", "Q9": "1", "correct": "1"})
    assert refused.status_code == 422
    assert "要写明理由" in refused.text
    done = {**told, "Q8": "2", "Q9": "1", "correct": "1", "reason": "示例：看错了题"}
    answer = client.post(path, data=done)
    assert answer.status_code == 303, answer.text
    assert answer.headers["location"].endswith("taken=1")
    old, new = (house.log.line(FIRST, f"示例乙公司/Q8{more}").event for more in ("", "~2"))
    assert (old.facts["answer"], new.facts["answer"]) == ("1", "2")
    assert (new.counters, new.note) == (old.id, "示例：看错了题")
    counted = {e.clause: e.id for e in resolve(house.log.events(FIRST, rulebook=book), edition(app, book)).counted}
    assert counted == {"Q8": new.id, "Q9": "示例乙公司/Q9"}
    again = client.post(path, data={**done, "Q8": "1"})
    assert again.status_code == 303, again.text[again.text.find("alert-danger") :][:600]
    assert house.log.line(FIRST, "示例乙公司/Q8~3").event.counters == new.id
    assert house.log.verify(FIRST) == ()


def edition(app: FastAPI, book: str) -> Rulebook:
    office = app.state.house.installation.office(FIRST)
    found: Rulebook = office.log.edition(office.adopted(book)).rulebook
    return found


# Looked at before it is taken in


@pytest.mark.parametrize(("book", "name"), SAMPLES)
def test_a_file_is_looked_at_and_then_taken_in(browser: Browser, app: FastAPI, book: str, name: str) -> None:
    house = app.state.house.installation
    house.office(FIRST).adopt(book, now=NOW)
    before, client = len(house.log.known_ids(FIRST)), browser(LOGINS[Role.OFFICER][0])
    path, rows = f"/assessments/{book}/input", (find_rulebook(book).parent / "sample" / name).read_bytes()
    csrf = token(client.get(path).text)
    looked = client.post(path, data={"csrf": csrf, "preview": "1"}, files={"file": (name, rows)})
    assert looked.status_code == 303, looked.text
    page = client.get(looked.headers["location"]).text
    assert "全部收入并评定" in page
    assert page.count('<tr><th scope="row" class="stay">示例') == 20
    assert len(house.log.known_ids(FIRST)) == before
    kept = looked.headers["location"].partition("kept=")[2].partition("&")[0]
    done = client.post(path, data={"csrf": csrf, "kept": kept, "file": name})
    assert done.status_code == 303, done.text
    assert len(house.log.known_ids(FIRST)) > before
    wrong = client.post(path, data={"csrf": csrf, "preview": "1"}, files={"file": (name, b"no,such,columns\n1,2,3\n")})
    assert wrong.status_code == 422


# Filled in on the page


def test_an_application_is_filled_in_and_says_what_is_missing(browser: Browser, app: FastAPI) -> None:
    """The guide: B1-1 在广东省内依法注册; B1-2 具有独立法人资格; D1-3-2 近三年平均主营业务收入不低于1500万元."""
    book, house, unit = SAMPLES[1][0], app.state.house.installation, "示例新装备有限公司"
    house.office(FIRST).adopt(book, now=NOW)
    client, path = browser(LOGINS[Role.OFFICER][0]), f"/assessments/{book}/form"
    page = client.get(path).text
    assert all(f'name="main_revenue_{year}"' in page for year in (2021, 2022, 2023))
    told = {"csrf": token(page), "form": "2.1", "subject": unit, "domain": "智能制造装备", "registered": "是"}
    years = {"main_revenue_2021": "1400", "main_revenue_2022": "1500", "main_revenue_2023": "1600"}
    looked = client.post(path, data={**told, **years, "preview": "1"})
    assert looked.status_code == 200
    assert "还差什么" in looked.text
    assert "具有独立法人资格" in looked.text
    assert not house.log.known_ids(FIRST, [f"{unit}/registered"])
    part = client.post(path, data={**told, "preview": "1"}, headers={"HX-Request": "true"}).text
    assert "<html" not in part
    assert "主营业务收入" in part
    wrong = client.post(path, data={**told, "main_revenue_2021": "many"})
    assert wrong.status_code == 422
    assert 'value="many"' in wrong.text
    assert "field-fault" in wrong.text
    assert not house.log.known_ids(FIRST, [f"{unit}/registered"])
    saved = client.post(path, data={**told, **years})
    assert saved.status_code == 303, saved.text
    assert house.log.line(FIRST, f"{unit}/main_revenue_2022").event.facts["value"] == 1500
    again = client.get(path, params={"unit": unit, "form": "2.1"}).text
    assert 'name="registered"' not in again
    assert "待补充" in again
    assert client.post(path, data={**told, "subject": ""}).status_code == 422


def test_a_response_is_entered_on_the_page_once(browser: Browser, app: FastAPI) -> None:
    """Answers from 1 to 10; the same form sent twice is one response; an answer outside is told beside it."""
    book, house = SAMPLES[2][0], app.state.house.installation
    house.office(FIRST).adopt(book, now=NOW)
    client, path = browser(LOGINS[Role.OFFICER][0]), f"/assessments/{book}/form"
    page = client.get(path).text
    assert page.count('name="X11"') == 10
    name = page.partition('name="name" value="')[2].partition('"')[0]
    told = {"csrf": token(page), "name": name, "subject": "示例乙超市", "sex": "女", "X11": "8", "X61": "7"}
    wrong = client.post(path, data={**told, "X11": "11"})
    assert wrong.status_code == 422
    assert "X11 的回答 11 不在量表 1 到 10 之内" in wrong.text
    assert not house.log.known_ids(FIRST, [name])
    for _ in range(2):
        saved = client.post(path, data=told)
        assert saved.status_code == 303, saved.text
    said = house.log.line(FIRST, name).event
    assert (said.subject, said.facts["X11"], said.facts["X61"]) == ("示例乙超市", 8, 7)
    assert "已收入一份答卷" in client.get(saved.headers["location"]).text
    assert client.post(path, data={"csrf": token(page), "subject": "示例乙超市"}).status_code == 422


def test_a_questionnaire_says_its_level_while_it_is_filled_in(browser: Browser, app: FastAPI) -> None:
    book, house = SAMPLES[0][0], app.state.house.installation
    house.office(FIRST).adopt(book, now=NOW)
    client, path = browser(LOGINS[Role.OFFICER][0]), f"/assessments/{book}/form"
    told = {"csrf": token(client.get(path).text), "subject": "示例丙公司", "Q8": "1", "preview": "1"}
    part = client.post(path, data=told, headers={"HX-Request": "true"}).text
    assert "无等级" in part
    assert "一级（初始级）" in part
    assert not house.log.known_ids(FIRST, ["示例丙公司/Q8"])
