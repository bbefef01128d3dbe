"""Handing in a file of answers, fields or survey rows of the other families: all of it, or every fault of it."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path, PurePath
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import UploadFile

from api.web.faults import MissingError
from api.web.forms import MOST_BYTES, Form
from api.web.guard import Guard
from api.web.pages.rulebooks import adoptions
from api.web.rendering import with_query
from api.web.visit import Visit
from appraisal.errors import Finding, RefusedError
from appraisal.office.rights import Action
from appraisal.reading.desks import desk_of
from appraisal.reading.event_sheet import renamed
from appraisal.reading.tables import FORMATS
from appraisal.store.audit import Trace

router = APIRouter(include_in_schema=False)
Runner = Annotated[Visit, Depends(Guard(Action.RUN_ASSESSMENT))]
_SHOWN = 200


def _page(visit: Visit, rulebook: str, findings: tuple[Finding, ...] = (), status: int = 200) -> Response:
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
    }
    return visit.show("inputs.html", context, status=status)


@router.get("/assessments/{rulebook}/input")
def start(visit: Runner, rulebook: str) -> Response:
    """Show which columns a file of this rulebook has, and where it is handed in."""
    return _page(visit, rulebook)


@router.post("/assessments/{rulebook}/input", max_body_size=MOST_BYTES)
def hand_in(visit: Runner, rulebook: str, form: Form) -> Response:
    """Take in all rows of a file and lead to the result, or show every fault and take in nothing."""
    if not any(a.current and a.rulebook == rulebook and a.family != "scorecard" for a in adoptions(visit)):
        raise MissingError
    file = form.get("file")
    if not isinstance(file, UploadFile) or not file.filename:
        return _page(visit, rulebook, (Finding(code="O041"),), status=422)
    most = visit.house.settings.upload_mb
    content = file.file.read(most * 1024 * 1024 + 1)
    if len(content) > most * 1024 * 1024:
        told = {"size": f"> {most} MB", "largest": f"{most} MB"}
        return _page(visit, rulebook, (Finding(code="O042", args=told),), status=422)
    name = PurePath(file.filename.replace("\\", "/")).name[-100:]
    office = visit.office
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"input{PurePath(name).suffix.lower()[:10]}"
        path.write_bytes(content)
        try:
            taken = office.import_files([path], rulebook=rulebook, now=visit.now)
        except RefusedError as refused:
            findings = tuple(replace(renamed(f, path, name), excerpt="") for f in refused.findings)
            return _page(visit, rulebook, findings, status=422)
    visit.house.installation.audit.note(
        Trace(
            at=visit.now,
            actor=visit.actor.id,
            action=Action.RUN_ASSESSMENT.value,
            office=visit.office_id,
            target=f"{rulebook}: {name} ({taken.result.appended})",
        )
    )
    year = next(a.valid_from[:4] for a in adoptions(visit) if a.current and a.rulebook == rulebook)
    return RedirectResponse(
        with_query(f"/assessments/{rulebook}/{year}", {"taken": taken.result.appended}), status_code=303
    )
