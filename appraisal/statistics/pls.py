"""Partial least squares path models, mode A: weights, loadings, path coefficients, for one sample or many at once.

Method: Lohmöller (1989); Tenenhaus, Vinzi, Chatelin, Lauro (2005). Only correlations (or covariances) are needed, so
a resample costs no more than its matrix, and a batch of matrices is estimated together.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

import numpy as np

from appraisal.statistics.arrays import Flags, Floats, Whole, solve_many
from appraisal.statistics.moments import Moments


class Scheme(StrEnum):
    """How the inner weights of neighbouring latents come about."""

    CENTROID = "centroid"
    FACTORIAL = "factorial"
    PATH = "path"


@dataclass(frozen=True)
class Structure:
    """Which indicators (columns, in order of the blocks) measure which latent, and which latent acts on which.

    `blocks`: the latent of each column. `arrows[i, j]`: latent i acts on latent j; there is no circle.
    """

    blocks: tuple[int, ...]
    arrows: Flags

    @cached_property
    def mask(self) -> Floats:
        """1 where a column belongs to a latent: (columns, latents)."""
        found = np.zeros((len(self.blocks), len(self.arrows)))
        found[np.arange(len(self.blocks)), self.blocks] = 1.0
        return found

    @cached_property
    def causes(self) -> tuple[Whole, ...]:
        """The latents that act on each latent."""
        return tuple(np.flatnonzero(self.arrows[:, j]) for j in range(len(self.arrows)))

    def members(self, latent: int) -> Whole:
        """Return the columns of one latent."""
        return np.flatnonzero(np.array(self.blocks) == latent)


@dataclass(frozen=True, kw_only=True)
class Settings:
    """How to estimate: scheme, standardised data or raw, when the weights stand still, and after how many steps not."""

    scheme: Scheme = Scheme.PATH
    standardised: bool = True
    tolerance: float = 1e-11
    steps: int = 300


@dataclass(frozen=True, kw_only=True)
class Estimates:
    """Of a batch: weights (batch, columns), loadings of every column on every latent (batch, columns, latents).

    Weights give latents of variance one from standardised columns (or centred ones). `latents`: their correlations;
    `paths[b, i, j]`: the direct effect of i on j; `r2`. A row whose `steps` is 0 did not converge and holds NaN.
    """

    weights: Floats
    loadings: Floats
    latents: Floats
    paths: Floats
    r2: Floats
    steps: Whole


def estimate(moments: Moments, structure: Structure, settings: Settings, *, start: Floats | None = None) -> Estimates:
    """Estimate a batch of samples from their moments; `start`: weights (columns) to begin at, ones by default."""
    base = moments.correlations if settings.standardised else moments.covariances
    deviations = np.ones(base.shape[:2]) if settings.standardised else moments.deviations
    weights, steps = _iterate(base, deviations, structure, settings, start)
    weights, loadings = _oriented(base, deviations, structure, weights)
    matrix = structure.mask * weights[:, :, None]
    latents = matrix.transpose(0, 2, 1) @ (loadings * deviations[:, :, None])
    latents = (latents + latents.transpose(0, 2, 1)) / 2
    at = np.arange(latents.shape[-1])
    latents[:, at, at] = np.where(steps > 0, 1.0, np.nan)[:, None]
    paths, r2 = _regressions(latents, structure)
    return Estimates(weights=weights, loadings=loadings, latents=latents, paths=paths, r2=r2, steps=steps)


def _iterate(
    base: Floats, deviations: Floats, structure: Structure, settings: Settings, start: Floats | None
) -> tuple[Floats, Whole]:
    """Return the weights (batch, columns) at which the steps stand still, and after how many; NaN and 0 if never."""
    batch, size = base.shape[:2]
    mask = structure.mask
    found = np.full((batch, size), np.nan)
    taken = np.zeros(batch, dtype=np.int64)
    alive = np.flatnonzero(np.isfinite(base).all(axis=(1, 2)))
    base, deviations = base[alive], deviations[alive]
    weights, spread = _scaled(base, mask * (np.ones(size) if start is None else start)[:, None] + 0.0 * base[:, :, :1])
    for step in range(1, settings.steps + 1):
        latents = weights.transpose(0, 2, 1) @ spread
        after, spread = _scaled(base, mask * (spread @ inner_weights(latents, structure, settings.scheme)))
        change = (np.abs(np.abs(after) - np.abs(weights)) * deviations[:, :, None]).max(axis=(1, 2), initial=0.0)
        weights = after
        done = change < settings.tolerance
        if done.any():
            found[alive[done]] = weights[done].sum(axis=2)
            taken[alive[done]] = step
        going = ~done & np.isfinite(change)
        if not going.any():
            break
        if not going.all():
            alive, base, deviations = alive[going], base[going], deviations[going]
            weights, spread = weights[going], spread[going]
    return found, taken


def _scaled(base: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """Return the weights that give latents of variance one, and the columns' covariances with those latents."""
    spread = base @ weights
    variance = (weights * spread).sum(axis=1, keepdims=True)
    with np.errstate(invalid="ignore", divide="ignore"):
        size = np.sqrt(np.where(variance > 0, variance, np.nan))
        return weights / size, spread / size


