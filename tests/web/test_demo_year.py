"""The demonstration is a year at work: something at every stage and step, made by the deeds of the office, verified."""

from __future__ import annotations

import io
import re
import zipfile
from collections import Counter
from datetime import timedelta

import pytest
from fastapi import FastAPI
from serving import BOOK
from serving import LATER as NOW
from starlette.testclient import TestClient

from api.demo_year import demo_year
from appraisal.model.periods import Period, Span
from appraisal.model.roles import Actor, HeldRole, Role
from appraisal.model.steps import Step
from appraisal.office import months, restatement
from appraisal.office.desk import Desk
from appraisal.office.installation import Installation
from appraisal.office.months import Month
from appraisal.office.office import FIRST
from appraisal.office.workflow import Stage, State
from appraisal.office.yearbook import Yearbook, cases


@pytest.fixture
def house(year_app: FastAPI) -> Installation:
    found: Installation = year_app.state.house.installation
    return found


@pytest.fixture
def book(house: Installation) -> Yearbook:
    return house.yearbook(FIRST, BOOK, 2020)


@pytest.fixture
def desk(house: Installation) -> Desk:
    return house.desk(FIRST, Actor(id="g", roles=(HeldRole(role=Role.GROUP, office=FIRST),)))


def the_months(desk: Desk) -> list[Month]:
    return [months.month(desk, BOOK, Period(2020, number)) for number in range(1, 13)]


def test_months_are_published_closed_in_recheck_on_display_and_open(desk: Desk) -> None:
    found = the_months(desk)
    stages = [Stage.ARCHIVED] * 6 + [Stage.FINAL] * 3 + [Stage.RECHECK, Stage.DISPLAY, Stage.OPEN]
    assert [at.stage for at in found] == stages
    signed = [line for at in found for line in at.lines if line.kind == Step.PUBLISHED]
    assert len(signed) == 8
    assert all(line.facts["signer"] and line.facts["number"] for line in signed)
    until = found[10].appeals_until
    assert until is not None
    assert NOW.date() < until


def test_departments_reported_entries_nothing_or_not_at_all(desk: Desk) -> None:
    reports = [report for at in the_months(desk) for report in at.reports.values()]
    assert any(r.stands and r.entries for r in reports)
    assert any(r.stands and r.entries == 0 for r in reports)
    assert any(r.entries is None for r in reports)


def test_appeals_and_applications_are_at_every_step(book: Yearbook) -> None:
    states = Counter(state for _, state in book.under_way)
    waiting = {State.APPEALED, State.ANSWERED, State.DECLARED, State.REVIEWED, State.RETURNED, State.UNDECIDED}
    assert set(states) == waiting
    ruled = [line for line in book.steps if line.kind == Step.RULED]
    outcomes = [e.facts["outcome"] for e in book.events if e.kind == Step.RULED]
    assert ruled
    assert sorted(map(str, outcomes)) == ["adjusted", "upheld", "withdrawn"]
    assert any(case.state is State.SUPERSEDED for case in cases(book, set(State)))
    assert any(case.state is State.DECLINED for case in cases(book, set(State)))


def test_decisions_have_body_day_number_and_file(book: Yearbook, house: Installation) -> None:
    decided = [event for event in book.events if event.kind == Step.DECIDED]
    clauses = set()
    for line in decided:
        assert all(line.facts[name] for name in ("body", "decided_on", "number", "files"))
        assert house.evidence.content(FIRST, str(line.facts["files"])).startswith(b"%PDF-")
        clauses.add(book.lines[line.follows].event.clause)
    assert {"FM-1", "LD-5"} <= clauses


def test_something_changed_after_publication_and_each_difference_is_traced(desk: Desk) -> None:
    for month, subject in ((4, "mayuanwan"), (6, "houjiatang")):
        found = restatement.restatement(desk, BOOK, Span.month(2020, month), day=NOW.date())
        assert found is not None
        (own,) = (d for d in found.differences if d.subject == subject)
        assert own.because


def test_a_late_entry_has_its_exception_and_one_is_open(desk: Desk) -> None:
    late = [exception for at in the_months(desk) for exception in at.exceptions]
    assert {e.line.when.month: e.holds(e.department, NOW.date()) for e in late} == {6: False, 11: True}


def test_everybody_finds_something_to_do(book: Yearbook, house: Installation) -> None:
    waiting = {(book.department(event), event.subject, state) for event, state in book.under_way}
    officer, head = (house.accounts.find(login).roles[0] for login in ("dengji", "shequ"))  # type: ignore[union-attr]
    assert any(d == officer.department and s is State.APPEALED for d, _, s in waiting)
    assert any(c == head.subject and s is State.RETURNED for _, c, s in waiting)


def test_the_chain_holds_and_a_second_time_changes_nothing(house: Installation) -> None:
    head = house.log.head(FIRST)
    demo_year(house, FIRST, BOOK, now=NOW + timedelta(days=1))
    assert house.log.head(FIRST) == head
    assert house.log.verify(FIRST) == ()


def taken(app: FastAPI, period: str) -> str:
    """Return the words of the letter that the leader takes from the page of a period."""
    client = TestClient(app, client=("127.0.0.1", 50000))
    house = app.state.house.installation
    client.cookies.set("session", house.sessions.begin(house.accounts.find("lingdao").id, now=NOW))
    answer = client.get(f"/rankings/{BOOK}/{period}/export?form=docx")
    assert answer.status_code == 200
    with zipfile.ZipFile(io.BytesIO(answer.content)) as letter:
        parts = [letter.read(name).decode() for name in letter.namelist() if name.endswith(".xml")]
    return re.sub(r"<[^>]+>", "", "".join(parts))


def test_files_of_a_published_month_are_final_and_others_drafts(year_app: FastAPI) -> None:
    march = taken(year_app, "2020-03")
    assert "示例街发〔2020〕13号" in march
    assert "初稿" not in march
    assert "核验码" in march
    for period in ("2020-09", "2020-11", "2020"):  # closed but not published, on display, open
        assert "初稿" in taken(year_app, period)


def test_everything_invented_says_so(house: Installation, book: Yearbook) -> None:
    assert not [e for e in book.events if e.note and "示例" not in e.note]
    assert not [a for a in house.accounts.all() if not a.name.startswith("示例")]
