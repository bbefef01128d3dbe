"""Bootstrap of a path model: resamples as counts of the rows, their moments by products, all estimated in batches."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from appraisal.statistics.arrays import Floats
from appraisal.statistics.indexing import indexes, scale_weights
from appraisal.statistics.moments import Products
from appraisal.statistics.pls import Estimates, Settings, Structure, estimate, total_effects

_CELLS = 12_000_000
"""Counts that are held at a time."""


@dataclass(frozen=True, kw_only=True)
class Plan:
    """How many resamples, from which seed, and how much of them an interval holds."""

    replicates: int = 1000
    seed: int = 0
    confidence: float = 0.95


@dataclass(frozen=True, kw_only=True)
class Resamples:
    """The estimates of the resamples that could be estimated, signs turned as in the sample.

    `loadings`: each column's on its own latent. `indexes` holds NaN where a resample has a negative weight. `failed`:
    resamples without an estimate; `repeated`: draws that were made anew because they repeated an earlier one.
    """

    weights: Floats
    loadings: Floats
    paths: Floats
    totals: Floats
    r2: Floats
    indexes: Floats
    failed: int
    repeated: int


@dataclass(frozen=True, kw_only=True)
class Interval:
    """Standard error and percentile bounds, each in the shape of the estimate."""

    error: Floats
    low: Floats
    high: Floats


class Draws:
    """Resamples of so many rows from one seed, none of them twice (where there are enough to choose from)."""

    def __init__(self, rows: int, seed: int) -> None:
        self.rows = rows
        self.random = np.random.Generator(np.random.PCG64(seed))
        self.seen: set[bytes] = set()
        self.repeated = 0

    def take(self, number: int) -> Floats:
        """Return the next resamples as counts (number, rows)."""
        counts = self._draw(number)
        for at in range(number):
            for _ in range(100):
                key = counts[at].tobytes()
                if key not in self.seen:
                    break
                self.repeated += 1
                counts[at] = self._draw(1)[0]
            self.seen.add(key)
        return counts.astype(np.float64)

    def _draw(self, number: int) -> np.ndarray[tuple[int, int], np.dtype[np.uint16]]:
        drawn = self.random.integers(0, self.rows, size=(number, self.rows))
        drawn += np.arange(number)[:, None] * self.rows
        counts = np.bincount(drawn.ravel(), minlength=number * self.rows)
        return counts.reshape(number, self.rows).astype(np.uint16)


def bootstrap(
    products: Products,
    structure: Structure,
    settings: Settings,
    plan: Plan,
    sample: Estimates,
    scales: tuple[Floats, Floats],
) -> Resamples:
    """Estimate the model on resamples of the rows; `scales`: the lowest and highest answer of each column."""
    rows = len(products.answers)
    draws = Draws(rows, plan.seed)
    batch = max(1, min(plan.replicates, _CELLS // max(rows, 1)))
    nothing = (*_aligned(sample, sample, structure), sample.r2, np.empty((1, len(structure.arrows))))
    parts: list[tuple[Floats, ...]] = [tuple(part[:0] for part in nothing)]
    for start in range(0, plan.replicates, batch):
        moments = products.of_counts(draws.take(min(batch, plan.replicates - start)))
        found = estimate(moments, structure, settings, start=sample.weights[0])
        deviations = moments.deviations if settings.standardised else np.ones_like(moments.means)
        raw = scale_weights(found.weights, deviations, structure)
        index = indexes(raw, moments.means, scales[0], scales[1], structure)
        kept = (found.steps > 0) & np.isfinite(found.paths).all(axis=(1, 2))
        parts.append(tuple(part[kept] for part in (*_aligned(found, sample, structure), found.r2, index)))
    weights, loadings, paths, r2, index = (np.concatenate(part) for part in zip(*parts, strict=True))
    return Resamples(
        weights=weights,
        loadings=loadings,
        paths=paths,
        totals=total_effects(paths),
        r2=r2,
        indexes=index,
        failed=plan.replicates - len(weights),
        repeated=draws.repeated,
    )


def _aligned(found: Estimates, sample: Estimates, structure: Structure) -> tuple[Floats, Floats, Floats]:
    """Return weights, loadings and paths with each latent turned so that its loadings go with the sample's."""
    blocks = list(structure.blocks)
    columns = np.arange(len(blocks))
    own = found.loadings[:, columns, blocks]
    agreement = (own * sample.loadings[0, columns, blocks]) @ structure.mask
    turned = np.where(agreement < 0, -1.0, 1.0)
    paths = found.paths * turned[:, :, None] * turned[:, None, :]
    return found.weights * turned[:, blocks], own * turned[:, blocks], paths


def interval(replicates: Floats, confidence: float) -> Interval:
    """Return the standard error and the percentile interval over the first axis; replicates with NaN are left out."""
    kept = replicates[np.isfinite(replicates).all(axis=tuple(range(1, replicates.ndim)))]
    if len(kept) < 2:  # noqa: PLR2004  a spread needs two
        nothing = np.full(replicates.shape[1:], np.nan)
        return Interval(error=nothing, low=nothing, high=nothing)
    tail = (1 - confidence) / 2
    low, high = np.quantile(kept, [tail, 1 - tail], axis=0)
    return Interval(error=kept.std(axis=0, ddof=1), low=low, high=high)
