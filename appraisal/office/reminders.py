"""Reminders of deadlines: what the service posts by the day, to departments whose month has not ended."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from appraisal.model.periods import Period
from appraisal.model.roles import Actor
from appraisal.model.scorecard import Scorecard
from appraisal.office import notices
from appraisal.office.installation import Installation
from appraisal.office.months import month
from appraisal.office.workflow import Stage
from appraisal.store.outbox import Notice

_SERVICE = Actor(id="service")


def remind(house: Installation, *, now: datetime, pause: Callable[[], None] = lambda: None) -> int:
    """Post what is due today in every office, each thing once a day; return how many notices that were.

    A department is reminded of the month before until it has reported it, as long as that month is open. After each
    office there is a `pause`, in which others are served.
    """
    due: list[Notice] = []
    last = now.date().replace(day=1) - timedelta(days=1)
    for office in house.log.offices():
        for adoption in {line.rulebook: line for line in house.log.adoptions(office)}.values():
            if adoption.covers(last) and isinstance(house.log.edition(adoption).rulebook, Scorecard):
                due += _of(house, office, adoption.rulebook, Period.of(last), now)
        pause()
    house.outbox.post(*due)
    return len(due)


def _of(house: Installation, office: str, rulebook: str, period: Period, now: datetime) -> list[Notice]:
    at = month(house.desk(office, _SERVICE), rulebook, period)
    if at.stage is not Stage.OPEN:
        return []
    return [
        notices.deadline(office, rulebook, str(period), report.department, now=now)
        for report in at.reports.values()
        if not report.stands
    ]
