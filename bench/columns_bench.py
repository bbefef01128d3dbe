"""The columnar assessment beside a hand-written numpy job, over one rulebook that many offices have adopted.

    python bench/columns_bench.py EVENTS     prints one JSON line: seconds (median of five), ratio, peak memory

The hand-written job only sums per clause, caps per item and ranks per office; the assessment gives the whole rulebook:
levels, one matter once, duties, composites, multipliers, vetoes, states, nested caps. Both read the same columns.
"""

from __future__ import annotations

import json
import resource
import statistics
import sys
import time
from collections.abc import Callable

import numpy as np

from appraisal.grid import compute
from appraisal.methods.columns import NO_VALUE, Columns, Roster
from appraisal.methods.plan import Plan, compile_plan
from appraisal.methods.views import View
from appraisal.model.clauses_counted import Occurrence
from appraisal.model.clauses_duties import Deadline
from appraisal.model.periods import Every, Span
from appraisal.reading.rulebook import find_rulebook, read_rulebook

YEAR = 2020
OFFICES = 200
SUBJECTS = 12


def inputs(plan: Plan, subjects: int, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Return the rows of judged clauses and duties: one value a period for every subject."""
    words, unit = plan.words, plan.scale.figure
    parts: list[np.ndarray] = []
    everyone = np.arange(subjects)
    for k, clause in enumerate(words.clauses):
        told = clause.inputs()
        if isinstance(clause, Occurrence) or not told.loggable or clause.id in {"AQ-2", "DJ-7"}:
            continue
        monthly = told.one_per is Every.MONTH or told.month_needed
        for month in range(1, 13) if monthly else (12,):
            for part in told.parts or ("",):
                who = everyone
                if clause.applies_to:
                    here = [i for i, s in enumerate(plan.edition.roster) if s.id in clause.applies_to]
                    who = everyone[np.isin(everyone % SUBJECTS, here)]
                row = np.zeros((len(who), 11), dtype=np.int64)
                row[:, 0], row[:, 1], row[:, 2], row[:, 3] = who, k, month, 1
                high = unit if told.value is None or told.value.high is None else int(told.value.high * unit)
                figures = rng.integers(unit // 100, high, len(who)) // (unit // 100) * (unit // 100)
                row[:, 5] = figures if told.value is not None else NO_VALUE
                row[:, 6] = unit // 2 if told.benchmark_needed else NO_VALUE
                row[:, 4] = words.level_of[told.levels[0]] if told.level_needed else 0
                row[:, 7], row[:, 8] = words.part_of[part], -1
                row[:, 10] = np.datetime64(f"{YEAR}-{month:02d}-01").astype(np.int64) + 719163
                if isinstance(clause, Deadline):
                    row[:, 10] += rng.integers(20, 60, len(who))
                parts.append(row)
    return {"rows": np.concatenate(parts)}


def columns(plan: Plan, events: int, subjects: int, seed: int = 7) -> Columns:
    """Return so many events of all kinds in columns: every judged input, and occurrences of every word."""
    rng = np.random.default_rng(seed)
    fixed = inputs(plan, subjects, rng)["rows"][:events]
    rest = events - len(fixed)
    kinds = [(k, c) for k, c in plan.each(Occurrence) if isinstance(c, Occurrence)]
    pairs = np.array(
        [(k, plan.words.level_of[w]) for k, c in kinds for w in ("", *c.levels) if c.level_amount(w) is not None]
    )
    chosen = rng.integers(0, len(pairs), rest)
    drawn = {0: rng.integers(0, subjects, rest), 1: pairs[chosen, 0], 4: pairs[chosen, 1]}
    del chosen
    drawn[2] = rng.integers(1, 13, rest)
    drawn[3] = rng.choice([1, 1, 1, 1, 2, 3], rest)
    drawn[5] = drawn[6] = np.full(rest, NO_VALUE)
    drawn[7] = np.zeros(rest, dtype=np.int64)
    drawn[8] = np.where(rng.random(rest) < 0.2, rng.integers(0, max(rest // 4, 1), rest), -1)
    drawn[10] = np.datetime64(f"{YEAR}-01-01").astype(np.int64) + 719163 + drawn[2] * 28
    drawn[9] = np.arange(len(fixed), events)
    fixed[:, 9] = np.arange(len(fixed))
    # one column after the other, so that no second copy of the whole stands beside them
    by = [np.concatenate([fixed[:, n], drawn.pop(n)]) for n in range(11)]
    return Columns(
        subject=by[0], clause=by[1], month=by[2], count=by[3], level=by[4], value=by[5], benchmark=by[6], part=by[7],
        matter=by[8], order=by[9], day=by[10], digits=plan.digits,
    )  # fmt: skip


def by_hand(plan: Plan, data: Columns, subjects: int) -> tuple[np.ndarray, np.ndarray]:
    """Sum per clause, cap per item, rank per office: months and year; nothing else."""
    size = plan.size
    points = plan.amount[data.clause, data.level] * data.count
    key = (data.subject * 12 + data.month - 1) * size + data.clause
    month = np.bincount(key, weights=points, minlength=subjects * 12 * size).reshape(subjects, 12, size)
    both = np.concatenate([month, month.sum(axis=1, keepdims=True)], axis=1)
    total = np.zeros(both.shape[:2])
    for number, item in enumerate(plan.items):
        mine = np.flatnonzero(plan.item_of == number)
        full = float(item.points) * plan.scale.unit
        total += np.clip(full + both[:, :, mine].sum(axis=2), 0, full)
    per_office = total.reshape(-1, SUBJECTS, 13)
    rank = (per_office[:, None, :, :] > per_office[:, :, None, :]).sum(axis=2) + 1
    return total, rank


def assessed(plan: Plan, data: Columns, roster: Roster) -> None:
    """Compute every monthly and the annual standing, whole."""
    compute(plan, data, roster, View.months(YEAR))
    compute(plan, data, roster, View.one(Span.whole(YEAR)))


def timed(job: Callable[[], object], times: int = 5) -> float:
    """Return the median seconds of some runs after one to warm up."""
    job()
    found = []
    for _ in range(times):
        began = time.perf_counter()
        job()
        found.append(time.perf_counter() - began)
    return statistics.median(found)


def main(events: int) -> None:
    """Print the figures of one size."""
    edition = read_rulebook(find_rulebook("houjiatang-2020"))
    plan = compile_plan(edition)
    offices = max(1, min(OFFICES, events // 5000))
    roster = Roster.many([edition.roster] * offices)
    data = columns(plan, events, len(roster.ids))
    ours = timed(lambda: assessed(plan, data, roster))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    hand = timed(lambda: by_hand(plan, data, len(roster.ids)))
    told = {"events": len(data), "offices": offices, "seconds": round(ours, 4), "by_hand": round(hand, 4)}
    told |= {"ratio": round(ours / hand, 2), "events_per_second": round(len(data) / ours), "peak_mb": round(peak)}
    print(json.dumps(told))


if __name__ == "__main__":
    main(int(sys.argv[1]))
