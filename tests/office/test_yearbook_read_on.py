"""A year read on line by line is the year read anew: what was taken over from before is what would be worked out."""

from __future__ import annotations

from office_making import NOW, OFFICE, at, at_hour

from appraisal.model.periods import Period
from appraisal.model.roles import Role
from appraisal.model.steps import Step
from appraisal.office import closing, entries, months
from appraisal.office.installation import Installation
from appraisal.office.yearbook import Yearbook

WORKED_OUT = (
    "events",
    "entries",
    "steps",
    "after",
    "gone",
    "states",
    "held",
    "by_subject",
    "texts",
    "ledger",
)


def same_as_anew(house: Installation) -> None:
    book = house.yearbook(OFFICE, "small", 2020)
    anew = Yearbook.read(house.log, book.adoption, 2020, book.position)
    assert [getattr(book, name) for name in WORKED_OUT] == [getattr(anew, name) for name in WORKED_OUT]


def test_every_kind_of_line(house: Installation) -> None:
    desk = at(house, Role.OFFICER)
    cells = {"date": "2020-03-09", "subject": "s1", "clause": "CG-A1", "note": "示例"}
    made = []
    for number in range(4):
        made.append(entries.log(desk, "small", cells, now=NOW, duplicate=f"示例 {number}"))
        same_as_anew(house)
    entries.withdraw(desk, made[0].id, "示例", on=made[0].id, now=NOW)
    same_as_anew(house)
    entries.correct(desk, made[1].id, {"note": "示例：更正"}, "示例", on=made[1].id, now=NOW)
    same_as_anew(house)
    group, march = at(house, Role.GROUP), Period(2020, 3)
    closing.move(
        group, "small", march, Step.CUT_OFF, on=months.month(group, "small", march).last, now=at_hour(9, day=2, month=4)
    )
    same_as_anew(house)
    months.report(desk, "small", march, "城管办", months.month(group, "small", march).reports["城管办"].now, now=NOW)
    same_as_anew(house)
    desk.act(Step.COUNTERED, made[2].id, on=made[2].id, now=NOW, reason="示例")
    same_as_anew(house)
