"""Every page of every role: nothing that axe-core finds serious, readable without script, complete in English."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from babel.messages.pofile import read_po
from browsing import Enter
from every_page import FAMILIES, addresses
from fastapi import FastAPI
from serving import NOW, Browser

from api.demonstration import LOGINS, demo_families
from api.web.settings import Settings
from api.web.words import CATALOG
from appraisal.errors import messages
from appraisal.model.periods import Span
from appraisal.model.roles import Role
from appraisal.office.installation import open_installation
from appraisal.office.office import FIRST

if TYPE_CHECKING:
    from playwright.sync_api import Page

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text(encoding="utf-8")
FIRM = "示例同心纺织有限公司"
HEAD = "mayuanwan"
RUN = """axe.run(document, {resultTypes: ['violations']}).then(r => JSON.stringify(
  r.violations.filter(v => v.impact === 'serious' || v.impact === 'critical').map(v => [v.id, v.nodes[0].html])))"""


@pytest.fixture(scope="session")
def run(filled: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a database of an office that has run a questionnaire, a selection and a survey too."""
    path = tmp_path_factory.mktemp("web") / "run.db"
    shutil.copy(filled, path)
    with open_installation(f"sqlite:///{path}") as house:
        demo_families(house, FIRST, now=NOW)
        for book, year in zip(FAMILIES, (2024, 2024, 2007), strict=True):
            house.standings(FIRST, book, Span.whole(year), day=NOW.date())
    return path


@pytest.fixture
def settings(run: Path, tmp_path: Path) -> Settings:
    shutil.copy(run, tmp_path / "web.db")
    return replace(Settings(), database_url=f"sqlite:///{tmp_path / 'web.db'}")


SEEN: set[str] = set()
"""What was looked at already: pages that several roles see alike are looked at once, with the first of them."""


def new(html: str) -> bool:
    """Say whether a page was not looked at yet; the token of its forms makes it no other page."""
    bare = re.sub(r'(name="(?:csrf|name)" value)="[^"]*"', r"\1", html)
    before = len(SEEN)
    SEEN.add(bare)
    return len(SEEN) > before


@pytest.mark.slow
@pytest.mark.parametrize("role", list(Role))
def test_axe_finds_nothing_serious_on_any_page(role: Role, enter: Enter) -> None:
    """Every GET page that the role may ask for, faults among them; none is wider than the window."""
    page = enter(role, complain=False)
    found = []
    for path in addresses(role, subject=HEAD, firm=FIRM):
        page.goto(path)
        if not new(page.locator("main").first.inner_html() if page.locator("main").count() else page.content()):
            continue
        found += serious(page, path)
    assert not found, "\n".join(found)


def serious(page: Page, path: str) -> list[str]:
    """Return what axe-core finds serious on the page that is open, and whether it is wider than the window."""
    page.evaluate(AXE)
    found = [f"{path}: {rule}: {html[:120]}" for rule, html in json.loads(page.evaluate(RUN))]
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return [*found, *([f"{path}: {wide} px too wide"] if wide else [])]


@pytest.mark.slow
@pytest.mark.parametrize("wide", [True, False])
def test_axe_finds_nothing_serious_on_what_answers_to_things_sent(enter: Enter, *, wide: bool) -> None:
    """The preview of an import, without and with faults; a form that was overtaken (409); too many tries (429)."""
    page = enter(Role.OFFICER, wide=wide, complain=False)
    found: list[str] = []
    for rows in ("2020-12-29,麻园湾社区,CG-A1,1,示例：甲\n", "2020-13-29,无此社区,CG-Z9,一,示例：乙\n"):
        page.goto("/imports")
        table = {"name": "示例.csv", "mimeType": "text/csv", "buffer": ("日期,社区,条款,数量,备注\n" + rows).encode()}
        page.set_input_files("input[type=file]", table)
        page.click("form:has(input[type=file]) button")
        page.wait_for_url("**/imports/*")
        assert page.locator(".import-rows tbody tr").count() == 1
        found += serious(page, f"preview of {rows!r}")
    page.goto("/events?state=counts")
    event = page.locator(".events td a").first.get_attribute("href")
    page.goto(f"{event}/withdraw")
    other = page.context.new_page()
    for one in (other, page):
        one.goto(f"{event}/withdraw") if one is other else None
        one.fill("#reason", "示例：登错了")
        with one.expect_navigation() as answered:
            one.click("button[form=deed]")
    assert answered.value.status == 409
    found += serious(page, "409")
    page.context.clear_cookies()
    for _ in range(40):
        page.goto("/sign-in")
        page.fill("#login", "nobody")
        page.fill("#password", "wrong")
        with page.expect_navigation() as answered:
            page.click("form:has(#login) button")
        if answered.value.status == 429:
            break
    assert answered.value.status == 429
    found += serious(page, "429")
    assert not found, "\n".join(found)


