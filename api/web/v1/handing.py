"""Files and rows that programs hand in: evidence, imports of events, answers and rows of the other families."""

from __future__ import annotations

import json
from typing import Annotated

from fastapi import Form, UploadFile
from fastapi.responses import Response

from api.web.faults import MissingError
from api.web.forms import MOST_BYTES, content_of, keep
from api.web.pages import imports as pages
from api.web.pages.assessments import running
from api.web.pages.inputs import take
from api.web.v1.doors import CHANGES, Key, Part, Rulebook, guarded, router
from api.web.v1.once import Asked
from api.web.v1.shapes import Evidence, Rows, TakenIn
from api.web.views.imports import ImportPage, import_page
from api.web.visit import Visit
from appraisal.office import imports
from appraisal.office.imports import Import
from appraisal.office.rights import Action

routes = router()
Reasons = Annotated[str, Form(max_length=4000, description="why nothing of it is an entry that it resembles")]


@routes.post("/evidence", status_code=201, responses=CHANGES, max_body_size=MOST_BYTES)
def hand_in(visit: Annotated[Visit, guarded(Action.ADD_EVIDENCE)], file: UploadFile) -> Evidence:
    """Keep a file; its hash goes into `files` of what it is evidence of. The same file again is the same evidence."""
    found = visit.house.installation.evidence.get(visit.office_id, keep(visit, file).id)
    return Evidence(sha256=found.sha256, type=found.type, size=found.size)


def _content(visit: Visit, file: UploadFile) -> tuple[bytes, str]:
    return content_of({"file": file}, visit.house.settings.upload_mb * 1024 * 1024)


def _book(visit: Visit) -> str:
    book = pages.picked(visit)
    if not book:
        raise MissingError
    return book


@routes.post("/imports/look", responses=CHANGES, max_body_size=MOST_BYTES)
def look(visit: Annotated[Visit, guarded(Action.IMPORT)], file: UploadFile, rulebook: Rulebook = "") -> ImportPage:
    """Say what would become of a file of events, row by row, with every fault; nothing is kept."""
    del rulebook
    content, name = _content(visit, file)
    desk = visit.house.installation.desk(visit.office_id, visit.actor)
    return import_page(imports.look(desk, _book(visit), content, name, now=visit.now), "", name, visit.lang)


@routes.post("/imports", status_code=201, response_model=TakenIn, responses=CHANGES, max_body_size=MOST_BYTES)
def take_in(
    visit: Annotated[Visit, guarded(Action.IMPORT)],
    file: UploadFile,
    not_duplicate: Reasons = "",
    rulebook: Rulebook = "",
    key: Key = "",
) -> Response:
    """Take in a whole file of events, or nothing of it and every fault."""
    del rulebook
    content, name = _content(visit, file)
    asked = Asked.of(visit, key, content + not_duplicate.encode(errors="replace"))
    desk = visit.house.installation.desk(visit.office_id, visit.actor)

    def do() -> TakenIn:
        found: Import = imports.take(desk, _book(visit), content, name, now=visit.now, duplicate=not_duplicate)
        there = sum(row.there for row in found.rows)
        return TakenIn(rulebook=found.rulebook, appended=len(found.fresh), there=there)

    return asked.answer(do)


def _runs(visit: Visit, rulebook: str) -> None:
    if rulebook not in {line.rulebook for line in running(visit)}:
        raise MissingError


def _taken(visit: Visit, rulebook: str, content: bytes, name: str) -> TakenIn:
    result = take(visit, rulebook, content, name)
    return TakenIn(rulebook=rulebook, appended=result.appended, there=result.ignored)


@routes.post(
    "/assessments/{rulebook}/input",
    status_code=201,
    response_model=TakenIn,
    responses=CHANGES,
    max_body_size=MOST_BYTES,
)
def take_input(
    visit: Annotated[Visit, guarded(Action.RUN_ASSESSMENT)], rulebook: Part, file: UploadFile, key: Key = ""
) -> Response:
    """Take in a whole file of answers, fields or survey rows, or nothing of it and every fault."""
    _runs(visit, rulebook)
    content, name = _content(visit, file)
    asked = Asked.of(visit, key, content)
    return asked.answer(lambda: _taken(visit, rulebook, content, name))


@routes.post("/assessments/{rulebook}/rows", status_code=201, response_model=TakenIn, responses=CHANGES)
def take_rows(
    visit: Annotated[Visit, guarded(Action.RUN_ASSESSMENT)], rulebook: Part, told: Rows, key: Key = ""
) -> Response:
    """Take in rows of answers, fields or a survey, by the names of their columns: all of them, or none."""
    _runs(visit, rulebook)
    asked = Asked.of(visit, key, told)
    content = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in told.rows).encode(errors="replace")
    return asked.answer(lambda: _taken(visit, rulebook, content, "rows.jsonl"))
