"""What pages show: the assessment digit by digit, four clicks from a rank to its source, filters that add up."""

from __future__ import annotations

import json
import re

import pytest
from fastapi import FastAPI
from serving import BOOK, NOW, Browser

from api.demonstration import LOGINS, demo_families
from api.web.rendering import points, signed
from appraisal.model.exact import show
from appraisal.model.periods import Span
from appraisal.model.roles import Role


def test_a_ranking_shows_the_assessment_digit_by_digit(browser: Browser, app: FastAPI) -> None:
    page = browser(LOGINS[Role.LEADER][0]).get(f"/rankings/{BOOK}/2020").text
    assessment = app.state.house.installation.standings("office", BOOK, Span.whole(2020), day=NOW.date())
    rows = re.findall(
        r'<span class="rank[^"]*">(\d+)</span>.*?<a href="/subjects/(\w+)\?.*?num total">([^<]+)<', page, re.DOTALL
    )
    shown = {subject: (int(rank), total) for rank, subject, total in rows}
    assert shown == {s.subject: (s.rank, points(s.total)) for s in assessment.standings}


def test_four_clicks_lead_from_a_rank_to_the_event_and_its_sentence(browser: Browser) -> None:
    """Ranking, sheet, item, event: each a link on the page before."""
    client = browser(LOGINS[Role.LEADER][0])

    def follow(page: str, pattern: str) -> str:
        found = re.search(pattern, page)
        assert found, pattern
        answer = client.get(found[1].replace("&amp;", "&"))
        assert answer.status_code == 200
        return answer.text

    ranking = client.get(f"/rankings/{BOOK}/2020-05").text
    sheet = follow(ranking, r'href="(/subjects/mayuanwan\?[^"]*)"')
    item = follow(sheet, r'href="(/subjects/mayuanwan/items/CG\?[^"]*)"')
    assert "扣 0.5 分：CG-A5 每次扣0.5分 × 1；城市管理工作 4 分内尚余 3.5" in re.sub(r"\s+", " ", item)
    event = follow(item, r'href="(/events/[^"]*bulletin[^"]*)"')
    assert "5、因城市管理问题被市区通报批评、媒体曝光的，每次扣0.5分；" in event
    assert "source.txt:10" in event


def test_ties_share_a_number_and_moves_have_a_word(browser: Browser) -> None:
    page = browser(LOGINS[Role.LEADER][0]).get(f"/rankings/{BOOK}/2020-05").text
    assert page.count(">并列<") == 2
    assert re.search(r"升\d", page)
    assert re.search(r"降\d", page)


def test_the_counts_of_states_add_up_to_what_is_filtered(browser: Browser) -> None:
    client = browser(LOGINS[Role.GROUP][0])
    page = client.get("/events", params={"period": "2020-05"}).text
    total = int(re.search(r"当前筛选 (\d+) 条", page)[1])  # type: ignore[index]
    tabs = [int(n) for n in re.findall(r'<span class="badge">(\d+)</span></a>', page)]
    assert sum(tabs) == total
    one = client.get("/events", params={"period": "2020-05", "state": "confirmed"}).text
    assert int(re.search(r"当前筛选 (\d+) 条", one)[1]) in tabs  # type: ignore[index]


def test_a_list_is_a_page_and_a_part_of_the_same(browser: Browser) -> None:
    client = browser(LOGINS[Role.GROUP][0])
    whole = client.get("/events", params={"words": "占道"}).text
    part = client.get("/events", params={"words": "占道"}, headers={"HX-Request": "true"}).text
    assert part.strip().startswith('<section id="list"')
    assert part.strip() in whole


def test_what_is_picked_stays_from_page_to_page(browser: Browser) -> None:
    client = browser(LOGINS[Role.GROUP][0])
    client.get("/events", params={"period": "2020-03", "subject": "ziyuan"})
    page = client.get("/rulebooks").text
    assert re.search(r'<option value="2020-03" selected>', page)
    assert re.search(r'<option value="ziyuan" selected>', page)
    answer = client.get("/pick", params={"at": "/rankings/x/y", "rulebook": BOOK, "period": "2020-04", "subject": ""})
    assert answer.headers["location"] == f"/rankings/{BOOK}/2020-04"
    client.get("/pick", params={"at": "/rankings/x/y", "rulebook": BOOK, "period": "2020-04", "subject": "mayuanwan"})
    assert '<tr class="mine">' in client.get(f"/rankings/{BOOK}/2020-04").text


@pytest.mark.parametrize("path", ["/subjects/mayuanwan?period=2020-13", "/events?subject=nobody", "/events?rulebook=x"])
def test_what_is_asked_for_outright_and_not_there_is_missing(browser: Browser, path: str) -> None:
    answer = browser(LOGINS[Role.GROUP][0]).get(path)
    assert answer.status_code == 404
    assert "没有找到" in answer.text


