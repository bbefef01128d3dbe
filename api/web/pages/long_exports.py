"""The page of documents: each as a file at once, all of them together as a long export with progress and an end."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

from fastapi import APIRouter, Depends, Form
from fastapi.responses import FileResponse, RedirectResponse, Response

from api.export import span_and_months
from api.export_worker import Order
from api.web.faults import MissingError
from api.web.found import CHIPS, find
from api.web.guard import Guard
from api.web.jobs import Job
from api.web.materials import Own, own_part
from api.web.pages.rankings import asked_span
from api.web.showing import shows, stage
from api.web.taking import trace
from api.web.visit import Visit
from appraisal.errors import Finding, RefusedError
from appraisal.office.rights import Action
from reports.catalogue import offered
from reports.material import Material
from reports.wording import span_words

router = APIRouter(include_in_schema=False)
Taker = Annotated[Visit, Depends(Guard(Action.EXPORT))]
TABULAR = ("workbook", "subject", "department", "closing")
"""Documents that are offered as a workbook too."""
ABOUT_AN_ENTRY = frozenset({"ruling", "decision"})


@router.get("/exports")
def show(visit: Taker) -> Response:
    """Show which documents there are of the period that is picked, and the own long exports."""
    return _page(visit)


def _page(visit: Visit, findings: Iterable[Finding] = ()) -> Response:
    picker = visit.picker
    if picker is None:
        return visit.show("nothing.html", {})
    own = own_part(visit)
    found = find(visit.house.installation, visit.office_id, picker.rulebook, picker.span, day=visit.now.date())
    names = offered(Material(edition=found.edition, assessment=found.assessment, events={}, lang=visit.lang))
    at = stage(visit, picker.rulebook, picker.span)
    context = {
        "period_name": span_words(picker.span, visit.lang),
        "at": {"chip": CHIPS[at], "stage": at},
        "documents": [(name, _forms(name)) for name in names if _open(name, own)],
        "own": own,
        "months": len(span_and_months(picker.span, found.edition, visit.now.date())) > 1,
        "jobs": visit.house.jobs.of(visit.actor.id, now=visit.now),
        "findings": [(one.what(visit.lang), one.remedy(visit.lang)) for one in findings],
    }
    return visit.show("exports.html", context, status=409 if findings else 200)


def _open(name: str, own: Own) -> bool:
    if own.bound:
        return name == ("subject" if own.subject else "department")
    return name not in ABOUT_AN_ENTRY


def _forms(name: str) -> tuple[str, ...]:
    if name == "workbook":
        return ("xlsx", "csv", "json")
    return ("docx", "pdf", *(("xlsx",) if name in TABULAR else ()))


@router.post("/exports")
def begin(
    visit: Taker,
    rulebook: Annotated[str, Form()] = "",
    period: Annotated[str, Form()] = "",
    months: Annotated[str, Form()] = "",
) -> Response:
    """Begin to make every document of a period, with `months` of the months before it too."""
    own, span = own_part(visit), asked_span(period)
    found = find(visit.house.installation, visit.office_id, rulebook, span, day=visit.now.date())
    if own.subject and found.standing(own.subject) is None:
        raise MissingError
    spans = span_and_months(span, found.edition, visit.now.date())
    order = Order(
        office=visit.office_id,
        rulebook=rulebook,
        period=str(span),
        lang=visit.lang,
        day=visit.now.date().isoformat(),
        months=months == "1",
        hidden=[str(one) for one in spans if not shows(visit, rulebook, one)],
        subject=own.subject,
        department=own.department,
    )
    try:
        job = visit.house.jobs.begin(visit.actor.id, order, now=visit.now)
    except RefusedError as refused:
        return _page(visit, refused.findings)
    trace(visit, f"{rulebook}/{period}/{'months' if order.months else 'all'}")
    return RedirectResponse(f"/exports/{job.id}", status_code=303)


def _mine(visit: Visit, job: str) -> Job:
    """Return an export of whoever asks, from the office at which they are now, of what they may still take away."""
    found = visit.house.jobs.get(job, visit.actor.id, now=visit.now)
    if found is None or found.order.office != visit.office_id:
        raise MissingError
    visit.require(Action.EXPORT, subject=found.order.subject, department=found.order.department)
    return found


@router.get("/exports/{job}")
def show_job(visit: Taker, job: str) -> Response:
    """Show how far an export is."""
    found = _mine(visit, job)
    findings = [(one.what(visit.lang), one.remedy(visit.lang)) for one in found.findings]
    name = visit.office.log.edition(visit.office.adopted(found.order.rulebook)).rulebook.name
    return visit.show("export.html", {"job": found, "name": name, "findings": findings}, block="job")


@router.post("/exports/{job}/cancel")
def cancel(visit: Taker, job: str) -> Response:
    """End an export that is under way."""
    found = _mine(visit, job)
    visit.house.jobs.cancel(found)
    trace(visit, f"{found.order.rulebook}/{found.order.period}/cancel")
    return RedirectResponse(f"/exports/{found.id}", status_code=303)


@router.get("/exports/{job}/file")
def take(visit: Taker, job: str) -> Response:
    """Hand out what an export made."""
    found = _mine(visit, job)
    path = visit.house.jobs.file(found)
    if path is None:
        raise MissingError
    order = found.order
    trace(visit, f"{order.rulebook}/{order.period}/zip")
    name = "-".join(filter(None, (order.rulebook, order.period, order.subject)))
    return FileResponse(path, media_type="application/zip", filename=f"{name}.zip")
