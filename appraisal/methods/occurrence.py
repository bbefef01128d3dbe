"""So many points each time: occurrences by level, once, again, per person, one matter once; and amounts given."""

from __future__ import annotations

import numpy as np

from appraisal.methods.columns import Ints
from appraisal.methods.frame import Due, Frame, Sheet, Why, seen_at
from appraisal.methods.plan import Plan
from appraisal.model.clauses import Amount, Fact, Level, Occurrence, Veto
from appraisal.model.periods import Every


def occurrences(frame: Frame, sheet: Sheet) -> None:
    """Add a line for every occurrence: its amount by level, times its count, unless it is already counted elsewhere."""
    plan, columns = frame.plan, frame.columns
    numbers = [k for k, _ in plan.each(Occurrence)]
    at = frame.of_clauses(numbers)
    row, clause = frame.row[at], frame.clause[at]
    single = plan.amount[clause, columns.level[row]]
    times = np.where(plan.counted[clause], columns.count[row], 1)
    why = np.zeros(len(at), dtype=np.int64)
    by = np.full(len(at), -1, dtype=np.int64)  # the row that counts instead
    _once_by(frame, at, matter_sets(plan), single, times, (why, by, Why.ONCE_MATTER))
    _once_by(frame, at, once_sets(plan), single, times, (why, by, Why.ONCE))
    _once_by(frame, at, level_once_sets(plan), single, times, (why, by, Why.ONCE))
    _prevail(frame, at, times, why, by)
    points = single * times
    _per_value(frame, at, points)
    _again(frame, at, single, times, points)
    sheet.add(frame, at, points, why, by)
    _provisional(frame, sheet, at, times)
    yearly(frame, sheet, at, [k for k in numbers if plan.words.clauses[k].frequency is not Every.ANY])


def matter_sets(plan: Plan) -> Ints:
    """Return for each clause the set within which one matter counts once; -1 for none."""
    out = np.full(plan.size, -1, dtype=np.int64)
    together = [o.together for o in plan.edition.rulebook.overlaps if o.active and o.together]
    for number, names in enumerate(together):
        for name in names:
            out[plan.words.clause_of[name]] = number
    for k, clause in plan.each(Occurrence):
        if isinstance(clause, Occurrence) and clause.same_matter == "once" and out[k] < 0:
            out[k] = len(together) + k
    return out


def once_sets(plan: Plan) -> Ints:
    """Return for each clause that counts at most once its own number; -1 for the others."""
    out = np.full(plan.size, -1, dtype=np.int64)
    for k, clause in plan.each(Occurrence):
        out[k] = k if isinstance(clause, Occurrence) and clause.once else -1
    return out


def level_once_sets(plan: Plan) -> Ints:
    """Return for each clause whose levels count once for the item the item's number; -1 for the others."""
    out = np.full(plan.size, -1, dtype=np.int64)
    for k, clause in plan.each(Occurrence):
        if isinstance(clause, Occurrence) and clause.level_effect == "once_per_item":
            out[k] = plan.item_of[k]
    return out


def _once_by(frame: Frame, at: Ints, sets: Ints, single: Ints, times: Ints, told: tuple[Ints, Ints, Why]) -> None:
    """Let only the highest (then earliest) row of each set and place count, and that once."""
    why, by, reason = told
    group = sets[frame.clause[at]]
    keep = group >= 0
    if not keep.any():
        return
    columns, row = frame.columns, frame.row[at]
    matter = columns.matter[row]
    if reason is Why.ONCE_MATTER:
        keep &= matter >= 0
    elif frame.plan.item_of.size and np.array_equal(sets, level_once_sets(frame.plan)):
        keep &= columns.level[row] > 0
    where = np.flatnonzero(keep)
    if not where.size:
        return
    key = frame.place[at[where]] * (int(sets.max()) + 1) + group[where]
    if reason is Why.ONCE_MATTER:
        key = key * (int(matter.max()) + 1) + matter[where]
    times[where] = 1
    winners = _first(key, np.abs(single[where]), columns.order[row[where]])
    lost = winners != np.arange(len(where))
    losers = where[lost]
    times[losers] = 0
    why[losers] = reason
    by[losers] = row[where[winners[lost]]]


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


def _prevail(frame: Frame, at: Ints, times: Ints, why: Ints, by: Ints) -> None:
    """Void events of clauses over which another clause prevails for the same matter."""
    words, columns = frame.plan.words, frame.columns
    clause, row = frame.clause[at], frame.row[at]
    matter = columns.matter[row]
    span = int(matter.max()) + 1 if matter.size else 1
    key = frame.place[at] * max(span, 1) + matter
    for overlap in frame.plan.edition.rulebook.overlaps:
        if not overlap.active or not overlap.prevails:
            continue
        over = np.array([words.clause_of[name] for name in overlap.over], dtype=np.int64)
        winners = np.flatnonzero((clause == words.clause_of[overlap.prevails]) & (matter >= 0))
        losers = np.flatnonzero(np.isin(clause, over) & (matter >= 0))
        if not winners.size or not losers.size:
            continue
        winners = winners[np.lexsort((columns.order[row[winners]], key[winners]))]
        found = np.searchsorted(key[winners], key[losers])
        found = np.minimum(found, len(winners) - 1)
        hit = key[winners][found] == key[losers]
        times[losers[hit]] = 0
        why[losers[hit]] = Why.PREVAILED
        by[losers[hit]] = row[winners[found[hit]]]


