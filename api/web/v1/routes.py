"""The routes of the JSON API that read: what pages show, from the same view models; and its description."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse, Response

from api.web.faults import MissingError
from api.web.guard import Open
from api.web.pages import assessments as assessment_pages
from api.web.pages import events as event_pages
from api.web.pages import queues
from api.web.pages import rankings as ranking_pages
from api.web.pages import rulebooks as rulebook_pages
from api.web.pages import subjects as subject_pages
from api.web.v1 import acting, handing, months, posting
from api.web.v1.description import described
from api.web.v1.doors import JSON, Cursor, Limit, Part, Period, Rulebook, Word, guarded, router
from api.web.v1.shapes import Events, Me, Rulebooks, Waitings
from api.web.views.events import EventPage
from api.web.views.ranking import Ranking
from api.web.views.rulebook import AdoptionView, RulebookPage
from api.web.views.sheets import AssessedPage, AssessmentPage
from api.web.views.subject import SubjectSheet
from api.web.visit import Visit
from appraisal.office.rights import Action

routes = router()
hidden = APIRouter(include_in_schema=False)
ROUTERS = (posting.routes, routes, acting.routes, months.routes, handing.routes, hidden)


@routes.get("/me")
def me(visit: Annotated[Visit, guarded(Open.SIGNED_IN)]) -> Me:
    """Say whose token it is and what it may do."""
    return Me(
        account=visit.actor.id,
        name=visit.actor.name,
        office=visit.office_id,
        roles=tuple(dict.fromkeys(h.role.value for h in visit.actor.roles)),
        actions=tuple(action.value for action in Action if visit.reach(action) is not None),
    )


def _rulebooks(lines: list[AdoptionView], cursor: str, limit: int) -> Rulebooks:
    """Return a page of adoptions; the cursor says how many come before it from the first on: none is put before it."""
    rest = lines[len(lines) - int(cursor) :] if cursor else lines
    following = str(len(rest) - limit) if rest[limit:] else ""
    return Rulebooks(items=tuple(rest[:limit]), next=following, total=len(lines))


@routes.get("/rulebooks")
def rulebooks(
    visit: Annotated[Visit, guarded(Action.READ_RULEBOOK)], cursor: Cursor = "", limit: Limit = 50
) -> Rulebooks:
    """Return which rulebooks the office adopted, the latest first."""
    return _rulebooks(rulebook_pages.adoptions(visit), cursor, limit)


@routes.get("/rulebooks/{rulebook}")
def rulebook(visit: Annotated[Visit, guarded(Action.READ_RULEBOOK)], rulebook: Part) -> RulebookPage:
    """Return a rulebook: its tree with sentences, readings, coverage."""
    return rulebook_pages.make(visit, rulebook)


@routes.get("/rankings/{rulebook}/{period}")
def ranking(visit: Annotated[Visit, guarded(Action.READ_RANKINGS)], rulebook: Part, period: Part) -> Ranking:
    """Return the ranking of a span, with the scores of items and the months of the year."""
    return ranking_pages.make(visit, rulebook, period)


@routes.get("/subjects/{subject}")
def subject(
    visit: Annotated[Visit, guarded(Action.READ_SUBJECT)], subject: Part, rulebook: Word = "", period: Period = ""
) -> SubjectSheet:
    """Return a subject's sheet: every item down to clause, sentence and event."""
    del rulebook, period  # the visit reads them: they are what the pickers of pages hold
    return subject_pages.make(visit, subject)


@routes.get("/events")
def events(
    visit: Annotated[Visit, guarded(Action.READ_EVENTS)],
    rulebook: Word = "",
    period: Period = "",
    subject: Word = "",
    department: Word = "",
    clause: Word = "",
    state: Word = "",
    words: Word = "",
    cursor: Cursor = "",
    limit: Limit = 50,
) -> Events:
    """Return events, the latest first, filtered as the page of events is."""
    del rulebook, period, subject
    filters = {"department": department, "clause": clause, "state": state, "words": words}
    return event_pages.slice_of(visit, filters, before=int(cursor) if cursor else None, size=limit)


