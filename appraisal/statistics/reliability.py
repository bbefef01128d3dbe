"""How well indicators measure their latents, and the tests of the inner model.

α: Cronbach, standardised. ρ_A: Dijkstra & Henseler (2015). ρ_C: Jöreskog, from the loadings. Dillon-Goldstein's ρ:
from the first principal component, as plspm has it. HTMT: Henseler, Ringle & Sarstedt (2015), means of absolute
correlations.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from appraisal.statistics.arrays import Floats, Whole, solve_many
from appraisal.statistics.moments import Moments
from appraisal.statistics.pls import Estimates, Settings, Structure, estimate


@dataclass(frozen=True, kw_only=True)
class Block:
    """How one latent is measured."""

    alpha: float
    rho_a: float
    rho_c: float
    dillon_goldstein: float
    ave: float
    eigenvalues: tuple[float, float]


def block(correlations: Floats, weights: Floats, loadings: Floats) -> Block:
    """Return the reliability of one block from its correlations, standardised weights and loadings."""
    size = len(loadings)
    squares = loadings**2
    ave = float(squares.mean())
    if size == 1:
        return Block(alpha=1.0, rho_a=1.0, rho_c=1.0, dillon_goldstein=1.0, ave=ave, eigenvalues=(1.0, 0.0))
    values, vectors = np.linalg.eigh(correlations)
    first = vectors[:, -1] * np.sqrt(values[-1])
    return Block(
        alpha=float(size / (size - 1) * (1 - size / correlations.sum())),
        rho_a=_rho_a(correlations, weights),
        rho_c=_rho(loadings),
        dillon_goldstein=_rho(first),
        ave=ave,
        eigenvalues=(float(values[-1]), float(values[-2])),
    )


def _rho(loadings: Floats) -> float:
    common = float(loadings.sum() ** 2)
    return common / (common + float((1 - loadings**2).sum()))


def _rho_a(correlations: Floats, weights: Floats) -> float:
    outer = np.outer(weights, weights)
    off = ~np.eye(len(weights), dtype=bool)
    above, below = float((outer * correlations)[off].sum()), float((outer * outer)[off].sum())
    return float(weights @ weights) ** 2 * above / below


def htmt(correlations: Floats, structure: Structure) -> Floats:
    """Return the heterotrait-monotrait ratios (latents, latents), symmetric, 1 on the diagonal."""
    blocks = [structure.members(latent) for latent in range(len(structure.arrows))]
    size = np.abs(correlations)
    within = [_mean_off_diagonal(size[np.ix_(block, block)]) for block in blocks]
    found = np.eye(len(blocks))
    for one, first in enumerate(blocks):
        for other in range(one):
            across = float(size[np.ix_(first, blocks[other])].mean())
            found[one, other] = found[other, one] = across / np.sqrt(within[one] * within[other])
    return found


def _mean_off_diagonal(part: Floats) -> float:
    size = len(part)
    return float((part.sum() - size) / (size * (size - 1))) if size > 1 else 1.0


@dataclass(frozen=True, kw_only=True)
class Regression:
    """How one latent depends on its causes: coefficients in their order, with the tests of a linear regression.

    `vif` is NaN where there is one cause.
    """

    causes: Whole
    coefficients: Floats
    errors: Floats
    t: Floats
    p: Floats
    vif: Floats
    r2: float
    adjusted_r2: float


def regression(latents: Floats, structure: Structure, latent: int, number: int) -> Regression:
    """Return the regression of a latent on its causes from their correlations, on so many respondents."""
    causes = structure.causes[latent]
    among, with_ = latents[np.ix_(causes, causes)], latents[causes, latent]
    inverse = solve_many(among[None], np.eye(len(causes))[None])[0]
    found = inverse @ with_
    r2 = float(found @ with_)
    free = number - len(causes) - 1
    errors = np.sqrt((1 - r2) / free * np.diagonal(inverse))
    t = found / errors
    vif = np.diagonal(inverse).copy() if len(causes) > 1 else np.full(1, np.nan)
    return Regression(
        causes=causes,
        coefficients=found,
        errors=errors,
        t=t,
        p=2 * special.stdtr(free, -np.abs(t)),
        vif=vif,
        r2=r2,
        adjusted_r2=1 - (1 - r2) * (number - 1) / free,
    )


def effect_sizes(moments: Moments, structure: Structure, settings: Settings, sample: Estimates) -> Floats:
    """Return f² (from, to): what R² loses when the model is estimated without the arrow, over 1 - R².

    Where the model cannot be estimated without it (it is a latent's only one), the other weights stay as they are.
    """
    found = np.zeros(structure.arrows.shape)
    for latent, causes in enumerate(structure.causes):
        r2 = sample.r2[0, latent]
        for cause in causes:
            less = _r2_without(moments, structure, settings, sample, (int(cause), latent))
            found[cause, latent] = (r2 - less) / (1 - r2)
    return found


def _r2_without(
    moments: Moments, structure: Structure, settings: Settings, sample: Estimates, arrow: tuple[int, int]
) -> float:
    cause, latent = arrow
    left = structure.causes[latent][structure.causes[latent] != cause]
    if not len(left):
        return 0.0
    arrows = structure.arrows.copy()
    arrows[cause, latent] = False
    if (arrows | arrows.T)[cause].any():
        without = estimate(moments, Structure(structure.blocks, arrows), settings, start=sample.weights[0])
        if without.steps[0]:
            return float(without.r2[0, latent])
    latents = sample.latents[0]
    return float(latents[latent, left] @ np.linalg.solve(latents[np.ix_(left, left)], latents[left, latent]))


def goodness_of_fit(communalities: Floats, r2: Floats, structure: Structure) -> float:
    """Return GoF (Tenenhaus et al. 2004): √(mean communality of blocks with several indicators · mean R²)."""
    several = [m for j in range(len(structure.arrows)) if len(m := structure.members(j)) > 1]
    if not several or not np.isfinite(r2).any():
        return float("nan")
    return float(np.sqrt(communalities[np.concatenate(several)].mean() * np.nanmean(r2)))
