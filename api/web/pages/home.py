"""The first page, the pickers, and the page of rights."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import RedirectResponse, Response

from api.web.guard import Guard, Open
from api.web.pages.rankings import make as make_ranking
from api.web.visit import LANG_COOKIE, OFFICE_COOKIE, Visit
from appraisal.model.roles import Role
from appraisal.office.rights import RIGHTS, Action

router = APIRouter(include_in_schema=False)
Member = Annotated[Visit, Depends(Guard(Open.SIGNED_IN))]
YEAR = 365 * 24 * 3600


@router.get("/")
def home(visit: Member) -> Response:
    """Show what waits for whoever is signed in, and where the standings are."""
    picker = visit.picker
    view = None
    if picker is not None and visit.reach(Action.READ_RANKINGS):
        view = make_ranking(visit, picker.rulebook, picker.period)
    answer = visit.show("home.html", {"view": view})
    if visit.request.query_params.get("lang"):
        visit.set_cookie(answer, LANG_COOKIE, visit.lang, seconds=YEAR)
    return answer


@router.get("/pick")
def pick(visit: Member, at: str = "/") -> Response:
    """Lead to the page like the one that the pickers were changed on."""
    picker = visit.picker
    return RedirectResponse(picker.address(at) if picker else "/", status_code=303)


@router.get("/office")
def choose_office(visit: Member, office: str = "") -> Response:
    """Go to another office of those in which a role is held."""
    answer = RedirectResponse("/", status_code=303)
    if office in visit.actor.offices():
        answer.set_cookie(OFFICE_COOKIE, office, httponly=True, samesite="lax")
    return answer


@router.get("/rights")
def rights(visit: Annotated[Visit, Depends(Guard(Action.READ_RIGHTS))]) -> Response:
    """Show the one table of who may do what where."""
    return visit.show("rights.html", {"roles": list(Role), "actions": list(Action), "rights": RIGHTS})
