"""Appeals: against one entry, within the window, answered by who logged it, ruled on by someone else."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from appraisal.errors import Finding, RefusedError
from appraisal.model.event import Event
from appraisal.model.steps import Step
from appraisal.office import entries, months
from appraisal.office.desk import Desk
from appraisal.office.drafts import draft
from appraisal.office.entries import Cells
from appraisal.office.rights import Action
from appraisal.office.workflow import Case, State
from appraisal.office.yearbook import cases


class Outcome(StrEnum):
    """How an appeal is ruled on: 维持, 调整, 撤销."""

    UPHELD = "upheld"
    ADJUSTED = "adjusted"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, kw_only=True)
class Appeal:
    """An open appeal: its case and how many days are left to rule on it; None where no day is set."""

    case: Case
    days_left: int | None


def appeal(desk: Desk, event_id: str, reason: str, *, on: str, now: datetime, files: Iterable[str] = ()) -> Event:
    """Appeal against an entry; after the window of its month it is refused (O026)."""
    line = desk.line(event_id)
    month = months.month(desk, line.rulebook, line.event.when)
    until = month.appeals_until
    if month.closed or (until is not None and now.date() > until):
        raise RefusedError([Finding(code="O026", args={"until": str(until or month.closed_on or "-")})])
    return desk.act(Step.APPEALED, event_id, on=on, now=now, reason=reason, files=files)


def answer(desk: Desk, event_id: str, reason: str, *, on: str, now: datetime, files: Iterable[str] = ()) -> Event:
    """Answer an appeal for the department that logged the entry."""
    return desk.act(Step.ANSWERED, event_id, on=on, now=now, reason=reason, files=files)


def rule(
    desk: Desk,
    event_id: str,
    outcome: Outcome,
    reason: str,
    *,
    on: str,
    now: datetime,
    cells: Cells | None = None,
    files: Iterable[str] = (),
) -> Event:
    """Rule on an appeal: uphold the entry, put `cells` in its place, or withdraw it; who logged it may not (O021)."""
    facts = {"outcome": outcome.value}
    if outcome is Outcome.ADJUSTED:
        put = ruled(desk, event_id, cells or {})
        return desk.act(Step.RULED, event_id, on=on, now=now, reason=reason, files=files, facts=facts, put=put)
    return desk.act(Step.RULED, event_id, on=on, now=now, reason=reason, files=files, facts=facts)


def ruled(desk: Desk, event_id: str, cells: Cells) -> Event:
    """Return what an adjustment would put in the place of an entry; nothing is kept."""
    line = desk.line(event_id)
    adoption, edition = entries.adopted(desk, line.rulebook)
    told = {**entries.shown(line.event), **cells, "id": f"{event_id}-new"}
    return draft(adoption, edition, told)


def open_appeals(desk: Desk, rulebook: str, year: int, *, day: date) -> tuple[Appeal, ...]:
    """Return the open appeals of a year that the actor may read, the most urgent first."""
    book = desk.house.yearbook(desk.office.id, rulebook, year)
    found = []
    for case in cases(book, {State.APPEALED, State.ANSWERED}):
        place = {"department": book.department(case.entry), "subject": case.entry.subject}
        if desk.may(Action.READ_EVENTS, **place):
            until = months.month(desk, rulebook, case.entry.when).appeals_until
            found.append(Appeal(case=case, days_left=(until - day).days if until else None))
    return tuple(sorted(found, key=lambda a: (a.days_left is None, a.days_left or 0, a.case.entry.id)))
