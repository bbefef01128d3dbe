"""The one door to an office: what comes in by files, by hand, and what the rules make of incidents."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from making import NOW, SMALL, made

from appraisal.assess import assess
from appraisal.errors import RefusedError
from appraisal.model.edition import Edition
from appraisal.model.event import Event
from appraisal.model.ledger import resolve
from appraisal.model.periods import Span
from appraisal.office.office import FIRST, Office, parse_anchor
from appraisal.reading.events import read_events
from appraisal.store.log import open_log

SAMPLE = Path(__file__).parents[2] / "rulebooks" / "houjiatang-2020" / "sample" / "2020.csv"
ROWS = """编号,日期,社区,条款,类型,级别,备注,冲销,x_topic
e1,2020-03-09,一社区,CG-A1,,,示例,,
b1,2020-03-10,s2,,bulletin,不良影响,示例通报,,城管
b2,2020-03-11,s2,,bulletin,,示例通报,,环保
w1,2020-04-01,,,,,示例：误登,e1,
"""


@pytest.fixture
def office(sqlite_url: str) -> Iterator[Office]:
    with open_log(sqlite_url) as log:
        yield Office.of(log, make=True)


@pytest.fixture
def rows(tmp_path: Path) -> Path:
    path = tmp_path / "rows.csv"
    path.write_text(ROWS, encoding="utf-8")
    return path


def codes(refused: pytest.ExceptionInfo[RefusedError]) -> list[str]:
    return [finding.code for finding in refused.value.findings]


def test_a_file_comes_in_with_what_the_rules_derive(office: Office, rows: Path) -> None:
    told: list[tuple[int, int]] = []
    taken = office.import_files([rows], rulebook=str(SMALL), now=NOW, writing=lambda *at: told.append(at))
    (derived,) = taken.derived
    assert (derived.clause, derived.level, derived.derived_from) == ("CG-A2", "不良影响", "b1")
    assert taken.unmatched == ("b2",)
    assert (taken.result.appended, taken.result.ignored) == (5, 0)
    assert told == [(5, 5)]
    assert [line.event.id for line in office.log.lines(FIRST)] == ["e1", "b1", "b2", "w1", derived.id]
    assert office.verify() == ()


def test_a_file_comes_in_twice_and_its_events_are_there_once(office: Office, rows: Path) -> None:
    first = office.import_files([rows], rulebook=str(SMALL), now=NOW)
    again = office.import_files([rows], rulebook="small", now=NOW + timedelta(days=1))
    assert (again.result.appended, again.result.ignored, again.derived) == (0, 4, ())
    assert again.result.head == first.result.head
    assert len(office.log.adoptions(FIRST)) == 1


def test_nothing_of_a_faulty_file_comes_in(office: Office, rows: Path) -> None:
    rows.write_text(ROWS + "e9,2020-03-09,s9,CG-A1,,,,,\ne8,2020-03-09,s1,CG-A9,,,,,\n", encoding="utf-8")
    with pytest.raises(RefusedError) as refused:
        office.import_files([rows], rulebook=str(SMALL), now=NOW)
    assert len(refused.value.findings) == 2
    assert office.log.events(FIRST) == []


def test_a_file_may_withdraw_what_the_log_has_and_nothing_else(office: Office, rows: Path, tmp_path: Path) -> None:
    office.import_files([rows], rulebook=str(SMALL), now=NOW)
    later = tmp_path / "later.csv"
    later.write_text("编号,日期,冲销\nw2,2020-05-01,b1\n", encoding="utf-8")
    assert office.import_files([later], rulebook="small", now=NOW).result.appended == 1
    later.write_text("编号,日期,冲销\nw3,2020-05-01,b9\n", encoding="utf-8")
    with pytest.raises(RefusedError) as refused:
        office.import_files([later], rulebook="small", now=NOW)
    assert codes(refused) == ["E072"]


def test_an_event_recorded_by_hand_is_recorded_now_and_once(office: Office) -> None:
    office.adopt(str(SMALL), now=NOW)
    event = made("e1")
    office.record(event, rulebook="small", now=NOW)
    assert office.log.events(FIRST) == [replace(event, recorded=NOW)]
    assert office.record(event, rulebook="small", now=NOW + timedelta(hours=1)).result.ignored == 1
    then = replace(event, id="e2", recorded=NOW - timedelta(days=3))
    office.record(then, rulebook="small", now=NOW)
    assert office.log.line(FIRST, "e2").event == then
    with pytest.raises(RefusedError) as refused:
        office.record(replace(event, subject="s2"), rulebook="small", now=NOW)
    assert codes(refused) == ["L005"]


def test_a_withdrawal_names_the_first_and_leaves_it(office: Office, small: Edition) -> None:
    office.record(made("e1"), rulebook=str(SMALL), now=NOW)
    counter = Event(id="w1", date=NOW.date(), subject="s1", note="示例：误登", counters="e1")
    office.record(counter, rulebook="small", now=NOW)
    events = office.log.events(FIRST)
    assert events == [replace(made("e1"), recorded=NOW), replace(counter, recorded=NOW)]
    assert resolve(events, small.rulebook).counted == ()
    with pytest.raises(RefusedError) as refused:
        office.record(replace(counter, id="w2", counters="e7"), rulebook="small", now=NOW)
    assert codes(refused) == ["L007"]


def test_an_event_outside_what_was_adopted_is_refused_not_judged_by_the_nearest(office: Office) -> None:
    office.adopt(str(SMALL), now=NOW)
    with pytest.raises(RefusedError) as refused:
        office.record(made("e1", date=date(2021, 1, 1)), rulebook="small", now=NOW)
    assert codes(refused) == ["L022"]
    with pytest.raises(RefusedError) as refused:
        office.edition(Span.whole(2021), "small")
    assert codes(refused) == ["L022"]
    assert office.edition(Span.month(2020, 12))[1].rulebook.id == "small"


def test_what_was_never_adopted_is_not_adopted_by_asking(office: Office) -> None:
    with pytest.raises(RefusedError) as refused:
        office.adopted("houjiatang-2020")
    assert codes(refused) == ["L022"]
    assert office.log.adoptions(FIRST) == ()


def test_adopting_the_same_again_changes_nothing(office: Office) -> None:
    first = office.adopt(str(SMALL), now=NOW)
    assert office.adopt(str(SMALL), now=NOW + timedelta(days=1)) == first
    other = office.adopt(str(SMALL), now=NOW, readings={"R01": "added"})
    assert office.adopted("small") == other
    assert office.adopted(str(SMALL)) == other
    assert [line.position for line in office.log.adoptions(FIRST)] == [1, 2]


def test_the_office_that_is_meant(office: Office) -> None:
    assert office.id == FIRST
    assert Office.of(office.log) == office
    assert Office.of(office.log, "east", make=True).id == "east"
    assert set(office.log.offices()) == {FIRST, "east"}
    assert Office.of(office.log, "east").id == "east"


def test_an_anchor_is_a_position_and_a_hash(office: Office) -> None:
    office.record(made("e1"), rulebook=str(SMALL), now=NOW)
    head = office.log.head(FIRST)
    assert parse_anchor(f" {head.position}:{head.hash}\n") == head
    assert office.verify(f"{head.position}:{head.hash}") == ()
    assert [f.code for f in office.verify(f"1:{'0' * 64}")] == ["L036"]
    for wrong in ("", "1", "x:" + "0" * 64, "1:" + "g" * 64, "-1:" + "0" * 64):
        with pytest.raises(RefusedError) as refused:
            parse_anchor(wrong)
        assert codes(refused) == ["L013"]


def test_the_office_assesses_what_the_pure_command_does(office: Office, rows: Path) -> None:
    taken = office.import_files([rows], rulebook=str(SMALL), now=NOW)
    _, edition = office.edition(Span.whole(2020), "small")
    span, day = Span.through(2020, 3), date(2020, 3, 31)
    events = [*read_events([rows], edition), *taken.derived]
    assert office.assess(span, day=day) == assess(edition, events, span, day=day)
    moment = NOW.replace(month=3, day=20)
    assert office.assess(span, known=moment) == assess(edition, events, span, known=moment)
    assert office.assess(span, known=1) == assess(edition, events[:1], span)
    office.adopt(str(SMALL), now=NOW, roster=edition.roster[:2])
    assert {s.subject for s in office.assess(span).standings} == {"s1", "s2"}


@pytest.mark.slow
def test_the_sample_year_comes_back_as_the_file_says_it(office: Office) -> None:
    taken = office.import_files([SAMPLE], rulebook="houjiatang-2020", now=NOW)
    adoption, edition = office.edition(Span.whole(2020), "houjiatang-2020")
    given = read_events([SAMPLE], edition)
    kept = office.events(Span.whole(2020), adoption)

    def by_id(events: list[Event]) -> list[Event]:
        return sorted(events, key=lambda e: e.id)

    assert by_id(kept) == by_id([*given, *taken.derived])
    assert office.import_files([SAMPLE], rulebook="houjiatang-2020", now=NOW).result.appended == 0
    assert office.verify() == ()
