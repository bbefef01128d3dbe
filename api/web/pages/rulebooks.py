"""The rulebooks that the office adopted: which, and one as a tree with its sentences, readings and coverage."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from api.web.faults import MissingError
from api.web.guard import Guard
from api.web.views.rulebook import AdoptionView, RulebookPage, adoption_view, rulebook_page
from api.web.views.sheets import TableView, table_view
from api.web.visit import Visit
from appraisal.office.rights import Action
from reports.looks import look_of

router = APIRouter(include_in_schema=False)
Reader = Annotated[Visit, Depends(Guard(Action.READ_RULEBOOK))]


def adoptions(visit: Visit) -> list[AdoptionView]:
    """Return the adoptions of this office, the latest first; superseded ones too."""
    log = visit.house.installation.log
    lines = log.adoptions(visit.office_id)
    latest = {line.rulebook: line.position for line in lines}
    return [
        adoption_view(line, log.edition(line), current=latest[line.rulebook] == line.position)
        for line in reversed(lines)
    ]


def make(visit: Visit, rulebook: str) -> RulebookPage:
    """Return the view of a rulebook as it was adopted last."""
    log = visit.house.installation.log
    lines = [line for line in log.adoptions(visit.office_id) if line.rulebook == rulebook]
    if not lines:
        raise MissingError
    version, _ = log.kept(lines[-1])
    mine = [view for view in adoptions(visit) if view.rulebook == rulebook]
    return rulebook_page(log.edition(lines[-1]), version.source, mine, visit.lang)


@router.get("/rulebooks")
def show_list(visit: Reader) -> Response:
    """Show which rulebooks the office adopted."""
    return visit.show("rulebooks.html", {"adoptions": adoptions(visit)})


@router.get("/rulebooks/{rulebook}")
def show(visit: Reader, rulebook: str) -> Response:
    """Show a rulebook."""
    view = make(visit, rulebook)
    return visit.show("rulebook.html", {"view": view, "tables": () if view.departments else _tables(visit, rulebook)})


def _tables(visit: Visit, rulebook: str) -> tuple[TableView, ...]:
    """Return a rulebook without departments in the tables of its family; its readings have a place of their own."""
    line = next(
        line for line in reversed(visit.house.installation.log.adoptions(visit.office_id)) if line.rulebook == rulebook
    )
    edition = visit.house.installation.log.edition(line)
    found = look_of(edition.rulebook).rulebook(edition, visit.lang).tables
    readings = visit.say("sheet_readings")
    return tuple(table_view(table) for table in found if table.title != readings)
