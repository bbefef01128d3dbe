"""Marks converted to points: single scores and means of several, composites, and figures against the best of all."""

from __future__ import annotations

import numpy as np

from appraisal.methods.columns import Bools, Ints
from appraisal.methods.frame import Frame, fits, given, periods_seen, slot_of
from appraisal.methods.judged import absent
from appraisal.methods.sheet import Due, RankInput, Sheet, Why, missing
from appraisal.model.clauses import Multiplier
from appraisal.model.clauses_scored import Composite, Relative, Score
from appraisal.model.periods import MONTHS, Every


def half_up(top: Ints, bottom: Ints | int) -> Ints:
    """Divide whole numbers, halves away from zero; the divisor is positive."""
    rounded: Ints = np.sign(top) * ((2 * np.abs(top) + bottom) // (2 * np.asarray(bottom)))
    return rounded


def scores(frame: Frame, sheet: Sheet) -> None:
    """Convert marks to points: marks ÷ full × worth, earned, or what is missing deducted."""
    for k, clause in frame.plan.each(Score):
        _score(frame, sheet, k, clause)


def _score(frame: Frame, sheet: Sheet, k: int, clause: Score) -> None:
    plan, scale = frame.plan, frame.plan.scale
    at = frame.of_clauses([k])
    level = frame.columns.level[frame.row[at]]
    marks = frame.columns.value[frame.row[at]].copy()
    full = int(clause.full * scale.figure)
    away = np.zeros(len(at), dtype=np.bool_)
    for word, means in clause.levels.items():
        is_word = level == plan.words.level_of[word]
        if means == "not_applicable":
            away |= is_word
        else:
            marks[is_word] = full if means == "full" else 0
    marks = np.minimum(marks, full)
    judged = at[~away]
    place, keep, mean = _aggregate(frame, judged, marks[~away], clause)
    worth = scale.points(clause.worth)
    base = worth if clause.form == "lose" else 0
    points = np.zeros(len(judged), dtype=np.int64)
    points[keep] = mean * scale.factor(clause.worth / clause.full) - base
    why = np.full(len(judged), Why.LEFT_OUT, dtype=np.int64)
    why[keep] = Why.SCORE
    detail = np.zeros(len(judged), dtype=np.int64)
    detail[keep] = mean
    sheet.add(frame, judged, points, why, detail)
    not_here = _not_applicable(frame, sheet, k, clause, at[away], _by_place(frame, place, points[keep]))
    several = clause.frequency in {Every.MONTH, Every.QUARTER}
    supplied = periods_seen(frame, k, clause.frequency) if several else None
    if supplied is not None:
        supplied[not_here] = True  # where it does not apply, no period lacks anything
    missing(frame, sheet, k, clause, frame.hit[k], supplied)


def _by_place(frame: Frame, place: Ints, points: Ints) -> tuple[Ints, Bools]:
    total = np.zeros(frame.places, dtype=np.int64)
    np.add.at(total, place, points)
    seen = np.zeros(frame.places, dtype=np.bool_)
    seen[place] = True
    return total, seen


def _aggregate(frame: Frame, at: Ints, marks: Ints, clause: Score) -> tuple[Ints, Ints, Ints]:
    """Return places, the rows (positions in `at`) that carry their result, and the marks that count."""
    place = frame.place[at]
    if clause.several == "refuse" or not len(at):
        return place, np.arange(len(at)), marks
    order = frame.columns.order[frame.row[at]]
    sort = np.lexsort((order, place))
    starts = np.flatnonzero(np.r_[True, place[sort][1:] != place[sort][:-1]])
    ends = np.r_[starts[1:], len(sort)]
    ordered = marks[sort]
    if clause.several in {"highest", "lowest"}:
        fold = np.maximum if clause.several == "highest" else np.minimum
        result = fold.reduceat(ordered, starts)
    elif clause.several == "latest":
        result = ordered[ends - 1]
    else:
        total, size = np.add.reduceat(ordered, starts), ends - starts
        if clause.several == "trimmed_mean":
            trim = size >= 3  # noqa: PLR2004  one high and one low go, one must stay
            total -= np.where(trim, np.maximum.reduceat(ordered, starts) + np.minimum.reduceat(ordered, starts), 0)
            size = np.where(trim, size - 2, size)
        unit = int((clause.round or 1) * frame.plan.scale.figure)
        result = half_up(total, size * unit) * unit
    return place[sort[starts]], sort[ends - 1], result


def _not_applicable(frame: Frame, sheet: Sheet, k: int, clause: Score, away: Ints, others: tuple[Ints, Bools]) -> Bools:
    """Give subjects to which the clause does not apply full, zero, or the mean of the others; return where."""
    total, judged = others
    there = np.zeros(frame.places, dtype=np.bool_)
    there[frame.place[away]] = True
    there &= ~judged
    scale = frame.plan.scale
    points = np.full(
        frame.places, scale.points(clause.zero_points if clause.not_applicable == "zero" else clause.full_points)
    )
    if clause.not_applicable == "mean":
        office = frame.office_cell
        base = scale.points(clause.worth) if clause.form == "lose" else 0
        sums = np.zeros(int(office.max()) + 1, dtype=np.int64)
        sizes = np.zeros_like(sums)
        np.add.at(sums, office[judged], total[judged] + base)
        np.add.at(sizes, office[judged], 1)
        unit = scale.points(clause.round or clause.worth)
        mean = half_up(sums, np.maximum(sizes, 1) * unit) * unit - base
        points = np.where(sizes[office] > 0, mean[office], points)
    first = np.zeros(len(away), dtype=np.bool_)
    first[np.unique(frame.place[away], return_index=True)[1]] = True
    where = away[first & there[frame.place[away]]]
    sheet.add(frame, where, points[frame.place[where]], Why.NOT_APPLICABLE)
    sheet.mark(k, there, Due.NOT_APPLICABLE)
    return there


def composites(frame: Frame, sheet: Sheet) -> None:
    """Add weighted parts where every part is there; otherwise they are pending and count nothing."""
    for k, clause in frame.plan.each(Composite):
        _composite(frame, sheet, k, clause)


def _composite(frame: Frame, sheet: Sheet, k: int, clause: Composite) -> None:
    words, scale = frame.plan.words, frame.plan.scale
    at = frame.of_clauses([k])
    row, place = frame.row[at], frame.place[at]
    part, value, month = frame.columns.part[row], frame.columns.value[row], frame.columns.month[row]
    several = clause.frequency in {Every.MONTH, Every.QUARTER}
    slot = slot_of(month, clause.frequency) if several else np.zeros_like(month)
    have = np.zeros((frame.places, MONTHS), dtype=np.int64)
    factor = np.zeros(len(words.part_of), dtype=np.int64)
    marks: dict[str, Ints] = {}
    for name, weight in clause.parts.items():
        number = words.part_of[name]
        factor[number] = scale.factor(weight * clause.worth / clause.full)
        mine = part == number
        marks[name] = np.zeros(frame.places, dtype=np.int64)
        marks[name][place[mine]] = value[mine]
        present = np.zeros((frame.places, MONTHS), dtype=np.bool_)
        present[place[mine], slot[mine]] = True
        have += present
    whole = have == len(clause.parts)
    judged: Bools = np.asarray((have > 0).any(axis=1))
    broken: Bools = np.asarray(((have > 0) & ~whole).any(axis=1))
    complete = judged & ~broken
    counts = whole[place, slot]
    sheet.add(frame, at, np.where(counts, value * factor[part], 0), np.where(counts, Why.COMPOSITE, Why.PENDING))
    open_to = sheet.open_to(k)
    missing(frame, sheet, k, clause, judged, whole | broken[:, None] if several else None)
    sheet.mark(k, judged & ~complete, Due.PENDING)
    _rank_input(frame, sheet, clause, RankInput(judged, complete | ~open_to, marks, *_no_decisions(frame)))


def _no_decisions(frame: Frame) -> tuple[Ints, Ints]:
    return np.zeros(frame.places, dtype=np.int64), np.full(frame.places, -1, dtype=np.int64)


def _rank_input(frame: Frame, sheet: Sheet, clause: Composite, found: RankInput) -> None:
    """Hand what a ranking needs to the multiplier that follows this composite, with decisions on ties."""
    for k, multiplier in frame.plan.each(Multiplier):
        if multiplier.after == clause.id:
            at = frame.of_clauses([k])
            at = at[given(frame.columns.value[frame.row[at]])]
            found.decision[frame.place[at]] = frame.columns.value[frame.row[at]] // frame.plan.scale.figure
            found.decision_row[frame.place[at]] = frame.row[at]
            sheet.ranked[k] = found


def relatives(frame: Frame, sheet: Sheet) -> None:
    """Give each figure's share of the best (or the mean) among the subjects of one office, rounded as stated."""
    for k, clause in frame.plan.each(Relative):
        at = frame.of_clauses([k])
        value, office = frame.columns.value[frame.row[at]], frame.office_cell[frame.place[at]]
        fits(value, frame.plan.scale.points(clause.worth) * 2 * max(len(at), 1))
        top = np.zeros(int(frame.office_cell.max()) + 1, dtype=np.int64)
        size = np.ones_like(top)
        if clause.to == "highest":
            np.maximum.at(top, office, value)
        else:
            np.add.at(top, office, value)
            size = np.maximum(np.bincount(office, minlength=len(top)), 1)
        unit = frame.plan.scale.points(clause.round)
        steps = frame.plan.scale.points(clause.worth)
        share = half_up(value * size[office] * steps, np.maximum(top[office], 1) * unit) * unit
        sheet.add(frame, at, np.where(top[office] > 0, share, 0), Why.RELATIVE, top[office] // size[office])
        absent(frame, sheet, k, clause)
