"""The page of a month or year: reporting, moving on, closing, publishing, reopening, late entries."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import RedirectResponse, Response

from api.web import parts
from api.web.faults import MissingError
from api.web.forms import Form, texts
from api.web.guard import Guard
from api.web.views.periods import (
    LateView,
    PeriodPage,
    ReportView,
    blocker,
    chip,
    history,
    moves,
    published,
    stages,
)
from api.web.visit import Note, Visit
from api.web.words import N_
from appraisal.errors import Finding, RefusedError, text
from appraisal.model.periods import Period
from appraisal.model.roles import Role
from appraisal.model.steps import Step
from appraisal.office import closing, months
from appraisal.office.desk import Desk
from appraisal.office.months import Month, root, span_of
from appraisal.office.restatement import restatement
from appraisal.office.rights import Action
from reports.wording import span_words

router = APIRouter(include_in_schema=False)
Reader = Annotated[Visit, Depends(Guard(Action.READ_RANKINGS))]
SIGNED = ("signer", "number")
"""What publishing asks for: who signs, and the document number."""


def asked_at(visit: Visit, period: str) -> tuple[Desk, str, Period]:
    """Return the desk, the rulebook picked and the period of the address; 404 for what is none."""
    picker = visit.picker
    try:
        when = Period.parse(period)
    except ValueError:
        raise MissingError from None
    if picker is None:
        raise MissingError
    return visit.house.installation.desk(visit.office_id, visit.actor), picker.rulebook, when


def make(
    visit: Visit, period: str, findings: tuple[Finding, ...] = (), told: Mapping[str, str] | None = None
) -> PeriodPage:
    """Return the view of a period."""
    desk, rulebook, when = asked_at(visit, period)
    desk.adoption(rulebook, when)
    at = months.month(desk, rulebook, when)
    lang, now = visit.lang, visit.now
    may = frozenset(action for action in Action if visit.reach(action) is not None)
    whole = visit.bounds(Action.READ_EVENTS) == (None, None)
    found = closing.blockers(desk, rulebook, when, now=now) if whole and not at.closed else ()
    since = restatement(desk, rulebook, span_of(when), day=now.date()) if at.closed or whole else None
    _, own = visit.bounds(Action.READ_SUBJECT)
    book = visit.house.installation.yearbook(visit.office_id, rulebook, when.year)
    return PeriodPage(
        rulebook=rulebook,
        period=str(when),
        name=span_words(span_of(when), lang),
        chip=chip(at),
        stage=at.stage,
        stages=stages(at),
        on=at.last,
        appeals_until=at.appeals_until.isoformat() if at.appeals_until else "",
        reports=_reports(visit, at),
        blockers=tuple(blocker(finding, lang) for finding in found),
        moves=moves(at, may),
        late=tuple(
            LateView(
                id=e.line.id, department=e.department, until=e.until.isoformat(), reason=e.line.note, revoked=e.revoked
            )
            for e in at.exceptions
        ),
        departments=tuple(d.id for d in parts.departments(book.edition)),
        history=tuple(
            history(at, {r: text(f"role_{r}", lang) for r in Role}, {s: text(f"step_{s}", lang) for s in Step})
        ),
        published=published(since, own) if since else None,
        faults=tuple((f.what(lang), f.remedy(lang)) for f in findings),
        told=dict(told or {}),
    )


def _reports(visit: Visit, at: Month) -> tuple[ReportView, ...]:
    if not at.period.month:
        return ()
    return tuple(
        ReportView(
            department=r.department,
            said=r.entries,
            now=r.now,
            stands=r.stands,
            mine=visit.may(Action.REPORT_MONTH, department=r.department),
            on=r.line.id if r.line else root(at.rulebook, at.period, r.department),
        )
        for r in at.reports.values()
    )


def _page(visit: Visit, period: str, findings: tuple[Finding, ...], told: Mapping[str, str]) -> Response:
    """Show the page again with what was refused: 409 where somebody else was first."""
    status = 409 if any(f.code == "L017" for f in findings) else 422
    return visit.show("period.html", _context(visit, make(visit, period, findings, told)), status=status)


def _context(visit: Visit, view: PeriodPage) -> dict[str, object]:
    return {"view": view, "may_except": visit.reach(Action.EXCEPT) is not None}


@router.get("/periods")
def choose(visit: Reader) -> Response:
    """Lead to the month picked, else to the latest month of the year that is open."""
    picker = visit.picker
    if picker is None:
        return visit.show("nothing.html", {})
    span = picker.span
    return RedirectResponse(f"/periods/{Period(span.year, span.months[-1])}", status_code=303)


@router.get("/periods/{period}")
def show(visit: Reader, period: str) -> Response:
    """Show where a period stands, what stands in its way, and what may be done."""
    done = visit.request.query_params.get("done", "")
    notes = (Note(kind="success", words=visit.word(N_("已办理。"))),) if done else ()
    return visit.show("period.html", _context(visit, make(visit, period)), notes=notes)


@router.post("/periods/{period}/report")
def report(visit: Annotated[Visit, Depends(Guard(Action.REPORT_MONTH))], period: str, form: Form) -> Response:
    """End a department's month: so many entries, or none."""
    desk, rulebook, when = asked_at(visit, period)
    told = texts(form)
    number = told.get("entries", "")
    entries = int(number) if number.isdecimal() else -1
    department = told.get("department") or next(iter(visit.bounds(Action.REPORT_MONTH)[0] or ()), "")
    try:
        months.report(desk, rulebook, when, department, entries, on=told.get("on", ""), now=visit.now)
    except RefusedError as refused:
        return _page(visit, period, refused.findings, told)
    return RedirectResponse(f"/periods/{when}?done=report", status_code=303)


