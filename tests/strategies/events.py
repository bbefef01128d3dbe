"""Events that are valid for a rulebook, whatever its clauses; and what a standing may be asked for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from appraisal.model.clauses import Clause, Multiplier
from appraisal.model.clauses_duties import Deadline
from appraisal.model.clauses_judged import Gap, Tiers
from appraisal.model.clauses_scored import Composite, Score
from appraisal.model.edition import Edition
from appraisal.model.event import Event, Scalar, Status
from appraisal.model.inputs import CountUse, Inputs, Measure, ValueRule
from appraisal.model.periods import Every, Period, Span, SpanKind
from appraisal.model.rulebook import Subject
from appraisal.model.scorecard import one_value

YEAR = 2020
MATTERS = ("", "", "甲事", "乙事")
Draw = st.DrawFn

dates = st.dates(date(YEAR, 1, 1), date(YEAR, 12, 31)) | st.sampled_from(
    (date(YEAR, 1, 1), date(YEAR, 3, 9), date(YEAR, 3, 31), date(YEAR, 12, 31))
)
months = st.integers(1, 12)
spans = st.one_of(
    st.just(Span.whole(YEAR)),
    months.map(lambda m: Span.month(YEAR, m)),
    months.map(lambda m: Span.through(YEAR, m)),
    st.integers(1, 4).map(lambda q: Span(YEAR, SpanKind.QUARTER, q)),
)
days = st.none() | st.dates(date(YEAR, 1, 1), date(YEAR + 1, 3, 31))
moments = st.none() | st.datetimes(
    datetime.fromisoformat(f"{YEAR}-01-01"), datetime.fromisoformat(f"{YEAR + 1}-03-31")
).map(lambda t: t.replace(microsecond=0))


@st.composite
def numbers(draw: Draw, clause: Clause, rule: ValueRule) -> Fraction:
    """Draw a number that the clause accepts, often on an edge of what it means."""
    low = rule.low or Fraction(0)
    if rule.step is not None:
        least = low / rule.step if not rule.above_low else low / rule.step + 1
        most = int(rule.high / rule.step) if rule.high is not None else int(least) + 5
        return draw(st.integers(-int(-least // 1), most)) * rule.step
    unit = Fraction(1, 100)
    high = rule.high if rule.high is not None else (Fraction(12, 10) if rule.measure is Measure.RATE else low + 5)
    if isinstance(clause, Score):
        high = rule.high or clause.full * 2
    edges = [low, high, *edges_of(clause)]
    near = [edge + nudge for edge in edges for nudge in (-unit, Fraction(0), unit)]
    fitting = [v for v in near if low <= v <= high and not (rule.above_low and v == low)]
    span = int((high - low) / unit)
    return draw(st.sampled_from(fitting) | st.integers(1, max(1, span)).map(lambda n: low + n * unit))


def edges_of(clause: Clause) -> list[Fraction]:
    """Return the figures at which a clause changes its mind."""
    if isinstance(clause, Tiers):
        return [bound[0] for tier in clause.tiers for bound in (tier.lower, tier.upper) if bound is not None]
    if isinstance(clause, Gap) and clause.target is not None:
        return [clause.target, clause.target - clause.step, clause.target + clause.step]
    return []


@st.composite
def facts(draw: Draw, clause: Clause, inputs: Inputs) -> dict[str, Scalar]:
    """Draw what the columns of an event of this clause hold."""
    told: dict[str, Scalar] = {}
    words = inputs.levels if inputs.level_needed else ("", *inputs.levels)
    level = draw(st.sampled_from(words))
    if level:
        told["level"] = level
    if inputs.parts:
        told["part"] = draw(st.sampled_from(inputs.parts))
    if inputs.value is not None and not (level and inputs.level_for_value):
        told["value"] = draw(numbers(clause, inputs.value))
    if inputs.benchmark_needed:
        told["benchmark"] = draw(numbers(clause, ValueRule(measure=Measure.RATE, low=Fraction(0))))
    if inputs.count is CountUse.COUNTED and draw(st.booleans()):
        told["count"] = draw(st.integers(1, 3))
    return told


@st.composite
def one_event(draw: Draw, name: str, clauses: list[Clause], subjects: list[str]) -> Event:
    """Draw one event of one of these clauses."""
    clause = draw(st.sampled_from(clauses))
    inputs = clause.inputs()
    day = draw(dates)
    period = None
    if isinstance(clause, Deadline):
        period = Period.of(day)
        later = day.month - 1 + clause.due.months_after
        due = date(day.year + later // 12, later % 12 + 1, clause.due.day)
        day = draw(st.sampled_from((due, due + timedelta(1), due - timedelta(1), due + timedelta(40))))
    elif draw(st.integers(0, 3)) == 0:
        month = draw(months) if inputs.month_needed else draw(st.integers(0, 12))
        period = Period(YEAR, month)
    recorded = None
    if draw(st.booleans()):
        recorded = datetime.combine(day, datetime.min.time()) + timedelta(hours=draw(st.integers(0, 24 * 90)))
    return Event(
        id=name,
        date=day,
        period=period,
        subject=draw(st.sampled_from([s for s in subjects if not clause.applies_to or s in clause.applies_to])),
        clause=clause.id,
        matter=draw(st.sampled_from(MATTERS)),
        status=draw(st.sampled_from((Status.NONE, Status.NONE, Status.NONE, Status.CONFIRMED, *Status))),
        note="示例" if inputs.note_needed else "",
        recorded=recorded,
        facts=draw(facts(clause, inputs)),
    )


@st.composite
def logs(
    draw: Draw,
    edition: Edition,
    *,
    max_size: int = 25,
    clauses: Iterable[str] = (),
    roster: tuple[Subject, ...] | None = None,
) -> list[Event]:
    """Draw a log that a reader would take in: events, corrections, withdrawals and withdrawals of withdrawals."""
    wanted = set(clauses)
    subjects = [s.id for s in roster or edition.roster]
    usable = [
        c
        for c in edition.scorecard.clauses()
        if c.inputs().loggable and (not wanted or c.id in wanted) and set(subjects) & set(c.applies_to or subjects)
    ]
    if not usable:
        return []
    size = draw(st.integers(0, max_size))
    names = draw(st.permutations([f"e{n}" for n in range(size)]))
    log: list[Event] = []
    single: dict[tuple[Any, ...], Event] = {}
    fixed: set[str] = set()
    by_id = {c.id: c for c in usable}
    for name in names:
        event = draw(one_event(name, usable, subjects))
        free = [e for e in log if e.id not in fixed]
        if free and draw(st.integers(0, 4)) == 0:
            target = draw(st.sampled_from(free))
            status = draw(st.sampled_from((Status.WITHDRAWN, Status.NONE, Status.DECLARED)))
            event = replace(event, counters=target.id, status=status)
        elif free and draw(st.integers(0, 9)) == 0:
            event = replace(event, derived_from=draw(st.sampled_from(free)).id)
        key = only_once(event, by_id[event.clause])
        if key is not None and event.status.counts:
            if single.get(key, event).counters:  # as of a moment before the middle one, two values would stand
                continue
            if key in single:
                event = replace(event, counters=single[key].id, status=Status.CONFIRMED, derived_from="")
            single[key] = event
            fixed.add(event.id)
        log.append(event)
    for clause in usable:
        if isinstance(clause, Composite) and draw(st.booleans()):
            log += draw(complete(clause, subjects, set(single)))
    return log


@st.composite
def complete(draw: Draw, clause: Composite, subjects: list[str], held: set[tuple[Any, ...]]) -> list[Event]:
    """Draw what is still missing of a composite, for every subject of the run and with many equal marks."""
    day = draw(dates)
    found = []
    for subject in subjects:
        for part in clause.parts:
            facts: dict[str, Scalar] = {"part": part, "value": draw(st.sampled_from((Fraction(80), Fraction(90))))}
            event = Event(id=f"{clause.id}-{subject}-{part}", date=day, subject=subject, clause=clause.id, facts=facts)
            if only_once(event, clause) not in held:
                found.append(event)
    return found


def only_once(event: Event, clause: Clause) -> tuple[Any, ...] | None:
    """Return what may have only one value, also where a reader would not mind but the sentence has no meaning then."""
    key = one_value(event, clause.inputs().one_per)
    once = isinstance(clause, (Multiplier, Composite)) or (isinstance(clause, Score) and clause.several == "refuse")
    if key is None and once and clause.frequency is Every.ANY:
        return (event.subject, event.clause, event.part)
    return key