def test_words_of_people_are_never_markup(browser: Browser, app: FastAPI) -> None:
    from datetime import date

    from appraisal.model.event import Event

    note = '"><script>alert(1)</script>{{7*7}}'
    office = app.state.house.installation.office("office")
    event = Event(id="evil-1", date=date(2020, 12, 1), subject="ziyuan", clause="CG-A3", note=note)
    office.record(event, rulebook=BOOK, now=NOW)
    client = browser(LOGINS[Role.GROUP][0])
    for path in ("/events/evil-1", "/events?period=2020-12", "/subjects/ziyuan/items/CG?period=2020-12"):
        page = client.get(path).text
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert" in page
        assert "49" not in re.findall(r"alert\(1\)&lt;/script&gt;(\S+?)<", page)


def test_the_rulebook_page_has_every_sentence_and_accounts_for_every_character(browser: Browser, app: FastAPI) -> None:
    from html import unescape

    page = unescape(browser(LOGINS[Role.AUTHOR][0]).get(f"/rulebooks/{BOOK}").text)
    house = app.state.house.installation
    edition = house.log.edition(house.office("office").adopted(BOOK))
    assert [c.id for c in edition.scorecard.clauses() if c.text not in page] == []
    assert [r.id for r in edition.rulebook.readings if r.question not in page] == []
    assert "全部有着落" in page


def test_a_ranking_as_one_file_needs_nothing_else(browser: Browser) -> None:
    answer = browser(LOGINS[Role.LEADER][0]).get(f"/rankings/{BOOK}/2020-05", params={"static": "1"})
    assert "attachment" in answer.headers["content-disposition"]
    assert "<script" not in answer.text
    assert not re.search(r"""(?:src|href)=["'](?!#)""", answer.text)
    assert answer.text.count("<svg") == 2


@pytest.mark.parametrize("form", ["xlsx", "csv", "json", "docx", "pdf"])
def test_a_ranking_is_taken_away_in_every_form_and_leaves_a_trace(browser: Browser, app: FastAPI, form: str) -> None:
    answer = browser(LOGINS[Role.LEADER][0]).get(f"/rankings/{BOOK}/2020-05/export", params={"form": form})
    assert answer.status_code == 200
    heads = {"xlsx": b"PK", "docx": b"PK", "pdf": b"%PDF", "csv": b"\xef\xbb\xbf", "json": b"{"}
    assert answer.content.startswith(heads[form])
    if form == "json":
        assessment = app.state.house.installation.standings("office", BOOK, Span.month(2020, 5), day=NOW.date())
        totals = {s["subject_id"]: s["total"] for s in json.loads(answer.content)["standings"]}
        assert totals == {s.subject: show(s.total) for s in assessment.standings}
    assert app.state.house.installation.audit.lines(limit=1)[0].action == "export"


def test_a_head_takes_away_the_own_sheet_only(browser: Browser) -> None:
    client = browser(LOGINS[Role.HEAD][0])
    path = f"/rankings/{BOOK}/2020-05/export"
    own = client.get(path, params={"form": "pdf"})
    assert own.status_code == 200
    assert "mayuanwan" in own.headers["content-disposition"]
    assert client.get(path, params={"form": "pdf", "subject": "ziyuan"}).status_code == 403


def test_an_officer_takes_away_the_own_department_only(browser: Browser) -> None:
    client = browser(LOGINS[Role.OFFICER][0])
    path = f"/rankings/{BOOK}/2020-05/export"
    assert client.get(path, params={"form": "xlsx"}).content.startswith(b"PK")
    assert client.get(path, params={"form": "json"}).status_code == 403


@pytest.mark.parametrize(
    ("name", "year", "words"),
    [
        ("sme-digital-2024", "2024", "级"),
        ("gd-smart-manufacturing-2024", "2024", "直接认定"),
        ("customer-satisfaction-2007", "2007", "示例"),
    ],
)
def test_the_other_families_have_their_pages(browser: Browser, app: FastAPI, name: str, year: str, words: str) -> None:
    demo_families(app.state.house.installation, "office", now=NOW)
    client = browser(LOGINS[Role.LEADER][0])
    assert f"/assessments/{name}/{year}" in client.get("/assessments").text
    run = client.get(f"/assessments/{name}/{year}").text
    assert words in run
    first = re.search(rf'href="(/assessments/{name}/{year}/[^"]+)"', run)
    assert first
    page = client.get(first[1])
    assert page.status_code == 200
    assert "百分之外" not in page.text, "a family without departments has no column of them"
    assert f'value="{BOOK}" selected' in client.get("/").text, "scorecards stay what the pickers begin with"


def test_numbers_are_written_as_people_do() -> None:
    from fractions import Fraction

    assert (points(Fraction(-1, 20)), signed(Fraction(1, 2)), signed(Fraction(0)), points(None)) == (
        "−0.05",
        "+0.5",
        "0",
        "",
    )