def _move(visit: Visit, period: str, form: Mapping[str, str], steps: frozenset[Step]) -> Response:
    desk, rulebook, when = asked_at(visit, period)
    word = form.get("step", "")
    if word not in steps:
        told = {"period": period, "stage": f"@stage_{closing.stage(desk, rulebook, when)}", "step": word or "-"}
        return _page(visit, period, (Finding(code="O027", args=told),), form)
    step = Step(word)
    facts = {name: form.get(name, "").strip() for name in SIGNED} if step is Step.PUBLISHED else {}
    reason = form.get("reason", "")
    try:
        closing.move(desk, rulebook, when, step, on=form.get("on", ""), now=visit.now, reason=reason, facts=facts)
    except RefusedError as refused:
        return _page(visit, period, refused.findings, form)
    return RedirectResponse(f"/periods/{when}?done={step.value}", status_code=303)


@router.post("/periods/{period}/move")
def move(visit: Annotated[Visit, Depends(Guard(Action.MOVE_MONTH))], period: str, form: Form) -> Response:
    """Move a period on by one stage; 定稿 is refused while anything stands in its way."""
    moving = {Step.CUT_OFF, Step.DRAFTED, Step.DISPLAYED, Step.RECHECKED, Step.CLOSED, Step.ARCHIVED}
    return _move(visit, period, texts(form), frozenset(moving))


@router.post("/periods/{period}/publish")
def publish(visit: Annotated[Visit, Depends(Guard(Action.PUBLISH))], period: str, form: Form) -> Response:
    """Publish a period that is final, under a signature and a document number."""
    return _move(visit, period, texts(form), frozenset({Step.PUBLISHED}))


@router.post("/periods/{period}/reopen")
def reopen(visit: Annotated[Visit, Depends(Guard(Action.REOPEN_MONTH))], period: str, form: Form) -> Response:
    """Open a period again, for a reason that stays in the log."""
    return _move(visit, period, texts(form), frozenset({Step.REOPENED}))


@router.post("/periods/{period}/late")
def grant(visit: Annotated[Visit, Depends(Guard(Action.EXCEPT))], period: str, form: Form) -> Response:
    """Let a department enter late, until a day and for a reason."""
    desk, rulebook, when = asked_at(visit, period)
    told = texts(form)
    try:
        try:
            until = date.fromisoformat(told.get("until", ""))
        except ValueError:
            raise RefusedError([Finding(code="O024", args={"lacking": "until"})]) from None
        department, reason = told.get("department", ""), told.get("reason", "")
        months.grant(desk, rulebook, when, department, until=until, reason=reason, now=visit.now)
    except RefusedError as refused:
        return _page(visit, period, refused.findings, told)
    return RedirectResponse(f"/periods/{when}?done=late", status_code=303)


@router.post("/periods/{period}/late/revoke")
def revoke(visit: Annotated[Visit, Depends(Guard(Action.EXCEPT))], period: str, form: Form) -> Response:
    """Take an exception back."""
    desk, rulebook, when = asked_at(visit, period)
    told = texts(form)
    at = months.month(desk, rulebook, when)
    found = next((e for e in at.exceptions if e.line.id == told.get("late", "") and not e.revoked), None)
    if found is None:
        raise MissingError
    months.revoke(desk, rulebook, found, reason=told.get("reason", ""), now=visit.now)
    return RedirectResponse(f"/periods/{when}?done=revoked", status_code=303)
