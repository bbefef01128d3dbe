"""The notices about an entry and the closing protocol, from the page: as Word and PDF, only for whom they concern."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from fastapi import FastAPI
from serving import BOOK, LATER
from starlette.testclient import TestClient

from api.demonstration import LOGINS
from api.main import main
from appraisal.model.event import Event
from appraisal.model.roles import Role
from appraisal.model.steps import Step
from appraisal.office.office import FIRST
from appraisal.office.workflow import State
from appraisal.office.yearbook import cases
from tests.paper.reading_back import pdf_lines


@pytest.fixture
def year_browser(year_app: FastAPI) -> Callable[[Role], TestClient]:
    def sign_in(role: Role) -> TestClient:
        client = TestClient(year_app, follow_redirects=False, client=("127.0.0.1", 50000))
        house = year_app.state.house.installation
        client.cookies.set("session", house.sessions.begin(house.accounts.find(LOGINS[role][0]).id, now=LATER))
        return client

    return sign_in


@pytest.fixture
def entries(year_app: FastAPI) -> dict[Step, list[Event]]:
    """Return the entries of the year that were ruled on or decided."""
    book = year_app.state.house.installation.yearbook(FIRST, BOOK, 2020)
    found: dict[Step, list[Event]] = {Step.RULED: [], Step.DECIDED: []}
    for case in cases(book, set(State)):
        steps = [step for step, _ in case.steps if step in found]
        if steps:
            found[steps[-1]].append(case.entry)
    return found


@pytest.mark.parametrize(("step", "words"), [(Step.RULED, "裁定"), (Step.DECIDED, "决定")])
def test_a_notice_from_the_page_of_its_entry(
    step: Step, words: str, entries: dict[Step, list[Event]], year_browser: Callable[[Role], TestClient], tmp_path: Path
) -> None:
    client, entry = year_browser(Role.GROUP), entries[step][0]
    page = client.get(f"/events/{entry.id}").text
    assert f"/events/{entry.id}/notice?form=docx" in page
    word = client.get(f"/events/{entry.id}/notice", params={"form": "docx"})
    assert word.status_code == 200
    assert words in "\n".join(p.text for p in docx.Document(io.BytesIO(word.content)).paragraphs)
    printed = client.get(f"/events/{entry.id}/notice", params={"form": "pdf"})
    told = "".join("".join(line.split()) for line in pdf_lines(printed.content, tmp_path, "-raw"))
    assert words in told
    assert entry.id in told or entry.note[:4] in told


def test_of_an_entry_without_ruling_there_is_none(
    year_app: FastAPI, year_browser: Callable[[Role], TestClient], entries: dict[Step, list[Event]]
) -> None:
    book = year_app.state.house.installation.yearbook(FIRST, BOOK, 2020)
    known = {entry.id for found in entries.values() for entry in found}
    plain = next(line.event.id for line in book.entries if line.event.id not in known)
    client = year_browser(Role.GROUP)
    assert "/notice?" not in client.get(f"/events/{plain}").text
    assert client.get(f"/events/{plain}/notice").status_code == 404


def test_a_head_takes_the_own_notices_only(
    year_app: FastAPI, year_browser: Callable[[Role], TestClient], entries: dict[Step, list[Event]]
) -> None:
    client = year_browser(Role.HEAD)
    own = year_app.state.house.installation.accounts.find(LOGINS[Role.HEAD][0]).roles[0].subject
    every = [entry for found in entries.values() for entry in found]
    assert {client.get(f"/events/{e.id}/notice").status_code for e in every if e.subject != own} <= {403, 404}


@pytest.mark.parametrize("form", ["docx", "pdf", "xlsx"])
def test_the_closing_protocol_of_a_published_month(form: str, year_browser: Callable[[Role], TestClient]) -> None:
    answer = year_browser(Role.GROUP).get(
        f"/rankings/{BOOK}/2020-03/export", params={"document": "closing", "form": form}
    )
    assert answer.status_code == 200
    assert answer.content[:4] in {b"PK\x03\x04", b"%PDF"}


@pytest.mark.slow
@pytest.mark.parametrize(("document", "step"), [("ruling", Step.RULED), ("decision", Step.DECIDED), ("closing", None)])
def test_the_same_documents_from_the_terminal(
    document: str, step: Step | None, year_app: FastAPI, entries: dict[Step, list[Event]], tmp_path: Path
) -> None:
    entry = entries[step][0] if step else None
    period = str(entry.when) if entry else "2020-03"
    asked = ["--rulebook", BOOK, "--period", period, "--document", document, "--day", LATER.date().isoformat()]
    asked += ["--event", entry.id] if entry else []
    asked += ["--db", year_app.state.house.settings.database_url, "--office", FIRST]
    for form, head in (("docx", b"PK"), ("pdf", b"%PDF")):
        out = tmp_path / f"{document}.{form}"
        assert main(["export", *asked, "--format", form, "-o", str(out)]) == 0
        assert out.read_bytes().startswith(head)
