"""Moving a month on, what stands in the way of its closing, and the closing itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from appraisal.errors import Finding, RefusedError
from appraisal.model.codec import encode
from appraisal.model.event import Event, Scalar
from appraisal.model.periods import MONTHS, Period
from appraisal.model.standing import State as Due
from appraisal.model.steps import Step
from appraisal.office import notices
from appraisal.office.desk import Desk
from appraisal.office.months import Month, month, span_of
from appraisal.office.workflow import Move, Stage, State
from appraisal.office.yearbook import Yearbook
from appraisal.store import closings
from appraisal.store.checks import overtaken
from appraisal.store.closings import Closing

_UNDER_WAY = {State.DECLARED, State.REVIEWED, State.RETURNED}


def blockers(desk: Desk, rulebook: str, period: Period, *, now: datetime) -> tuple[Finding, ...]:
    """Return what stands in the way of closing a month.

    Open appeals (O060), bonuses under way (O061), entries without their decision (O062), departments that have not
    reported or not truly (O063), items that wait for something (O064), evidence that is missing (O065), a time of
    appeals that is not over (O066); of a year its months that are not final (O067).
    """
    at = month(desk, rulebook, period)
    book = desk.house.yearbook(desk.office.id, rulebook, period.year)
    found = [*_of_entries(book, period), *_of_reports(at), *_of_items(desk, rulebook, period, now)]
    until = at.appeals_until
    if until is not None and now.date() <= until:
        found.append(Finding(code="O066", args={"until": until.isoformat()}))
    if not period.month:
        found += _of_months(desk, rulebook, period, book)
    return tuple(found)


def _of_months(desk: Desk, rulebook: str, period: Period, book: Yearbook) -> Iterator[Finding]:
    """Find the months of a year, as far as the rulebook is in force in them, that are not final."""
    for number in range(1, MONTHS + 1):
        one = Period(period.year, number)
        if book.adoption.covers(one) and not month(desk, rulebook, one).closed:
            yield Finding(code="O067", args={"period": str(one)})


def _of_entries(book: Yearbook, period: Period) -> list[Finding]:
    found = []
    codes = {State.APPEALED: "O060", State.ANSWERED: "O060", State.UNDECIDED: "O062"}
    codes |= dict.fromkeys(_UNDER_WAY, "O061")
    names = {subject.id: subject.name for subject in (*book.edition.roster, *(book.adoption.roster or ()))}
    for line in book.entries:
        event = line.event
        if not (event.when == period or not period.month):
            continue
        state = book.state(event)
        if code := codes.get(state):
            subject = names.get(event.subject, event.subject)
            found.append(Finding(code=code, args={"id": event.id, "subject": subject, "clause": event.clause}))
        elif event.id in book.lacking:
            found.append(Finding(code="O065", args={"clause": event.clause, "id": event.id}))
    return found


def _of_reports(at: Month) -> list[Finding]:
    if not at.period.month:
        return []
    return [
        Finding(
            code="O063",
            args={
                "department": r.department,
                "now": str(r.now),
                "said": "@unreported" if r.entries is None else str(r.entries),
            },
        )
        for r in at.reports.values()
        if not r.stands
    ]


def _of_items(desk: Desk, rulebook: str, period: Period, now: datetime) -> list[Finding]:
    assessment = desk.house.standings(desk.office.id, rulebook, span_of(period), day=now.date())
    waiting: dict[str, list[str]] = {}
    for standing in assessment.standings:
        for item in standing.items:
            if item.state is Due.PENDING:
                waiting.setdefault(item.name, []).append(standing.name)
    return [
        Finding(code="O064", args={"item": name, "number": str(len(who)), "subjects": "、".join(who)})
        for name, who in waiting.items()
    ]


def move(
    desk: Desk,
    rulebook: str,
    period: Period,
    step: Step,
    *,
    on: str,
    now: datetime,
    reason: str = "",
    facts: Mapping[str, Scalar] | None = None,
) -> Event:
    """Move a month on; `on` is the line that the actor saw last.

    Refused: someone moved it meanwhile (L017), its stage does not allow it (O027), no reason where one is needed
    (O023), something stands in the way of closing it (O060–O067), no right (O001).
    """
    at = month(desk, rulebook, period)
    if on != at.last:
        ids = [line.id for line in at.lines]
        seen = ids.index(on) + 1 if on in ids else 0
        if not on or not at.lines:
            raise RefusedError([Finding(code="O022", args={"id": str(period)})])
        raise RefusedError([overtaken(on, at.lines[min(seen, len(at.lines) - 1)])])
    found = next((move for move in at.moves() if move.step is step), None)
    if found is None:
        told = {"period": str(period), "stage": f"@stage_{at.stage}", "step": f"@step_{step}"}
        raise RefusedError([Finding(code="O027", args=told)])
    desk.require(found.action)
    if found.reason and not reason.strip():
        raise RefusedError([Finding(code="O023", args={"step": f"@step_{step}"})])
    signed: dict[str, Scalar] = dict(facts or {})
    lacking = [name for name in ("signer", "number") if step is Step.PUBLISHED and not signed.get(name)]
    if lacking:  # what is official has a signer and a document number
        raise RefusedError([Finding(code="O024", args={"lacking": " ".join(f"@record_{name}" for name in lacking)})])
    return _move(desk, at, found, now=now, reason=reason, facts=signed)


def _move(desk: Desk, at: Month, found: Move, *, now: datetime, reason: str, facts: dict[str, Scalar]) -> Event:
    step = found.step
    line = Event(
        id=desk.fresh(step),
        date=now.date(),
        period=at.period,
        kind=step.value,
        note=reason.strip(),
        recorded=now,
        follows=at.last,
        facts={**facts, **desk.signed(found.action)},
    )
    if step is Step.CLOSED:
        return _close(desk, at, line, now=now)
    told = notices.of_month(desk.office.id, step, at.rulebook, str(at.period), now=now)
    desk.append([line], at.rulebook, now=now, action=step.value, target=str(at.period), told=told)
    return line


def _close(desk: Desk, at: Month, line: Event, *, now: datetime) -> Event:
    found = blockers(desk, at.rulebook, at.period, now=now)
    if found:
        raise RefusedError(found)
    span = span_of(at.period)
    anchor = desk.office.log.head(desk.office.id)
    assessment = desk.house.standings(desk.office.id, at.rulebook, span, day=now.date())
    document = encode(assessment)
    before = desk.house.closings.latest(desk.office.id, at.rulebook, str(span))
    sealed: dict[str, Scalar] = {"standings": closings.seal(document), "position": anchor.position, "head": anchor.hash}
    event = replace(line, facts={**line.facts, **sealed})
    closing = Closing(
        office=desk.office.id,
        rulebook=at.rulebook,
        span=str(span),
        number=before.number + 1 if before else 1,
        event=event.id,
        anchor=anchor,
        sha256=closings.seal(document),
        document=document,
    )
    desk.append(
        [event],
        at.rulebook,
        now=now,
        action=Step.CLOSED,
        target=str(at.period),
        expected=anchor,
        told=notices.of_month(desk.office.id, Step.CLOSED, at.rulebook, str(at.period), now=now),
        also=lambda connection: closings.append(connection, closing),
    )
    return event


def stage(desk: Desk, rulebook: str, period: Period) -> Stage:
    """Return the stage of a month."""
    return month(desk, rulebook, period).stage
