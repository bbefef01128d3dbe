"""Nested budgets: groups and limits as a tree of bounds on sums, inner first, and the item's floor and ceiling."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from appraisal.model.clauses import Multiplier
from appraisal.model.scorecard import Group, Item

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Bound:
    """A limit or group: what its clauses and inner bounds sum to stays between `low` and `high` (None: open)."""

    id: str
    name: str
    points: Fraction
    low: Fraction | None
    high: Fraction | None
    clauses: tuple[str, ...]
    inner: tuple[Bound, ...] = ()

    def all_clauses(self) -> Iterator[str]:
        """Its own clauses and those of its inner bounds."""
        yield from self.clauses
        for bound in self.inner:
            yield from bound.all_clauses()


@dataclass(frozen=True)
class Budget:
    """An item's bounds: the outer ones side by side, the clauses under none of them, and its multiplier."""

    item: Item
    bounds: tuple[Bound, ...]
    free: tuple[str, ...]
    multiplier: Multiplier | None

    @property
    def floor(self) -> Fraction | None:
        """The least score."""
        return Fraction(0) if self.item.floor == "zero" else None

    @property
    def ceiling(self) -> Fraction | None:
        """The greatest score."""
        return self.item.points + self.item.bonus if self.item.ceiling == "points" else None


def budget(item: Item) -> Budget:
    """Arrange an item's groups and limits as one tree; they nest or are apart (the checks have made sure)."""
    flat: list[tuple[Bound, frozenset[str]]] = []
    limits = {limit.id: limit for limit in item.limits}

    def covered(names: tuple[str, ...]) -> frozenset[str]:
        out: set[str] = set()
        for name in names:
            out |= covered(limits[name].covers) if name in limits else {name}
        return frozenset(out)

    for limit in item.limits:
        low = None if limit.max_loss is None else -limit.max_loss
        size = limit.max_gain if limit.max_gain is not None else (limit.max_loss or Fraction(0))
        flat.append((Bound(limit.id, limit.name or limit.id, size, low, limit.max_gain, ()), covered(limit.covers)))
    for group in item.all_groups():
        inside = {c.id for c in group.clauses} | {c.id for g in _inner(group.groups) for c in g.clauses}
        low, high = (-group.points, Fraction(0)) if item.starts == "full" else (Fraction(0), group.points)
        flat.append((Bound(group.id, group.name, group.points, low, high, ()), frozenset(inside)))
    clauses = [c.id for c in item.all_clauses() if not isinstance(c, Multiplier)]
    multiplier = next((c for c in item.all_clauses() if isinstance(c, Multiplier)), None)
    bounds, free = _nest(flat, clauses)
    return Budget(item, bounds, free, multiplier)


def _inner(groups: tuple[Group, ...]) -> Iterator[Group]:
    for group in groups:
        yield group
        yield from _inner(group.groups)


def _nest(flat: list[tuple[Bound, frozenset[str]]], clauses: list[str]) -> tuple[tuple[Bound, ...], tuple[str, ...]]:
    """Put each bound under the smallest one that holds it; equal sets: the earlier is the inner one."""
    order = sorted(range(len(flat)), key=lambda i: (len(flat[i][1]), i))
    parent: dict[int, int] = {}
    for position, i in enumerate(order):
        for j in order[position + 1 :]:
            if flat[i][1] <= flat[j][1]:
                parent[i] = j
                break

    def build(i: int) -> Bound:
        bound, names = flat[i]
        inner = tuple(build(j) for j in range(len(flat)) if parent.get(j) == i)
        taken = {name for child in inner for name in child.all_clauses()}
        return Bound(
            bound.id,
            bound.name,
            bound.points,
            bound.low,
            bound.high,
            tuple(c for c in clauses if c in names - taken),
            inner,
        )

    outer = tuple(build(i) for i in range(len(flat)) if i not in parent)
    taken = {name for bound in outer for name in bound.all_clauses()}
    return outer, tuple(c for c in clauses if c not in taken)


def clipped(total: Ints, low: int | None, high: int | None) -> Ints:
    """Return sums kept between two bounds."""
    if low is None and high is None:
        return total
    return np.clip(total, low, high)
