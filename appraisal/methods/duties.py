"""Duties: so many in each period, or handed in by a day; an event is the duty done, and absence is what costs."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from appraisal.methods.frame import Frame
from appraisal.methods.sheet import Due, Sheet, Why
from appraisal.model.clauses_duties import Deadline, Quota
from appraisal.model.periods import MONTHS, Every, Period

if TYPE_CHECKING:
    from appraisal.methods.columns import Ints


def quotas(frame: Frame, sheet: Sheet) -> None:
    """Deduct what is missing from the required number in each period that is over."""
    for k, clause in frame.plan.each(Quota):
        _quota(frame, sheet, k, clause)


def _quota(frame: Frame, sheet: Sheet, k: int, clause: Quota) -> None:
    plan, view = frame.plan, frame.view
    subjects = len(frame.roster.ids)
    at = frame.of_clauses([k])
    row = frame.row[at]
    done = np.zeros((subjects, MONTHS + 1), dtype=np.int64)
    month = frame.columns.month[row]
    excused_words = [plan.words.level_of[word] for word in clause.excuses]
    excused = np.isin(frame.columns.level[row], excused_words)
    amount = np.where(excused, clause.required_number, frame.columns.count[row])
    np.add.at(done, (frame.columns.subject[row], month), np.minimum(amount, clause.required_number))
    sheet.add(frame, at, np.zeros(len(at), dtype=np.int64), Why.DONE)
    costs = np.array([plan.scale.points(clause.shortfall_points(n)) for n in range(clause.required_number + 1)])
    open_to = sheet.open_to(k).reshape(subjects, view.cells)
    for cell, span in enumerate(view.spans):
        periods = [p for p in frame.judged(span, clause.every) if not _open(span.year, p.stop - 1, view.day)]
        for period in periods:
            have = done[:, period.start : period.stop].sum(axis=1)
            if clause.every is Every.YEAR:
                have += done[:, 0]
            short = np.maximum(clause.required_number - have, 0)
            who = np.flatnonzero((short > 0) & open_to[:, cell])
            detail = short[who] * 10_000 + period.start * 100 + period.stop - 1
            sheet.add_absent(k, who * view.cells + cell, -costs[short[who]], Why.QUOTA, detail)
        if not periods:
            idle = np.zeros((subjects, view.cells), dtype=np.bool_)
            idle[:, cell] = True
            sheet.mark(k, idle.ravel(), Due.NOT_DUE)


def _open(year: int, last_month: int, day: date | None) -> bool:
    """Say whether a period is not over on that day."""
    return day is not None and day < Period(year, last_month).last


def due_day(clause: Deadline, year: int, month: int) -> date:
    """Return the day, itself included, by which a month's hand-in is due."""
    index = year * MONTHS + month - 1 + clause.due.months_after
    return date(index // MONTHS, index % MONTHS + 1, clause.due.day)


def deadlines(frame: Frame, sheet: Sheet) -> None:
    """Deduct for each month whose hand-in came after its due day or never."""
    for k, clause in frame.plan.each(Deadline):
        _deadline(frame, sheet, k, clause)


def _deadline(frame: Frame, sheet: Sheet, k: int, clause: Deadline) -> None:
    plan, view = frame.plan, frame.view
    subjects = len(frame.roster.ids)
    at = frame.of_clauses([k])
    row = frame.row[at]
    month, subject = frame.columns.month[row], frame.columns.subject[row]
    due = np.array([0] + [due_day(clause, view.year, m).toordinal() for m in range(1, MONTHS + 1)])
    excused = np.isin(frame.columns.level[row], [plan.words.level_of[word] for word in clause.excuses])
    late = ~excused & (frame.columns.day[row] > due[month])
    judged = np.array([view.day is None or view.day.toordinal() >= d for d in due])
    cost = plan.scale.points(clause.deduct)
    counts = late & judged[month]
    sheet.add(frame, at, np.where(counts, -cost, 0), np.where(counts, Why.LATE, Why.DONE), due[month])
    handed = np.zeros((subjects, MONTHS + 1), dtype=np.bool_)
    handed[subject, month] = True
    open_to = sheet.open_to(k).reshape(subjects, view.cells)
    for cell, span in enumerate(view.spans):
        months = [m for m in span.months if judged[m] and frame.in_force(span.year, range(m, m + 1))]
        for m in months:
            who: Ints = np.flatnonzero(~handed[:, m] & open_to[:, cell])
            sheet.add_absent(k, who * view.cells + cell, np.full(len(who), -cost), Why.NEVER, m)
        if not months:
            idle = np.zeros((subjects, view.cells), dtype=np.bool_)
            idle[:, cell] = True
            sheet.mark(k, idle.ravel(), Due.NOT_DUE)
