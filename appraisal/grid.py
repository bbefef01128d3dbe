"""Every number of a view in arrays: points by clause and place, items, totals, ranks."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from appraisal.methods.catalogue import run
from appraisal.methods.columns import Bools, Columns, Roster
from appraisal.methods.frame import Frame
from appraisal.methods.plan import Plan
from appraisal.methods.sheet import Due, Sheet
from appraisal.methods.views import View
from appraisal.model.clauses import Multiplier
from appraisal.model.periods import SpanKind
from appraisal.model.standing import State
from appraisal.tally.budget import Budget
from appraisal.tally.standings import Points, RankNeeds, Tally, budgets, tally

_TREES: dict[int, tuple[Plan, tuple[Budget, ...]]] = {}


@dataclass(frozen=True)
class Grid:
    """A computed view: what the methods gave, and what the tally made of it."""

    frame: Frame
    sheet: Sheet
    tally: Tally
    trees: tuple[Budget, ...]

    @property
    def plan(self) -> Plan:
        """The compiled rulebook."""
        return self.frame.plan

    def place(self, subject: int, cell: int = 0) -> int:
        """Return the place of a subject in a cell."""
        return subject * self.frame.view.cells + cell

    @cached_property
    def item_states(self) -> tuple[list[State], ...]:
        """Whether each item was judged at each place."""
        return tuple(self._states(list(numbers)) for numbers in self.plan.clauses_of)

    def _states(self, numbers: list[int]) -> list[State]:
        found = self.sheet.state[numbers]
        excluded, idle = found == Due.EXCLUDED, found == Due.NOT_APPLICABLE
        states = np.full(found.shape[1], State.ASSESSED.value, dtype=object)
        states[(excluded | idle | (found == Due.NOT_DUE)).all(axis=0)] = State.NOT_DUE.value
        states[(excluded | idle).all(axis=0)] = State.NOT_APPLICABLE.value
        states[(found == Due.PENDING).any(axis=0)] = State.PENDING.value
        return [State(state) for state in states]

    def provisional(self) -> Bools:
        """Return which places are provisional: something pending, or counted only for now."""
        pending: Bools = (self.sheet.state == Due.PENDING).any(axis=0)
        return pending | self.sheet.provisional


def trees_of(plan: Plan) -> tuple[Budget, ...]:
    """Return the bounds of every item, made once for a plan."""
    known = _TREES.get(id(plan))
    if known is None or known[0] is not plan:
        _TREES[id(plan)] = known = (plan, budgets(plan.items))
    return known[1]


def compute(plan: Plan, columns: Columns, roster: Roster, view: View, *, keep: bool = False) -> Grid:
    """Compute one view: methods, then caps, ranks, multipliers and vetoes; `keep` keeps what explanations need."""
    frame, sheet = run(plan, columns, roster, view, keep=keep)
    year = np.array([span.kind is SpanKind.YEAR for span in view.spans])
    given = Points(
        clause_of=plan.words.clause_of,
        points=sheet.points,
        units=plan.scale.points,
        group=frame.office_cell,
        whole_year=np.tile(year, len(roster.ids)),
        open_to=sheet.open_to,
        ranked={k: RankNeeds(r.judged, r.complete, r.marks, r.decision) for k, r in sheet.ranked.items()},
        zeroed=sheet.zeroed,
        zeroed_total=sheet.zeroed_total,
        last=sheet.last,
        dense=plan.edition.scorecard.ranking.ties == "dense",
    )
    trees = trees_of(plan)
    result = tally(trees, given, keep=keep)
    for k, _ in plan.each(Multiplier):
        ranked = result.ranked[k]
        sheet.mark(k, ~ranked.engaged, Due.NOT_DUE)
        sheet.mark(k, ranked.waiting, Due.PENDING)
    return Grid(frame, sheet, result, trees)
