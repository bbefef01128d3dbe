"""The array types, small linear algebra for many systems at once, and how a figure is written."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Whole = npt.NDArray[np.int64]

SINGULAR = 1e-10
"""A pivot or eigenvalue of a correlation matrix below this is taken for zero."""
_DIGITS = 12


def solve_many(matrices: Floats, targets: Floats) -> Floats:
    """Solve symmetric positive definite systems (batch, k, k) for right sides (batch, k, m).

    Elimination in a fixed order over the whole batch: the same bits on every machine. A singular system gives NaN.
    """
    left, right = matrices.copy(), targets.copy()
    size = left.shape[-1]
    for at in range(size):
        pivot = left[:, at, at]
        pivot = np.where(pivot > SINGULAR, pivot, np.nan)
        left[:, at, at] = pivot
        if at + 1 < size:
            factor = left[:, at + 1 :, at] / pivot[:, None]
            left[:, at + 1 :, at + 1 :] -= factor[:, :, None] * left[:, at, None, at + 1 :]
            right[:, at + 1 :] -= factor[:, :, None] * right[:, at, None]
    for at in range(size - 1, -1, -1):
        if at + 1 < size:
            right[:, at] -= (left[:, at, at + 1 :, None] * right[:, at + 1 :]).sum(axis=1)
        right[:, at] /= left[:, at, at, None]
    return right


def figure(value: float) -> float | None:
    """Return a figure as it is written: twelve significant digits, noise around zero as zero, none if not finite.

    So that last bits, which differ between machines, reach no file.
    """
    if not math.isfinite(value):
        return None
    if abs(value) < 10.0**-_DIGITS:
        return 0.0
    return float(f"{value:.{_DIGITS}g}")


def chance(value: float) -> float | None:
    """Return a probability as it is written: small ones keep their ten leading digits."""
    return float(f"{value:.{_DIGITS - 2}g}") if math.isfinite(value) else None
