"""A desk: someone at an office. What is done there is in `entries`, `claims`, `appeals` and `months`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import uuid4

from sqlalchemy import Connection

from appraisal.errors import Finding, RefusedError
from appraisal.model.edition import Edition
from appraisal.model.event import ACTOR, Event, Scalar, Status, files_of
from appraisal.model.periods import Period
from appraisal.model.roles import Actor
from appraisal.model.scorecard import Scorecard
from appraisal.model.steps import CONFIRMING, Step
from appraisal.office import notices
from appraisal.office.office import Office
from appraisal.office.rights import Action, Target, may, require
from appraisal.office.workflow import Case, case_of, transition
from appraisal.store.adoptions import Adoption
from appraisal.store.appending import Request
from appraisal.store.audit import Trace
from appraisal.store.lines import Head, Line
from appraisal.store.outbox import Notice
from appraisal.store.requests import Key

if TYPE_CHECKING:
    from appraisal.office.installation import Installation


@dataclass(frozen=True, kw_only=True)
class Desk:
    """Someone at an office; callers say what time it is with every deed.

    `key` names what is asked for, so that the same asked twice is done once; without one every line is new.
    """

    house: Installation
    office: Office
    actor: Actor
    key: Key | None = None

    # Asking

    def may(self, action: Action, *, department: str = "", subject: str = "") -> bool:
        """Say whether the actor may do this here."""
        return may(self.actor, action, Target(office=self.office.id, department=department, subject=subject))

    def require(self, action: Action, *, department: str = "", subject: str = "") -> None:
        """Refuse what the actor may not do here (O001)."""
        require(self.actor, action, Target(office=self.office.id, department=department, subject=subject))

    def adoption(self, rulebook: str, when: Period | date) -> tuple[Adoption, Edition]:
        """Return what the office has adopted for a time."""
        adoption = self.office.log.adoption(self.office.id, when, rulebook)
        return adoption, self.office.log.edition(adoption)

    def department(self, edition: Edition, clause: str) -> str:
        """Return the department that supplies what a clause is judged by; empty outside, and in other families."""
        book = edition.rulebook
        return book.supplier(clause) if isinstance(book, Scorecard) else ""

    def line(self, event_id: str) -> Line:
        """Return a line of the log that the actor may read; one that is not there or not theirs is refused."""
        line = self.office.log.line(self.office.id, event_id)
        self.require(Action.READ_EVENTS, **self.place(line))
        return line

    def place(self, line: Line) -> dict[str, str]:
        """Return the department and the subject that a line belongs to."""
        department = str(line.event.facts.get("department", ""))
        if not department and line.event.clause:
            _, edition = self.adoption(line.rulebook, line.event.when)
            department = self.department(edition, line.event.clause)
        return {"department": department, "subject": line.event.subject}

    def case(self, event_id: str) -> Case:
        """Return the case of an entry that the actor may read."""
        line = self.line(event_id)
        return case_of(line.event, self.office.log.related(self.office.id, [event_id]))

    # Doing

    def fresh(self, kind: str) -> str:
        """Return the id of a line about to be made: of what is asked for where that has a name, else a new one."""
        return f"{kind}-{self.stem}"

    @property
    def stem(self) -> str:
        """What the id of a line about to be made ends with."""
        return self.key.stem if self.key else uuid4().hex[:12]

    def act(
        self,
        step: Step,
        event_id: str,
        *,
        on: str,
        now: datetime,
        reason: str = "",
        files: Iterable[str] = (),
        facts: Mapping[str, Scalar] | None = None,
        put: Event | None = None,
    ) -> Event:
        """Carry an entry a step further, where the workflow and the rights allow it; return the new line.

        `on` is the id of the line that the actor saw last. `put` holds what stands in the place of the entry.
        """
        line = self.office.log.line(self.office.id, event_id)
        case = case_of(line.event, self.office.log.related(self.office.id, [event_id]))
        found = transition(case, step, self.actor.id, on)
        self.require(found.action, **self.place(line))
        if found.reason and not reason.strip():
            raise RefusedError([Finding(code="O023", args={"step": f"@step_{step}"})])
        signed = {**self.signed(found.action), **(facts or {})}
        if names := " ".join(files):
            signed["files"] = names
        event = Event(
            id=self.fresh(step),
            date=now.date(),
            period=line.event.when,
            subject=line.event.subject,
            kind=step.value,
            note=reason.strip(),
            recorded=now,
            follows=case.last,
            facts=signed,
        )
        if step is Step.COUNTERED or signed.get("outcome") in {"adjusted", "withdrawn"}:
            event = replace(event, counters=event_id)
        if put is not None:
            event = _in_its_place(event, put, case)
        told = notices.of_step(self.office.id, step, event, line, self.place(line)["department"])
        self.append([event], line.rulebook, now=now, action=step.value, target=event_id, told=told)
        return event

    def signed(self, action: Action) -> dict[str, Scalar]:
        """Return the facts that say who acted, in which role: of those held, the first that grants the action."""
        for held in self.actor.roles:
            target = Target(office=self.office.id, department=held.department, subject=held.subject)
            if may(replace(self.actor, roles=(held,)), action, target):
                told: dict[str, Scalar] = {ACTOR: self.actor.id, "role": held.role.value}
                return told | ({"department": held.department} if held.department else {})
        return {ACTOR: self.actor.id}

    def append(
        self,
        events: Iterable[Event],
        rulebook: str,
        *,
        now: datetime,
        action: str,
        target: str,
        expected: Head | None = None,
        onto: tuple[str, ...] = (),
        told: Iterable[Notice] = (),
        also: Callable[[Connection], None] | None = None,
    ) -> None:
        """Append lines with a trace in the audit trail, notices, and what goes with them: all of it, or nothing."""
        asked = self.asking(events, rulebook, now=now, action=action, target=target, onto=onto)
        self.office.log.request(replace(asked, expected=expected, notices=tuple(told), also=also))

    def asking(
        self,
        events: Iterable[Event],
        rulebook: str,
        *,
        now: datetime,
        action: str,
        target: str,
        onto: tuple[str, ...] = (),
    ) -> Request:
        """Return what would append lines under a rulebook, with a trace, unless what they rest on was carried on."""
        rows = tuple(events)
        adoption, edition = self.adoption(rulebook, rows[0].when)
        trace = Trace(at=now, actor=self.actor.id, action=action, office=self.office.id, target=target)
        return Request(
            office=self.office.id,
            events=rows,
            rulebook=adoption.rulebook,
            now=now,
            rules=edition.rulebook,
            onto=onto,
            traces=(trace,),
            key=self.key,
        )


def _in_its_place(line: Event, put: Event, case: Case) -> Event:
    """Give a line what stands in the place of the entry: a new round is declared, what was confirmed stays so."""
    if line.kind == Step.DECLARED:
        status = Status.DECLARED
    else:
        confirmed = case.entry.status is Status.CONFIRMED or any(step in CONFIRMING for step, _ in case.steps)
        status = Status.CONFIRMED if confirmed else Status.NONE
    facts = {**put.facts, **line.facts} | ({"x_reason": line.note} if line.note else {})
    if names := dict.fromkeys(name for event in (case.entry, *case.lines, put, line) for name in files_of(event)):
        facts["files"] = " ".join(names)  # what was shown before stands for what is in its place too
    return replace(
        line,
        date=put.date,
        period=put.period or line.period,
        subject=put.subject,
        clause=put.clause,
        matter=put.matter,
        note=put.note,
        status=status,
        facts=facts,
    )
