"""Ranks: totals to shared ranks, vetoed last; and an item's own ranks without ties, which multiply it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from appraisal.model.clauses import Multiplier

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


def shared_ranks(group: Ints, total: Ints, last: Bools | None = None, *, dense: bool = False) -> Ints:
    """Rank by total, descending, within each group; equal totals share a rank and the next is skipped (or not: dense).

    Where `last` holds, the place comes after all others of its group, among its like by total.
    """
    behind = np.zeros(len(total), dtype=np.int64) if last is None else last.astype(np.int64)
    order = np.lexsort((-total, behind, group))
    g, b, t = group[order], behind[order], total[order]
    new_group = np.r_[True, g[1:] != g[:-1]]
    fresh = new_group | np.r_[True, (t[1:] != t[:-1]) | (b[1:] != b[:-1])]
    position = np.arange(len(order))
    start = np.maximum.accumulate(np.where(new_group, position, 0))
    if dense:
        steps = np.cumsum(fresh)
        ranked = steps - steps[start] + 1
    else:
        ranked = np.maximum.accumulate(np.where(fresh, position, 0)) - start + 1
    out = np.empty(len(order), dtype=np.int64)
    out[order] = ranked
    return out


def places(
    keys: Sequence[tuple[Fraction, ...]], last: Sequence[bool] | None = None, *, dense: bool = False
) -> list[int]:
    """Rank a handful of subjects by exact keys, descending, element by element; see `shared_ranks` for the rest."""
    if not keys:
        return []
    order = {key: number for number, key in enumerate(sorted(set(keys)))}
    codes = np.array([order[key] for key in keys], dtype=np.int64)
    behind = None if last is None else np.array(last, dtype=np.bool_)
    return [int(rank) for rank in shared_ranks(np.zeros_like(codes), codes, behind, dense=dense)]


@dataclass(frozen=True)
class Ranked:
    """Where a ranking without ties stands: the rank of each place (0: none), and where it awaits something.

    `engaged`: the ranking is due in the place's cell and for its subject. `waiting`: due, but not ranked.
    `tied`: waiting for a decision between equals; the others wait for somebody's input.
    """

    rank: Ints
    engaged: Bools
    waiting: Bools
    tied: Bools


def unique_ranks(group: Ints, keys: list[Ints], *, engaged: Bools, ready: Bools, decision: Ints) -> Ranked:
    """Rank engaged places within each group by keys (descending, in order); equals need decisions.

    A group is ranked only if every place of it is ready. A decision counts if it is a position of its tied block that
    no other takes; one undecided place takes what is left.
    """
    size = int(group.max()) + 1 if len(group) else 0
    blocked = np.zeros(size, dtype=np.bool_)
    np.logical_or.at(blocked, group, ~ready)
    ranked_here = engaged & ~blocked[group]
    rank = np.zeros(len(group), dtype=np.int64)
    tied = np.zeros(len(group), dtype=np.bool_)
    where = np.flatnonzero(ranked_here)
    if where.size:
        order = where[np.lexsort((*(-key[where] for key in reversed(keys)), group[where]))]
        new_group = np.r_[True, group[order][1:] != group[order][:-1]]
        differs = new_group.copy()
        for key in keys:
            differs[1:] |= key[order][1:] != key[order][:-1]
        position = np.arange(len(order)) - np.maximum.accumulate(np.where(new_group, np.arange(len(order)), 0)) + 1
        rank[order] = position
        block = np.cumsum(differs) - 1
        sizes = np.bincount(block)
        for b in np.flatnonzero(sizes > 1):
            members = order[block == b]
            _settle(members, int(position[block == b][0]), decision, rank, tied)
    return Ranked(rank=rank, engaged=engaged, waiting=engaged & (rank == 0), tied=tied)


def _settle(members: Ints, first: int, decision: Ints, rank: Ints, tied: Bools) -> None:
    """Give the positions of one tied block by decision."""
    free = set(range(first, first + len(members)))
    wanted = [int(decision[m]) for m in members]
    undecided = []
    for member, wish in zip(members, wanted, strict=True):
        if wish in free and wanted.count(wish) == 1:
            rank[member] = wish
            free.remove(wish)
        else:
            undecided.append(member)
    if len(undecided) == 1 and len(free) == 1:
        rank[undecided[0]] = free.pop()
    else:
        for member in undecided:
            rank[member] = 0
            tied[member] = True


def factors(multiplier: Multiplier, rank: Ints) -> tuple[Ints, int]:
    """Return the factor of each rank as numerators over one denominator; rank 0 keeps its sum."""
    top = int(rank.max(initial=0))
    table = [multiplier.factor(r) if r else 1 for r in range(top + 1)]
    bottom = int(np.lcm.reduce([1, *(f.denominator for f in table)]))
    return np.array([int(f * bottom) for f in table], dtype=np.int64)[rank], bottom