def inner_weights(latents: Floats, structure: Structure, scheme: Scheme) -> Floats:
    """Return how much of each latent goes into each other one (batch, from, into), from their correlations."""
    arrows = structure.arrows.astype(np.float64)
    near = arrows + arrows.T
    if scheme is Scheme.CENTROID:
        return np.sign(latents) * near
    if scheme is Scheme.FACTORIAL:
        return latents * near
    inner: Floats = latents * arrows.T
    for latent, causes in enumerate(structure.causes):
        if len(causes) == 1:
            inner[:, causes[0], latent] = latents[:, causes[0], latent]
        elif len(causes):
            inner[:, causes, latent] = _regress(latents, causes, latent)
    return inner


def _regress(latents: Floats, causes: Whole, latent: int) -> Floats:
    """Return the regression weights (batch, causes) of one latent on its causes."""
    among = latents[:, causes[:, None], causes[None, :]]
    return solve_many(among, latents[:, causes, latent, None])[:, :, 0]


def _oriented(base: Floats, deviations: Floats, structure: Structure, weights: Floats) -> tuple[Floats, Floats]:
    """Turn each latent so that most loadings of its block are positive (at a draw, their sum); return the loadings."""
    mask = structure.mask
    matrix = mask * weights[:, :, None]
    with np.errstate(invalid="ignore", divide="ignore"):
        loadings = (base @ matrix) / deviations[:, :, None]
    own = loadings * mask
    votes, total = np.sign(own).sum(axis=1), own.sum(axis=1)
    turned = np.where((votes < 0) | ((votes == 0) & (total < 0)), -1.0, 1.0)
    return weights * turned[:, list(structure.blocks)], loadings * turned[:, None, :]


def _regressions(latents: Floats, structure: Structure) -> tuple[Floats, Floats]:
    """Return the path coefficients (batch, from, to) and R² (batch, latents; NaN where nothing acts on it)."""
    paths = np.zeros_like(latents)
    r2 = np.full(latents.shape[:2], np.nan)
    for latent, causes in enumerate(structure.causes):
        if len(causes):
            found = _regress(latents, causes, latent)
            paths[:, causes, latent] = found
            r2[:, latent] = (found * latents[:, causes, latent]).sum(axis=1)
    return paths, r2


def total_effects(paths: Floats) -> Floats:
    """Return direct and indirect effects together (…, from, to): paths followed to their ends, exact zeros kept."""
    total = paths.copy()
    step = paths
    for _ in range(paths.shape[-1] - 1):
        step = step @ paths
        total += step
    return total