def _per_value(frame: Frame, at: Ints, points: Ints) -> None:
    """Multiply by the figure where the sentence says per person: 每人每次."""
    for k, clause in frame.plan.each(Occurrence):
        if isinstance(clause, Occurrence) and clause.per == "value":
            mine = np.flatnonzero(frame.clause[at] == k)
            figures = frame.columns.value[frame.row[at[mine]]]
            points[mine] = points[mine] // frame.plan.scale.figure * figures


def _again(frame: Frame, at: Ints, single: Ints, times: Ints, points: Ints) -> None:
    """Multiply from the n-th occurrence on, counted by date, then id."""
    for k, clause in frame.plan.each(Occurrence):
        if not isinstance(clause, Occurrence) or clause.again is None:
            continue
        mine = np.flatnonzero(frame.clause[at] == k)
        place, order = frame.place[at[mine]], frame.columns.order[frame.row[at[mine]]]
        mine = mine[np.lexsort((order, place))]
        place, count = frame.place[at[mine]], times[mine]
        running = np.cumsum(count)
        starts = np.flatnonzero(np.r_[True, place[1:] != place[:-1]]) if len(place) else np.empty(0, np.int64)
        sizes = np.diff(np.r_[starts, len(place)])
        before = running - count - np.repeat((running - count)[starts], sizes)
        edge = clause.again.start - 1
        late = np.maximum(before + count - edge, 0) - np.maximum(before - edge, 0)
        own = points[mine] // np.maximum(times[mine], 1)  # per-value amounts are already in the points
        more = clause.again.times - 1
        points[mine] += own * late * more.numerator // more.denominator


def _provisional(frame: Frame, sheet: Sheet, at: Ints, times: Ints) -> None:
    """Mark places where an event counts only for now."""
    plan = frame.plan
    table = np.zeros_like(plan.amount, dtype=np.bool_)
    for k, clause in plan.each(Occurrence):
        if isinstance(clause, Occurrence):
            for word, level in clause.levels.items():
                table[k, plan.words.level_of[word]] = isinstance(level, Level) and level.provisional
    if table.any():
        row = frame.row[at]
        hit = table[frame.clause[at], frame.columns.level[row]] & (times > 0)
        sheet.provisional[frame.place[at[hit]]] = True


def yearly(frame: Frame, sheet: Sheet, at: Ints, numbers: list[int]) -> None:
    """Mark clauses judged once a period as not due where no whole period lies and nothing happened."""
    for k in numbers:
        clause = frame.plan.words.clauses[k]
        idle = ~seen_at(frame, at, k) & (frame.due(clause.frequency) == 0)
        sheet.mark(k, idle, Due.NOT_DUE)


def amounts(frame: Frame, sheet: Sheet) -> None:
    """Add the officer's figure of every amount clause, with its direction."""
    numbers = [k for k, _ in frame.plan.each(Amount)]
    at = frame.of_clauses(numbers)
    sign = np.zeros(frame.plan.size, dtype=np.int64)
    for k, clause in frame.plan.each(Amount):
        sign[k] = clause.sign if isinstance(clause, Amount) else 0
    per_figure = frame.plan.scale.unit // frame.plan.scale.figure
    points = sign[frame.clause[at]] * frame.columns.value[frame.row[at]] * per_figure
    sheet.add(frame, at, points, Why.AMOUNT)
    yearly(frame, sheet, at, [k for k in numbers if frame.plan.words.clauses[k].frequency is not Every.ANY])


def facts(frame: Frame, sheet: Sheet) -> None:
    """Show the events of clauses without a tariff, and of vetoes; they add nothing by themselves."""
    numbers = [k for k, _ in frame.plan.each(Fact, Veto)]
    at = frame.of_clauses(numbers)
    for k, clause in frame.plan.each(Veto):
        if isinstance(clause, Veto):
            seen = seen_at(frame, at, k) & sheet.open_to(k)
            if clause.rank == "last":
                sheet.last |= seen
            if clause.zero == "item":
                sheet.zeroed[k] = seen
            elif clause.zero == "total":
                sheet.zeroed_total |= seen
    shown = at[np.isin(frame.clause[at], [k for k, _ in frame.plan.each(Fact)])]
    sheet.add(frame, shown, np.zeros(len(shown), dtype=np.int64), Why.FACT)
    yearly(frame, sheet, at, [k for k in numbers if frame.plan.words.clauses[k].frequency is not Every.ANY])
