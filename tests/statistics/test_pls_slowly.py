"""Any recursive model against the method written out slowly: on the scores of the respondents, one latent at a time."""

from __future__ import annotations

import numpy as np
import pytest

from appraisal.statistics.arrays import Floats
from appraisal.statistics.moments import Products
from appraisal.statistics.pls import Scheme, Settings, Structure, estimate


def drawn(seed: int) -> tuple[Floats, Structure]:
    """Return answers and a model: latents in any order, blocks of one to five, arrows that close no circle."""
    chance = np.random.default_rng(seed)
    count = int(chance.integers(2, 8))
    order = chance.permutation(count)
    arrows = np.zeros((count, count), dtype=bool)
    for later in range(1, count):
        causes = chance.choice(later, size=int(chance.integers(1, min(later, 4) + 1)), replace=False)
        arrows[order[causes], order[later]] = True
    latents = np.zeros((400, count))
    for latent in order:
        latents[:, latent] = latents @ (arrows[:, latent] * 0.5) + chance.normal(size=400)
    blocks = tuple(int(latent) for latent in range(count) for _ in range(int(chance.integers(1, 6))))
    loads, spread = chance.uniform(0.7, 1.3, len(blocks)), chance.uniform(0.5, 20, len(blocks))
    noise = chance.normal(scale=0.8, size=(400, len(blocks)))
    return (latents[:, blocks] * loads + noise) * spread + 5, Structure(blocks, arrows)


def slowly(answers: Floats, model: Structure, settings: Settings) -> tuple[Floats, Floats]:
    """Return weights and path coefficients."""
    data = answers - answers.mean(axis=0)
    data = data / data.std(axis=0, ddof=1) if settings.standardised else data
    weights = model.mask.copy()
    for _ in range(200):
        scores = data @ weights
        scores /= scores.std(axis=0, ddof=1)
        weights = model.mask * (data.T @ (scores @ inner(scores, model, settings.scheme)))
        weights /= (data @ weights).std(axis=0, ddof=1)
    for latent in range(weights.shape[1]):
        score = data @ weights[:, latent]
        own = [np.corrcoef(data[:, column], score)[0, 1] for column in model.members(latent)]
        weights[:, latent] *= -1 if np.sign(own).sum() < 0 else 1
    scores = data @ weights
    paths = np.zeros(model.arrows.shape)
    for latent, causes in enumerate(model.causes):
        if len(causes):
            paths[causes, latent] = np.linalg.lstsq(scores[:, causes], scores[:, latent], rcond=None)[0]
    return weights.sum(axis=1), paths


def inner(scores: Floats, model: Structure, scheme: Scheme) -> Floats:
    r = np.corrcoef(scores, rowvar=False)
    near = model.arrows | model.arrows.T
    if scheme is Scheme.CENTROID:
        return np.sign(r) * near
    if scheme is Scheme.FACTORIAL:
        return r * near
    found = r * model.arrows.T
    for latent, causes in enumerate(model.causes):
        if len(causes):
            found[causes, latent] = np.linalg.lstsq(scores[:, causes], scores[:, latent], rcond=None)[0]
    return found


@pytest.mark.parametrize("standardised", [True, False], ids=["standardised", "raw"])
@pytest.mark.parametrize("scheme", Scheme)
@pytest.mark.parametrize("seed", range(8))
def test_any_recursive_model_comes_out_as_written_out_slowly(seed: int, scheme: Scheme, *, standardised: bool) -> None:
    answers, model = drawn(seed)
    settings = Settings(scheme=scheme, standardised=standardised)
    weights, paths = slowly(answers, model, settings)
    found = estimate(Products(answers).of_sample(), model, settings)
    assert found.weights[0] == pytest.approx(weights, abs=1e-7)
    assert found.paths[0] == pytest.approx(paths, abs=1e-7)
