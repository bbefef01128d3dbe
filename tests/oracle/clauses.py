"""What one clause gives one subject in a span: signed points before any cap, and its state."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from appraisal.model.clauses import Clause
from appraisal.model.clauses_counted import Amount, Occurrence
from appraisal.model.clauses_duties import Deadline, Quota
from appraisal.model.clauses_judged import Judged
from appraisal.model.periods import Every, Period
from appraisal.model.standing import State
from oracle.judged import judged
from oracle.view import ZERO, Kept, View, one


def clause_points(view: View, subject: str, clause: Clause, keep: Kept) -> tuple[Fraction, State]:
    """Return the signed points and the state of a clause; what has no points of its own gives 0."""
    if isinstance(clause, Judged):
        return judged(view, subject, clause)
    if isinstance(clause, Quota):
        return quota(view, subject, clause)
    if isinstance(clause, Deadline):
        return deadline(view, subject, clause)
    events = view.of(subject, clause.id)
    state = State.ASSESSED
    periodical = clause.frequency is not Every.ANY
    if periodical and not view.span.whole_periods(clause.frequency) and not events:
        state = State.NOT_DUE
    if isinstance(clause, Occurrence):
        return clause.sign * occurrences(view, subject, clause, keep), state
    if isinstance(clause, Amount):
        return clause.sign * sum((one(e, clause) for e in events if e.id not in keep.void), ZERO), state
    return ZERO, state


def occurrences(view: View, subject: str, clause: Occurrence, keep: Kept) -> Fraction:
    """Return the unsigned points of everything that happened under a clause, one occurrence after the other."""
    total, ordinal = ZERO, 0
    for event in view.of(subject, clause.id):
        if event.id in keep.void:
            continue
        times = 1 if event.id in keep.single or clause.count == "ignored" else event.count
        for _ in range(times):
            ordinal += 1
            multiplied = clause.again is not None and ordinal >= clause.again.start
            total += one(event, clause) * (clause.again.times if clause.again and multiplied else 1)
    return total


def quota(view: View, subject: str, clause: Quota) -> tuple[Fraction, State]:
    """Return what missing duties cost; a period that is still open is not judged."""
    points, state = ZERO, State.NOT_DUE
    for months in view.span.whole_periods(clause.every):
        if not view.in_force(months[0], months[-1]):
            continue
        if view.day is not None and Period(view.span.year, months[-1]).last > view.day:
            continue
        state = State.ASSESSED
        whole_year = clause.every is Every.YEAR
        done = [e for e in view.of(subject, clause.id) if whole_year or e.when.month in months]
        if not any(e.level in clause.excuses for e in done):
            points -= clause.shortfall_points(clause.required_number - sum(e.count for e in done))
    return points, state


def deadline(view: View, subject: str, clause: Deadline) -> tuple[Fraction, State]:
    """Return what late and missing hand-ins cost; before the due day nothing is due."""
    points, state = ZERO, State.NOT_DUE
    for month in view.span.months:
        later = month - 1 + clause.due.months_after
        due = date(view.span.year + later // 12, later % 12 + 1, clause.due.day)
        if (view.day is not None and view.day < due) or not view.in_force(month, month):
            continue
        state = State.ASSESSED
        handed_in = [e for e in view.of(subject, clause.id) if e.when.month == month]
        if not any(e.level in clause.excuses or e.date <= due for e in handed_in):
            points -= clause.deduct
    return points, state
