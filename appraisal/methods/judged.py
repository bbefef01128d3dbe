"""A finding of an outside body, at most one a period: bands, grades, steps short of a target, a benchmark."""

from __future__ import annotations

import numpy as np

from appraisal.methods.columns import NO_VALUE, Scale
from appraisal.methods.frame import Frame, fits, periods_seen
from appraisal.methods.sheet import Sheet, Why, missing
from appraisal.model.clauses_judged import Compare, Gap, Grade, Judged, Tiers
from appraisal.model.periods import Every


def banded(frame: Frame, sheet: Sheet) -> None:
    """Add the points of the band or word that each figure or grade falls into."""
    plan, columns = frame.plan, frame.columns
    chosen = [(k, c) for k, c in plan.each(Tiers, Grade) if isinstance(c, (Tiers, Grade))]
    at = frame.of_clauses([k for k, _ in chosen])
    row, clause = frame.row[at], frame.clause[at]
    value, level = columns.value[row], columns.level[row]
    width = max((len(c.tiers) for _, c in chosen if isinstance(c, Tiers)), default=0)
    low = np.full((plan.size, max(width, 1)), NO_VALUE, dtype=np.int64)
    high = np.full_like(low, NO_VALUE)  # an empty band
    gives = np.zeros_like(low)
    by_level = np.zeros_like(plan.amount)
    for k, spec in chosen:
        for word, found in spec.levels.items():
            by_level[k, plan.words.level_of[word]] = plan.scale.points(found.points)
        for t, tier in enumerate(spec.tiers if isinstance(spec, Tiers) else ()):
            low[k, t], high[k, t] = _bounds(tier.lower, tier.upper, plan.scale)
            gives[k, t] = plan.scale.points(tier.points)
    inside = (value[:, None] >= low[clause]) & (value[:, None] <= high[clause])
    tier = inside.argmax(axis=1)
    points = np.where(level > 0, by_level[clause, level], gives[clause, tier] * inside.any(axis=1))
    sheet.add(frame, at, points, np.where(level > 0, Why.LEVEL, Why.TIER), tier)
    for k, spec in chosen:
        absent(frame, sheet, k, spec)


_OPEN = np.iinfo(np.int64).max


def _bounds(lower: object, upper: object, scale: Scale) -> tuple[int, int]:
    low = NO_VALUE + 1 if not isinstance(lower, tuple) else scale.at_least(lower[0], inclusive=lower[1])
    high = _OPEN if not isinstance(upper, tuple) else scale.at_most(upper[0], inclusive=upper[1])
    return int(low), int(high)


def absent(frame: Frame, sheet: Sheet, k: int, clause: Judged) -> None:
    """Count what stands for the inputs that are not there."""
    seen = frame.hit[k]
    several = clause.frequency in {Every.MONTH, Every.QUARTER}
    missing(frame, sheet, k, clause, seen, periods_seen(frame, k, clause.frequency) if several else None)


def gaps(frame: Frame, sheet: Sheet) -> None:
    """Deduct for each step by which a figure misses its target."""
    scale = frame.plan.scale
    for k, clause in frame.plan.each(Gap):
        at = frame.of_clauses([k])
        row = frame.row[at]
        value = frame.columns.value[row]
        target = frame.columns.benchmark[row] if clause.target is None else int(clause.target * scale.figure)
        short = np.maximum(target - value if clause.side == "below" else value - target, 0)
        step = int(clause.step * scale.figure)
        fits(short, scale.points(clause.deduct) * scale.figure // max(step, 1) + scale.points(clause.deduct))
        if clause.partial == "exact":
            points = short * scale.factor(clause.deduct / clause.step)
        else:
            steps = short // step if clause.partial == "whole" else -(-short // step)
            points = steps * scale.points(clause.deduct)
        if clause.most is not None:
            points = np.minimum(points, scale.points(clause.most))
        sheet.add(frame, at, -points, Why.GAP, short)
        absent(frame, sheet, k, clause)


def compared(frame: Frame, sheet: Sheet) -> None:
    """Deduct where a figure lies on the wrong side of its benchmark."""
    for k, clause in frame.plan.each(Compare):
        at = frame.of_clauses([k])
        value, mark = frame.columns.value[frame.row[at]], frame.columns.benchmark[frame.row[at]]
        wrong = value < mark if clause.side == "below" else value > mark
        sheet.add(
            frame, at, np.where(wrong, -frame.plan.scale.points(clause.deduct), 0), Why.COMPARE, wrong.astype(np.int64)
        )
        absent(frame, sheet, k, clause)
