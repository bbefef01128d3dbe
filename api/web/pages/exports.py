"""Taking away what a page shows: the same result as a file, with a trace of who took it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from api.export import case_of_entry, month_of, without_outcome
from api.web.faults import ForbiddenError, MissingError
from api.web.guard import Guard
from api.web.materials import own_part, whole
from api.web.pages.rankings import asked_span
from api.web.taking import as_file, trace
from api.web.visit import Visit
from appraisal.model.steps import Step
from appraisal.office.letterhead import letter
from appraisal.office.rights import Action
from reports.catalogue import Wish, exported

router = APIRouter(include_in_schema=False)
Taker = Annotated[Visit, Depends(Guard(Action.EXPORT))]
TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
}
NOTICES = {Step.RULED: "ruling", Step.DECIDED: "decision"}
"""Which notice there is after which step of an entry."""


@router.get("/rankings/{rulebook}/{period}/export")
def take(
    visit: Taker, rulebook: str, period: str, form: str = "xlsx", document: str = "", subject: str = ""
) -> Response:
    """Hand out a result as a file: the whole to who sees the whole, else a subject's or a department's own."""
    if form not in TYPES:
        raise MissingError
    own = own_part(visit, subject)
    if own.bound:
        document = "subject" if own.subject else "department"
        if own.department and form in {"csv", "json"}:
            raise ForbiddenError("H010", action=f"@action_{Action.EXPORT}", where=form)
    made = whole(visit, rulebook, asked_span(period))
    if own.subject and own.subject not in {s.subject for s in made.assessment.standings}:
        raise MissingError
    stages, closing = month_of(visit.house.installation, visit.office, made)
    template, name = letter(visit.house.installation, visit.office_id)
    wish = Wish(
        document=document,
        subject=own.subject,
        department=own.department,
        month=stages,
        closing=closing,
        template=template,
        template_name=name,
    )
    file = exported(made, wish, form)
    trace(visit, f"{rulebook}/{period}/{document or form}")
    words = "-".join(filter(None, (rulebook, period, document, own.subject)))
    return as_file(file.data, f"{words}.{form}", TYPES[form])


@router.get("/events/{event}/notice")
def notice(visit: Taker, event: str, form: str = "docx") -> Response:
    """Hand out the notice of the ruling or the decision on an entry, to whoever may take its sheet away."""
    if form not in {"docx", "pdf"}:
        raise MissingError
    case = case_of_entry(visit.office, event)
    entry = case.entry if case else None
    steps = [step for step, _ in case.steps if step in NOTICES] if case else []
    if case is None or entry is None or not steps:
        raise MissingError
    rulebook = visit.house.installation.log.line(visit.office_id, event).rulebook
    book = visit.house.installation.yearbook(visit.office_id, rulebook, entry.when.year)
    visit.require(Action.EXPORT, subject=entry.subject, department=book.department(entry))
    made = without_outcome(visit.office, whole(visit, rulebook, asked_span(str(entry.when))), case)
    document = NOTICES[steps[-1]]
    template, name = letter(visit.house.installation, visit.office_id)
    file = exported(made, Wish(document=document, case=case, template=template, template_name=name), form)
    trace(visit, f"{event}/{document}")
    return as_file(file.data, f"{document}-{event}.{form}", TYPES[form])
