"""Handing in a file of answers, fields or survey rows of the other families: all of it, or every fault of it."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
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
from appraisal.model.questionnaire import Questionnaire
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
    try:
        return _taken(visit, rulebook, content, name)
    except RefusedError as refused:
        return _page(visit, rulebook, refused.findings, status=422)


def _taken(visit: Visit, rulebook: str, content: bytes, name: str) -> Response:
    """Take in a file with a trace and lead to its result; every fault is refused, under the file's own name."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"input{PurePath(name).suffix.lower()[:10]}"
        path.write_bytes(content)
        try:
            taken = visit.office.import_files([path], rulebook=rulebook, now=visit.now)
        except RefusedError as refused:
            raise RefusedError(replace(renamed(f, path, name), excerpt="") for f in refused.findings) from refused
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


# A questionnaire, filled in on the page


def _questionnaire(visit: Visit, rulebook: str) -> Questionnaire:
    if not any(a.current and a.rulebook == rulebook for a in adoptions(visit)):
        raise MissingError
    book = visit.office.log.edition(visit.office.adopted(rulebook)).rulebook
    if not isinstance(book, Questionnaire):
        raise MissingError
    return book


def _filled(
    visit: Visit, rulebook: str, told: Mapping[str, list[str]], faults: Mapping[str, list[tuple[str, str]]], status: int
) -> Response:
    context = {"rulebook": rulebook, "book": _questionnaire(visit, rulebook), "told": told, "faults": faults}
    return visit.show("questionnaire.html", context, status=status)


@router.get("/assessments/{rulebook}/form")
def fill(visit: Runner, rulebook: str) -> Response:
    """Show the questionnaire: its questions, the figures behind them, and the scenarios."""
    return _filled(visit, rulebook, {}, {}, 200)


@router.post("/assessments/{rulebook}/form")
def save(visit: Runner, rulebook: str, form: Form) -> Response:
    """Take in all answers of one firm, or show what is wrong beside each question and take in nothing."""
    book = _questionnaire(visit, rulebook)
    parts = [*book.figure_by_id, *book.question_by_id, *book.scenario_by_id]
    names = ["subject", "source", *parts]
    told = {name: [v.strip() for v in form.getlist(name) if isinstance(v, str) and v.strip()] for name in names}
    subject, source = "".join(told["subject"][:1]), "".join(told["source"][:1])
    answered = [name for name in parts if told[name]]
    rows = [{"企业": subject, "题号": name, "答案": ";".join(told[name]), "来源": source} for name in answered]
    content = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    if not subject or not rows:
        nothing = Finding(code="Q018", args={"column": "答案" if subject else "企业"})
        return _filled(visit, rulebook, told, {"": [(nothing.what(visit.lang), nothing.remedy(visit.lang))]}, 422)
    try:
        return _taken(visit, rulebook, content.encode(), "form.jsonl")
    except RefusedError as refused:
        faults: dict[str, list[tuple[str, str]]] = {}
        for finding in refused.findings:
            line = finding.place.line if finding.place else 0
            at = answered[line - 1] if 0 < line <= len(answered) else ""
            faults.setdefault(at, []).append((finding.what(visit.lang), finding.remedy(visit.lang)))
        return _filled(visit, rulebook, told, faults, 422)
