"""What a finding of an outside body gives: bands, grades, marks, parts, gaps, benchmarks, the best of all."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

from appraisal.model.clauses_judged import Compare, Gap, Grade, Judged, Tiers
from appraisal.model.clauses_scored import Composite, Relative, Score
from appraisal.model.event import Event
from appraisal.model.exact import half_up
from appraisal.model.periods import Every
from appraisal.model.standing import State
from oracle.view import ZERO, View


def judged(view: View, subject: str, clause: Judged) -> tuple[Fraction, State]:
    """Return the points and the state of a clause that needs a finding."""
    events = view.of(subject, clause.id)
    due = [p for p in view.span.whole_periods(clause.frequency) if view.in_force(p[0], p[-1])]
    if not events:
        if clause.frequency is Every.ANY:  # as it happens, and nothing happened
            return clause.full_points, State.ASSESSED
        if not due:
            return clause.points_missing(pending=False), State.NOT_DUE
        if clause.required:
            return clause.points_missing(pending=True), State.PENDING
        return clause.full_points, State.ASSESSED
    points, state = found(view, subject, clause, events)
    if state is State.ASSESSED and clause.required and any(not supplied(months, events) for months in due):
        return points + clause.points_missing(pending=True), State.PENDING
    return points, state


def supplied(months: range, events: Sequence[Event]) -> bool:
    """Say whether a due period has its input: any in the year for a year, else one of its months."""
    whole_year = len(months) == Every.YEAR.months
    return any(whole_year or e.when.month in months for e in events)


def found(view: View, subject: str, clause: Judged, events: Sequence[Event]) -> tuple[Fraction, State]:
    """Return what the inputs give, and whether they settle the clause."""
    if isinstance(clause, Score):
        return score(view, subject, clause, events)
    if isinstance(clause, Composite):
        return composite(clause, events)
    return sum((finding(view, clause, e) for e in events), ZERO), State.ASSESSED


def finding(view: View, clause: Judged, event: Event) -> Fraction:
    """Return the signed points of one finding that stands by itself."""
    value = event.value or ZERO
    if isinstance(clause, (Tiers, Grade)) and event.level:
        return clause.levels[event.level].points
    if isinstance(clause, Tiers):
        (points,) = [tier.points for tier in clause.tiers if tier.holds(value)]
        return points
    if isinstance(clause, Gap):
        return -gap(clause, value, clause.target if clause.target is not None else event.benchmark or ZERO)
    if isinstance(clause, Compare):
        benchmark = event.benchmark or ZERO
        wrong = value < benchmark if clause.side == "below" else value > benchmark
        return -clause.deduct if wrong else ZERO
    assert isinstance(clause, Relative)
    all_values = [e.value or ZERO for e in view.under(clause.id)]
    against = max(all_values) if clause.to == "highest" else sum(all_values, ZERO) / len(all_values)
    return half_up(value / against * clause.worth, clause.round) if against else ZERO


def gap(clause: Gap, value: Fraction, target: Fraction) -> Fraction:
    """Return the unsigned points for missing a target."""
    missing = max(ZERO, target - value if clause.side == "below" else value - target)
    steps = missing / clause.step
    if clause.partial == "whole":
        steps = Fraction(math.floor(steps))
    if clause.partial == "started":
        steps = Fraction(math.ceil(steps))
    cost = clause.deduct * steps
    return cost if clause.most is None else min(cost, clause.most)


def earned(clause: Score, events: Sequence[Event]) -> Fraction:
    """Return the points that these marks (none of them `not applicable`) are worth."""
    marks = [mark(clause, e) for e in events]
    ordered = sorted(marks)
    match clause.several:
        case "refuse":
            chosen = sum(marks, ZERO)
        case "highest":
            chosen = ordered[-1]
        case "lowest":
            chosen = ordered[0]
        case "latest":
            chosen = mark(clause, max(events, key=lambda e: (e.date, e.id)))
        case "mean":
            chosen = mean(clause, ordered)
        case "trimmed_mean":
            chosen = mean(clause, ordered[1:-1] if len(ordered) >= 3 else ordered)
    return chosen / clause.full * clause.worth


def mark(clause: Score, event: Event) -> Fraction:
    """Return the marks of one input: a word stands for all or none of them."""
    if event.level:
        return clause.full if clause.levels[event.level] == "full" else ZERO
    value = event.value or ZERO
    return min(value, clause.full) if clause.over == "cap" else value


def mean(clause: Score, marks: Sequence[Fraction]) -> Fraction:
    """Return the mean of some marks, rounded as the clause states."""
    result = sum(marks, ZERO) / len(marks)
    return half_up(result, clause.round) if clause.round is not None else result


def score(view: View, subject: str, clause: Score, events: Sequence[Event]) -> tuple[Fraction, State]:
    """Return what marks give; a subject to which the clause does not apply gets what the clause says."""

    def real(some: Sequence[Event]) -> list[Event]:
        return [e for e in some if not (e.level and clause.levels[e.level] == "not_applicable")]

    if real(events):
        points, state = earned(clause, real(events)), State.ASSESSED
    else:
        state = State.NOT_APPLICABLE
        points = clause.worth if clause.not_applicable == "full" else ZERO
        if clause.not_applicable == "mean":
            others = [real(view.of(s, clause.id)) for s in view.subjects if s != subject]
            theirs = [earned(clause, some) for some in others if some]
            points = sum(theirs, ZERO) / len(theirs) if theirs else clause.worth
            points = half_up(points, clause.round) if clause.round is not None and theirs else points
    return (points if clause.form == "earn" else points - clause.worth), state


def composite(clause: Composite, events: Sequence[Event]) -> tuple[Fraction, State]:
    """Return what weighted parts give; parts that lack their fellows make the clause pending."""
    points, state = ZERO, State.ASSESSED
    for slot in {slot_of(clause, e) for e in events}:
        marks = {e.part: e.value or ZERO for e in events if slot_of(clause, e) == slot}
        if set(marks) == set(clause.parts):
            points += sum((clause.parts[p] * marks[p] for p in marks), ZERO) / clause.full * clause.worth
        else:  # an incomplete composite counts nothing, also where an absent one would count in full
            state = State.PENDING
    return points, state


def slot_of(clause: Composite, event: Event) -> int:
    """Return which of the clause's periods an input belongs to."""
    length = clause.frequency.months
    return 0 if length in {0, 12} or not event.when.month else 1 + (event.when.month - 1) // length
