"""公布后变了什么, the even-handedness of the departments, and how close the ranks are."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from api.web.found import CHIPS, stage_of
from api.web.guard import Guard
from api.web.pages.events import names_of
from api.web.pages.rankings import asked_span, undisplayed
from api.web.showing import require_shown, shows
from api.web.views.scrutiny import Changes, Close, Even, close, differences, even_rows, severities, twice
from api.web.visit import Visit
from appraisal.model.periods import Span
from appraisal.office import closeness, evenness, restatement
from appraisal.office.desk import Desk
from appraisal.office.rights import Action
from reports.wording import span_words

router = APIRouter(include_in_schema=False)
Ranked = Annotated[Visit, Depends(Guard(Action.READ_RANKINGS))]
Even_ = Annotated[Visit, Depends(Guard(Action.READ_EVENNESS))]


def _desk(visit: Visit) -> Desk:
    return visit.house.installation.desk(visit.office_id, visit.actor)


def changes_of(visit: Visit, rulebook: str, period: str) -> Changes:
    """Return what changed since a span was published; those who see one subject see that one's."""
    span = asked_span(period)
    require_shown(visit, rulebook, span)
    desk = _desk(visit)
    book = desk.house.yearbook(visit.office_id, rulebook, span.year)
    found = restatement.restatement(desk, rulebook, span, day=visit.now.date())
    stage = stage_of(book, span)
    _, subjects = visit.bounds(Action.READ_SUBJECT)
    shown = tuple(differences(found)) if found else ()
    if subjects is not None:
        shown = tuple(one for one in shown if one.subject in subjects)
    return Changes(
        rulebook=rulebook,
        period=str(span),
        period_name=span_words(span, visit.lang),
        chip=CHIPS[stage],
        stage=stage,
        published=found is not None,
        number=found.closing.number if found else 0,
        position=found.closing.anchor.position if found else 0,
        sha256=found.closing.sha256 if found else "",
        rules_changed=found.rules_changed if found else False,
        differences=shown,
        since=len(found.since) if found else 0,
    )


def even_of(visit: Visit, rulebook: str, span: Span) -> Even:
    """Return the figures of even-handedness of a span."""
    desk = _desk(visit)
    found = evenness.evenness(desk, rulebook, span, day=visit.now.date())
    book = desk.house.yearbook(visit.office_id, rulebook, span.year)
    names = names_of(book)
    subjects = tuple(dict.fromkeys(cell.subject for cell in found.cells))
    people = {account.id: account.name for account in desk.house.accounts.all()}
    return Even(
        rulebook=rulebook,
        period=str(span),
        period_name=span_words(span, visit.lang),
        subjects=tuple(names.get(s, s) for s in subjects),
        rows=tuple(even_rows(found, subjects)),
        twice=tuple(twice(found, names)),
        severities=tuple(severities(found, people)),
    )


def close_of(visit: Visit, rulebook: str, span: Span) -> tuple[Close, ...]:
    """Return how close the ranks of a span are."""
    return tuple(close(one) for one in closeness.closeness(_desk(visit), rulebook, span, day=visit.now.date()))


def _chip(visit: Visit, rulebook: str, span: Span) -> dict[str, str]:
    """Return where the span stands on its way to final."""
    stage = stage_of(visit.house.installation.yearbook(visit.office_id, rulebook, span.year), span)
    return {"chip": CHIPS[stage], "stage": stage}


@router.get("/rankings/{rulebook}/{period}/changes")
def show_changes(visit: Ranked, rulebook: str, period: str) -> Response:
    """Show what changed since a span was published, each difference with the lines that caused it."""
    if not shows(visit, rulebook, asked_span(period)):
        return visit.show("undisplayed.html", {"view": undisplayed(visit, rulebook, period)})
    return visit.show("changes.html", {"view": changes_of(visit, rulebook, period)})


@router.get("/rankings/{rulebook}/{period}/evenness")
def show_evenness(visit: Even_, rulebook: str, period: str) -> Response:
    """Show how even the hands of the departments were."""
    span = asked_span(period)
    return visit.show("evenness.html", {"view": even_of(visit, rulebook, span), "found": _chip(visit, rulebook, span)})


@router.get("/rankings/{rulebook}/{period}/closeness")
def show_closeness(visit: Even_, rulebook: str, period: str) -> Response:
    """Show how close each rank is, and which single event decides."""
    span = asked_span(period)
    view = {"rulebook": rulebook, "period": str(span), "period_name": span_words(span, visit.lang)}
    context = {"view": view, "pairs": close_of(visit, rulebook, span), "found": _chip(visit, rulebook, span)}
    return visit.show("closeness.html", context)
