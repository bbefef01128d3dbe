"""The whole river on one page: events that count, the family's judgement, ranks, standings with their entries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from importlib.metadata import PackageNotFoundError, version

from appraisal.errors import Finding, RefusedError
from appraisal.families import family_of
from appraisal.methods.family import Judged, Judgement, Sitting
from appraisal.model.edition import Edition
from appraisal.model.event import Event, input_hash
from appraisal.model.ledger import resolve
from appraisal.model.periods import Span
from appraisal.model.rulebook import Subject
from appraisal.model.standing import Assessment, Standing
from appraisal.tally.ranks import places


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
    rows = {event.id: event for event in events if known is None or event.known_at <= known}
    ledger = resolve(rows.values(), edition.rulebook, known=known)
    if ledger.conflicts:
        names = {subject.id: subject.name for subject in roster or edition.roster}
        raise RefusedError(_conflict(first, second, names) for first, second in ledger.conflicts)
    counted = tuple(event for event in ledger.counted if span.contains(event.when))
    subjects = _roster(edition, counted, roster)
    sitting = Sitting(edition=edition, events=counted, roster=subjects, span=span, day=day)
    judged = family_of(edition.rulebook.family).judge(sitting)
    found = tuple(_standings(judged))
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
        warnings=judged.warnings,
        not_counted=tuple(ledger.not_counted_in(inside)),
        readings=edition.readings,
        exhibits=judged.exhibits,
    )


def sketch(
    edition: Edition,
    counted: Iterable[Event],
    span: Span,
    *,
    day: date | None = None,
    roster: Sequence[Subject] | None = None,
    explained: Iterable[str] = (),
) -> tuple[Standing, ...]:
    """Return the standings that events which count would give, with the items and entries of some subjects only.

    Totals and ranks are those of `assess`; what changes if something happened is asked many times.
    """
    chosen = tuple(event for event in counted if span.contains(event.when))
    subjects = _roster(edition, chosen, roster)
    sitting = Sitting(
        edition=edition, events=chosen, roster=subjects, span=span, day=day, explained=frozenset(explained)
    )
    return tuple(_standings(family_of(edition.rulebook.family).judge(sitting)))


def _roster(edition: Edition, counted: Sequence[Event], given: Sequence[Subject] | None) -> tuple[Subject, ...]:
    """Return who is judged; an open roster is whoever the events are about, in order of name."""
    subjects = tuple(given if given is not None else edition.roster)
    if given is None and not subjects:
        return tuple(Subject.named(name) for name in sorted({event.subject for event in counted}))
    known = {subject.id for subject in subjects}
    strangers = [event for event in counted if event.subject not in known]
    if strangers:
        raise RefusedError(Finding(code="S102", args={"id": e.id, "subject": e.subject}) for e in strangers)
    return subjects


def _standings(judged: Judged) -> Iterable[Standing]:
    keys = [judgement.order or (judgement.total,) for judgement in judged.judgements]
    last = [judgement.last for judgement in judged.judgements]
    ranks = places(keys, last, dense=judged.dense)
    without = places(keys, dense=judged.dense) if any(last) else ranks
    for judgement, rank, bare in zip(judged.judgements, ranks, without, strict=True):
        yield _standing(judgement, rank, bare)


def _standing(judgement: Judgement, rank: int, without_veto: int) -> Standing:
    return Standing(
        subject=judgement.subject.id,
        name=judgement.subject.name,
        rank=rank,
        rank_without_veto=without_veto,
        total=judgement.total,
        provisional=judgement.provisional,
        departments=judgement.departments,
        items=judgement.items,
        grade=judgement.grade,
        vetoed=judgement.last,
        verdicts=judgement.verdicts,
        exhibits=judgement.exhibits,
    )


def _conflict(first: Event, second: Event, names: Mapping[str, str]) -> Finding:
    subject = names.get(first.subject, first.subject)
    args = {"first": first.id, "second": second.id, "clause": first.clause, "subject": subject}
    return Finding(code="S101", args=args)
