"""The whole river on one page: events that count, the family's judgement, ranks, standings with their entries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from importlib.metadata import PackageNotFoundError, version

from appraisal.errors import Finding, RefusedError
from appraisal.families import family_of
from appraisal.methods.family import Judged, Judgement, Sitting
from appraisal.model.edition import Edition
from appraisal.model.event import Event
from appraisal.model.ledger import Ledger, resolve
from appraisal.model.periods import Span
from appraisal.model.rulebook import Subject
from appraisal.model.standing import Assessment, NotCounted, Standing
from appraisal.tally.ranks import places


@cache
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
    return judge(edition, resolve(events, edition.rulebook, known=known), span, known=known, day=day, roster=roster)


def judge(
    edition: Edition,
    ledger: Ledger,
    span: Span,
    *,
    known: datetime | None = None,
    day: date | None = None,
    roster: Sequence[Subject] | None = None,
) -> Assessment:
    """Return the standings that a ledger gives: `assess` for who asks for many spans, or what if one line more."""
    if ledger.conflicts:
        names = {subject.id: subject.name for subject in roster or edition.roster}
        raise RefusedError(_conflict(first, second, names) for first, second in ledger.conflicts)
    part = ledger.within(span)
    subjects = _roster(edition, part.counted, roster)
    sitting = Sitting(edition=edition, part=part, roster=subjects, span=span, day=day)
    judged = family_of(edition.rulebook.family).judge(sitting)
    found = tuple(_standings(judged))
    return Assessment(
        rulebook=edition.rulebook.id,
        rulebook_hash=edition.hash,
        engine=engine_version(),
        span=span,
        input_hash=ledger.input_hash,
        known=known,
        day=day,
        provisional=any(standing.provisional for standing in found),
        standings=found,
        warnings=judged.warnings,
        not_counted=tuple(NotCounted(event=event.id, reason=reason) for event, reason in part.not_counted),
        readings=edition.readings,
        exhibits=judged.exhibits,
    )


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
