"""From points by clause and place to items, totals and ranks: caps, multipliers and vetoes, all as whole units."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from appraisal.model.scorecard import Item
from appraisal.tally.budget import Bound, Budget, Ints, budget, clipped
from appraisal.tally.ranks import Ranked, factors, shared_ranks, unique_ranks

Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class RankNeeds:
    """What a ranking of an item needs beside points; see `Ranked`."""

    judged: Bools
    complete: Bools
    marks: dict[str, Ints]
    decision: Ints


@dataclass(frozen=True)
class Points:
    """Points by clause and place as the methods gave them, and what the tally needs to know beside them.

    `units` turns exact points into whole units. `group` numbers the office and cell of each place.
    `whole_year`: places in a year view, where everything is due.
    """

    clause_of: dict[str, int]
    points: Ints
    units: Callable[[Fraction], int]
    group: Ints
    whole_year: Bools
    open_to: Callable[[int], Bools]
    ranked: dict[int, RankNeeds]
    zeroed: dict[int, Bools]
    zeroed_total: Bools
    last: Bools
    dense: bool


@dataclass
class Tally:
    """Standings as arrays over places; `trims` are what caps gave back, `effects` multipliers and vetoes, by name.

    A trim's key is (item number, "limit" | "group" | "item", id). Effects: ("multiplier" | "veto", clause id).
    """

    score: Ints
    total: Ints
    rank: Ints
    rank_without_veto: Ints
    trims: dict[tuple[int, str], Ints] = field(default_factory=dict)
    effects: dict[tuple[int, str, str], Ints] = field(default_factory=dict)
    ranked: dict[int, Ranked] = field(default_factory=dict)
    total_veto: Ints | None = None


def budgets(items: tuple[Item, ...]) -> tuple[Budget, ...]:
    """Return the tree of bounds of every item."""
    return tuple(budget(item) for item in items)


def tally(trees: tuple[Budget, ...], given: Points, *, keep: bool = False) -> Tally:
    """Compute items, totals and ranks; `keep` keeps each trim for the explanation."""
    places = given.points.shape[1]
    out = Tally(
        score=np.zeros((len(trees), places), dtype=np.int64),
        total=np.zeros(places, dtype=np.int64),
        rank=np.zeros(places, dtype=np.int64),
        rank_without_veto=np.zeros(places, dtype=np.int64),
    )
    for number, tree in enumerate(trees):
        score = _item(number, tree, given, out, keep=keep)
        for name in (c.id for c in tree.item.all_clauses()):
            k = given.clause_of[name]
            if k in given.zeroed:
                effect = np.where(given.zeroed[k], -score, 0)
                if keep:
                    out.effects[number, "veto", name] = effect
                score = score + effect
        out.score[number] = score
        out.total += score
    if given.zeroed_total.any():
        out.total_veto = np.where(given.zeroed_total, -out.total, 0)
        out.total = out.total + out.total_veto
    out.rank_without_veto = shared_ranks(given.group, out.total, dense=given.dense)
    out.rank = (
        shared_ranks(given.group, out.total, given.last, dense=given.dense)
        if given.last.any()
        else out.rank_without_veto
    )
    return out


def _item(number: int, tree: Budget, given: Points, out: Tally, *, keep: bool) -> Ints:
    units = given.units
    total = _sum_of(tree.free, given)
    for bound in tree.bounds:
        total = total + _bound(number, bound, given, out, keep=keep)
    raw = total + units(tree.item.start)
    if tree.multiplier is not None:
        return _multiplied(number, tree, raw, given, out, keep=keep)
    return _trim(number, f"item:{tree.item.id}", raw, (tree.floor, tree.ceiling), (units, out, keep))


def _sum_of(names: tuple[str, ...], given: Points) -> Ints:
    total = np.zeros(given.points.shape[1], dtype=np.int64)
    for name in names:
        total += given.points[given.clause_of[name]]
    return total


def _bound(number: int, bound: Bound, given: Points, out: Tally, *, keep: bool) -> Ints:
    total = _sum_of(bound.clauses, given)
    for inner in bound.inner:
        total = total + _bound(number, inner, given, out, keep=keep)
    return _trim(number, f"bound:{bound.id}", total, (bound.low, bound.high), (given.units, out, keep))


def _trim(
    number: int,
    key: str,
    raw: Ints,
    bounds: tuple[Fraction | None, Fraction | None],
    to: tuple[Callable[[Fraction], int], Tally, bool],
) -> Ints:
    units, out, keep = to
    low, high = (None if b is None else units(b) for b in bounds)
    kept = clipped(raw, low, high)
    if keep:
        out.trims[number, key] = kept - raw
    return kept


def _multiplied(number: int, tree: Budget, raw: Ints, given: Points, out: Tally, *, keep: bool) -> Ints:
    """Rank the item's sums and multiply; where nothing is ranked, clip to 0 … its points."""
    multiplier = tree.multiplier
    if multiplier is None:  # pragma: no cover  the caller has looked
        return raw
    k = given.clause_of[multiplier.id]
    needs = given.ranked[k]
    engaged = (needs.judged | given.whole_year) & given.open_to(k)
    points = given.units(tree.item.points)
    before = np.where(engaged, np.maximum(raw, 0), np.clip(raw, 0, points))
    if keep:
        out.trims[number, f"item:{tree.item.id}"] = before - raw
    keys = [before]
    keys += [needs.marks[t.part] if t.part else _sum_of(t.points, given) for t in multiplier.tie_breaks]
    ranked = unique_ranks(given.group, keys, engaged=engaged, ready=needs.complete, decision=needs.decision)
    top, bottom = factors(multiplier, ranked.rank)
    unit = given.units(multiplier.round)
    result = (2 * before * top + bottom * unit) // (2 * bottom * unit) * unit
    if multiplier.clip == "points":
        result = np.minimum(result, points)
    score = np.where(ranked.rank > 0, result, before)
    out.ranked[k] = ranked
    if keep:
        out.effects[number, "multiplier", multiplier.id] = score - before
    return score
