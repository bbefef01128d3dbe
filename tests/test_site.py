"""The static site: a folder that works from a file share, whole, alone, the same every time, nothing private in it."""

from __future__ import annotations

import csv
import html
import io
import json
import posixpath
import re
import zipfile
from dataclasses import replace
from datetime import date, datetime
from fractions import Fraction
from html.parser import HTMLParser
from pathlib import Path

import pytest

from appraisal.assess import assess
from appraisal.model.event import Event
from appraisal.model.exact import show
from appraisal.model.periods import Span
from appraisal.reading.rulebook import read_rulebook
from reports.bundle.making import Bundle, make
from reports.bundle.sources import from_files
from reports.material import Imprint, Material
from reports.site import file_names, site

SMALL = Path(__file__).parent / "rulebooks" / "small" / "rulebook.yaml"
EVENTS = (
    Event(id="e1", date=date(2020, 3, 9), subject="s1", clause="CG-A1", note="示例：张某来电"),
    Event(
        id="e2", date=date(2020, 3, 10), subject="s2", clause="CG-A2", facts={"level": "不良影响", "x_tel": "示例 139"}
    ),
    Event(id='e<3>"', date=date(2020, 3, 11), subject="s3", clause="CG-B1", facts={"value": Fraction("0.72")}),
)


def material(*, final: bool = False, events: tuple[Event, ...] = EVENTS) -> tuple[Material, Bundle]:
    edition = read_rulebook(SMALL)
    stages = tuple(assess(edition, events, Span.month(2020, month)) for month in (1, 2, 3))
    made = make(from_files(SMALL, edition, events, stages[-1]))
    imprint = Imprint(final=final, office="示例街道", number="示例〔2020〕1号", signer="示例", date=date(2020, 4, 1))
    found = {event.id: event for event in events}
    whole = Material(
        edition=edition,
        assessment=stages[-1],
        events=found,
        lang="zh",
        imprint=imprint,
        before=stages[-2],
        stages=stages,
    )
    return whole, made


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    return site(*material())


