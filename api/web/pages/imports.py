"""Importing: a template of the own department, a file looked at row by row, and all of it taken in or none."""

from __future__ import annotations

from pathlib import PurePath
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi.responses import RedirectResponse, Response

from api.web.faults import MissingError
from api.web.forms import MOST_BYTES, Form, content_of, file_name, texts
from api.web.guard import Guard
from api.web.pages.exports import TYPES
from api.web.rendering import with_query
from api.web.taking import as_file, trace
from api.web.views.imports import import_page
from api.web.visit import Note, Visit
from api.web.words import N_
from appraisal.errors import Finding, RefusedError
from appraisal.office import entries, imports
from appraisal.office.imports import Import
from appraisal.office.rights import Action
from appraisal.reading.tables import FORMATS
from appraisal.store.evidence import SUFFIXES
from reports.import_sheets import import_faults, import_template

router = APIRouter(include_in_schema=False)
Officer = Annotated[Visit, Depends(Guard(Action.IMPORT))]
Called = Annotated[str, Query(max_length=200)]


def picked(visit: Visit) -> str:
    """Return the scorecard that is picked; empty where there is none."""
    picker = visit.picker
    if picker is None:
        return ""
    _, edition = entries.adopted(visit.house.installation.desk(visit.office_id, visit.actor), picker.rulebook)
    return picker.rulebook if edition.rulebook.family == "scorecard" else ""


def _start(
    visit: Visit, findings: tuple[Finding, ...] = (), notes: tuple[Note, ...] = (), status: int = 200
) -> Response:
    told = [(finding.what(visit.lang), finding.remedy(visit.lang)) for finding in findings]
    departments = visit.bounds(Action.IMPORT)[0]
    context = {
        "findings": told,
        "departments": sorted(departments or ()),
        "accept": ",".join(FORMATS),
        "largest": visit.house.settings.upload_mb,
        "most": imports.MOST_ROWS,
    }
    return visit.show("imports.html", context, notes=notes, status=status)


@router.get("/imports")
def start(visit: Officer, done: Annotated[int, Query(ge=0, le=10**6)] = -1, there: int = 0) -> Response:
    """Show how to import: the template, and where a file is handed in."""
    if not picked(visit):
        return visit.show("nothing.html", {})
    notes: tuple[Note, ...] = ()
    if done > 0:
        words = visit.word(N_("已全部登记 %(n)s 条。")) % {"n": done}
        notes = (Note(kind="success", words=words, href="/events", link=visit.word(N_("看记录"))),)
    elif done == 0 and there > 0:
        words = visit.word(N_("这个文件的 %(n)s 条以前都已登记，没有重复登记。")) % {"n": there}
        notes = (Note(kind="info", words=words, href="/events", link=visit.word(N_("看记录"))),)
    return _start(visit, notes=notes)


@router.get("/imports/template")
def template(visit: Officer) -> Response:
    """Hand out a workbook with the clauses of the own department."""
    book = picked(visit)
    if not book:
        raise MissingError
    desk = visit.house.installation.desk(visit.office_id, visit.actor)
    adoption, edition = entries.adopted(desk, book)
    clauses = [
        clause
        for department in edition.scorecard.departments
        if desk.may(Action.IMPORT, department=department.id)
        for item in department.items
        for clause in item.all_clauses()
        if clause.inputs().loggable
    ]
    roster = adoption.roster if adoption.roster is not None else edition.roster
    made = import_template(edition, clauses, roster, visit.lang)
    trace(visit, f"{book}/import-template")
    title = visit.word(N_("导入模板"))
    return as_file(made, f"{title}-{book}.xlsx", TYPES["xlsx"])


@router.post("/imports", max_body_size=MOST_BYTES)
def hand_in(visit: Officer, form: Form) -> Response:
    """Look at a file; one that is a table is kept and leads to its preview, else what is wrong is said."""
    book = picked(visit)
    if not book:
        return visit.show("nothing.html", {})
    house = visit.house.installation
    largest = visit.house.settings.upload_mb * 1024 * 1024
    try:
        content, name = content_of(form, largest)
        found = imports.look(house.desk(visit.office_id, visit.actor), book, content, name, now=visit.now)
        if not found.rows:
            return _start(visit, tuple(fault.finding for fault in found.faults), status=422)
        kept = house.evidence.keep(visit.office_id, content, now=visit.now, largest=largest)
    except RefusedError as refused:
        return _start(visit, refused.findings, status=422)
    return RedirectResponse(with_query(f"/imports/{kept.sha256}", {"file": name, "rulebook": book}), status_code=303)


def _found(visit: Visit, name: str, file: str) -> tuple[Import, str]:
    """Look again at a file that was handed in; what it says is judged as of now."""
    book = picked(visit)
    house = visit.house.installation
    kept = house.evidence.get(visit.office_id, name)
    if not book:
        raise MissingError
    called = file_name(file) if file else f"{name[:12]}{SUFFIXES.get(kept.type, '')}"
    content = house.evidence.content(visit.office_id, name)
    return imports.look(house.desk(visit.office_id, visit.actor), book, content, called, now=visit.now), called


@router.get("/imports/{name}")
def preview(visit: Officer, name: str, file: Called = "") -> Response:
    """Show every row of a file with what is wrong beside the cell; nothing is taken in yet."""
    found, called = _found(visit, name, file)
    context = {"view": import_page(found, name, called, visit.lang), "findings": [], "duplicate": ""}
    return visit.show("import.html", context)


@router.post("/imports/{name}")
def take(visit: Officer, name: str, form: Form) -> Response:
    """Take in the whole file, or nothing of it and say why."""
    told = texts(form)
    found, called = _found(visit, name, told.get("file", "")[:200])
    house = visit.house.installation
    desk, content = house.desk(visit.office_id, visit.actor), house.evidence.content(visit.office_id, name)
    reason = told.get("duplicate", "")
    try:
        taken = imports.take(desk, found.rulebook, content, called, now=visit.now, duplicate=reason)
    except RefusedError as refused:
        view = import_page(found, name, called, visit.lang)
        own = {(fault.finding.code, fault.finding.place) for fault in found.faults}
        rest = [(f.what(visit.lang), f.remedy(visit.lang)) for f in refused.findings if (f.code, f.place) not in own]
        return visit.show("import.html", {"view": view, "findings": rest, "duplicate": reason}, status=422)
    there = sum(row.there for row in taken.rows)
    return RedirectResponse(with_query("/imports", {"done": len(taken.fresh), "there": there}), status_code=303)


@router.get("/imports/{name}/faults")
def faults(visit: Officer, name: str, file: Called = "") -> Response:
    """Hand the file back as a workbook with its faulty cells marked, and leave a trace of it."""
    found, called = _found(visit, name, file)
    desk = visit.house.installation.desk(visit.office_id, visit.actor)
    _, edition = entries.adopted(desk, found.rulebook)
    trace(visit, f"{found.rulebook}/import-faults/{name[:12]}")
    made = import_faults(found, edition, visit.lang)
    mark = visit.word(N_("需改正"))
    return as_file(made, f"{PurePath(called).stem}-{mark}.xlsx", TYPES["xlsx"])
