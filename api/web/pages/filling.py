"""Filling in on the page: a firm's questionnaire, a unit's application, a respondent's answers; all or nothing."""

from __future__ import annotations

import secrets
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import FormData

from api.web.faults import MissingError
from api.web.forms import Form as Sent
from api.web.guard import Guard
from api.web.pages.correcting import corrected
from api.web.pages.inputs import taken
from api.web.pages.rulebooks import adoptions
from api.web.rendering import with_query
from api.web.views import filling
from api.web.views.runs import Glance, glance
from api.web.visit import Note, Visit
from api.web.words import N_
from appraisal.errors import Finding, RefusedError
from appraisal.methods.applications import read_application
from appraisal.model.application import Form
from appraisal.model.edition import Edition
from appraisal.model.eligibility import Eligibility
from appraisal.model.event import Event
from appraisal.model.ledger import resolve
from appraisal.model.questionnaire import Questionnaire
from appraisal.model.survey import Survey
from appraisal.office.rights import Action
from appraisal.office.trial import try_rows
from reports.material import Imprint, Material

router = APIRouter(include_in_schema=False)
Runner = Annotated[Visit, Depends(Guard(Action.RUN_ASSESSMENT))]
Short = Annotated[str, Query(max_length=200)]
TEMPLATES = {"questionnaire": "questionnaire.html", "eligibility": "application.html", "survey": "respondent.html"}
FAULTY = 422


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """What one visitor has filled in so far of one form of one rulebook."""

    visit: Visit
    edition: Edition
    subject: str
    told: Mapping[str, list[str]]

    @property
    def family(self) -> str:
        """The family of the rulebook."""
        return self.edition.rulebook.family

    @property
    def form(self) -> Form | None:
        """The application form that is filled in; none for other families."""
        book = self.edition.rulebook
        forms = book.forms if isinstance(book, Eligibility) else ()
        asked = "".join(self.told.get("form", ())[:1])
        if forms and not asked and self.subject and isinstance(book, Eligibility):
            chosen = read_application(book, self.known()).word(book.chooser)
            asked = next((form.id for form in forms if chosen in form.options), "")
        return next((form for form in forms if form.id == asked), forms[0] if forms else None)

    @property
    def name(self) -> str:
        """What a response is called: the same form sent twice is one response."""
        return "".join(self.told.get("name", ())[:1]) or f"web-{secrets.token_hex(8)}"

    def rows(self) -> filling.Rows:
        """Return what was filled in as rows of a file."""
        book = self.edition.rulebook
        if isinstance(book, Questionnaire):
            return filling.answer_rows(book, self.subject, self.told)
        if isinstance(book, Eligibility):
            return filling.application_rows(book, self.subject, self.told)
        if isinstance(book, Survey):
            day = max(book.valid_from, min(self.visit.now.date(), book.valid_to or date.max)).isoformat()
            return filling.response_row(book, self.subject, self.told, name=self.name, day=day)
        raise MissingError

    def known(self) -> list[Event]:
        """Return what the log has of the subject and still counts."""
        visit, book = self.visit, self.edition.rulebook
        events = visit.office.log.events(visit.office_id, rulebook=book.id) if self.subject else []
        return [e for e in resolve(events, book).counted if e.subject == self.subject]

    def subjects(self) -> list[str]:
        """Return who has an entry already."""
        log = self.visit.office.log
        return sorted({event.subject for event in log.events(self.visit.office_id, rulebook=self.edition.rulebook.id)})


def _sheet(visit: Visit, rulebook: str, form: FormData | Mapping[str, str]) -> Sheet:
    if not any(a.current and a.rulebook == rulebook and a.family in TEMPLATES for a in adoptions(visit)):
        raise MissingError
    pairs = form.multi_items() if isinstance(form, FormData) else list(form.items())
    told: dict[str, list[str]] = {}
    for key, value in pairs:
        if isinstance(value, str) and value.strip():
            told.setdefault(key, []).append(value.strip())
    edition = visit.office.log.edition(visit.office.adopted(rulebook))
    return Sheet(visit=visit, edition=edition, subject="".join(told.get("subject", ())[:1]), told=told)


