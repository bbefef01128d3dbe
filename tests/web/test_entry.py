"""Logging an event on the page: the clause is found, the consequence seen, the event kept; with and without script."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import unescape

import pytest
from fastapi import FastAPI
from serving import BOOK, NOW, SUBJECT, Browser, token
from starlette.testclient import TestClient

from api.demonstration import LOGINS
from appraisal.model.periods import Span
from appraisal.model.roles import Role
from appraisal.office.office import FIRST

OFFICER = LOGINS[Role.OFFICER][0]
HTMX = {"HX-Request": "true"}
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 64


def fill(client: TestClient, **more: str) -> dict[str, str]:
    """Return the cells of a plain entry: one more case of city management in December."""
    csrf = token(client.get("/events/new").text)
    return {
        "csrf": csrf, "clause": "CG-A1", "subject": SUBJECT, "date": "2020-12-29", "count": "1",
        "note": "示例：抽查", **more,
    }  # fmt: skip


def entries_of(app: FastAPI) -> int:
    return len(app.state.house.installation.yearbook(FIRST, BOOK, 2020).entries)


def subject_id(app: FastAPI) -> str:
    house = app.state.house.installation
    edition = house.log.edition(house.office(FIRST).adopted(BOOK))
    return next(s.id for s in edition.roster if s.name == SUBJECT)


def total(app: FastAPI, span: Span) -> object:
    standings = app.state.house.installation.standings(FIRST, BOOK, span, day=NOW.date()).standings
    return next(s.total for s in standings if s.name == SUBJECT)


def test_only_clauses_of_the_own_department_are_offered(browser: Browser, app: FastAPI) -> None:
    client = browser(OFFICER)
    house = app.state.house.installation
    own, *others = house.log.edition(house.office(FIRST).adopted(BOOK)).scorecard.departments
    theirs = next(c for item in others[0].items for c in item.all_clauses() if c.inputs().loggable)
    mine = next(c for item in own.items for c in item.all_clauses() if c.inputs().loggable)
    assert f"<code>{mine.id}</code>" in client.get("/events/new", params={"q": mine.id}).text
    assert f"<code>{theirs.id}</code>" not in client.get("/events/new", params={"q": theirs.id}).text
    assert f'value="{theirs.id}"' not in client.get("/events/new", params={"clause": theirs.id}).text


def test_the_search_answers_htmx_with_the_list_alone(browser: Browser) -> None:
    answer = browser(OFFICER).get("/events/new", params={"part": "found", "q": "CG-A1"}, headers=HTMX).text
    assert "<code>CG-A1</code>" in answer
    assert "<html" not in answer


def test_fields_follow_the_clause(browser: Browser, app: FastAPI) -> None:
    client = browser(OFFICER)
    house = app.state.house.installation
    own = house.log.edition(house.office(FIRST).adopted(BOOK)).scorecard.departments[0]
    for clause in (c for item in own.items for c in item.all_clauses() if c.inputs().loggable):
        page = client.get("/events/new", params={"clause": clause.id}).text
        inputs = clause.inputs()
        assert ('name="level"' in page) is bool(inputs.levels), clause.id
        assert ('name="value"' in page) is (inputs.value is not None), clause.id
        for word in inputs.levels:
            assert f'<option value="{word}">' in page


def test_what_is_shown_before_is_what_comes_of_it(browser: Browser, app: FastAPI) -> None:
    """Points, score and rank in the panel are those of the standings once it is saved."""
    client = browser(OFFICER)
    cells = fill(client)
    panel = client.post("/events/new/consequence", data=cells, headers=HTMX).text
    assert "<html" not in panel
    rows = re.findall(r"([\d.]+) → <strong>([\d.]+)</strong>", panel)
    (before, after), _, (year_before, year_after), _ = rows
    month, year = Span.month(2020, 12), Span.whole(2020)
    assert (float(before), float(year_before)) == (float(total(app, month)), float(total(app, year)))  # type: ignore[arg-type]
    count = entries_of(app)
    answer = client.post("/events", data=cells)
    if answer.status_code == 422:  # the sample year has one like it: a reason is asked for
        answer = client.post("/events", data={**cells, "duplicate": "示例：另一处"})
    assert answer.status_code == 303
    assert entries_of(app) == count + 1
    assert (float(after), float(year_after)) == (float(total(app, month)), float(total(app, year)))  # type: ignore[arg-type]


def test_the_next_entry_remembers_community_and_clause(browser: Browser, app: FastAPI) -> None:
    client = browser(OFFICER)
    answer = client.post("/events", data=fill(client, duplicate="示例：另一处"))
    page = client.get(answer.headers["location"]).text
    assert 'name="clause" value="CG-A1"' in page
    assert f'<option value="{subject_id(app)}" selected>' in page
    assert "已登记" in page


def test_a_likely_duplicate_is_saved_only_with_a_reason(browser: Browser, app: FastAPI) -> None:
    client = browser(OFFICER)
    first = fill(client, date="2020-11-17", matter="示例事项-重复", duplicate="示例：首次")
    assert client.post("/events", data=first).status_code == 303
    count = entries_of(app)
    again = fill(client, date="2020-11-18", matter="示例事项-重复")
    answer = client.post("/events", data=again)
    assert answer.status_code == 422
    assert 'name="duplicate"' in answer.text
    assert 'href="/events/' in answer.text
    assert entries_of(app) == count
    assert client.post("/events", data={**again, "duplicate": "示例：两处"}).status_code == 303
    assert entries_of(app) == count + 1


def test_every_fault_stands_beside_its_field_and_nothing_is_kept(browser: Browser, app: FastAPI) -> None:
    client = browser(OFFICER)
    count = entries_of(app)
    answer = client.post("/events", data=fill(client, date="2020-13-40", count="-3"))
    assert answer.status_code == 422
    for name in ("date", "count"):
        assert f'aria-describedby="f-{name}-about"' in answer.text
    assert "示例：抽查" in answer.text
    assert entries_of(app) == count


def test_evidence_is_kept_by_its_content_and_survives_a_faulty_form(browser: Browser, app: FastAPI) -> None:
    client = browser(OFFICER)
    cells = fill(client, duplicate="示例：另一处")
    picture = {"files": ("现场.png", PNG, "image/png")}
    answer = client.post("/events", data={**cells, "count": "0"}, files=picture)
    assert answer.status_code == 422
    kept = unescape(_kept(answer.text))
    assert kept.endswith(":现场.png")
    answer = client.post("/events", data={**cells, "kept": kept})
    assert answer.status_code == 303
    house = app.state.house.installation
    name = answer.headers["location"].partition("saved=")[2]
    facts: Mapping[str, object] = house.office(FIRST).log.line(FIRST, name).event.facts
    assert facts["files"] == kept.partition(":")[0]


def _kept(html: str) -> str:
    found = re.search(r'name="kept" value="([^"]+)"', html)
    assert found
    return found[1]


def test_a_file_of_no_type_that_is_taken_is_refused_in_words(browser: Browser, app: FastAPI) -> None:
    client = browser(OFFICER)
    count = entries_of(app)
    page = {"files": ("page.html", b"<html><script>alert(1)</script>", "text/html")}
    answer = client.post("/events", data=fill(client), files=page)
    assert answer.status_code == 422
    assert "alert(1)" not in answer.text
    assert entries_of(app) == count


def test_a_file_that_another_office_holds_is_not_taken(browser: Browser, app: FastAPI) -> None:
    house = app.state.house.installation
    foreign = house.evidence.keep("other", PNG + b"other", now=NOW)
    client = browser(OFFICER)
    answer = client.post("/events", data={**fill(client), "kept": f"{foreign.sha256}:x"})
    assert answer.status_code in {404, 422}


@pytest.mark.parametrize("places", [["示例：两处", ""], ["", "示例：两处"]])
def test_a_reason_counts_in_whichever_of_its_two_places_it_is_written(places: list[str], browser: Browser) -> None:
    """With script the reason may be written beside the form too: the place that is left empty takes nothing back."""
    client = browser(LOGINS[Role.OFFICER][0])
    assert client.post("/events", data=fill(client, date="2020-11-17", duplicate="示例：首次")).status_code == 303
    again = {**fill(client, date="2020-11-18"), "duplicate": places}
    assert client.post("/events", data=again).status_code == 303
