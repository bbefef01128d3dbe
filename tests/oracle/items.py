"""What caps leave of an item, how its state follows from its clauses, and the ranks that multiply it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from appraisal.model.clauses import Clause, Multiplier
from appraisal.model.clauses_scored import Composite
from appraisal.model.exact import half_up
from appraisal.model.scorecard import Group, Item
from appraisal.model.standing import State
from oracle.view import ZERO, View, item_clauses


@dataclass(frozen=True)
class ItemResult:
    """One item of one subject; `clauses` holds signed points before caps, `states` those of its clauses."""

    base: Fraction
    score: Fraction
    state: State
    clauses: Mapping[str, Fraction] = field(default_factory=dict)
    states: Mapping[str, State] = field(default_factory=dict)


def clip(value: Fraction, low: Fraction | None, high: Fraction | None) -> Fraction:
    """Keep a value within bounds; None is open."""
    if low is not None and value < low:
        return low
    return high if high is not None and value > high else value


def moved(item: Item, points: Mapping[str, Fraction]) -> Fraction:
    """Return by how much the clauses move the item after its groups and limits, the inner ones first."""
    budgets: list[tuple[frozenset[str], Fraction | None, Fraction | None]] = []
    for group in groups_of(item.groups):
        names = frozenset(c.id for c in group_clauses(group))
        full = item.starts == "full"
        budgets.append((names, -group.points if full else ZERO, ZERO if full else group.points))
    for limit in item.limits:
        most = None if limit.max_loss is None else -limit.max_loss
        budgets.append((covered(item, limit.covers), most, limit.max_gain))
    parts = {frozenset([name]): value for name, value in points.items()}
    for names, low, high in sorted(budgets, key=lambda budget: len(budget[0])):
        inside = [part for part in parts if part <= names]
        parts[names] = clip(sum((parts.pop(part) for part in inside), ZERO), low, high)
    return sum(parts.values(), ZERO)


def groups_of(groups: Iterable[Group]) -> list[Group]:
    """Return groups and the groups in them."""
    return [g for group in groups for g in (group, *groups_of(group.groups))]


def group_clauses(group: Group) -> list[Clause]:
    """Return the clauses of a group and of the groups in it."""
    return [c for g in groups_of([group]) for c in g.clauses]


def covered(item: Item, names: Iterable[str]) -> frozenset[str]:
    """Return the clauses that a limit covers, through other limits too."""
    limits = {limit.id: limit for limit in item.limits}
    found: set[str] = set()
    for name in names:
        found |= covered(item, limits[name].covers) if name in limits else {name}
    return frozenset(found)


def state_of(states: Iterable[State]) -> State:
    """Return the state of an item from those of the clauses that are for the subject."""
    seen = set(states)
    if State.PENDING in seen:
        return State.PENDING
    if seen <= {State.NOT_APPLICABLE}:
        return State.NOT_APPLICABLE
    return State.NOT_DUE if seen <= {State.NOT_DUE, State.NOT_APPLICABLE} else State.ASSESSED


def item_result(item: Item, found: Mapping[str, tuple[Fraction, State]]) -> ItemResult:
    """Return an item without a multiplier: its start and what moved it, within floor and ceiling."""
    points = {name: value for name, (value, _) in found.items()}
    states = {name: state for name, (_, state) in found.items()}
    low = ZERO if item.floor == "zero" else None
    high = item.points + item.bonus if item.ceiling == "points" else None
    score = clip(item.start + moved(item, points), low, high)
    return ItemResult(item.start, score, state_of(states.values()), points, states)


def multiplied(
    view: View, item: Item, found: Mapping[str, Mapping[str, tuple[Fraction, State]]]
) -> dict[str, ItemResult]:
    """Return an item whose ranks multiply it, for every subject of the run."""
    (clause,) = [c for c in item_clauses(item) if isinstance(c, Multiplier)]
    plain = {subject: item_result(item, found[subject]) for subject in view.subjects}
    before = {subject: max(ZERO, item.start + moved(item, plain[subject].clauses)) for subject in view.subjects}
    composite = {subject: found[subject][clause.after][1] for subject in view.subjects}
    ranks: dict[str, int] = {}
    if all(state is State.ASSESSED for state in composite.values()):
        ranks = positions(view, item, clause, before, plain)
    results = {}
    for subject in view.subjects:
        score, state = before[subject], State.PENDING
        if composite[subject] is State.NOT_DUE:
            score, state = min(before[subject], item.points), State.NOT_DUE
        elif subject in ranks:
            score, state = half_up(before[subject] * clause.factor(ranks[subject]), clause.round), State.ASSESSED
            score = min(score, item.points) if clause.clip == "points" else score
        states = {**plain[subject].states, clause.id: state}
        results[subject] = replace(plain[subject], score=score, states=states, state=state_of(states.values()))
    return results


def positions(
    view: View, item: Item, clause: Multiplier, before: Mapping[str, Fraction], plain: Mapping[str, ItemResult]
) -> dict[str, int]:
    """Return the rank of every subject that has one: by sum, then the tie-breaks, then the decisions."""
    composite = next(c for c in item_clauses(item) if c.id == clause.after)
    assert isinstance(composite, Composite)

    def key(subject: str) -> tuple[Fraction, ...]:
        orders = [before[subject]]
        for tie_break in clause.tie_breaks:
            if tie_break.part:
                marks = [e.value or ZERO for e in view.of(subject, composite.id) if e.part == tie_break.part]
                orders.append(sum(marks, ZERO))
            if tie_break.points:
                orders.append(sum((plain[subject].clauses.get(name, ZERO) for name in tie_break.points), ZERO))
        return tuple(orders)

    ranks: dict[str, int] = {}
    for value in sorted({key(s) for s in view.subjects}, reverse=True):
        block = [s for s in view.subjects if key(s) == value]
        first = 1 + sum(key(s) > value for s in view.subjects)
        ranks |= decided(view, clause, block, range(first, first + len(block)))
    return ranks


def decided(view: View, clause: Multiplier, block: Sequence[str], places: range) -> dict[str, int]:
    """Return the places that decisions give to subjects still equal; the last one left takes the last place."""
    given = {s: view.of(s, clause.id)[-1].value for s in block if view.of(s, clause.id)}
    valid = {
        s: int(place)
        for s, place in given.items()
        if place is not None and place in places and list(given.values()).count(place) == 1
    }
    undecided = [s for s in block if s not in valid]
    free = [place for place in places if place not in valid.values()]
    if len(undecided) == 1:
        valid[undecided[0]] = free[0]
    return valid
