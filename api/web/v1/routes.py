"""The routes of the JSON API: reading what pages show, posting and withdrawing events."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Path, Query, Request
from fastapi.openapi.utils import get_openapi
from fastapi.responses import JSONResponse, Response

from api.web.guard import Guard, Open
from api.web.pages import events as event_pages
from api.web.pages import rankings as ranking_pages
from api.web.pages import rulebooks as rulebook_pages
from api.web.pages import subjects as subject_pages
from api.web.v1.posting import post_event, withdraw_event
from api.web.v1.shapes import Entry, Events, Logged, Me, Problem, Withdrawal
from api.web.views.events import EventPage
from api.web.views.ranking import Ranking
from api.web.views.rulebook import AdoptionView, RulebookPage
from api.web.views.subject import SubjectSheet
from api.web.visit import Visit
from appraisal.assess import engine_version
from appraisal.office.rights import Action

FAULTS: dict[int | str, dict[str, Any]] = {
    status: {"model": Problem, "content": {"application/problem+json": {}}, "description": words}
    for status, words in {
        401: "nobody is signed in, or the token opens nothing",
        403: "no right, or the token's scopes do not cover it",
        404: "not there, or not among what may be seen",
        422: "understood and refused, every fault at once",
        503: "the database is busy, full or gone",
    }.items()
}
CONFLICT: dict[int | str, dict[str, Any]] = {
    409: {"model": Problem, "content": {"application/problem+json": {}}, "description": "someone acted meanwhile"}
}

router = APIRouter(prefix="/api/v1", tags=["v1"], responses=FAULTS)
hidden = APIRouter(include_in_schema=False)
ROUTERS = (router, hidden)

Word = Annotated[str, Query(max_length=200)]
Part = Annotated[str, Path(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f/]+$")]
Period = Annotated[
    str,
    Query(
        max_length=20,
        description="a month 2020-03, a quarter 2020-Q1, January through a month 2020-01..2020-03, or a year 2020",
        examples=["2020-03"],
    ),
]


def _visit(action: Action | Open) -> Any:
    return Depends(Guard(action))


@router.get("/me")
def me(visit: Annotated[Visit, _visit(Open.SIGNED_IN)]) -> Me:
    """Say whose token it is and what it may do."""
    return Me(
        account=visit.actor.id,
        name=visit.actor.name,
        office=visit.office_id,
        roles=tuple(dict.fromkeys(h.role.value for h in visit.actor.roles)),
        actions=tuple(action.value for action in Action if visit.reach(action) is not None),
    )


@router.get("/rulebooks")
def rulebooks(visit: Annotated[Visit, _visit(Action.READ_RULEBOOK)]) -> list[AdoptionView]:
    """Return which rulebooks the office adopted, the latest first."""
    return rulebook_pages.adoptions(visit)


@router.get("/rulebooks/{rulebook}")
def rulebook(visit: Annotated[Visit, _visit(Action.READ_RULEBOOK)], rulebook: Part) -> RulebookPage:
    """Return a rulebook: its tree with sentences, readings, coverage."""
    return rulebook_pages.make(visit, rulebook)


@router.get("/rankings/{rulebook}/{period}")
def ranking(visit: Annotated[Visit, _visit(Action.READ_RANKINGS)], rulebook: Part, period: Part) -> Ranking:
    """Return the ranking of a span, with the scores of items and the months of the year."""
    return ranking_pages.make(visit, rulebook, period)


@router.get("/subjects/{subject}")
def subject(
    visit: Annotated[Visit, _visit(Action.READ_SUBJECT)], subject: Part, rulebook: Word = "", period: Period = ""
) -> SubjectSheet:
    """Return a subject's sheet: every item down to clause, sentence and event."""
    del rulebook, period  # the visit reads them: they are what the pickers of pages hold
    return subject_pages.make(visit, subject)


@router.get("/events")
def events(
    visit: Annotated[Visit, _visit(Action.READ_EVENTS)],
    rulebook: Word = "",
    period: Period = "",
    subject: Word = "",
    department: Word = "",
    clause: Word = "",
    state: Word = "",
    words: Word = "",
    cursor: Annotated[str, Query(pattern=r"^[0-9]{0,12}$", description="`next` of the page before")] = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Events:
    """Return events, the latest first, filtered as the page of events is."""
    del rulebook, period, subject
    filters = {"department": department, "clause": clause, "state": state, "words": words}
    return event_pages.slice_of(visit, filters, before=int(cursor) if cursor else None, size=limit)


@router.get("/events/{event}")
def event(visit: Annotated[Visit, _visit(Action.READ_EVENTS)], event: Part) -> EventPage:
    """Return one event with its clause, its steps and what it did."""
    return event_pages.make(visit, event)


@router.post(
    "/events",
    status_code=201,
    response_model=Logged,
    responses={**CONFLICT, 201: {"description": "logged; a retry with the same key gets the same answer"}},
)
def post(
    visit: Annotated[Visit, _visit(Action.LOG)],
    entry: Entry,
    idempotency_key: Annotated[str, Header(min_length=1, max_length=128, pattern=r"^[\x21-\x7e]+$")] = "",
) -> Response:
    """Log an event. The header Idempotency-Key names the request: sent again, it logs nothing twice."""
    return post_event(visit, entry, idempotency_key)


@router.post("/events/{event}/withdrawal", status_code=201, responses=CONFLICT)
def withdraw(visit: Annotated[Visit, _visit(Action.COUNTER)], event: Part, withdrawal: Withdrawal) -> EventPage:
    """Withdraw an event by a line that names it and says why; the event stays as it is."""
    return withdraw_event(visit, event, withdrawal)


@hidden.get("/api/v1/openapi.json")
def openapi(visit: Annotated[Visit, _visit(Open.ANYONE)], request: Request) -> Response:
    """Return the description of this API."""
    del visit
    described = get_openapi(
        title="appraisal 考核",
        version=engine_version(),
        description="Points are exact decimals as text. Every list is bounded by what the token's account may see.",
        routes=request.app.routes,
    )
    described.setdefault("components", {})["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
    described["security"] = [{"token": []}]
    return JSONResponse(described)
