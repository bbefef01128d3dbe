"""The list of events with its filters and counts, one event, and the evidence behind it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response

from api.web import parts
from api.web.faults import MissingError
from api.web.found import find
from api.web.guard import Guard
from api.web.pages.deeds import allowed
from api.web.picks import Picker
from api.web.rendering import with_query
from api.web.v1.shapes import Events
from api.web.views.deeds import DEEDS
from api.web.views.events import Choice, Did, EventList, EventPage, EventRow, done, event_page, files_of_case, row, tabs
from api.web.visit import Note, Visit
from api.web.words import N_
from appraisal.errors import RefusedError
from appraisal.model.periods import Span, SpanKind
from appraisal.model.steps import Step
from appraisal.office import yearbook
from appraisal.office.months import span_of
from appraisal.office.rights import Action
from appraisal.office.workflow import State
from appraisal.office.yearbook import Yearbook
from appraisal.store.audit import Trace
from appraisal.store.evidence import SUFFIXES
from appraisal.store.lines import Line

router = APIRouter(include_in_schema=False)
Reader = Annotated[Visit, Depends(Guard(Action.READ_EVENTS))]
PAGE = 50
Word = Annotated[str, Query(max_length=200)]


def narrowed(
    department: Word = "", clause: Word = "", state: Word = "", words: Word = "", lacking: Word = ""
) -> dict[str, str]:
    """Return the filters of a list of events."""
    return {"department": department, "clause": clause, "state": state, "words": words, "lacking": lacking}


Filters = Annotated[dict[str, str], Depends(narrowed)]


@router.get("/events")
def show_list(visit: Reader, filters: Filters, page: Annotated[int, Query(ge=1, le=100_000)] = 1) -> Response:
    """Show the events of what is picked, filtered, the latest first."""
    if visit.picker is None:
        return visit.show("nothing.html", {})
    view = listing(visit, filters, page)
    return visit.show("events.html", {"view": view}, block="list")


def listing(visit: Visit, filters: dict[str, str], page: int, size: int = PAGE) -> EventList:
    """Return a page of events, as far as whoever asks may see them."""
    picker = _picker(visit)
    book = visit.house.installation.yearbook(visit.office_id, picker.rulebook, picker.span.year)
    found = book.find(asked(visit, book, filters, (page - 1) * size, size))
    first = (page - 1) * size
    told = {key: value for key, value in filters.items() if value}
    at = {**told, "rulebook": picker.rulebook, "period": picker.period, "subject": picker.subject}
    departments, _ = visit.bounds(Action.READ_EVENTS)
    return EventList(
        may_import=visit.reach(Action.IMPORT) is not None,
        total=found.total,
        first=first + 1 if found.lines else 0,
        last=first + len(found.lines),
        rows=tuple(_rows(visit, book, found.lines)),
        tabs=tabs(found.states, visit.lang),
        lacking=found.lacking,
        departments=tuple(
            Choice(id=d.id, name=d.id)
            for d in parts.departments(book.edition)
            if departments is None or d.id in departments
        ),
        filters=filters,
        older=with_query("/events", {**at, "page": page + 1}) if first + size < found.total else "",
        newer=with_query("/events", {**at, "page": page - 1}) if page > 1 else "",
    )


def slice_of(visit: Visit, filters: dict[str, str], *, before: int | None, size: int) -> Events:
    """Return events whose line comes before a position of the log, the latest first: a page that no append shifts."""
    picker = _picker(visit)
    book = visit.house.installation.yearbook(visit.office_id, picker.rulebook, picker.span.year)
    found = book.find(asked(visit, book, filters, 0, len(book.lines) + 1))
    rest = [line for line in found.lines if before is None or line.position < before]
    shown = rest[:size]
    following = str(shown[-1].position) if rest[size:] else ""
    return Events(items=tuple(_rows(visit, book, shown)), next=following, total=found.total)


def _picker(visit: Visit) -> Picker:
    if visit.picker is None:
        raise MissingError
    return visit.picker


def _rows(visit: Visit, book: Yearbook, lines: Sequence[Line]) -> Iterator[EventRow]:
    did: dict[str, list[Did]] = {}
    for period in {line.event.when for line in lines}:
        did |= worked(visit, book.adoption.rulebook, span_of(period))
    names = names_of(book)
    for line in lines:
        yield row(line, book, names, did)


def names_of(book: Yearbook) -> dict[str, str]:
    """Return the names of the subjects by id."""
    roster = book.adoption.roster if book.adoption.roster is not None else book.edition.roster
    return {subject.id: subject.name for subject in roster}


def asked(visit: Visit, book: Yearbook, filters: dict[str, str], offset: int, size: int) -> yearbook.Query:
    """Return the query of what is picked and filtered, within what whoever asks may see."""
    picker = _picker(visit)
    departments, subjects = visit.bounds(Action.READ_EVENTS)
    wanted = frozenset({filters["department"]} - {""})
    if departments is not None:
        wanted = (wanted & departments) or departments
    chosen = frozenset({picker.subject} - {""})
    if subjects is not None:
        chosen = (chosen & subjects) or subjects
    span = picker.span
    clauses = frozenset(c.id for c in parts.clauses(book.edition) if c.id.startswith(filters["clause"]))
    return yearbook.Query(
        subjects=chosen,
        departments=wanted,
        clauses=(clauses or frozenset({filters["clause"]})) if filters["clause"] else frozenset(),
        months=frozenset() if span.kind is SpanKind.YEAR else frozenset(span.months),
        states=frozenset({State(filters["state"])}) if filters["state"] in set(State) else frozenset(),
        words=filters["words"],
        lacking=bool(filters.get("lacking")),
        offset=offset,
        limit=size,
    )


def worked(visit: Visit, rulebook: str, span: Span) -> dict[str, list[Did]]:
    """Return what each event of a span did; nothing where the span cannot be judged."""
    try:
        found = find(visit.house.installation, visit.office_id, rulebook, span, day=visit.now.date())
    except RefusedError:
        return {}
    return done(found, visit.lang)


def make(visit: Visit, event: str) -> EventPage:
    """Return the view of an event that whoever asks may read."""
    house = visit.house.installation
    line = house.desk(visit.office_id, visit.actor).line(event)
    book = house.yearbook(visit.office_id, line.rulebook, line.event.when.year)
    if event not in book.lines:
        raise MissingError
    did = worked(visit, line.rulebook, span_of(line.event.when))
    return event_page(line, book, book.case(event), names_of(book), did, visit.lang)


@router.get("/events/{event}")
def show(visit: Reader, event: str) -> Response:
    """Show an event with its clause, its evidence, its steps and what it did."""
    desk = visit.house.installation.desk(visit.office_id, visit.actor)
    case = desk.case(event)
    deeds = tuple(allowed(visit, case, desk.place(desk.line(event))))
    view, files = make(visit, event), list(_files(visit, event))
    notes: tuple[Note, ...] = ()
    if done_key := visit.request.query_params.get("done", ""):
        label = next((d.label for d in DEEDS if d.key == done_key), "")
        notes = (Note(kind="success", words=visit.word(label) + visit.word(N_("：已办理"))),) if label else ()
    noticed = any(step in {Step.RULED, Step.DECIDED} for step, _ in case.steps)
    notice = noticed and visit.may(Action.EXPORT, subject=view.row.subject, department=view.row.department)
    context = {"view": view, "files": files, "deeds": deeds, "notice": notice}
    return visit.show("event.html", context, notes=notes)


def _files(visit: Visit, event: str) -> Iterator[tuple[str, str, int]]:
    house = visit.house.installation
    case = house.desk(visit.office_id, visit.actor).case(event)
    for name in dict.fromkeys(files_of_case(case)):
        found = house.evidence.get(visit.office_id, name)
        yield found.sha256, found.type, found.size


@router.get("/events/{event}/files/{name}")
def show_file(visit: Annotated[Visit, Depends(Guard(Action.READ_EVIDENCE))], event: str, name: str) -> Response:
    """Hand out a file of an event, and leave a trace of it."""
    house = visit.house.installation
    desk = house.desk(visit.office_id, visit.actor)
    line = desk.line(event)
    desk.require(Action.READ_EVIDENCE, **desk.place(line))
    if name not in set(files_of_case(desk.case(event))):
        raise MissingError
    found = house.evidence.get(visit.office_id, name)
    content = house.evidence.content(visit.office_id, name)
    house.audit.note(
        Trace(at=visit.now, actor=visit.actor.id, action="read_evidence", office=visit.office_id, target=event)
    )
    inline = found.type.startswith("image/") or found.type == "application/pdf"
    kind = "inline" if inline else "attachment"
    headers = {"Content-Disposition": f'{kind}; filename="{name[:12]}{SUFFIXES.get(found.type, "")}"'}
    return Response(content, media_type=found.type, headers=headers)
