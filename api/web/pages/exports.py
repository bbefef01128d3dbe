"""Taking away what a page shows: the same result as a file, with a trace of who took it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from api.web.faults import ForbiddenError, MissingError
from api.web.found import find
from api.web.guard import Guard
from api.web.materials import material
from api.web.pages.rankings import asked_span
from api.web.showing import shows
from api.web.taking import as_file, trace
from api.web.visit import Visit
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


@router.get("/rankings/{rulebook}/{period}/export")
def take(
    visit: Taker, rulebook: str, period: str, form: str = "xlsx", document: str = "", subject: str = ""
) -> Response:
    """Hand out a result as a file: the whole to who sees the whole, else a subject's or a department's own."""
    if form not in TYPES:
        raise MissingError
    departments, subjects = visit.bounds(Action.EXPORT)
    department = min(departments, default="") if departments is not None else ""
    if subjects is not None:
        document, subject = "subject", subject or min(subjects, default="")
    elif departments is not None:
        document, subject = "department", ""
        if form in {"csv", "json"}:
            raise ForbiddenError("H010", action=f"@action_{Action.EXPORT}", where=form)
    visit.require(Action.EXPORT, subject=subject, department=department)
    span = asked_span(period)
    found = find(visit.house.installation, visit.office_id, rulebook, span, day=visit.now.date())
    if subject and found.standing(subject) is None:
        raise MissingError
    wish = Wish(document=document, subject=subject, department=department)
    ranked = shows(visit, rulebook, span)
    about = material(visit.house.installation, visit.office_id, found, visit.lang, ranked=ranked)
    made = exported(about, wish, form)
    trace(visit, f"{rulebook}/{period}/{document or form}")
    return as_file(made.data, f"{rulebook}-{period}{f'-{subject}' if subject else ''}.{form}", TYPES[form])
