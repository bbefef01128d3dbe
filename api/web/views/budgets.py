"""The nested budgets of points that a clause draws on, and what the losses of a subject have left of each."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from api.web.views.model import View
from appraisal.model.exact import Exact
from appraisal.model.scorecard import Group, Item
from appraisal.model.standing import EntryKind, ItemScore


class Budget(View):
    """Points that clauses may take together at most: how many there are, and how many are left."""

    name: str
    points: Exact
    left: Exact


def budget_of(item: Item, score: ItemScore, clause: str) -> Budget | None:
    """Return the innermost budget that a clause takes from, its group or its item; none where points are earned."""
    if item.starts != "full" or item.floor != "zero":
        return None
    group = next((g for g in reversed(list(item.all_groups())) if clause in set(_clauses(g))), None)
    covered = set(_clauses(group)) if group else {c.id for c in item.all_clauses()}
    points = group.points if group else item.points
    taken = sum(
        (-e.counted for e in score.entries if _takes(e.kind) and e.clause in covered and e.counted), Fraction(0)
    )
    return Budget(name=group.name if group else item.name, points=points, left=max(points - taken, Fraction(0)))


def _takes(kind: EntryKind) -> bool:
    return kind in {EntryKind.CLAUSE, EntryKind.MISSING}


def _clauses(group: Group) -> Iterator[str]:
    for clause in group.clauses:
        yield clause.id
    for inner in group.groups:
        yield from _clauses(inner)