@routes.get("/events/{event}")
def event(visit: Annotated[Visit, guarded(Action.READ_EVENTS)], event: Part) -> EventPage:
    """Return one event with its clause, its steps and what it did."""
    return event_pages.make(visit, event)


def _queue(visit: Visit, key: str, *, through: bool, cursor: str, limit: int) -> Waitings:
    """Return a page of a queue: what waits, or what is through, before a place in the log."""
    at = queues.opened(visit)
    if at is None:
        raise MissingError
    found = at.of(key)[through]
    places = {case.entry.id: at.book.lines[case.entry.id].position for case in found}
    rest = [case for case in found if not cursor or places[case.entry.id] < int(cursor)]
    shown, left = rest[:limit], at.days_left() if key == "appeals" and not through else {}
    items = (at.show_appeal(c, left[c.entry.id]) if c.entry.id in left else at.show(c) for c in shown)
    following = str(places[shown[-1].entry.id]) if rest[limit:] else ""
    return Waitings(items=tuple(items), next=following, total=len(found))


Through = Annotated[bool, Query(description="those that are through, instead of those that wait")]


@routes.get("/appeals")
def appeals(
    visit: Annotated[Visit, guarded(Action.READ_EVENTS)],
    rulebook: Rulebook = "",
    period: Period = "",
    through: Through = False,
    cursor: Cursor = "",
    limit: Limit = 50,
) -> Waitings:
    """Return appeals of a year: how many days are left, and what withdrawing the entry would change."""
    del rulebook, period
    return _queue(visit, "appeals", through=through, cursor=cursor, limit=limit)


@routes.get("/claims")
def applications(
    visit: Annotated[Visit, guarded(Action.READ_EVENTS)],
    rulebook: Rulebook = "",
    period: Period = "",
    through: Through = False,
    cursor: Cursor = "",
    limit: Limit = 50,
) -> Waitings:
    """Return applications for bonus points of a year, with what may be done to each."""
    del rulebook, period
    return _queue(visit, "claims", through=through, cursor=cursor, limit=limit)


@routes.get("/decisions")
def decisions(
    visit: Annotated[Visit, guarded(Action.READ_EVENTS)],
    rulebook: Rulebook = "",
    period: Period = "",
    through: Through = False,
    cursor: Cursor = "",
    limit: Limit = 50,
) -> Waitings:
    """Return entries of a year that wait for a decision, or those that rest on one."""
    del rulebook, period
    return _queue(visit, "decisions", through=through, cursor=cursor, limit=limit)


@routes.get("/assessments")
def assessments(
    visit: Annotated[Visit, guarded(Action.READ_RANKINGS)], cursor: Cursor = "", limit: Limit = 50
) -> Rulebooks:
    """Return which questionnaires, selections and surveys the office runs."""
    return _rulebooks(assessment_pages.running(visit), cursor, limit)


@routes.get("/assessments/{rulebook}/{period}")
def assessment(visit: Annotated[Visit, guarded(Action.READ_RANKINGS)], rulebook: Part, period: Part) -> AssessmentPage:
    """Return a run: every subject with its result, as the page shows it."""
    return assessment_pages.make(visit, rulebook, period)


@routes.get("/assessments/{rulebook}/{period}/{subject}")
def assessed(
    visit: Annotated[Visit, guarded(Action.READ_SUBJECT)], rulebook: Part, period: Part, subject: Part
) -> AssessedPage:
    """Return one subject of a run: every verdict with its sentence, figures and what is missing."""
    return assessment_pages.make_subject(visit, rulebook, period, subject)


@hidden.get("/api/v1/openapi.json")
def openapi(visit: Annotated[Visit, guarded(Open.ANYONE)], request: Request) -> Response:
    """Return the description of this API; made once, for it takes a second and anybody may ask."""
    del visit
    state = request.app.state
    if not hasattr(state, "described"):
        state.described = JSONResponse(described(request.app.routes)).body
    return Response(state.described, media_type=JSON)
