"""The whole river on one page: events that count, columns, methods, caps and ranks, standings with their entries."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from importlib.metadata import PackageNotFoundError, version

from appraisal.errors import Finding, RefusedError
from appraisal.explain import standings, warnings
from appraisal.grid import compute
from appraisal.inference.joins import joins
from appraisal.methods.columns import Roster, TooLargeError, encode
from appraisal.methods.plan import compile_plan
from appraisal.methods.views import View
from appraisal.model.edition import Edition
from appraisal.model.event import Event, input_hash
from appraisal.model.ledger import resolve
from appraisal.model.periods import Span
from appraisal.model.rulebook import Subject
from appraisal.model.standing import Assessment


def engine_version() -> str:
    """Return the version that a receipt carries."""
    try:
        return version("appraisal")
    except PackageNotFoundError:  # pragma: no cover  a source tree that nobody installed
        return "0"


def assess(
    edition: Edition,
    events: Iterable[Event],
    span: Span,
    *,
    known: datetime | None = None,
    day: date | None = None,
    roster: Sequence[Subject] | None = None,
) -> Assessment:
    """Return the standings of one office for one span, with every entry, and the receipt.

    `known`: only what was recorded by then. `day`: duties are judged up to it. Raises RefusedError where two events
    claim the same single value, an event names a subject outside the roster, or figures are too large to be exact.
    """
    rows = {event.id: event for event in events}
    subjects = tuple(roster if roster is not None else edition.roster)
    clauses = {clause.id: clause for clause in edition.rulebook.clauses()}
    ledger = resolve(rows.values(), clauses, known=known)
    if ledger.conflicts:
        raise RefusedError(_conflict(first, second) for first, second in ledger.conflicts)
    counted = [event for event in ledger.counted if span.contains(event.when)]
    known_ids = {subject.id for subject in subjects}
    strangers = [event for event in counted if event.subject not in known_ids]
    if strangers:
        raise RefusedError(Finding(code="S102", args={"id": e.id, "subject": e.subject}) for e in strangers)
    run = Roster.one(subjects)
    plan = compile_plan(edition)
    try:
        columns = encode(counted, plan.words, run)
        if columns.digits != plan.digits:
            plan = compile_plan(edition, columns.digits)
        grid = compute(plan, columns, run, View.one(span, day), keep=True)
    except TooLargeError:
        largest = max(counted, key=lambda e: (abs(e.value or 0), e.count, e.id))
        raise RefusedError([Finding(code="S103", args={"id": largest.id})]) from None
    found = standings(grid)
    inside = {event.id for event, _ in ledger.not_counted if span.contains(event.when)}
    return Assessment(
        rulebook=edition.rulebook.id,
        rulebook_hash=edition.hash,
        engine=engine_version(),
        span=span,
        input_hash=input_hash(rows),
        known=known,
        day=day,
        provisional=any(standing.provisional for standing in found),
        standings=found,
        warnings=(*joins(edition, counted), *warnings(grid)),
        not_counted=tuple(ledger.not_counted_in(inside)),
        readings=edition.readings,
    )


def _conflict(first: Event, second: Event) -> Finding:
    args = {"first": first.id, "second": second.id, "clause": first.clause, "subject": first.subject}
    return Finding(code="S101", args=args)
