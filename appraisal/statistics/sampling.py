"""Samples: how many, which companies, and which clients with probability proportional to size."""

from __future__ import annotations

import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction


def inflated(required: int, expected_return: Fraction) -> int:
    """Return how many to ask so that so many answer: required ÷ expected rate of return, rounded up."""
    return math.ceil(required / expected_return)


@dataclass(frozen=True, kw_only=True)
class Ranked:
    """A company among all by size, the largest first, with its share and the share reached with it."""

    name: str
    size: Fraction
    share: Fraction
    reached: Fraction
    chosen: bool


def largest_until(sizes: Mapping[str, Fraction], share: Fraction) -> tuple[Ranked, ...]:
    """Rank by size, then name, and choose the first ones until they hold the share of the whole."""
    whole = sum(sizes.values(), Fraction(0))
    reached = Fraction(0)
    found = []
    for name, size in sorted(sizes.items(), key=lambda item: (-item[1], item[0])):
        chosen = reached < share
        reached += size / whole
        found.append(Ranked(name=name, size=size, share=size / whole, reached=reached, chosen=chosen))
    return tuple(found)


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """A unit of a draw and the probability with which it came in; 1 for those too large to be left to chance."""

    name: str
    size: Fraction
    probability: Fraction


def proportional(sizes: Mapping[str, Fraction], number: int, seed: int) -> tuple[Drawn, ...]:
    """Draw so many different units with probability proportional to size: systematic PPS, in order of name.

    Units whose share is worth a whole draw come in surely; the rest is drawn by one random start and equal steps.
    The same sizes, number and seed draw the same units, whatever the order given.
    """
    sure, rest, left = _certain(sorted(sizes.items()), number)
    drawn = [Drawn(name=name, size=size, probability=Fraction(1)) for name, size in sure]
    if left:
        step = sum((size for _, size in rest), Fraction(0)) / left
        point = Fraction(random.Random(seed).getrandbits(53), 2**53) * step  # noqa: S311  a sample, no secret
        passed = Fraction(0)
        for name, size in rest:
            passed += size
            if point < passed:
                drawn.append(Drawn(name=name, size=size, probability=size / step))
                point += step
    return tuple(sorted(drawn, key=lambda unit: (-unit.size, unit.name)))


Units = Sequence[tuple[str, Fraction]]


def _certain(units: Units, number: int) -> tuple[Units, Units, int]:
    """Return the units that come in surely, the others with a size, and how many of these are to be drawn."""
    rest = [(name, size) for name, size in units if size > 0]
    sure: list[tuple[str, Fraction]] = []
    left = min(number, len(rest))
    while left:
        step = sum((size for _, size in rest), Fraction(0)) / left
        large = [unit for unit in rest if unit[1] >= step]
        if not large:
            break
        sure += large
        rest = [unit for unit in rest if unit[1] < step]
        left = min(left - len(large), len(rest))
    return sure, rest, max(left, 0)
