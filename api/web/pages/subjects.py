"""A subject's sheet, and one item of it down to clause, sentence and event."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import RedirectResponse, Response

from api.web.faults import MissingError
from api.web.found import before, find, months
from api.web.guard import Guard
from api.web.pages.rankings import asked_span
from api.web.picks import Picker
from api.web.rendering import with_query
from api.web.shared import shared_page
from api.web.showing import shown_months, shows
from api.web.views.subject import SubjectSheet, sheet
from api.web.visit import Visit
from appraisal.model.exact import show as shown
from appraisal.office.rights import Action

router = APIRouter(include_in_schema=False)
Reader = Annotated[Visit, Depends(Guard(Action.READ_SUBJECT))]


def make(visit: Visit, subject: str) -> SubjectSheet:
    """Return the sheet of a subject for what is picked, as far as whoever asks may see it."""
    departments, subjects = visit.bounds(Action.READ_SUBJECT)
    picker = visit.picker
    if picker is None or (subjects is not None and subject not in subjects):
        visit.require(Action.READ_SUBJECT, subject=subject)
        raise MissingError
    key = ("sheet", picker.rulebook, picker.period, subject, visit.lang, visit.now.date(), visit.reads_drafts)
    made = visit.house.installation.memo(visit.office_id, key, lambda: _made(visit, picker, subject))
    return made.only(departments)


def _made(visit: Visit, picker: Picker, subject: str) -> SubjectSheet:
    span, today = asked_span(picker.period), visit.now.date()
    at = (visit.house.installation, visit.office_id, picker.rulebook)
    found = find(*at, span, day=today)
    standing = found.standing(subject)
    if standing is None:
        raise MissingError
    earlier = before(span)
    compared = find(*at, earlier, day=today) if earlier and shows(visit, picker.rulebook, earlier) else None
    year = months(*at, span, day=today)
    made = sheet(found, standing, compared, year, visit.lang)
    made = made if shows(visit, picker.rulebook, span) else made.unranked()
    return made.ranked_in(shown_months(visit, year), year)


@router.get("/subjects")
def choose(visit: Reader) -> Response:
    """Lead to the sheet of the subject picked, else show whom there are."""
    picker = visit.picker
    if picker is None:
        return visit.show("nothing.html", {})
    subject = picker.subject or (picker.subjects[0].id if len(picker.subjects) == 1 else "")
    if subject:
        query = {"rulebook": picker.rulebook, "period": picker.period}
        return RedirectResponse(with_query(f"/subjects/{subject}", query), status_code=303)
    return visit.show("subjects.html", {"picker": picker})


@router.get("/subjects/{subject}")
def show(visit: Reader, subject: str) -> Response:
    """Show a subject's sheet."""
    return shared_page(visit, lambda anybody: _shown(anybody, subject))


def _shown(visit: Visit, subject: str) -> Response:
    view = make(visit, subject)
    totals = [None if total is None else shown(total) for total in view.course.totals]
    series = [{"id": view.subject, "name": view.name, "data": totals}]
    chart = {"kind": "totals", "lit": "", "names": view.months, "words": view.name, "series": series}
    return visit.show("subject.html", {"view": view, "chart": chart})


@router.get("/subjects/{subject}/items/{item}")
def show_item(visit: Reader, subject: str, item: str) -> Response:
    """Show one item of a subject: every clause with its sentence, and every event behind it."""
    return shared_page(visit, lambda anybody: _item_shown(anybody, subject, item))


def _item_shown(visit: Visit, subject: str, item: str) -> Response:
    view = make(visit, subject)
    for department in view.departments:
        for found in department.items:
            if found.id == item:
                return visit.show("item.html", {"view": view, "item": found, "department": department})
    raise MissingError