@pytest.mark.slow
def test_every_page_is_read_without_script(enter: Enter) -> None:
    """Pages of the roles that see most, on a phone: a heading, words, and no table that only a script would fill."""
    for role in (Role.GROUP, Role.OFFICER, Role.SYSTEM):
        page = enter(role, script=False, wide=False, complain=False)
        for path in addresses(role, subject=HEAD, firm=FIRM):
            page.goto(path)
            assert page.locator("h1, .fault").first.is_visible(), path
            assert len(page.locator("main, body").first.inner_text()) > 20, path
            for table in page.locator("table:not(details:not([open]) table)").all():
                assert table.is_visible(), path
            assert page.locator("[data-chart]").count() <= page.locator("table, ol").count(), path


class Words(HTMLParser):
    """What a page says to people: its texts, and those that only some hear or see."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._deaf = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._deaf += tag in {"script", "style"}
        told = dict(attrs)
        self.found += [told[name] or "" for name in ("aria-label", "title", "placeholder", "alt") if told.get(name)]

    def handle_endtag(self, tag: str) -> None:
        self._deaf -= tag in {"script", "style"}

    def handle_data(self, data: str) -> None:
        if not self._deaf:
            self.found.append(data.strip())


def own_words() -> re.Pattern[str]:
    """Return what matches a sentence of the product in Chinese: of the pages, or of the catalogue of messages."""
    with CATALOG.open("rb") as file:
        words = {str(message.id) for message in read_po(file, locale="en") if isinstance(message.id, str)}
    sentences = {*words, *(str(entry.get("zh", "")) for entry in messages().values())}
    sentences |= {str(entry.get("zh_remedy", "")) for entry in messages().values()}
    chinese = [s for s in sentences if re.search(r"[\u4e00-\u9fff]{2}", s)]
    data = {"自报", "核验", "中文", "是", "否", "示例"}
    forms = sorted({re.sub(r"%\\\(\w+\\\)s|\\\{\w*\\\}", ".*", re.escape(s)) for s in chinese if s not in data})
    firm = [form for form in forms if len(re.sub(r"\.\*|\W", "", form)) > 1]
    return re.compile("|".join(firm))


@pytest.mark.parametrize("role", list(Role))
def test_no_page_in_english_has_a_chinese_sentence_of_the_product(role: Role, browser: Browser, app: FastAPI) -> None:
    """What remains in Chinese are data: names, sentences of the document, notes."""
    client, known = browser(LOGINS[role][0]), own_words()
    client.cookies.set("lang", "en")
    data = data_of(app)
    found = []
    for path in addresses(role, subject=HEAD, firm=FIRM):
        words = Words()
        words.feed(client.get(path, follow_redirects=True).text)
        found += [f"{path}: {said}" for said in words.found if said not in data and known.fullmatch(said)]
    assert not found, "\n".join(found)


def data_of(app: FastAPI) -> set[str]:
    """Return the words of the rulebooks, which stand on pages as they are in every language."""
    house = app.state.house.installation
    found: set[str] = set()
    for line in house.log.adoptions(FIRST):
        text = house.log.edition(line).rulebook.model_dump_json()
        found |= set(re.findall(r'"((?:[^"\\]|\\.)*)"', text))
    assert set(FAMILIES) <= {line.rulebook for line in house.log.adoptions(FIRST)}
    return found
