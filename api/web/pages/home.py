"""The first page, the pickers, the offices, and the page of rights."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import RedirectResponse, Response

from api.web.found import find
from api.web.guard import Guard, Open
from api.web.pages.rankings import make as make_ranking
from api.web.pages.rankings import undisplayed
from api.web.picks import COOKIE, Picked, Picker
from api.web.rendering import with_query
from api.web.showing import shows
from api.web.views.home import MonthView, ToDo, chain, counts, months
from api.web.visit import LANG_COOKIE, OFFICE_COOKIE, Visit
from api.web.waiting import waits
from appraisal.model.roles import Role
from appraisal.office.rights import RIGHTS, Action
from appraisal.office.workflow import Stage
from appraisal.office.yearbook import Yearbook

router = APIRouter(include_in_schema=False)
Member = Annotated[Visit, Depends(Guard(Open.SIGNED_IN))]
YEAR = 365 * 24 * 3600


@router.get("/")
def home(visit: Member) -> Response:
    """Show what waits for whoever is signed in, and where the standings are."""
    picker = visit.picker
    if picker is None or not visit.reach(Action.READ_RANKINGS):
        answer = visit.show("home_bare.html", {})
    else:
        answer = visit.show("home.html", _office(visit, picker))
    if visit.request.query_params.get("lang"):
        visit.set_cookie(answer, LANG_COOKIE, visit.lang, seconds=YEAR)
    return answer


def _office(visit: Visit, picker: Picker) -> dict[str, object]:
    house = visit.house.installation
    book = house.yearbook(visit.office_id, picker.rulebook, picker.span.year)
    sees = visit.bounds(Action.READ_EVENTS)
    periods = counts(book, *sees)
    strip = list(months(book, periods))
    found = find(house, visit.office_id, picker.rulebook, picker.span, day=visit.now.date())
    seen = visit.bounds(Action.READ_SUBJECT)
    shown = chain(found, seen[1], visit.lang) if visit.reach(Action.READ_SUBJECT) and seen[0] is None else None
    ranked = shows(visit, picker.rulebook, picker.span)
    if shown is not None and not ranked:
        shown = shown.model_copy(update={"rank": None})
    todos = [*_entries(visit, picker, book), *_months(visit, strip)]
    make_view = make_ranking if ranked else undisplayed
    view = make_view(visit, picker.rulebook, picker.period)
    return {"view": view, "ranked": ranked, "todos": todos, "months": strip, "chain": shown}


def _entries(visit: Visit, picker: Picker, book: Yearbook) -> Iterator[ToDo]:
    year = {"rulebook": picker.rulebook, "period": str(picker.span.year)}
    for wait, count in waits(visit, book):
        yield ToDo(key=wait.key, count=count, href=with_query(wait.path, year))
    departments, _ = visit.bounds(Action.LOG)
    lacking = [name for name in book.lacking if book.department(book.lines[name].event) in (departments or ())]
    if lacking:
        yield ToDo(key="evidence", count=len(lacking), href=with_query("/events", {**year, "lacking": "1"}))


def _months(visit: Visit, strip: list[MonthView]) -> Iterator[ToDo]:
    if visit.reach(Action.MOVE_MONTH) is not None:
        begun = [m for m in strip if m.chip != "final" and m.period <= visit.now.strftime("%Y-%m")]
        yield ToDo(key="close", count=len(begun), href="/periods")
    if visit.reach(Action.PUBLISH) is not None:
        yield ToDo(
            key="publish", count=sum(1 for m in strip if m.stage is Stage.FINAL and not m.published), href="/periods"
        )


@router.get("/pick")
def pick(visit: Member, at: str = "/") -> Response:
    """Lead to the page like the one that the pickers were changed on."""
    wish = Picked.of(visit.request.query_params, {}, "").remembered()
    picker = visit.pick(wish)
    answer = RedirectResponse(picker.address(at) if picker else "/", status_code=303)
    if picker is not None:  # not every address names all that is picked
        kept = Picked(rulebook=picker.rulebook, period=picker.period, subject=picker.subject)
        visit.set_cookie(answer, COOKIE, kept.cookie())
    return answer


@router.get("/office")
def choose_office(visit: Member, office: str = "") -> Response:
    """Go to another office of those in which a role is held."""
    answer = RedirectResponse("/", status_code=303)
    if office in visit.actor.offices():
        visit.set_cookie(answer, OFFICE_COOKIE, office)
    return answer


@router.get("/rights")
def rights(visit: Annotated[Visit, Depends(Guard(Action.READ_RIGHTS))]) -> Response:
    """Show the one table of who may do what where."""
    return visit.show("rights.html", {"roles": list(Role), "actions": list(Action), "rights": RIGHTS})
