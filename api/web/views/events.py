"""The list of events with filters and counts, and one event with its clause, its steps and what it did."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from api.web.found import Found
from api.web.parts import clause_of, item_of, sentence_of
from api.web.views.model import View
from appraisal.errors import Lang, messages, text
from appraisal.model.event import ACTOR, Event, files_of
from appraisal.model.exact import Exact, exact_form, show
from appraisal.model.standing import EntryKind
from appraisal.model.steps import Step
from appraisal.office.workflow import Case, State
from appraisal.office.yearbook import Yearbook
from appraisal.store.lines import Line
from reports.methods_told import method_told
from reports.wording import said

HIDDEN = frozenset({ACTOR, "actor", "role", "department", "files", "count"})


class Did(View):
    """What an event did in a span: the sentence, its points, and what caps left of them."""

    subject: str
    item: str
    item_name: str
    clause: str
    points: Exact
    counted: Exact
    sentence: str
    taken_by: str


class EventRow(View):
    """An event in a list."""

    id: str
    position: int
    date: str
    period: str
    subject: str
    subject_name: str
    department: str
    clause: str
    clause_text: str
    level: str
    note: str
    state: State
    lacking: bool = False
    points: Exact | None
    counted: Exact | None


class Tab(View):
    """A state to filter by, with how many entries are in it."""

    state: str
    label: str
    count: int


class Choice(View):
    """A line of a filter."""

    id: str
    name: str


class EventList(View):
    """What the page of events shows; `older` and `newer` are addresses of the neighbouring pages."""

    may_import: bool = False
    total: int
    first: int
    last: int
    rows: tuple[EventRow, ...]
    tabs: tuple[Tab, ...]
    lacking: int = 0
    departments: tuple[Choice, ...]
    filters: dict[str, str]
    older: str
    newer: str


class StepView(View):
    """A step in the life of an event."""

    step: str
    id: str
    at: str
    role: str
    note: str


class EventPage(View):
    """What the page of an event shows."""

    row: EventRow
    rulebook: str
    recorded: str
    appended: str
    facts: tuple[tuple[str, str], ...]
    clause_line: str
    method: str
    item: str
    item_name: str
    did: tuple[Did, ...]
    steps: tuple[StepView, ...]
    last: str
    counters: str
    countered_by: str
    derived_from: str
    derived: tuple[str, ...]
    files: tuple[str, ...]
    erased: bool


def done(found: Found, lang: Lang) -> dict[str, list[Did]]:
    """Return what each event of a span did, by id."""
    result: dict[str, list[Did]] = {}
    for standing in found.assessment.standings:
        for item in standing.items:
            for entry in item.entries:
                if entry.kind is EntryKind.CAP:
                    continue
                did = Did(
                    subject=standing.subject,
                    item=item.id,
                    item_name=item.name,
                    clause=entry.clause,
                    points=entry.points,
                    counted=entry.points if entry.counted is None else entry.counted,
                    sentence=said(entry.reason, lang),
                    taken_by=entry.used_up_by,
                )
                for name in entry.events:
                    result.setdefault(name, []).append(did)
    return result


def row(line: Line, book: Yearbook, names: Mapping[str, str], did: Mapping[str, list[Did]]) -> EventRow:
    """Return an event as a list shows it; its points are those of the entries that it alone caused."""
    event = line.event
    sentence = sentence_of(book.edition, event.clause)
    mine = did.get(event.id)
    return EventRow(
        id=event.id,
        position=line.position,
        date=event.date.isoformat(),
        period=str(event.when),
        subject=event.subject,
        subject_name=names.get(event.subject, event.subject),
        department=book.department(event),
        clause=event.clause,
        clause_text=sentence.text if sentence else event.kind,
        level=event.level,
        note=event.note,
        state=book.state(event),
        lacking=event.id in book.lacking,
        points=sum((d.points for d in mine), Fraction(0)) if mine else None,
        counted=sum((d.counted for d in mine), Fraction(0)) if mine else None,
    )


def tabs(states: Mapping[State, int], lang: Lang) -> tuple[Tab, ...]:
    """Return the states that there are, with how many entries are in each."""
    return tuple(Tab(state=s.value, label=text(f"state_of_{s}", lang), count=n) for s, n in states.items())


def event_page(
    line: Line, book: Yearbook, case: Case, names: Mapping[str, str], did: Mapping[str, list[Did]], lang: Lang
) -> EventPage:
    """Return one event with its clause, its steps and what it did."""
    event, edition = line.event, book.edition
    clause = clause_of(edition, event.clause)
    sentence, item = sentence_of(edition, event.clause), item_of(edition, event.clause)
    return EventPage(
        row=row(line, book, names, did),
        rulebook=line.rulebook,
        recorded=event.recorded.isoformat(timespec="minutes") if event.recorded else "",
        appended=line.appended_at.isoformat(timespec="minutes"),
        facts=tuple(_facts(event, lang)),
        clause_line=f"{edition.rulebook.source.file}:{sentence.line}" if sentence else "",
        method=method_told(clause, lang) if clause else "",
        item=item.id if item else "",
        item_name=item.name if item else "",
        did=tuple(did.get(event.id, ())),
        steps=tuple(_steps(case, lang)),
        last=case.last,
        counters=event.counters,
        countered_by=case.by,
        derived_from=event.derived_from,
        derived=tuple(sorted(e.id for e in book.events if e.derived_from == event.id)),
        files=tuple(files_of_case(case)),
        erased=line.erased,
    )


def files_of_case(case: Case) -> Iterator[str]:
    """Yield the hashes of the files of an event and of its steps."""
    for event in (case.entry, *case.lines):
        yield from files_of(event)


def _facts(event: Event, lang: Lang) -> Iterator[tuple[str, str]]:
    if event.count != 1:
        yield text("fact_count", lang), str(event.count)
    for key, value in sorted(event.facts.items()):
        if key in HIDDEN:
            continue
        told = (exact_form(value) or show(value)) if isinstance(value, Fraction) else str(value)
        yield (text(f"fact_{key}", lang) if f"fact_{key}" in messages() else key.removeprefix("x_")), told
    if event.matter:
        yield text("fact_matter", lang), event.matter


def _steps(case: Case, lang: Lang) -> Iterator[StepView]:
    for step, event in case.steps:
        role = str(event.facts.get("role", ""))
        yield StepView(
            step=text(f"step_{step}" if step in Step else "step_submitted", lang),
            id=event.id,
            at=event.known_at.isoformat(timespec="minutes"),
            role=text(f"role_{role}", lang) if role else "",
            note=event.note if event is not case.entry else "",
        )
