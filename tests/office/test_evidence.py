"""Evidence that a clause demands: entries come without it from a table, it is added, and no month closes before."""

from __future__ import annotations

from fractions import Fraction

import pytest
from office_making import NOW, OFFICE, PNG, SMALL, at, at_hour, codes

from appraisal.errors import RefusedError
from appraisal.model.event import Event, files_of
from appraisal.model.periods import Period, Span
from appraisal.model.roles import Role
from appraisal.office import appeals, closing, entries, imports
from appraisal.office.appeals import Outcome
from appraisal.office.installation import Installation

TABLE = "日期,社区,条款,备注\n2020-03-09,s1,CG-A2,示例：被通报\n2020-03-10,s2,CG-A1,示例：未完成\n".encode()
MARCH = Period(2020, 3)


@pytest.fixture
def demanding(house: Installation) -> Installation:
    """Return the house with a version of the rulebook in which CG-A2 demands evidence."""
    folder = house.evidence.folder.parent / "small"
    folder.mkdir()
    (folder / "source.txt").write_bytes((SMALL.parent / "source.txt").read_bytes())
    text = SMALL.read_text(encoding="utf-8").replace(
        "- id: CG-A2\n", "- id: CG-A2\n                evidence_needed: true\n"
    )
    (folder / "rulebook.yaml").write_text(text, encoding="utf-8")
    house.office(OFFICE).adopt(str(folder / "rulebook.yaml"), now=NOW)
    return house


def taken(house: Installation) -> Event:
    """Take the table in and return the entry that lacks its evidence."""
    imports.take(at(house, Role.OFFICER), "small", TABLE, "rows.csv", now=NOW)
    book = house.yearbook(OFFICE, "small", 2020)
    (lacking,) = book.lacking
    return book.lines[lacking].event


def blocking(house: Installation) -> list[str]:
    return [f.args["id"] for f in closing.blockers(at(house, Role.GROUP), "small", MARCH, now=NOW) if f.code == "O065"]


def total(house: Installation) -> Fraction:
    found = house.standings(OFFICE, "small", Span.month(2020, 3), day=NOW.date())
    return next(s.total for s in found.standings if s.subject == "s1")


def file(house: Installation, content: bytes = PNG) -> str:
    return house.evidence.keep(OFFICE, content, now=NOW).sha256


def test_a_table_is_taken_in_and_says_what_is_to_come(demanding: Installation) -> None:
    found = imports.look(at(demanding, Role.OFFICER), "small", TABLE, "rows.csv", now=NOW)
    assert found.faults == ()
    assert [row.lacking for row in found.rows] == [True, False]
    event = taken(demanding)
    assert event.clause == "CG-A2"
    assert blocking(demanding) == [event.id]
    cells = {"date": "2020-03-09", "subject": "s3", "clause": "CG-A2", "note": "示例"}
    with pytest.raises(RefusedError) as refused:  # by hand it comes with its evidence
        entries.log(at(demanding, Role.OFFICER), "small", cells, now=NOW)
    assert codes(refused) == ["O032"]


def test_evidence_is_added_and_moves_no_points(demanding: Installation) -> None:
    event, officer = taken(demanding), at(demanding, Role.OFFICER)
    before = total(demanding)
    with pytest.raises(RefusedError) as refused:
        entries.add_evidence(officer, event.id, [], on=event.id, now=at_hour(10))
    assert codes(refused) == ["O032"]
    elsewhere = at(demanding, Role.OFFICER, office=OFFICE, department="党建办")
    with pytest.raises(RefusedError) as refused:
        entries.add_evidence(elsewhere, event.id, [file(demanding)], on=event.id, now=at_hour(10))
    assert codes(refused) == ["O001"]
    line = entries.add_evidence(officer, event.id, [file(demanding)], on=event.id, now=at_hour(10))
    assert files_of(line) == (file(demanding),)
    assert blocking(demanding) == []
    assert demanding.yearbook(OFFICE, "small", 2020).lacking == frozenset()
    assert (total(demanding), officer.case(event.id).state) == (before, "counts")


def test_an_appeal_goes_on_after_evidence_was_added(demanding: Installation) -> None:
    event, officer = taken(demanding), at(demanding, Role.OFFICER)
    appeal = appeals.appeal(at(demanding, Role.HEAD), event.id, "示例：不服", on=event.id, now=at_hour(10))
    line = entries.add_evidence(officer, event.id, [file(demanding)], on=appeal.id, now=at_hour(11))
    assert officer.case(event.id).state == "appealed"
    appeals.rule(at(demanding, Role.GROUP), event.id, Outcome.WITHDRAWN, "示例：属实", on=line.id, now=at_hour(12))
    assert officer.case(event.id).state == "countered"


def test_what_stands_in_its_place_keeps_its_files(demanding: Installation) -> None:
    event, officer = taken(demanding), at(demanding, Role.OFFICER)
    line = entries.add_evidence(officer, event.id, [file(demanding)], on=event.id, now=at_hour(10))
    put = entries.correct(officer, event.id, {"date": "2020-03-11"}, "示例：日期", on=line.id, now=at_hour(11))
    assert files_of(put) == (file(demanding),)
    assert blocking(demanding) == []


def test_a_correction_of_what_lacks_evidence_lacks_it_too(demanding: Installation) -> None:
    event, officer = taken(demanding), at(demanding, Role.OFFICER)
    put = entries.correct(officer, event.id, {"date": "2020-03-11"}, "示例：日期", on=event.id, now=at_hour(11))
    assert blocking(demanding) == [put.id]
    entries.add_evidence(officer, put.id, [file(demanding)], on=put.id, now=at_hour(12))
    assert blocking(demanding) == []
