"""Putting up what others decide on: a community's application for a bonus, a matter that rests on a decision record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import RedirectResponse, Response

from api.web.forms import ACCEPT, CELLS, MOST_BYTES, Form, handed_in, texts
from api.web.guard import Guard
from api.web.views.entry import Choice, EntryForm, brief, fields, with_faults
from api.web.visit import Visit
from appraisal.errors import Finding, RefusedError
from appraisal.model.clauses import Clause
from appraisal.model.edition import Edition
from appraisal.office import claims, entries
from appraisal.office.rights import Action

router = APIRouter(include_in_schema=False)
Declarer = Annotated[Visit, Depends(Guard(Action.DECLARE))]
Decider = Annotated[Visit, Depends(Guard(Action.DECIDE))]


@dataclass(frozen=True, kw_only=True)
class Kind:
    """What is put up: the pages of its queue, and by which right."""

    key: str
    action: Action

    def offered(self, edition: Edition) -> Iterable[Clause]:
        """Yield the clauses that it may be put up under, in the order of the document."""
        for clause in edition.scorecard.clauses():
            bonus = clause.needs_confirmation
            wanted = bonus if self.action is Action.DECLARE else entries.needs_decision(edition, clause)
            if wanted and clause.inputs().loggable:
                yield clause


CLAIM = Kind(key="claims", action=Action.DECLARE)
MATTER = Kind(key="decisions", action=Action.DECIDE)


@router.get("/claims/new")
def new_claim(visit: Declarer) -> Response:
    """Show the form of an application: first the clauses that take one, then the fields of the one chosen."""
    return _form(visit, CLAIM, dict(visit.request.query_params), ())


@router.post("/claims", max_body_size=MOST_BYTES)
def declare(visit: Declarer, form: Form) -> Response:
    """Hand in an application; or show the form again with all that is wrong."""
    return _put_up(visit, CLAIM, texts(form), *handed_in(visit, form))


@router.get("/decisions/new")
def new_matter(visit: Decider) -> Response:
    """Show the form of a matter that rests on a decision: an order of equals, a special project, the negative list."""
    return _form(visit, MATTER, dict(visit.request.query_params), ())


@router.post("/decisions", max_body_size=MOST_BYTES)
def put_up(visit: Decider, form: Form) -> Response:
    """Put a matter up and lead to its decision: until the record is there it does not count."""
    return _put_up(visit, MATTER, texts(form), *handed_in(visit, form))


def _put_up(
    visit: Visit, kind: Kind, told: dict[str, str], kept: tuple[Choice, ...], findings: tuple[Finding, ...]
) -> Response:
    picker = visit.picker
    if picker is None:
        return visit.show("nothing.html", {})
    if findings:
        return _form(visit, kind, told, kept, findings, status=422)
    desk = visit.house.installation.desk(visit.office_id, visit.actor)
    cells = {**{name: told[name] for name in CELLS if name in told}, "clause": told.get("clause", "")}
    files, now = [one.id for one in kept], visit.now
    try:
        if kind is CLAIM:
            event = claims.declare(desk, picker.rulebook, cells, now=now, files=files)
        else:
            again = told.get("duplicate", "")
            event = entries.log(desk, picker.rulebook, cells, now=now, files=files, duplicate=again)
    except RefusedError as refused:
        return _form(visit, kind, told, kept, refused.findings, status=422)
    return RedirectResponse(f"/events/{event.id}{'' if kind is CLAIM else '/decide'}", status_code=303)


def _form(
    visit: Visit,
    kind: Kind,
    told: Mapping[str, str],
    kept: tuple[Choice, ...],
    findings: tuple[Finding, ...] = (),
    *,
    status: int = 200,
) -> Response:
    picker = visit.picker
    if picker is None:
        return visit.show("nothing.html", {})
    desk = visit.house.installation.desk(visit.office_id, visit.actor)
    adoption, edition = entries.adopted(desk, picker.rulebook)
    if edition.rulebook.family != "scorecard":
        return visit.show("nothing.html", {})
    offered = list(kind.offered(edition))
    chosen = next((c for c in offered if c.id == told.get("clause", "")), None)
    _, own = visit.bounds(kind.action)
    roster = [s for s in (adoption.roster or edition.roster) if own is None or s.id in own]
    cells = {name: told[name] for name in CELLS if told.get(name, "").strip()}
    if len(roster) == 1:
        cells.setdefault("subject", roster[0].id)
    rows = fields(chosen, roster, picker.noun, cells) if chosen else []
    marked, faults = with_faults(rows, findings, visit.lang)
    form = EntryForm(
        rulebook=picker.rulebook,
        clause=brief(edition, chosen) if chosen else None,
        fields=marked,
        faults=faults,
        kept=kept,
        duplicate=told.get("duplicate", ""),
        duplicate_needed=any(f.code == "O033" for f in findings) or bool(told.get("duplicate")),
    )
    context = {"form": form, "offered": [brief(edition, c) for c in offered], "accept": ACCEPT, "kind": kind.key}
    return visit.show("claim.html", {**context, "largest": visit.house.settings.upload_mb}, status=status)