class Reader(HTMLParser):
    """What a page links to, what it can be linked to, and what it would load."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.ids: list[str] = []
        self.loads: list[str] = []
        self.tags: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        told = dict(attrs)
        self.ids += [told["id"]] if told.get("id") else []
        self.links += [str(told["href"])] if tag == "a" else []
        self.loads += [str(told[key]) for key in ("src", "href") if key in told and tag != "a"]
        assert not [name for name in told if name.startswith("on")]
        if tag not in {"meta", "link", "br", "rect", "line", "circle", "polyline", "polygon", "path"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self.open and self.open[-1] == tag:
            self.open.pop()

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.open = self.open[:-1] if self.open[-1:] == [tag] else self.open


def read(page: bytes) -> Reader:
    reader = Reader()
    reader.feed(page.decode())
    return reader


def pages(files: dict[str, bytes]) -> dict[str, Reader]:
    return {name: read(content) for name, content in files.items() if name.endswith(".html")}


def test_every_link_leads_to_something_in_the_folder(files: dict[str, bytes]) -> None:
    found = pages(files)
    for name, page in found.items():
        for link in page.links + page.loads:
            path, _, anchor = html.unescape(link).partition("#")
            target = posixpath.normpath(posixpath.join(posixpath.dirname(name), path))
            assert target in files, f"{name}: {link}"
            assert not anchor or anchor in found[target].ids, f"{name}: {link}"


def test_no_script_and_no_other_host(files: dict[str, bytes]) -> None:
    for name, content in files.items():
        if name.endswith((".html", ".css")):
            text = content.decode()
            assert set(re.findall(r"https?://[^\"'\s)]+", text)) <= {"http://www.w3.org/2000/svg"}, name
            assert "<script" not in text
            assert "url(" not in text


def test_pages_are_well_formed(files: dict[str, bytes]) -> None:
    for name, page in pages(files).items():
        assert page.open == [], name
        assert len(page.ids) == len(set(page.ids)), name
        assert page.tags.count("h1") == 1, name


def test_equal_results_give_equal_bytes(files: dict[str, bytes]) -> None:
    assert site(*material()) == files


def test_nothing_private_stands_anywhere(files: dict[str, bytes]) -> None:
    for name, content in files.items():
        for word in ("张某", "示例 139", "x_tel"):
            assert word.encode() not in content, (name, word)


def test_every_subject_has_a_page_with_its_entries_and_their_sentences(files: dict[str, bytes]) -> None:
    whole, _ = material()
    for standing in whole.assessment.standings:
        page = files[f"subjects/{standing.subject}.html"].decode()
        assert show(standing.total) in page
        for item in standing.items:
            for entry in item.entries:
                sentence = next((s.text for s in whole.edition.rulebook.sentences() if s.id == entry.clause), "")
                assert html.escape(sentence) in page
                assert f"clauses.html#{entry.clause}" in page or not sentence


def test_ranking_totals_are_the_same_on_the_page_in_json_and_in_csv(files: dict[str, bytes]) -> None:
    told = json.loads(files["downloads/standings.json"])
    page = files["index.html"].decode()
    rows = list(csv.DictReader(io.StringIO(files["downloads/ranking.csv"].decode("utf-8-sig"))))
    for standing, row in zip(told["standings"], rows, strict=True):
        assert row["得分"] == standing["total"]
        name = re.escape(standing["subject"])
        number = r'<td class="number">([\d.]+)</td>'
        found = re.search(rf'{number}<td[^>]*><a href="[^"]+">{name}</a>\s*</td>{number}', page)
        assert found, standing["subject"]
        assert found.groups() == (str(standing["rank"]), standing["total"])


def test_the_bundle_in_the_folder_holds_and_its_code_stands_on_the_page(
    files: dict[str, bytes], tmp_path: Path
) -> None:
    from reports.bundle.verifying import verify

    path = tmp_path / "bundle.zip"
    path.write_bytes(files["downloads/bundle.zip"])
    found = verify(path)
    assert found.findings == ()
    assert found.seal.code in files["index.html"].decode()
    with zipfile.ZipFile(path) as archive:
        assert archive.read("result.json") == files["downloads/standings.json"]


def test_every_page_says_whether_it_is_a_draft() -> None:
    for final, word, other in ((False, "初稿", "正式"), (True, "正式", "初稿")):
        for name, content in site(*material(final=final)).items():
            if name.endswith(".html"):
                assert f'<span class="state">{word}</span>' in content.decode(), name
                assert f'data-mark="{"" if final else word}"' in content.decode()
                assert f'<span class="state">{other}' not in content.decode()


def test_odd_characters_are_text_and_not_markup(files: dict[str, bytes]) -> None:
    page = files["subjects/s3.html"].decode()
    assert "e<3>" not in page
    assert "e&lt;3&gt;" in page


def test_a_month_without_a_record_has_its_pages() -> None:
    found = site(*material(events=()))
    assert {"index.html", "clauses.html", "subjects/s1.html"} <= set(found)
    assert pages(found)["index.html"].open == []


def test_file_names_are_safe_on_every_file_system() -> None:
    names = file_names(["s1", "梓园社区", "A/../b", "a" * 300, "Ab", "ab", ""])
    assert names["s1"] == "s1"
    assert len({name.casefold() for name in names.values()}) == len(names)
    assert all(re.fullmatch(r"[a-z0-9-]{1,45}", name) for name in names.values())


def test_each_figure_has_its_numbers_in_a_table(files: dict[str, bytes]) -> None:
    page = files["index.html"].decode()
    assert page.count("<figure>") == page.count("<details>") == 3  # heat map, course of totals, course of ranks


def test_in_english() -> None:
    whole, made = material()
    page = site(replace(whole, lang="en"), made)["index.html"].decode()
    assert '<html lang="en">' in page
    assert ">Draft<" in page


def test_progress_is_told_and_what_it_raises_ends_the_work() -> None:
    seen: list[tuple[str, int, int]] = []
    site(*material(), lambda *told: seen.append(told))
    assert seen[0][:2] == ("pages", 0)
    assert seen[-1][1] == seen[-1][2]

    def stop(_step: str, _done: int, _all: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        site(*material(), stop)


def test_a_result_as_of_a_moment_says_so() -> None:
    whole, made = material()
    known = replace(whole.assessment, known=datetime.fromisoformat("2020-04-01T00:00:00"))
    assert "2020-04-01 00:00" in site(replace(whole, assessment=known), made)["index.html"].decode()
