"""What a page owes its reader: links that open, the language of each word, where one is, what a decision rests on."""

from __future__ import annotations

import re
from fractions import Fraction
from html import unescape

import pytest
from fastapi import FastAPI
from serving import BOOK, Browser
from test_displayed import display
from test_workflow_pages import deed, logged

from api.demonstration import LOGINS
from api.web.rendering import environment, short, short_signed, with_languages
from appraisal.model.roles import Role

RANKING = f"/rankings/{BOOK}/2020-05"


@pytest.mark.parametrize(("role", "own"), [(Role.LEADER, 12), (Role.OFFICER, 12), (Role.HEAD, 1), (Role.AUTHOR, 0)])
def test_a_ranking_leads_only_to_sheets_that_open(role: Role, own: int, browser: Browser, app: FastAPI) -> None:
    """All twelve communities are named for everybody; who reads but their own sheet, or none, finds no other link."""
    display(app)
    client = browser(LOGINS[role][0])
    page = client.get(RANKING).text
    table = page[page.index('class="table ranking"') :]
    assert len(re.findall(r'<th scope="row" class="stay">', table.partition("</table>")[0])) == 12
    links = {unescape(one) for one in re.findall(r'href="(/subjects/[^"]*)"', table)}
    assert len({one.partition("?")[0] for one in links if "/items/" not in one}) == own
    assert {client.get(one).status_code for one in sorted(links)[:30]} <= {200}


def test_what_waits_stands_in_full_beside_the_name(browser: Browser) -> None:
    """Two items stand as they are, with a place to break between them; no text is cut."""
    page = browser(LOGINS[Role.LEADER][0]).get(f"/rankings/{BOOK}/2020").text
    cells = re.findall(r'<td class="quiet waits">(.*?)</td>', page)
    assert len(cells) == 12
    assert not any("clip" in cell for cell in cells)
    assert any("暂定" in cell for cell in cells)


def test_data_in_chinese_says_so_on_a_page_in_english(browser: Browser) -> None:
    client = browser(LOGINS[Role.LEADER][0])
    client.cookies.set("lang", "en")
    page = client.get(f"/rankings/{BOOK}/2020").text
    assert page.count("<html") == page.count('<html lang="en">') == 1
    assert re.search(r'<a href="/subjects/mayuanwan[^>]* lang="zh-CN">麻园湾社区</a>', page)
    assert not re.search(r'\slang="[^"]*"[^>]*\slang="', page)
    client.cookies.set("lang", "zh")
    assert page.count("麻园湾社区") == client.get(f"/rankings/{BOOK}/2020").text.count("麻园湾社区")


def test_only_elements_whose_own_words_are_chinese_are_marked() -> None:
    assert with_languages("<td>公共服务办</td>") == '<td lang="zh-CN">公共服务办</td>'
    assert (
        with_languages('<p class="a">CG 城市管理 <b>6</b></p>') == '<p class="a" lang="zh-CN">CG 城市管理 <b>6</b></p>'
    )
    for same in (
        "<td>Rank 7</td>",
        "<p>Ranks that change with it: 泉塘社区</p>",
        '<a lang="zh-CN">中文</a>',
        '<script type="application/json">["社区"]</script>',
        "<script>社区</script>",
        '<p title="社区">x</p>',
        '<p title="a > 社区">x</p>',
        "<br>",
    ):
        assert with_languages(same) == same


def test_who_decides_sees_the_sentence_the_words_and_the_files(browser: Browser, app: FastAPI) -> None:
    officer, head = browser(LOGINS[Role.OFFICER][0]), browser(LOGINS[Role.HEAD][0])
    event = logged(officer)
    sentence = '<blockquote class="sentence">1、未按要求完成街道安排的日常性工作任务，每次扣0.2分；</blockquote>'
    assert sentence in officer.get(f"/events/{event}/withdraw").text
    display(app, month=12)
    assert deed(head, event, "appeal", reason="示例：当天已完成") == 303
    assert "示例：当天已完成" in officer.get(f"/events/{event}/answer").text
    assert deed(officer, event, "answer", reason="示例：见照片") == 303
    form = browser(LOGINS[Role.GROUP][0]).get(f"/events/{event}/rule").text
    assert sentence in form
    assert form.index("示例：当天已完成") < form.index("示例：见照片")


@pytest.mark.parametrize(("period", "named"), [("2020-05", "2020年5月文件"), ("2020", "2020年度文件")])
def test_the_page_of_files_says_of_which_period_and_how_far_it_is(period: str, named: str, browser: Browser) -> None:
    page = browser(LOGINS[Role.GROUP][0]).get(f"/exports?rulebook={BOOK}&period={period}").text
    heading = re.search(r"<h1>(.*?)</h1>", page, re.DOTALL)
    assert heading
    assert named in heading[1]
    assert "开放" in heading[1]


def test_the_author_reads_of_no_records_and_of_no_own_sheet(browser: Browser) -> None:
    """Who may not read records is told no number of them, and who has no sheet is not sent to one."""
    page = browser(LOGINS[Role.AUTHOR][0]).get(f"/?rulebook={BOOK}&period=2020").text
    assert "条记录" not in page
    assert "本单位" not in page
    assert "本单位" in browser(LOGINS[Role.HEAD][0]).get(f"/?rulebook={BOOK}&period=2020").text


def test_points_of_many_places_are_short_and_whole_in_the_title() -> None:
    """4.087625 to two places is 4.09, −0.745 is −0.75 (half away from zero); what has two places stays."""
    assert short(Fraction("4.087625")) == '<span title="4.087625">4.09</span>'
    assert short_signed(Fraction("4.087625")) == '<span title="+4.087625">+4.09</span>'
    assert short_signed(Fraction("-0.745")) == '<span title="−0.745">−0.75</span>'
    assert short_signed(Fraction("-0.74")) == "−0.74"


def test_a_record_names_its_community_and_its_month(browser: Browser) -> None:
    page = browser(LOGINS[Role.GROUP][0]).get(f"/events?rulebook={BOOK}&period=2020-05&words=").text
    at = re.search(r'href="(/events/S[^"]+)"', page)
    assert at
    event = browser(LOGINS[Role.GROUP][0]).get(at[1]).text
    assert "<dt>社区</dt>" in event
    assert "2020年5月排名" in event


@pytest.mark.parametrize(
    ("period", "named"),
    [
        ("2020", "2020年度"),
        ("2020-05", "2020年5月"),
        ("2020-Q1", "2020年第1季度"),
        ("2020-01..2020-03", "2020年1月至3月"),
    ],
)
def test_every_span_of_an_address_has_its_words(period: str, named: str) -> None:
    assert environment("zh").from_string("{{ at|span }}").render(at=period) == named
