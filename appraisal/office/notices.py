"""Who is told what: notices for people by role and place, and one without a role for programs (webhooks).

| kind | about | to |
|---|---|---|
| `declared`, `reviewed`, `returned`, `declined`, `confirmed`, `appealed`, `answered`, `ruled` | an entry | who acts next, or whom it concerns |
| `cut_off` … `reopened` | a month | departments and communities |
| `closed`, `published`, `reopened` | a month | programs too |
| `deadline` | a month | departments that have not ended their month |
"""  # noqa: E501  a table

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from appraisal.model.event import Event
from appraisal.model.roles import Role
from appraisal.model.steps import Step
from appraisal.store.lines import Line
from appraisal.store.outbox import Notice

_NEXT: Mapping[Step, tuple[Role, ...]] = {
    Step.DECLARED: (Role.GROUP,),
    Step.REVIEWED: (Role.COMMITTEE,),
    Step.RETURNED: (Role.HEAD,),
    Step.DECLINED: (Role.HEAD,),
    Step.CONFIRMED: (Role.HEAD,),
    Step.DECIDED: (Role.HEAD,),
    Step.APPEALED: (Role.OFFICER, Role.GROUP),
    Step.ANSWERED: (Role.GROUP, Role.HEAD),
    Step.RULED: (Role.HEAD, Role.OFFICER),
    Step.COUNTERED: (Role.HEAD,),
}
_OF_MONTH: Mapping[Step, tuple[Role, ...]] = {
    Step.CUT_OFF: (Role.OFFICER,),
    Step.DISPLAYED: (Role.HEAD, Role.OFFICER),
    Step.CLOSED: (Role.COMMITTEE, Role.LEADER, Role.HEAD),
    Step.PUBLISHED: (Role.LEADER, Role.HEAD, Role.OFFICER),
    Step.REOPENED: (Role.OFFICER, Role.HEAD, Role.COMMITTEE),
}
PROGRAMS = frozenset({Step.CLOSED, Step.PUBLISHED, Step.REOPENED})
"""The steps of a month that webhooks are told of."""


def of_step(office: str, step: Step, event: Event, line: Line, department: str) -> Iterator[Notice]:
    """Yield whom a step of an entry is told: who acts next, and whom it concerns."""
    about = {"event": line.event.id, "rulebook": line.rulebook, "clause": line.event.clause}
    for role in _NEXT.get(step, ()):
        yield Notice(
            kind=step.value,
            office=office,
            made_at=event.known_at,
            about={**about, "subject": line.event.subject},
            role=role.value,
            department=department if role is Role.OFFICER else "",
            subject=line.event.subject if role is Role.HEAD else "",
            once=f"{event.id}/{role}",
        )


def of_month(office: str, step: Step, rulebook: str, period: str, *, now: datetime) -> Iterator[Notice]:
    """Yield whom a step of a month is told; programs where they may build on it."""
    about = {"rulebook": rulebook, "period": period}
    for role in _OF_MONTH.get(step, ()):
        yield Notice(kind=step.value, office=office, made_at=now, about=about, role=role.value)
    if step in PROGRAMS:
        yield Notice(kind=step.value, office=office, made_at=now, about=about)


def deadline(office: str, rulebook: str, period: str, department: str, *, now: datetime) -> Notice:
    """Return the notice that a department has not ended its month: once a day at most."""
    return Notice(
        kind="deadline",
        office=office,
        made_at=now,
        about={"rulebook": rulebook, "period": period},
        role=Role.OFFICER.value,
        department=department,
        once=f"deadline/{rulebook}/{period}/{department}/{now.date()}",
    )
