"""Handing in a file of answers, fields or survey rows of the other families: all of it, or every fault of it."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path, PurePath
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi.responses import RedirectResponse, Response

from api.web.faults import MissingError
from api.web.forms import MOST_BYTES, Form, content_of, texts
from api.web.guard import Guard
from api.web.pages.rulebooks import adoptions
from api.web.rendering import with_query
from api.web.views.inputs import RowsView, rows_view
from api.web.visit import Visit
from appraisal.errors import Finding, RefusedError
from appraisal.office.rights import Action
from appraisal.office.trial import read_rows
from appraisal.reading.desks import desk_of
from appraisal.reading.event_sheet import renamed
from appraisal.reading.tables import FORMATS
from appraisal.store.appending import AppendResult
from appraisal.store.audit import Trace

router = APIRouter(include_in_schema=False)
Runner = Annotated[Visit, Depends(Guard(Action.RUN_ASSESSMENT))]
Short = Annotated[str, Query(max_length=200)]
_SHOWN = 200


def _page(
    visit: Visit,
    rulebook: str,
    findings: tuple[Finding, ...] = (),
    status: int = 200,
    preview: RowsView | None = None,
) -> Response:
    line = next((a for a in adoptions(visit) if a.current and a.rulebook == rulebook), None)
    if line is None or line.family == "scorecard":
        raise MissingError
    office = visit.office
    book = office.log.edition(office.adopted(rulebook)).rulebook
    rows = desk_of(book).rows
    columns = rows(book).form.columns if rows else ()
    context = {
        "line": line,
        "columns": [(column.zh, column.name) for column in columns],
        "findings": [(str(f.place or ""), f.what(visit.lang), f.remedy(visit.lang)) for f in findings[:_SHOWN]],
        "total": len(findings),
        "accept": ",".join(FORMATS),
        "largest": visit.house.settings.upload_mb,
        "year": line.valid_from[:4],
        "preview": preview,
        "noun": book.subject_noun,
    }
    return visit.show("inputs.html", context, status=status)


@router.get("/assessments/{rulebook}/input")
def start(visit: Runner, rulebook: str, kept: Short = "", file: Short = "") -> Response:
    """Show which columns a file has and where it is handed in; and the rows of one that was looked at."""
    if not kept:
        return _page(visit, rulebook)
    content = visit.house.installation.evidence.content(visit.office_id, kept)
    try:
        with _lying(content, file) as path:
            edition, events = read_rows(visit.office, [path], rulebook=rulebook, now=visit.now)
    except RefusedError as refused:
        return _page(visit, rulebook, refused.findings, status=422)
    there = visit.office.log.known_ids(visit.office_id, [event.id for event in events])
    return _page(visit, rulebook, preview=rows_view(edition.rulebook, events, there, kept=kept, file=file))


@router.post("/assessments/{rulebook}/input", max_body_size=MOST_BYTES)
def hand_in(visit: Runner, rulebook: str, form: Form) -> Response:
    """Take in all rows of a file and lead to the result, or show every fault and take in nothing."""
    if not any(a.current and a.rulebook == rulebook and a.family != "scorecard" for a in adoptions(visit)):
        raise MissingError
    evidence, largest = visit.house.installation.evidence, visit.house.settings.upload_mb * 1024 * 1024
    told = texts(form)
    try:
        if told.get("kept"):
            content, name = evidence.content(visit.office_id, told["kept"]), told.get("file", "")[-100:]
        else:
            content, name = content_of(form, largest)
        if not told.get("preview"):
            return taken(visit, rulebook, content, name)
        with _lying(content, name) as path:
            read_rows(visit.office, [path], rulebook=rulebook, now=visit.now)
        kept = evidence.keep(visit.office_id, content, now=visit.now, largest=largest)
    except RefusedError as refused:
        return _page(visit, rulebook, refused.findings, status=422)
    address = with_query(f"/assessments/{rulebook}/input", {"kept": kept.sha256, "file": name})
    return RedirectResponse(address, status_code=303)


@contextmanager
def _lying(content: bytes, name: str) -> Iterator[Path]:
    """Let a file lie in a folder of its own while it is read; every fault is told under the file's own name."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"input{PurePath(name).suffix.lower()[:10]}"
        path.write_bytes(content)
        try:
            yield path
        except RefusedError as refused:
            raise RefusedError(replace(renamed(f, path, name), excerpt="") for f in refused.findings) from refused


def take(visit: Visit, rulebook: str, content: bytes, name: str) -> AppendResult:
    """Take in a file with a trace; every fault is refused, under the file's own name."""
    with _lying(content, name) as path:
        found = visit.office.import_files([path], rulebook=rulebook, now=visit.now)
    visit.house.installation.audit.note(
        Trace(
            at=visit.now,
            actor=visit.actor.id,
            action=Action.RUN_ASSESSMENT.value,
            office=visit.office_id,
            target=f"{rulebook}: {name} ({found.result.appended})",
        )
    )
    return found.result


def taken(visit: Visit, rulebook: str, content: bytes, name: str) -> Response:
    """Take in a file and lead to its result."""
    result = take(visit, rulebook, content, name)
    year = next(a.valid_from[:4] for a in adoptions(visit) if a.current and a.rulebook == rulebook)
    return RedirectResponse(with_query(f"/assessments/{rulebook}/{year}", {"taken": result.appended}), status_code=303)