def _page(
    sheet: Sheet,
    *,
    faults: Mapping[str, list[tuple[str, str]]] | None = None,
    shown: Glance | None = None,
    status: int = 200,
    notes: tuple[Note, ...] = (),
) -> Response:
    visit, book = sheet.visit, sheet.edition.rulebook
    context: dict[str, Any] = {
        "rulebook": book.id,
        "book": book,
        "told": sheet.told,
        "faults": faults or {},
        "subject": sheet.subject,
        "subjects": sheet.subjects() if not visit.partial else (),
        "shown": shown,
    }
    if isinstance(book, Eligibility) and sheet.form is not None:
        known = read_application(book, sheet.known())
        parts = filling.application(book, sheet.form, known, sheet.told)
        context |= {"form": sheet.form, "parts": parts, "has_known": bool(known.answers)}
    if isinstance(book, Survey):
        context |= {"asks": filling.asks(book, visit.lang), "segments": filling.SEGMENTS, "name": sheet.name}
    return visit.show(TEMPLATES[sheet.family], context, block="outcome", status=status, notes=notes)


@router.get("/assessments/{rulebook}/form")
def fill(visit: Runner, rulebook: str, form: Short = "", unit: Short = "", saved: Short = "") -> Response:
    """Show a form to fill in, with what is known of the subject."""
    sheet = _sheet(visit, rulebook, {"form": form, "subject": unit})
    notes: tuple[Note, ...] = ()
    if saved:
        words, year = visit.word(N_("已收入一份答卷，可以接着录下一份。")), visit.now.strftime("%Y")
        notes = (
            Note(kind="success", words=words, href=f"/assessments/{rulebook}/{year}", link=visit.word(N_("看结果"))),
        )
    shown = _would_be(sheet, []) if sheet.subject and sheet.family == "eligibility" and sheet.known() else None
    return _page(sheet, shown=shown, notes=notes)


@router.post("/assessments/{rulebook}/form")
def save(visit: Runner, rulebook: str, form: Sent) -> Response:
    """Take in what was filled in; or only say what it would come to; or say what is wrong beside each field."""
    sheet = _sheet(visit, rulebook, form)
    rows, only = sheet.rows(), bool(sheet.told.get("preview"))
    try:
        if sheet.told.get("correct") and sheet.subject and rows:
            reason = " ".join(sheet.told.get("reason", ()))
            rows = corrected(visit, sheet.edition.rulebook, rows, sheet.known(), reason)
        if sheet.told.get("load"):
            return _page(sheet, shown=_would_be(sheet, []) if sheet.known() else None)
        if only:
            return _page(sheet, shown=_would_be(sheet, rows) if sheet.subject and rows else None)
        _whole(sheet, rows)
        done = taken(visit, rulebook, filling.as_csv(rows), "form.csv")
    except RefusedError as refused:
        faults = filling.beside(refused.findings, rows, visit.lang)
        return _page(sheet, faults=faults, status=200 if only and visit.partial else FAULTY)
    if sheet.family != "survey":
        return done
    again = {"unit": sheet.subject, "saved": sheet.name}
    return RedirectResponse(with_query(f"/assessments/{rulebook}/form", again), status_code=303)


def _whole(sheet: Sheet, rows: filling.Rows) -> None:
    """Refuse a form without a subject, or with nothing filled in."""
    if not sheet.subject or not rows:
        field = sheet.visit.word(N_("答案")) if sheet.subject else sheet.visit.word(N_("单位名称"))
        raise RefusedError([Finding(code="H017", args={"field": field, "reason": "@invalid_missing"})])


def _would_be(sheet: Sheet, rows: filling.Rows) -> Glance | None:
    """Return what the subject would come to; nothing for a survey, which needs many respondents."""
    if sheet.family == "survey":
        return None
    visit = sheet.visit
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "form.csv"
        rows = rows or [{"单位": sheet.subject, "字段": "", "数值": "", "来源": ""}]
        path.write_bytes(filling.as_csv(rows))
        found = try_rows(visit.office, [path], rulebook=sheet.edition.rulebook.id, now=visit.now, also=(sheet.subject,))
    standing = next((s for s in found.assessment.standings if sheet.subject in {s.subject, s.name}), None)
    if standing is None:
        return None
    events = {event.id: event for event in found.events}
    about = Material(
        edition=found.edition,
        assessment=replace(found.assessment, standings=(standing,)),
        events=events,
        lang=visit.lang,
        imprint=Imprint(office=visit.office_id),
    )
    return glance(standing, about)
