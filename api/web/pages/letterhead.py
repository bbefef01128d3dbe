"""The template of the office's letters: hand one in, see how it looks, go back to another."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi import Form as Field
from fastapi.responses import RedirectResponse, Response

from api.web.faults import MissingError
from api.web.forms import MOST_BYTES, Form, content_of
from api.web.guard import Guard
from api.web.materials import whole
from api.web.pages.exports import TYPES
from api.web.taking import as_file
from api.web.visit import Note, Visit
from api.web.words import N_
from appraisal.errors import Finding, RefusedError
from appraisal.office import letterhead
from appraisal.office.rights import Action
from reports.catalogue import Wish, exported
from reports.letter_template import FIELDS, SHIPPED, check_template

router = APIRouter(include_in_schema=False)
Setter = Annotated[Visit, Depends(Guard(Action.SET_LETTERHEAD))]


@router.get("/letterhead")
def show(visit: Setter) -> Response:
    """Show the template in use, those before it, and where one is handed in."""
    return _page(visit)


def _page(visit: Visit, findings: tuple[Finding, ...] = ()) -> Response:
    house = visit.house.installation
    names = {account.id: account.name for account in house.accounts.all()}
    used = letterhead.history(house, visit.office_id)
    told = [(f"{f.place}　{f.what(visit.lang)} {f.excerpt}", f.remedy(visit.lang)) for f in findings]
    notes = (Note(kind="success", words=visit.word(N_("已保存"))),) if visit.request.query_params.get("done") else ()
    context = {
        "findings": told,
        "own": letterhead.in_use(house, visit.office_id),
        "history": [(one, names.get(one.by, "")) for one in reversed(used)],
        "fields": FIELDS,
        "largest": visit.house.settings.upload_mb,
    }
    return visit.show("letterhead.html", context, status=422 if findings else 200, notes=notes)


@router.post("/letterhead", max_body_size=MOST_BYTES)
def hand_in(visit: Setter, form: Form) -> Response:
    """Take a template in and put it in use, or say everything that is wrong with it."""
    largest = visit.house.settings.upload_mb * 1024 * 1024
    desk = visit.house.installation.desk(visit.office_id, visit.actor)
    try:
        content, name = content_of(form, largest)
        findings = check_template(content, name)
        if findings:
            return _page(visit, tuple(findings))
        letterhead.hand_in(desk, content, name, now=visit.now)
    except RefusedError as refused:
        return _page(visit, refused.findings)
    return RedirectResponse("/letterhead?done=1", status_code=303)


@router.post("/letterhead/use")
def use(visit: Setter, sha256: Annotated[str, Field(max_length=64)] = "") -> Response:
    """Put one that was there before, or the shipped one, in use."""
    desk = visit.house.installation.desk(visit.office_id, visit.actor)
    try:
        letterhead.choose(desk, sha256, now=visit.now)
    except RefusedError as refused:
        return _page(visit, refused.findings)
    return RedirectResponse("/letterhead?done=1", status_code=303)


@router.get("/letterhead/file")
def take(visit: Setter, sha256: str = "") -> Response:
    """Hand out a template as it was handed in; the shipped one to begin with."""
    return as_file(_content(visit, sha256), f"letter-{sha256[:12] or 'shipped'}.docx", TYPES["docx"])


@router.get("/letterhead/preview")
def preview(visit: Setter, sha256: str = "") -> Response:
    """Hand out the notice of the period that is picked, written with a template, as a draft."""
    picker = visit.picker
    if picker is None:
        raise MissingError
    made = whole(visit, picker.rulebook, picker.span)
    wish = Wish(template=_content(visit, sha256), template_name=sha256[:12])
    return as_file(exported(made, wish, "docx").data, f"preview-{sha256[:12] or 'shipped'}.docx", TYPES["docx"])


def _content(visit: Visit, sha256: str) -> bytes:
    """Return one of the office's templates; the shipped one where none is named."""
    house = visit.house.installation
    if not sha256:
        return SHIPPED.read_bytes()
    if sha256 not in {one.sha256 for one in letterhead.history(house, visit.office_id)}:
        raise MissingError
    return house.evidence.content(visit.office_id, sha256)
