"""From values to places: round ticks, straight scales, labels that do not cover each other."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from appraisal.model.exact import show
from reports.figures import Value

_STEPS = (Fraction(1), Fraction(2), Fraction(5), Fraction(10))


def words(value: Value, places: int = 3) -> str:
    """Write a value: points exactly, a statistic with a few decimals."""
    if isinstance(value, Fraction | int):
        return show(Fraction(value))
    told = f"{value:.{places}f}"
    return told.removeprefix("-") if float(told) == 0 else told


def exact(value: Value) -> Fraction:
    """Return a value as a fraction, for ticks that fall on round numbers."""
    return value if isinstance(value, Fraction) else Fraction(value).limit_denominator(10**9)


def ticks(low: Value, high: Value, most: int = 6) -> list[Fraction]:
    """Return round numbers from at or below the low to at or above the high end, a few of them."""
    first, last = exact(low), exact(high)
    if first == last:
        first, last = first - 1, last + 1
    rough = (last - first) / most
    power = Fraction(10) ** math.floor(math.log10(rough))
    step = next(power * s for s in _STEPS if power * s >= rough)
    start, end = math.floor(first / step), math.ceil(last / step)
    return [step * n for n in range(start, end + 1)]


@dataclass(frozen=True, kw_only=True)
class Scale:
    """A straight scale from values to places."""

    low: Fraction
    high: Fraction
    start: float
    end: float

    def at(self, value: Value) -> float:
        """Return the place of a value."""
        share = (exact(value) - self.low) / (self.high - self.low)
        return self.start + float(share) * (self.end - self.start)


def spread(wanted: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Return places near the wanted ones, at least a gap apart, in their order, within the ends where there is room."""
    order = sorted(range(len(wanted)), key=lambda n: (wanted[n], n))
    placed = [wanted[n] for n in order]
    for n in range(1, len(placed)):
        placed[n] = max(placed[n], placed[n - 1] + gap)
    if placed and placed[-1] > high:
        placed[-1] = high
        for n in range(len(placed) - 2, -1, -1):
            placed[n] = min(placed[n], placed[n + 1] - gap)
    if placed and placed[0] < low:
        placed[0] = low
        for n in range(1, len(placed)):
            placed[n] = max(placed[n], placed[n - 1] + gap)
    found = [0.0] * len(wanted)
    for place, n in zip(placed, order, strict=True):
        found[n] = place
    return found
