"""So many points each time: occurrences by level, once, again, per person, one matter once; and amounts given."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from appraisal.methods.columns import Bools, Ints
from appraisal.methods.frame import Frame, fits
from appraisal.methods.plan import Plan
from appraisal.methods.sheet import Due, Sheet, Why
from appraisal.model.clauses import Fact, Veto
from appraisal.model.clauses_counted import Amount, Occurrence
from appraisal.model.periods import Every


def occurrences(frame: Frame, sheet: Sheet) -> None:
    """Add a line for every occurrence: its amount by level, times its count, unless it is already counted elsewhere."""
    plan, columns = frame.plan, frame.columns
    width = plan.amount.shape[1]
    single = plan.amount.reshape(-1)[frame.clause * width + frame.take(columns.level)]
    _per_value(frame, single)
    times = frame.take(columns.count).copy()
    why = np.zeros(len(times), dtype=np.int64) if sheet.keep else _NOWHERE
    by = np.full(len(times), -1, dtype=np.int64) if sheet.keep else _NOWHERE
    matter, once, level_once = matter_sets(plan), once_sets(plan), level_once_sets(plan)
    always = (once >= 0) | (level_once >= 0) | (plan.is_occurrence & ~plan.counted)
    need = np.where(always, 2, ((matter >= 0) | _voidable(plan)).astype(np.int64)).astype(np.int8)
    at = np.flatnonzero(need[frame.clause] > (frame.take(columns.matter) < 0))  # 1: only an event with a matter
    if at.size:
        told = _Told.of(frame, at, single, times)
        told.times[~plan.counted[told.clause]] = 1
        with_matter = np.flatnonzero(told.matter >= 0)
        _once_by(frame, told, matter, with_matter, Why.ONCE_MATTER)
        _once_by(frame, told, once, np.arange(len(at)), Why.ONCE)
        if (level_once >= 0).any():
            _once_by(frame, told, level_once, np.flatnonzero(columns.level[told.row] > 0), Why.ONCE)
        _prevail(frame, told, with_matter)
        times[at] = told.times
        if sheet.keep:
            why[at], by[at] = told.why, told.by
    points = single * times
    _again(frame, times, points)
    sheet.add_occurrences(frame, points, why, by)
    _provisional(frame, sheet, times)
    numbers = [k for k, clause in plan.each(Occurrence) if clause.frequency is not Every.ANY]
    yearly(frame, sheet, numbers)


_NOWHERE = np.empty(0, dtype=np.int64)


@dataclass(frozen=True)
class _Told:
    """Some rows, what one of each costs, and what is settled: how many count, why not, what counts instead."""

    clause: Ints
    place: Ints
    row: Ints
    matter: Ints
    single: Ints
    times: Ints
    why: Ints
    by: Ints

    @classmethod
    def of(cls, frame: Frame, at: Ints, single: Ints, times: Ints) -> _Told:
        """Nothing settled yet."""
        row = frame.row[at]
        none = np.full(len(at), -1, dtype=np.int64)
        why = np.zeros(len(at), dtype=np.int64)
        return cls(frame.clause[at], frame.place[at], row, frame.columns.matter[row], single[at], times[at], why, none)


def _voidable(plan: Plan) -> Bools:
    """Return which clauses take part in an overlap that prevails."""
    out = np.zeros(plan.size, dtype=np.bool_)
    for overlap in plan.edition.scorecard.overlaps:
        if overlap.active and overlap.prevails:
            out[[plan.words.clause_of[name] for name in (overlap.prevails, *overlap.over)]] = True
    return out


def matter_sets(plan: Plan) -> Ints:
    """Return for each clause the set within which one matter counts once; -1 for none."""
    out = np.full(plan.size, -1, dtype=np.int64)
    together = [o.together for o in plan.edition.scorecard.overlaps if o.active and o.together]
    for number, names in enumerate(together):
        for name in names:
            out[plan.words.clause_of[name]] = number
    for k, clause in plan.each(Occurrence):
        if clause.same_matter == "once" and out[k] < 0:
            out[k] = len(together) + k
    return out


def once_sets(plan: Plan) -> Ints:
    """Return for each clause that counts at most once its own number; -1 for the others."""
    out = np.full(plan.size, -1, dtype=np.int64)
    for k, clause in plan.each(Occurrence):
        out[k] = k if clause.once else -1
    return out


def level_once_sets(plan: Plan) -> Ints:
    """Return for each clause whose levels count once for the item the item's number; -1 for the others."""
    out = np.full(plan.size, -1, dtype=np.int64)
    for k, clause in plan.each(Occurrence):
        if clause.level_effect == "once_per_item":
            out[k] = plan.item_of[k]
    return out


def _once_by(frame: Frame, told: _Told, sets: Ints, among: Ints, reason: Why) -> None:
    """Let only the highest (then earliest) of the rows `among` count for each set and place, and that once."""
    group = sets[told.clause[among]]
    keep = group >= 0
    where, group = among[keep], group[keep]
    if not where.size:
        return
    key = told.place[where] * (int(sets.max()) + 1) + group
    if reason is Why.ONCE_MATTER:
        key = key * (int(told.matter.max()) + 1) + told.matter[where]
    told.times[where] = 1
    winners = _first(key, np.abs(told.single[where]), frame.columns.order[told.row[where]])
    lost = winners != np.arange(len(where))
    losers = where[lost]
    told.times[losers] = 0
    told.why[losers] = reason
    told.by[losers] = told.row[where[winners[lost]]]


