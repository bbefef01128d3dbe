"""Periods for programs: where each stands, reports of departments, moving on, publishing, reopening, late entries."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated

from fastapi.responses import Response

from api.web.faults import MissingError
from api.web.pages import periods as pages
from api.web.v1.deeds import Moving, Publishing, Reason, Reopening, ReportIn, Stay
from api.web.v1.doors import CHANGES, Key, Month, Part, Rulebook, guarded, router
from api.web.v1.once import Asked
from api.web.v1.shapes import Logged, Periods
from api.web.views.periods import PeriodPage, brief
from api.web.visit import Visit
from appraisal.model.event import Event
from appraisal.model.periods import MONTHS, Period
from appraisal.model.steps import Step
from appraisal.office import closing, months
from appraisal.office.rights import Action

routes = router()


@routes.get("/periods")
def periods(visit: Annotated[Visit, guarded(Action.READ_RANKINGS)], rulebook: Rulebook = "", year: str = "") -> Periods:
    """Return the months of a year, and the year, with the stage of each."""
    del rulebook
    picker = visit.picker
    if picker is None:
        raise MissingError
    when = int(year) if year.isdecimal() and len(year) == len("2020") else picker.span.year
    book = visit.house.installation.yearbook(visit.office_id, picker.rulebook, when)
    every = [Period(when, number) for number in range(1, MONTHS + 1)]
    shown = [one for one in every if book.adoption.covers(one)]
    found = tuple(brief(book, one, visit.lang) for one in [*shown, Period(when)])
    return Periods(rulebook=picker.rulebook, items=found, next="", total=len(found))


@routes.get("/periods/{period}")
def period(
    visit: Annotated[Visit, guarded(Action.READ_RANKINGS)], period: Month, rulebook: Rulebook = ""
) -> PeriodPage:
    """Return where a period stands, what stands in its way, and what changed since it was published."""
    del rulebook
    return pages.make(visit, period)


def _done(asked: Asked, period: str, step: Step, do: Callable[[str, Period], Event]) -> Response:
    """Do something with a period, once; `do` takes the rulebook and the period."""
    _, rulebook, when = pages.asked_at(asked.visit, period)
    line = f"{step}-{asked.key.stem}"
    asked.once(line, lambda: do(rulebook, when))
    return asked.logged(line, f"/api/v1/periods/{when}?rulebook={rulebook}")


@routes.post("/periods/{period}/report", status_code=201, response_model=Logged, responses=CHANGES)
def report(
    visit: Annotated[Visit, guarded(Action.REPORT_MONTH)],
    period: Month,
    told: ReportIn,
    rulebook: Rulebook = "",
    key: Key = "",
) -> Response:
    """End a department's month: so many entries, or none (零报告)."""
    del rulebook
    asked, now = Asked.of(visit, key, told), visit.now

    def do(book: str, when: Period) -> Event:
        return months.report(asked.desk, book, when, told.department, told.entries, on=told.on, now=now)

    return _done(asked, period, Step.REPORTED, do)


def _move(
    asked: Asked, period: str, step: Step, on: str, reason: str = "", facts: Mapping[str, str] | None = None
) -> Response:
    def do(book: str, when: Period) -> Event:
        now = asked.visit.now
        return closing.move(asked.desk, book, when, step, on=on, now=now, reason=reason, facts=facts)

    return _done(asked, period, step, do)


@routes.post("/periods/{period}/move", status_code=201, response_model=Logged, responses=CHANGES)
def move(
    visit: Annotated[Visit, guarded(Action.MOVE_MONTH)],
    period: Month,
    told: Moving,
    rulebook: Rulebook = "",
    key: Key = "",
) -> Response:
    """Move a period on by one stage; closing it is refused while anything stands in its way."""
    del rulebook
    return _move(Asked.of(visit, key, told), period, Step(told.step), told.on, told.reason)


@routes.post("/periods/{period}/publish", status_code=201, response_model=Logged, responses=CHANGES)
def publish(
    visit: Annotated[Visit, guarded(Action.PUBLISH)],
    period: Month,
    told: Publishing,
    rulebook: Rulebook = "",
    key: Key = "",
) -> Response:
    """Publish a period that is final, under a signature and a document number."""
    del rulebook
    facts = {"signer": told.signer, "number": told.number}
    return _move(Asked.of(visit, key, told), period, Step.PUBLISHED, told.on, facts=facts)


@routes.post("/periods/{period}/reopen", status_code=201, response_model=Logged, responses=CHANGES)
def reopen(
    visit: Annotated[Visit, guarded(Action.REOPEN_MONTH)],
    period: Month,
    told: Reopening,
    rulebook: Rulebook = "",
    key: Key = "",
) -> Response:
    """Open a period again, for a reason that stays in the log; what was published stays beside it."""
    del rulebook
    return _move(Asked.of(visit, key, told), period, Step.REOPENED, told.on, told.reason)


@routes.post("/periods/{period}/late", status_code=201, response_model=Logged, responses=CHANGES)
def grant(
    visit: Annotated[Visit, guarded(Action.EXCEPT)],
    period: Month,
    told: Stay,
    rulebook: Rulebook = "",
    key: Key = "",
) -> Response:
    """Let a department enter late, until a day and for a reason."""
    del rulebook
    asked, now = Asked.of(visit, key, told), visit.now

    def do(book: str, when: Period) -> Event:
        until, reason = told.until, told.reason
        return months.grant(asked.desk, book, when, told.department, until=until, reason=reason, now=now)

    return _done(asked, period, Step.EXCEPTED, do)


@routes.post("/periods/{period}/late/{late}/revoke", status_code=201, response_model=Logged, responses=CHANGES)
def revoke(
    visit: Annotated[Visit, guarded(Action.EXCEPT)],
    period: Month,
    late: Part,
    told: Reason,
    rulebook: Rulebook = "",
    key: Key = "",
) -> Response:
    """Take an exception back."""
    del rulebook
    asked, now = Asked.of(visit, key, told), visit.now

    def do(book: str, when: Period) -> Event:
        exceptions = months.month(asked.desk, book, when).exceptions
        found = next((e for e in exceptions if e.line.id == late and not e.revoked), None)
        if found is None:
            raise MissingError
        return months.revoke(asked.desk, book, found, reason=told.reason, now=now)

    return _done(asked, period, Step.REVOKED, do)
