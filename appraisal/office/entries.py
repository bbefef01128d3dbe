"""Entries: logging what happened under a clause, withdrawing and correcting it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from appraisal.errors import Finding, RefusedError
from appraisal.model.clauses import Clause
from appraisal.model.edition import Edition
from appraisal.model.event import Event, Status
from appraisal.model.steps import Step
from appraisal.office import months
from appraisal.office.desk import Desk
from appraisal.office.drafts import draft
from appraisal.office.rights import Action
from appraisal.store.adoptions import Adoption
from appraisal.store.appending import Request

Cells = Mapping[str, str]
"""What someone filled in, by the English names of the columns of an event table."""


def read(desk: Desk, rulebook: str, cells: Cells, *, now: datetime, files: Iterable[str] = ()) -> Event:
    """Return what the cells say as an event, with who enters it and the step at which it enters; nothing is kept.

    The id is made where none is given; the department is that of the clause.
    """
    return _read(desk, *adopted(desk, rulebook), cells, now=now, files=files)


def _read(
    desk: Desk, adoption: Adoption, edition: Edition, cells: Cells, *, now: datetime, files: Iterable[str]
) -> Event:
    if not cells.get("clause", "").strip():
        raise RefusedError([Finding(code="O037")])
    told = {"id": desk.fresh("e"), "date": now.date().isoformat(), **{k: v for k, v in cells.items() if v}}
    return entered(desk, edition, draft(adoption, edition, told), now=now, files=files)


def entered(desk: Desk, edition: Edition, event: Event, *, now: datetime, files: Iterable[str] = ()) -> Event:
    """Return an event that a reader has checked with who enters it and the step at which it enters (O001: no right)."""
    department = desk.department(edition, event.clause)
    right = entering_right(desk, edition, event.clause, department)
    desk.require(right, department=department, subject=event.subject)
    facts = {**event.facts, **desk.signed(right)}
    if department:
        facts["department"] = department
    if names := " ".join(files):
        facts["files"] = names
    return replace(event, status=entering(edition, event), recorded=event.recorded or now, facts=facts)


def log(
    desk: Desk, rulebook: str, cells: Cells, *, now: datetime, files: Iterable[str] = (), duplicate: str = ""
) -> Event:
    """Log an event and return it; refused as `asked` does."""
    request = asked(desk, rulebook, cells, now=now, files=files, duplicate=duplicate)
    desk.office.log.request(request)
    return request.events[0]


def asked(
    desk: Desk, rulebook: str, cells: Cells, *, now: datetime, files: Iterable[str] = (), duplicate: str = ""
) -> Request:
    """Return what would log an event, after every check; `duplicate` says why it is none of those it resembles.

    Refused: faults of the cells, a month that takes no entries (O030, O031), missing evidence (O032), a likely
    duplicate without a reason (O033), no right (O001).
    """
    from appraisal.office.consequence import duplicates  # noqa: PLC0415  it assesses, which needs numpy

    adoption, edition = adopted(desk, rulebook)
    event = _read(desk, adoption, edition, cells, now=now, files=files)
    onto = months.require_open(desk, adoption, event.when, desk.department(edition, event.clause), now=now)
    findings, reason = missing(edition, event), duplicate.strip()
    if reason:
        event = replace(event, facts={**event.facts, "x_not_duplicate": reason})
    elif likely := duplicates(desk, adoption.rulebook, event):
        findings.append(Finding(code="O033", args={"ids": ", ".join(other.id for other in likely)}))
    if findings:
        raise RefusedError(findings)
    return desk.asking([event], adoption.rulebook, now=now, action=Step.SUBMITTED, target=event.id, onto=onto)


def withdraw(desk: Desk, event_id: str, reason: str, *, on: str, now: datetime) -> Event:
    """Withdraw an entry by a line that names it and says why; the entry stays as it is."""
    return desk.act(Step.COUNTERED, event_id, on=on, now=now, reason=reason)


def add_evidence(desk: Desk, event_id: str, files: Iterable[str], *, on: str, now: datetime, reason: str = "") -> Event:
    """Add files to an entry that has come without them, or with too few; none is refused (O032)."""
    names = tuple(files)
    if not names:
        raise RefusedError([Finding(code="O032", args={"clause": desk.line(event_id).event.clause or "-"})])
    return desk.act(Step.EVIDENCED, event_id, on=on, now=now, reason=reason, files=names)


def correct(desk: Desk, event_id: str, cells: Cells, reason: str, *, on: str, now: datetime) -> Event:
    """Put something else in the place of an entry, which stays as it is; both are linked."""
    line = desk.line(event_id)
    put = read(desk, line.rulebook, {**shown(line.event), **cells, "id": ""}, now=now)
    return desk.act(Step.COUNTERED, event_id, on=on, now=now, reason=reason, put=put)


def shown(event: Event) -> dict[str, str]:
    """Return an event as the cells of a form."""
    from appraisal.model.exact import show  # noqa: PLC0415

    cells = {"date": event.date.isoformat(), "subject": event.subject, "clause": event.clause, "matter": event.matter}
    if event.period:
        cells["period"] = str(event.period)
    for name in ("count", "level", "value", "benchmark", "part"):
        if name in event.facts:
            value = event.facts[name]
            cells[name] = str(value) if isinstance(value, (str, int)) else show(value)
    return {**cells, "note": event.note}


def adopted(desk: Desk, rulebook: str) -> tuple[Adoption, Edition]:
    """Return the latest adoption of a rulebook by the office, with its edition."""
    adoption = desk.office.adopted(rulebook)
    return adoption, desk.office.log.edition(adoption)


def clause_of(edition: Edition, clause_id: str) -> Clause | None:
    """Return a clause by its id; None where the rulebook has none."""
    return edition.scorecard.clause_by_id.get(clause_id)


def needs_decision(edition: Edition, clause: Clause) -> bool:
    """Say whether an entry counts only with a decision record: a veto, an order of equals, what is outside the total.

    Others say so in the rulebook (`decision_needed`), as special projects do.
    """
    if clause.needs_confirmation:
        return False
    return clause.decision_needed or clause.method in {"veto", "multiplier"} or is_outside(edition, clause.id)


def entering_right(desk: Desk, edition: Edition, clause_id: str, department: str) -> Action:
    """Return the right by which an entry is made: the department logs; who decides may put up what needs a decision."""
    clause = clause_of(edition, clause_id)
    if is_outside(edition, clause_id):
        return Action.DECIDE
    decided = clause is not None and needs_decision(edition, clause)
    return Action.DECIDE if decided and not desk.may(Action.LOG, department=department) else Action.LOG


def is_outside(edition: Edition, clause_id: str) -> bool:
    """Say whether a clause stands outside the departments' total, such as the negative list."""
    return clause_id in edition.scorecard.clause_by_id and not edition.scorecard.supplier(clause_id)


def entering(edition: Edition, event: Event) -> Status:
    """Return the step at which an entry enters: a bonus is declared, a veto waits for its decision, the rest counts."""
    clause = clause_of(edition, event.clause)
    if clause is None:
        return event.status
    if clause.needs_confirmation:
        return Status.DECLARED
    return Status.PENDING if needs_decision(edition, clause) else Status.NONE


def missing(edition: Edition, event: Event) -> list[Finding]:
    """Return what an entry lacks that its clause demands: evidence (O032)."""
    clause = clause_of(edition, event.clause)
    if clause is not None and clause.evidence_needed and not event.facts.get("files"):
        return [Finding(code="O032", args={"clause": clause.id})]
    return []
