"""A bundle of a month that is made late: what it holds is what was known at its moment, and it verifies."""

from __future__ import annotations

from datetime import datetime

from packs import in_log, made, members_of, written

from appraisal.model.periods import Span
from appraisal.office.office import Office
from appraisal.store.log import Log
from reports.bundle.making import make
from reports.bundle.manifest import EVENTS, RESULT
from reports.bundle.sources import from_office
from reports.bundle.verifying import verify

SUMMER = datetime.fromisoformat("2020-06-01T00:00:00")
SPRING = datetime.fromisoformat("2020-04-01T00:00:00")


def test_as_of_its_moment_nothing_later_is_in_it(here: Log) -> None:
    early = make(from_office(in_log(here), Span.month(2020, 3), known=SPRING))
    office = here_again(here)
    late = make(from_office(office, Span.month(2020, 3), known=SPRING))
    assert b"late" not in members_of(late.content)[EVENTS]
    assert members_of(late.content)[RESULT] == members_of(early.content)[RESULT]
    assert members_of(late.content)[EVENTS] == members_of(early.content)[EVENTS]
    assert verify(written(late.content)).findings == ()


def test_as_of_today_it_holds_what_today_knows(here: Log) -> None:
    in_log(here)
    late = make(from_office(here_again(here), Span.month(2020, 3)))
    assert b"late" in members_of(late.content)[EVENTS]
    assert verify(written(late.content)).findings == ()


def here_again(here: Log) -> Office:
    """Append something recorded in summer to the log, and return the office."""
    here.append("o", [made("late", recorded=SUMMER)], rulebook="small", now=SUMMER)
    return Office(log=here, id="o")
