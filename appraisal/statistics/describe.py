"""Descriptive statistics of answers: counts, means, spread, quartiles."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from appraisal.statistics.arrays import Floats

_TABLE = 25
"""A table of counts has at most so many rows."""


@dataclass(frozen=True, kw_only=True)
class Description:
    """Of one column: sd and variance with divisor n - 1, quartiles by linear interpolation (R's type 7).

    `top2`: the share, in per cent, of the two best answers of the scale; None where the scale has no steps.
    `table`: how often each answer was given.
    """

    n: int
    missing: int
    mean: float
    sd: float
    variance: float
    median: float
    q1: float
    q3: float
    low: float
    high: float
    top2: float | None
    table: Mapping[float, int]


def describe(column: Floats, steps: tuple[int, int] | None = None) -> Description:
    """Describe a column (NaN = missing); `steps`: lowest and highest answer of a scale of whole numbers."""
    there = np.sort(column[~np.isnan(column)])
    n = len(there)
    if not n:
        nan = float("nan")
        return Description(
            n=0, missing=len(column), mean=nan, sd=nan, variance=nan, median=nan,
            q1=nan, q3=nan, low=nan, high=nan, top2=None, table={},
        )  # fmt: skip
    variance = float(there.var(ddof=1)) if n > 1 else float("nan")
    q1, median, q3 = (float(v) for v in np.quantile(there, [0.25, 0.5, 0.75]))
    stepped = steps is not None and steps[1] - steps[0] < _TABLE
    return Description(
        n=n,
        missing=len(column) - n,
        mean=float(there.mean()),
        sd=float(np.sqrt(variance)),
        variance=variance,
        median=median,
        q1=q1,
        q3=q3,
        low=float(there[0]),
        high=float(there[-1]),
        top2=float((there >= steps[1] - 1).mean() * 100) if steps is not None else None,
        table=_table(there, steps if stepped else None),
    )


def _table(there: Floats, steps: tuple[int, int] | None) -> dict[float, int]:
    values, counts = np.unique(there, return_counts=True)
    found = {float(value): int(count) for value, count in zip(values, counts, strict=True)}
    if steps is not None:
        return dict(sorted(({float(step): 0 for step in range(steps[0], steps[1] + 1)} | found).items()))
    return found if len(found) <= _TABLE else {}
