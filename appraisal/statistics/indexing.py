"""An index from 0 to 100 for each latent: Fornell et al. (1996), weights of the answers over their scales."""

from __future__ import annotations

import numpy as np

from appraisal.statistics.arrays import Floats
from appraisal.statistics.pls import Structure


def scale_weights(weights: Floats, deviations: Floats, structure: Structure) -> Floats:
    """Return weights (…, columns) on the answers as given, those of a block adding up to 1.

    `weights`: on standardised columns; `deviations`: their standard deviations (ones if the weights are raw).
    """
    raw = weights / deviations
    total = raw @ structure.mask
    with np.errstate(invalid="ignore", divide="ignore"):
        found: Floats = raw / total[..., list(structure.blocks)]
    return found


def contributions(weights: Floats, means: Floats, lows: Floats, highs: Floats, structure: Structure) -> Floats:
    """Return what each column adds to its latent's index (…, columns); NaN where the block has a negative weight.

    index = 100 · Σ w (mean - low) / Σ w (high - low). A latent whose block has a negative weight has no index.
    """
    width = (weights * (highs - lows)) @ structure.mask
    blocks = list(structure.blocks)
    with np.errstate(invalid="ignore", divide="ignore"):
        found = 100 * weights * (means - lows) / width[..., blocks]
    refused = ((weights < 0) | ~np.isfinite(weights)).astype(np.float64) @ structure.mask > 0
    return np.where(refused[..., blocks], np.nan, found)


def indexes(weights: Floats, means: Floats, lows: Floats, highs: Floats, structure: Structure) -> Floats:
    """Return the index of each latent (…, latents), 0 to 100; NaN where a weight is negative."""
    return added_up(contributions(weights, means, lows, highs, structure), structure)


def added_up(parts: Floats, structure: Structure) -> Floats:
    """Return what the columns of each latent add up to (…, latents); NaN where any of them is, and only there."""
    lost = np.isnan(parts).astype(np.float64) @ structure.mask > 0
    return np.where(lost, np.nan, np.nan_to_num(parts) @ structure.mask)


def respondents(weights: Floats, answers: Floats, lows: Floats, highs: Floats, structure: Structure) -> Floats:
    """Return each respondent's own index of each latent (rows, latents); NaN where a weight is negative."""
    return indexes(np.broadcast_to(weights, answers.shape), answers, lows, highs, structure)