def _first(key: Ints, size: Ints, order: Ints) -> Ints:
    """Return for each element the position of the winner among those with its key: largest, then earliest."""
    ranked = np.lexsort((order, -size, key))
    sorted_key = key[ranked]
    starts = np.empty(len(key), dtype=np.bool_)
    starts[:1] = True
    np.not_equal(sorted_key[1:], sorted_key[:-1], out=starts[1:])
    head = ranked[np.flatnonzero(starts)][np.cumsum(starts) - 1]
    out = np.empty(len(key), dtype=np.int64)
    out[ranked] = head
    return out


def _prevail(frame: Frame, told: _Told, among: Ints) -> None:
    """Void events of clauses over which another clause prevails for the same matter."""
    words, order = frame.plan.words, frame.columns.order
    clause, matter = told.clause[among], told.matter[among]
    key = told.place[among] * (int(told.matter.max()) + 1) + matter
    for overlap in frame.plan.edition.scorecard.overlaps:
        if not overlap.active or not overlap.prevails:
            continue
        over = np.zeros(frame.plan.size, dtype=np.bool_)
        over[[words.clause_of[name] for name in overlap.over]] = True
        winners = np.flatnonzero(clause == words.clause_of[overlap.prevails])
        losers = np.flatnonzero(over[clause])
        if not winners.size or not losers.size:
            continue
        winners = winners[np.lexsort((order[told.row[among[winners]]], key[winners]))]
        found = np.minimum(np.searchsorted(key[winners], key[losers]), len(winners) - 1)
        hit = key[winners][found] == key[losers]
        gone = among[losers[hit]]
        told.times[gone] = 0
        told.why[gone] = Why.PREVAILED
        told.by[gone] = told.row[among[winners[found[hit]]]]


def _per_value(frame: Frame, single: Ints) -> None:
    """Multiply by the figure where the sentence says per person: 每人每次."""
    for k, clause in frame.plan.each(Occurrence):
        if clause.per == "value":
            mine = np.flatnonzero(frame.clause == k)
            row = frame.row[mine]
            per_figure = single[mine] // frame.plan.scale.figure
            fits(frame.columns.value[row], int((np.abs(per_figure) * frame.columns.count[row]).max(initial=0)))
            single[mine] = per_figure * frame.columns.value[row]


def _again(frame: Frame, times: Ints, points: Ints) -> None:
    """Multiply from the n-th occurrence on, counted by date, then id."""
    for k, clause in frame.plan.each(Occurrence):
        if clause.again is None:
            continue
        mine = np.flatnonzero(frame.clause == k)
        if not mine.size:
            continue
        mine = mine[np.lexsort((frame.columns.order[frame.row[mine]], frame.place[mine]))]
        place, count = frame.place[mine], times[mine]
        running = np.cumsum(count)
        starts = np.flatnonzero(np.r_[True, place[1:] != place[:-1]])
        sizes = np.diff(np.r_[starts, len(place)])
        before = running - count - np.repeat((running - count)[starts], sizes)
        edge = clause.again.start - 1
        late = np.maximum(before + count - edge, 0) - np.maximum(before - edge, 0)
        own = points[mine] // np.maximum(count, 1)  # per-value amounts are already in the points
        more = clause.again.times - 1
        points[mine] += own * late * more.numerator // more.denominator


def _provisional(frame: Frame, sheet: Sheet, times: Ints) -> None:
    """Mark places where an event counts only for now."""
    plan = frame.plan
    for k, clause in plan.each(Occurrence):
        words = [word for word, level in clause.levels.items() if level.provisional]
        if words and frame.hit[k].any():
            mine = np.flatnonzero(frame.clause == k)
            numbers = [plan.words.level_of[word] for word in words]
            hit = np.isin(frame.columns.level[frame.row[mine]], numbers) & (times[mine] > 0)
            sheet.provisional[frame.place[mine[hit]]] = True


def yearly(frame: Frame, sheet: Sheet, numbers: list[int]) -> None:
    """Mark clauses judged once a period as not due where no whole period lies and nothing happened."""
    for k in numbers:
        idle = ~frame.hit[k] & (frame.due(frame.plan.words.clauses[k].frequency) == 0)
        sheet.mark(k, idle, Due.NOT_DUE)


def amounts(frame: Frame, sheet: Sheet) -> None:
    """Add the officer's figure of every amount clause, with its direction."""
    numbers = [k for k, _ in frame.plan.each(Amount)]
    at = frame.of_clauses(numbers)
    sign = np.zeros(frame.plan.size, dtype=np.int64)
    for k, clause in frame.plan.each(Amount):
        sign[k] = clause.sign
    per_figure = frame.plan.scale.unit // frame.plan.scale.figure
    fits(frame.columns.value[frame.row[at]], per_figure)
    points = sign[frame.clause[at]] * frame.columns.value[frame.row[at]] * per_figure
    sheet.add(frame, at, points, Why.AMOUNT)
    yearly(frame, sheet, [k for k in numbers if frame.plan.words.clauses[k].frequency is not Every.ANY])


def facts(frame: Frame, sheet: Sheet) -> None:
    """Show the events of clauses without a tariff, and of vetoes; they add nothing by themselves."""
    numbers = [k for k, _ in frame.plan.each(Fact, Veto)]
    at = frame.of_clauses(numbers)
    for k, clause in frame.plan.each(Veto):
        seen = frame.hit[k] & sheet.open_to(k)
        if clause.rank == "last":
            sheet.last |= seen
        if clause.zero == "item":
            sheet.zeroed[k] = seen
        elif clause.zero == "total":
            sheet.zeroed_total |= seen
    shown = at[np.isin(frame.clause[at], [k for k, _ in frame.plan.each(Fact)])]
    sheet.add(frame, shown, np.zeros(len(shown), dtype=np.int64), Why.FACT)
    yearly(frame, sheet, [k for k in numbers if frame.plan.words.clauses[k].frequency is not Every.ANY])
