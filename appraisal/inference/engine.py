"""Which clause an incident falls under, by the rules of its rulebook; and which events belong together.

What comes out is a derived event for each incident: it goes to the log, so an assessment needs no inference again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from appraisal.errors import Finding, InternalError, RefusedError
from appraisal.inference.driver import WATCH, Order, Watch, WorkerDiedError, run
from appraisal.inference.facts import Fact, facts_of
from appraisal.inference.plan import NO_RULE, Plan, checked_plan, message
from appraisal.model.clauses import Clause
from appraisal.model.conditions import Rule
from appraisal.model.edition import Edition
from appraisal.model.event import Event, Scalar, Status
from appraisal.model.inputs import CountUse
from appraisal.model.scorecard import Scorecard


@dataclass(frozen=True, kw_only=True)
class Classified:
    """What the rules make of incidents: derived events, incidents that no rule answers, incidents set aside and why."""

    events: tuple[Event, ...] = ()
    unmatched: tuple[str, ...] = ()
    quarantined: tuple[tuple[str, Finding], ...] = ()


@dataclass(kw_only=True)
class _Sorted:
    """Where the answers go while they come in."""

    events: list[Event] = field(default_factory=list)
    unmatched: list[str] = field(default_factory=list)
    quarantined: list[tuple[str, Finding]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def is_incident(event: Event) -> bool:
    """Say whether an event is a raw incident, for the rules to classify."""
    return bool(event.kind) and not event.clause and not event.counters


def unclassified(events: Iterable[Event]) -> list[Event]:
    """Return the raw incidents among events from which no event has been derived yet."""
    told = list(events)
    done = {event.derived_from for event in told}
    return [event for event in told if is_incident(event) and event.id not in done]


def classify(edition: Edition, incidents: Iterable[Event], *, watch: Watch = WATCH) -> Classified:
    """Return the event that each incident becomes, whatever their order; RefusedError with every finding."""
    told = _once([one for one in incidents if is_incident(one)])
    if not told or not isinstance(edition.rulebook, Scorecard):
        return Classified()
    made = _plan(edition)
    kinds = {kind.id: kind for kind in edition.scorecard.inference.kinds}
    findings: list[Finding] = []
    facts: list[Mapping[str, Fact]] = []
    for incident in told:
        kind = kinds.get(incident.kind)
        if kind is None:
            args = {"incident": incident.id, "kind": incident.kind, "kinds": "、".join(kinds) or "—"}
            findings.append(Finding(code="I101", args=args))
            continue
        known, wrong = facts_of(incident, kind)
        facts.append(known)
        findings += wrong
    if findings:
        raise RefusedError(findings)
    return _answered(edition, made, told, facts, watch)


def _once(incidents: Sequence[Event]) -> list[Event]:
    """Return the incidents by id, each once; the same id for different incidents is refused."""
    found: dict[str, Event] = {}
    others = [one for one in incidents if found.setdefault(one.id, one) is not one]
    differing = {one.id for one in others if found[one.id].canonical() != one.canonical()}
    if differing:
        raise RefusedError([Finding(code="I108", args={"incident": one}) for one in differing])
    return [found[key] for key in sorted(found)]


def _plan(edition: Edition) -> Plan:
    made, wrong = checked_plan(edition.scorecard)
    if wrong:
        raise RefusedError([problem.finding() for problem in wrong])
    return made


def _answered(
    edition: Edition, made: Plan, incidents: Sequence[Event], facts: Sequence[Mapping[str, Fact]], watch: Watch
) -> Classified:
    """Put the incidents to the engine; each is acknowledged by exactly one rule, or the run stops."""
    messages = [
        message(made, one.kind, known, number) for number, (one, known) in enumerate(zip(incidents, facts, strict=True))
    ]
    try:
        ran = run(Order(rules=made.definition, watch=watch), messages)
    except WorkerDiedError as death:
        raise RefusedError([Finding(code="I202", args={"why": str(death)})]) from death
    clauses = {clause.id: clause for clause in edition.scorecard.clauses()}
    out = _Sorted()
    for number, (incident, answers) in enumerate(zip(incidents, ran.answers, strict=True)):
        if answers is None:
            args = {"incident": incident.id, "why": str(ran.quarantined[number])}
            out.quarantined.append((incident.id, Finding(code="I201", args=args)))
        elif len(answers) != 1 or answers[0][1] != (number,):
            raise InternalError(f"incident {incident.id} was acknowledged {len(answers)} times: {answers}")
        elif answers[0][0] == NO_RULE:
            out.unmatched.append(incident.id)
        else:
            rule = made.rules[answers[0][0]]
            _derive(incident, facts[number], rule, clauses[rule.then.clause], out)
    if out.findings:
        raise RefusedError(out.findings)
    return Classified(events=tuple(out.events), unmatched=tuple(out.unmatched), quarantined=tuple(out.quarantined))


def _derive(incident: Event, facts: Mapping[str, Fact], rule: Rule, clause: Clause, out: _Sorted) -> None:
    """Make the event that a rule makes of an incident, or say why its clause would refuse it."""
    then, inputs = rule.then, clause.inputs()
    level = str(facts[then.level_from]) if then.level_from else then.level
    copied = facts[then.count_from] if then.count_from else 1
    count = copied if isinstance(copied, int) else 1
    args = {"incident": incident.id, "rule": rule.id, "clause": clause.id}
    wrong = []
    if level not in inputs.levels if level else inputs.level_needed:
        wrong.append(Finding(code="I107", args={**args, "level": level, "levels": "、".join(inputs.levels) or "—"}))
    if count < 1 or (count != 1 and inputs.count is CountUse.REFUSED):
        wrong.append(Finding(code="I109", args={**args, "count": str(count)}))
    if inputs.note_needed and not incident.note:
        wrong.append(Finding(code="I110", args=args))
    if inputs.period_needed and incident.period is None:
        wrong.append(Finding(code="I111", args=args))
    out.findings += wrong
    if wrong:
        return
    told: dict[str, Scalar] = {**({"level": level} if level else {}), **({"count": count} if count != 1 else {})}
    out.events.append(
        Event(
            id=f"{incident.id}~{rule.id}",
            date=incident.date,
            subject=incident.subject,
            period=incident.period,
            clause=clause.id,
            matter=incident.matter,
            status=Status(then.status) if then.status else incident.status,
            note=incident.note,
            recorded=incident.recorded,
            derived_from=incident.id,
            facts=told,
        )
    )
