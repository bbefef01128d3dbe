"""Bonuses and decisions: 申报 → 审核 → 研究确定, with rounds; and the records that a veto rests on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from appraisal.errors import Finding, RefusedError
from appraisal.model.event import Event, Status
from appraisal.model.steps import Step
from appraisal.office import entries, months, notices
from appraisal.office.desk import Desk
from appraisal.office.drafts import draft
from appraisal.office.entries import Cells
from appraisal.office.rights import Action
from appraisal.store.lines import Line


@dataclass(frozen=True, kw_only=True)
class Decision:
    """A decision record: which body decided, on which day, under which document number, in which files."""

    body: str
    day: date
    number: str
    files: tuple[str, ...]

    def facts(self) -> dict[str, str]:
        """Return the record as facts of a line; a part that is missing is refused (O024)."""
        told = {"body": self.body.strip(), "decided_on": self.day.isoformat(), "number": self.number.strip()}
        lacking = [name for name, value in told.items() if not value] + ([] if self.files else ["files"])
        if lacking:
            raise RefusedError(
                [Finding(code="O024", args={"lacking": " ".join(f"@record_{name}" for name in lacking)})]
            )
        return told


def declare(desk: Desk, rulebook: str, cells: Cells, *, now: datetime, files: Iterable[str] = ()) -> Event:
    """Declare a bonus for a community; it counts nowhere before it is confirmed."""
    adoption, edition = entries.adopted(desk, rulebook)
    event = _declared(desk, rulebook, cells, now=now, files=files)
    onto = months.require_open(desk, adoption, event.when, desk.department(edition, event.clause), now=now)
    if findings := entries.missing(edition, event):
        raise RefusedError(findings)
    line = Line(position=0, rulebook=adoption.rulebook, appended_at=now, event=event)
    told = notices.of_step(desk.office.id, Step.DECLARED, event, line, "")
    desk.append([event], adoption.rulebook, now=now, action=Step.DECLARED, target=event.id, onto=onto, told=told)
    return event


def _declared(desk: Desk, rulebook: str, cells: Cells, *, now: datetime, files: Iterable[str]) -> Event:
    adoption, edition = entries.adopted(desk, rulebook)
    told = {"id": desk.fresh("b"), "date": now.date().isoformat(), **{k: v for k, v in cells.items() if v}}
    event = draft(adoption, edition, told)
    desk.require(Action.DECLARE, subject=event.subject)
    clause = entries.clause_of(edition, event.clause)
    if clause is None or not clause.needs_confirmation:
        raise RefusedError([Finding(code="O025", args={"clause": event.clause or "-"})])
    facts = {**event.facts, **desk.signed(Action.DECLARE)}
    if names := " ".join(files):
        facts["files"] = names
    return replace(event, status=Status.DECLARED, recorded=event.recorded or now, facts=facts)


def declare_again(
    desk: Desk, event_id: str, cells: Cells, *, on: str, now: datetime, files: Iterable[str] = ()
) -> Event:
    """Hand an application in once more after it was returned: a new round of the same application."""
    case = desk.case(event_id)
    line = desk.office.log.line(desk.office.id, event_id)
    put = _declared(desk, line.rulebook, {**entries.shown(case.entry), **cells, "id": ""}, now=now, files=files)
    return desk.act(Step.DECLARED, event_id, on=on, now=now, reason=put.note, put=put)


def review(desk: Desk, event_id: str, *, on: str, now: datetime, reason: str = "") -> Event:
    """Pass a bonus on to be confirmed: 领导小组审核."""
    return desk.act(Step.REVIEWED, event_id, on=on, now=now, reason=reason)


def send_back(desk: Desk, event_id: str, reason: str, *, on: str, now: datetime) -> Event:
    """Return an application for changes: 退回修改."""
    return desk.act(Step.RETURNED, event_id, on=on, now=now, reason=reason)


def decline(desk: Desk, event_id: str, reason: str, *, on: str, now: datetime) -> Event:
    """Decline an application for good."""
    return desk.act(Step.DECLINED, event_id, on=on, now=now, reason=reason)


def confirm(desk: Desk, event_id: str, *, on: str, now: datetime, reason: str = "") -> Event:
    """Confirm a bonus: 党工委研究确定. From now on it counts."""
    return desk.act(Step.CONFIRMED, event_id, on=on, now=now, reason=reason)


def decide(desk: Desk, event_id: str, decision: Decision, *, on: str, now: datetime, reason: str = "") -> Event:
    """Rest an entry on a decision record; from now on it counts."""
    facts = decision.facts()
    return desk.act(Step.DECIDED, event_id, on=on, now=now, reason=reason, files=decision.files, facts=facts)
