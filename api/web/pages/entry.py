"""Logging an event: find the clause, fill in what it knows, see what it would do, save."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated
from urllib.parse import parse_qsl, quote, urlencode

from fastapi import APIRouter, Depends
from fastapi.responses import RedirectResponse, Response

from api.web.forms import ACCEPT, CELLS, MOST_BYTES, Form, handed_in, kept_before, texts
from api.web.guard import Guard
from api.web.picks import Picker
from api.web.rendering import with_query
from api.web.spans import read_span
from api.web.views.entry import (
    Choice,
    ClauseBrief,
    ConsequenceView,
    EntryForm,
    brief,
    consequence_view,
    fields,
    with_faults,
)
from api.web.visit import Note, Visit
from api.web.words import N_
from appraisal.errors import Finding, RefusedError
from appraisal.model.edition import Edition
from appraisal.model.periods import Period
from appraisal.office import entries
from appraisal.office.consequence import consequence
from appraisal.office.desk import Desk
from appraisal.office.months import span_of
from appraisal.office.rights import Action
from appraisal.office.search import find
from appraisal.store.adoptions import Adoption

router = APIRouter(include_in_schema=False)
Officer = Annotated[Visit, Depends(Guard(Action.LOG))]

LAST = "last"
"""The cookie that holds the community and clause of the last entry."""


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """The form at work: whose desk, under which rulebook, and what is filled in."""

    visit: Visit
    picker: Picker
    desk: Desk
    adoption: Adoption
    edition: Edition
    clause: str
    cells: Mapping[str, str]
    kept: tuple[Choice, ...] = ()
    duplicate: str = ""

    @classmethod
    def of(cls, visit: Visit, told: Mapping[str, str], kept: tuple[Choice, ...] = ()) -> Sheet | None:
        """Return the form for what is told; None where the office has adopted nothing."""
        picker = visit.picker
        if picker is None:
            return None
        for one in kept:
            visit.house.installation.evidence.get(visit.office_id, one.id)
        desk = visit.house.installation.desk(visit.office_id, visit.actor)
        adoption, edition = entries.adopted(desk, picker.rulebook)
        if edition.rulebook.family != "scorecard":
            return None
        last = dict(parse_qsl(visit.request.cookies.get(LAST, "")))
        cells = {name: told[name].strip() for name in CELLS if told.get(name, "").strip()}
        cells.setdefault("subject", picker.subject or last.get("subject", ""))
        cells.setdefault("date", _usual_day(picker, adoption, visit.now.date()).isoformat())
        clause = told.get("clause", "").strip() or ("" if told.get("q") else last.get("clause", ""))
        duplicate = told.get("duplicate", "").strip()
        return cls(
            visit=visit, picker=picker, desk=desk, adoption=adoption, edition=edition,
            clause=clause, cells=cells, kept=kept, duplicate=duplicate,
        )  # fmt: skip

    @property
    def departments(self) -> frozenset[str] | None:
        """The departments whose clauses are offered; None for all."""
        return self.visit.bounds(Action.LOG)[0]

    def clause_brief(self) -> ClauseBrief | None:
        """Return the clause chosen, if it is one that is offered here."""
        clause = entries.clause_of(self.edition, self.clause)
        if clause is None or not clause.inputs().loggable:
            return None
        found = brief(self.edition, clause)
        return found if self.departments is None or found.department in self.departments else None

    def form(self, findings: tuple[Finding, ...] = (), *, duplicate_needed: bool = False) -> EntryForm:
        """Return the form with what is wrong with it."""
        chosen = self.clause_brief()
        clause = entries.clause_of(self.edition, chosen.id) if chosen else None
        roster = self.adoption.roster if self.adoption.roster is not None else self.edition.roster
        found = fields(clause, roster, self.picker.noun, self.cells) if clause else []
        marked, faults = with_faults(found, findings, self.visit.lang)
        return EntryForm(
            rulebook=self.picker.rulebook,
            clause=chosen,
            fields=marked,
            faults=faults,
            kept=self.kept,
            duplicate=self.duplicate,
            duplicate_needed=duplicate_needed,
        )

    def told(self) -> dict[str, str]:
        """Return what is filled in as the cells of a row."""
        return {**self.cells, "clause": self.clause}

    def consequence(self) -> ConsequenceView:
        """Return what the entry would do; RefusedError with all that is wrong with it."""
        now, book = self.visit.now, self.picker.rulebook
        files = [kept.id for kept in self.kept]
        event = entries.read(self.desk, book, self.told(), now=now, files=files)
        found = consequence(self.desk, book, event, day=now.date())
        house, office = self.visit.house.installation, self.visit.office_id
        month = house.standings(office, book, span_of(event.when), day=now.date())
        return consequence_view(self.edition, found, month, self.visit.lang)


def _usual_day(picker: Picker, adoption: Adoption, today: date) -> date:
    """Return the day that the form starts with: today, or the last day of what is picked if that is over."""
    if adoption.covers(today):
        return today
    span = read_span(picker.period)
    last = Period(span.year, span.months[-1]).last
    return min(max(last, adoption.valid_from), adoption.valid_to)


def _offered(sheet: Sheet, words: str) -> tuple[ClauseBrief, ...]:
    found = find(sheet.edition, words, departments=sheet.departments, limit=8) if words.strip() else ()
    return tuple(brief(sheet.edition, clause) for clause in found)


def _page(sheet: Sheet, form: EntryForm, *, block: str = "", status: int = 200, **more: object) -> Response:
    context: dict[str, object] = {"form": form, "q": "", "found": (), "outcome": None, "accept": ACCEPT, **more}
    context["keep"] = {name: sheet.cells.get(name, "") for name in ("subject", "date")}
    context["largest"] = sheet.visit.house.settings.upload_mb
    notes = context.pop("notes", ())
    assert isinstance(notes, tuple)  # noqa: S101  for the type checker
    return sheet.visit.show("entry.html", context, block=block, status=status, notes=notes)


@router.get("/events/new")
def new(visit: Officer) -> Response:
    """Show the form, with the clauses that fit what is looked for; htmx asks for the part that changes."""
    told = dict(visit.request.query_params)
    sheet = Sheet.of(visit, told)
    if sheet is None:
        return visit.show("nothing.html", {})
    words = told.get("q", "")
    notes: tuple[Note, ...] = ()
    if saved := told.get("saved", ""):
        href = f"/events/{quote(saved, safe='')}"
        notes = (Note(kind="success", words=visit.word(N_("已登记。")), href=href, link=saved),)
    block = "found" if told.get("part") == "found" else "desk"
    return _page(sheet, sheet.form(), block=block, q=words, found=_offered(sheet, words), notes=notes)


@router.post("/events/new/consequence")
def preview(visit: Officer, form: Form) -> Response:
    """Show what the entry would do if it were saved, and what is still wrong with it; nothing is kept."""
    sheet = Sheet.of(visit, texts(form), kept_before(form))
    if sheet is None:
        return visit.show("nothing.html", {})
    try:
        outcome = sheet.consequence()
    except RefusedError as refused:
        quiet = visit.partial and not all(sheet.cells.get(f.name) for f in sheet.form().fields if f.required)
        shown = sheet.form() if quiet else sheet.form(refused.findings)
        return _page(sheet, shown, block="outcome", outcome=None)
    return _page(sheet, sheet.form(duplicate_needed=bool(outcome.likely)), block="outcome", outcome=outcome)


@router.post("/events", max_body_size=MOST_BYTES)
def save(visit: Officer, form: Form) -> Response:
    """Save the entry and lead to an empty form for the next; or the form again with all that is wrong."""
    kept, findings = handed_in(visit, form)
    sheet = Sheet.of(visit, texts(form), kept)
    if sheet is None:
        return visit.show("nothing.html", {})
    if findings:
        return _page(sheet, sheet.form(findings), status=422)
    files = [one.id for one in sheet.kept]
    book, now = sheet.picker.rulebook, visit.now
    try:
        event = entries.log(sheet.desk, book, sheet.told(), now=now, files=files, duplicate=sheet.duplicate)
    except RefusedError as refused:
        return _again(sheet, refused.findings)
    answer = RedirectResponse(with_query("/events/new", {"saved": event.id}), status_code=303)
    visit.set_cookie(answer, LAST, urlencode({"subject": event.subject, "clause": event.clause}), seconds=30 * 86400)
    return answer


def _again(sheet: Sheet, findings: tuple[Finding, ...]) -> Response:
    """Show the form with what is wrong with it, and what it would do if that can be said."""
    needed = any(f.code == "O033" for f in findings) or bool(sheet.duplicate)
    try:
        outcome = sheet.consequence()
    except RefusedError:
        outcome = None
    return _page(sheet, sheet.form(findings, duplicate_needed=needed), status=422, outcome=outcome)
