"""Questionnaires, eligibility screenings and surveys: which the office runs, one run, and one subject of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from api.web.faults import MissingError
from api.web.found import Found, find
from api.web.guard import Guard
from api.web.materials import material
from api.web.pages.rankings import asked_span
from api.web.pages.rulebooks import adoptions
from api.web.views.rulebook import AdoptionView
from api.web.views.runs import glance
from api.web.views.sheets import AssessedPage, AssessmentPage, SheetView, sheet_view
from api.web.visit import Note, Visit
from api.web.words import N_
from appraisal.office.rights import Action
from reports.catalogue import Wish, document_of, offered
from reports.documents.subject import subject_sheet
from reports.looks import look_of
from reports.standings import ranking_sheet, receipt_line
from reports.wording import span_words

router = APIRouter(include_in_schema=False)
Ranked = Annotated[Visit, Depends(Guard(Action.READ_RANKINGS))]
Reader = Annotated[Visit, Depends(Guard(Action.READ_SUBJECT))]
OWN = ("levels", "report", "recommendation")
"""Documents that only one family has."""


def running(visit: Visit) -> list[AdoptionView]:
    """Return what the office runs beside its scorecards."""
    return [line for line in adoptions(visit) if line.current and line.family != "scorecard"]


@router.get("/assessments")
def show_list(visit: Ranked) -> Response:
    """Show what the office runs beside its scorecards."""
    return visit.show("assessments.html", {"runs": [(line, _years(visit, line)) for line in running(visit)]})


def _years(visit: Visit, line: AdoptionView) -> list[str]:
    """Return the years that have entries, the latest first; the year of today or the first in force without any."""
    years = {str(event.when.year) for event in visit.office.log.events(visit.office_id, rulebook=line.rulebook)}
    today = visit.now.strftime("%Y")
    first = today if line.valid_from[:4] <= today <= line.valid_to[:4] else line.valid_from[:4]
    return sorted(years, reverse=True) or [first]


def _found(visit: Visit, rulebook: str, period: str) -> Found:
    span = asked_span(period)
    return find(visit.house.installation, visit.office_id, rulebook, span, day=visit.now.date())


def make(visit: Visit, rulebook: str, period: str) -> AssessmentPage:
    """Return the view of a run."""
    found = _found(visit, rulebook, period)
    book = found.edition.rulebook
    table = look_of(book).results(found.assessment, found.edition, visit.lang)
    sheet = sheet_view(replace(ranking_sheet(found.assessment, found.edition, visit.lang, table), title=""), visit.lang)
    return AssessmentPage(
        rulebook=rulebook,
        name=book.name,
        empty=not found.assessment.standings,
        provisional=found.assessment.provisional,
        period=period,
        period_name=span_words(found.assessment.span, visit.lang),
        chip=found.chip,
        stage=found.stage,
        may_run=book.family != "scorecard" and visit.reach(Action.RUN_ASSESSMENT) is not None,
        sheet=sheet,
        names={s.name: s.subject for s in found.assessment.standings},
    )


@router.get("/assessments/{rulebook}/{period}")
def show(visit: Ranked, rulebook: str, period: str) -> Response:
    """Show a run: every subject with its result."""
    view = make(visit, rulebook, period)
    taken = visit.request.query_params.get("taken", "")
    words = visit.word(N_("已收入 %(n)s 行，结果如下。")) % {"n": taken}
    notes = (Note(kind="success", words=words),) if taken.isdecimal() else ()
    return visit.show("assessment.html", {"view": view, "sheet": view.sheet, "names": view.names}, notes=notes)


def make_subject(visit: Visit, rulebook: str, period: str, subject: str) -> AssessedPage:
    """Return the view of one subject of a run that whoever asks may read."""
    _, subjects = visit.bounds(Action.READ_SUBJECT)
    if subjects is not None and subject not in subjects:
        visit.require(Action.READ_SUBJECT, subject=subject)
    found = _found(visit, rulebook, period)
    standing = found.standing(subject)
    if standing is None:
        raise MissingError
    about = material(visit.house.installation, visit.office_id, found, visit.lang)
    whole = subject_sheet(standing, about)
    whole = replace(whole, title="", meta=receipt_line(found.assessment, visit.lang))
    sheets: list[SheetView] = [sheet_view(whole, visit.lang)]
    names = [name for name in OWN if name in offered(about) and name != "recommendation"]
    for name in names:
        document = document_of(about, Wish(document=name, subject=standing.subject))
        sheets += [sheet_view(sheet, visit.lang) for sheet in document.sheets]
    return AssessedPage(
        rulebook=rulebook,
        name=standing.name,
        subject=standing.subject,
        document=next(iter(names), "subject"),
        period=period,
        rulebook_name=found.edition.rulebook.name,
        chip=found.chip,
        stage=found.stage,
        glance=glance(standing, about),
        sheets=tuple(sheets),
    )


@router.get("/assessments/{rulebook}/{period}/{subject:path}")
def show_subject(visit: Reader, rulebook: str, period: str, subject: str) -> Response:
    """Show one subject of a run: every verdict with its sentence, figures and what would be missing."""
    view = make_subject(visit, rulebook, period, subject)
    return visit.show("assessment_subject.html", {"view": view, "sheets": view.sheets, "glance": view.glance})
