"""What to do about answers that are missing."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from appraisal.statistics.arrays import Flags, Floats


class Missing(StrEnum):
    """Replaced by the column's mean; left to the pairs that are there; or the whole row dropped."""

    MEAN = "mean"
    PAIRWISE = "pairwise"
    LISTWISE = "listwise"


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """`answers` as the estimation takes them (with gaps only if pairwise), `filled` without gaps, and the rows kept."""

    answers: Floats
    filled: Floats
    kept: Flags
    gaps: int

    @property
    def lost(self) -> float:
        """The share of rows dropped."""
        return 1 - float(self.kept.mean()) if len(self.kept) else 0.0


def prepare(answers: Floats, missing: Missing) -> Prepared:
    """Prepare answers (rows, columns; NaN = missing); each column must have an answer."""
    holes = np.isnan(answers)
    gaps = int(holes.sum())
    if missing is Missing.LISTWISE:
        kept: Flags = np.logical_not(holes.any(axis=1))
        return Prepared(answers=answers[kept], filled=answers[kept], kept=kept, gaps=gaps)
    filled = np.where(holes, np.nanmean(answers, axis=0), answers) if gaps else answers
    kept = np.ones(len(answers), dtype=bool)
    return Prepared(answers=answers if missing is Missing.PAIRWISE else filled, filled=filled, kept=kept, gaps=gaps)
