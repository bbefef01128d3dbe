"""Every number of the reference files: plspm, semPLS, seminr and cSEM on the same surveys, within 1e-6."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from references import CASES, Reference, fitted, reference

from appraisal.statistics.arrays import Floats
from appraisal.statistics.indexing import indexes, respondents, scale_weights
from appraisal.statistics.moments import Products
from appraisal.statistics.pls import total_effects
from appraisal.statistics.reliability import Block, block, effect_sizes, goodness_of_fit, htmt, regression

NEAR = 1e-6
ENGINES = [(case, engine) for case in CASES for engine in reference(case).told["engines"]]


def close(found: dict[str, float], told: dict[str, float]) -> None:
    assert set(found) == set(told)
    assert {name: found[name] for name in told} == pytest.approx(told, abs=NEAR, rel=0)


def by_arrow(ref: Reference, matrix: Floats, told: dict[str, float]) -> dict[str, float]:
    return {name: float(matrix[ref.arrow(name)]) for name in told}


def blocks_of(case: str) -> dict[str, Block]:
    ref, fit = reference(case), fitted(case)
    correlations = Products(ref.answers).of_sample().correlations[0]
    found = {}
    for number, latent in enumerate(ref.latents):
        own = ref.structure.members(number)
        found[latent] = block(correlations[np.ix_(own, own)], fit.weights[0, own], fit.loadings[0, own, number])
    return found


@pytest.mark.parametrize(("case", "engine"), ENGINES)
def test_weights_loadings_paths_and_r2_of_each_engine(case: str, engine: str) -> None:
    ref, fit = reference(case), fitted(case)
    told = ref.told["engines"][engine]
    close(dict(zip(ref.columns, fit.weights[0], strict=True)), told["outer_weights"])
    close(dict(zip(ref.columns, fit.loadings[0][ref.own], strict=True)), told["outer_loadings"])
    close(by_arrow(ref, fit.paths[0], told["path_coefficients"]), told["path_coefficients"])
    close({name: fit.r2[0, ref.latents.index(name)] for name in told["r2"]}, told["r2"])
    if "total_effects" in told:
        close(by_arrow(ref, total_effects(fit.paths[0]), told["total_effects"]), told["total_effects"])


@pytest.mark.parametrize("case", CASES)
def test_effects_communalities_and_fit_of_plspm(case: str) -> None:
    ref, fit = reference(case), fitted(case)
    told = ref.engine("plspm")
    direct, total = fit.paths[0], total_effects(fit.paths[0])
    close(by_arrow(ref, direct, told["direct_effects"]), told["direct_effects"])
    close(by_arrow(ref, total - direct, told["indirect_effects"]), told["indirect_effects"])
    loadings = fit.loadings[0][ref.own]
    communality = loadings**2
    r2 = np.nan_to_num(fit.r2[0])
    close(dict(zip(ref.columns, communality, strict=True)), told["communality"])
    redundancy = communality * r2[list(ref.structure.blocks)]
    close(dict(zip(ref.columns, redundancy, strict=True)), told["redundancy"])
    members = {name: ref.structure.members(number) for number, name in enumerate(ref.latents)}
    close({name: communality[own].mean() for name, own in members.items()}, told["block_communality"])
    close({name: redundancy[own].mean() for name, own in members.items()}, told["mean_redundancy"])
    assert goodness_of_fit(communality, fit.r2[0], ref.structure) == pytest.approx(told["gof"], abs=NEAR)
    for column, row in told["cross_loadings"].items():
        close(dict(zip(ref.latents, fit.loadings[0, ref.columns.index(column)], strict=True)), row)
    for latent, row in told["lv_correlations"].items():
        close(dict(zip(ref.latents, fit.latents[0, ref.latents.index(latent)], strict=True)), row)


@pytest.mark.parametrize("case", CASES)
def test_reliability_of_plspm(case: str) -> None:
    told, found = reference(case).engine("plspm"), blocks_of(case)
    close({name: b.ave for name, b in found.items()}, told["ave"])
    close({name: b.alpha for name, b in found.items()}, told["cronbach_alpha"])
    close({name: b.dillon_goldstein for name, b in found.items()}, told["dillon_goldstein_rho"])
    close({name: b.eigenvalues[0] for name, b in found.items()}, told["eig1"])
    close({name: b.eigenvalues[1] for name, b in found.items()}, told["eig2"])


@pytest.mark.parametrize("case", CASES)
def test_the_inner_regressions_of_plspm(case: str) -> None:
    ref, fit = reference(case), fitted(case)
    for latent, rows in ref.engine("plspm")["inner_model"].items():
        found = regression(fit.latents[0], ref.structure, ref.latents.index(latent), len(ref.answers))
        for at, cause in enumerate(found.causes):
            figures = {"Estimate": found.coefficients, "Std. Error": found.errors, "t value": found.t}
            told = rows[ref.latents[cause]]
            close({name: float(f[at]) for name, f in figures.items()} | {"Pr(>|t|)": float(found.p[at])}, told)
        assert set(rows) - {"Intercept"} == {ref.latents[cause] for cause in found.causes}


@pytest.mark.parametrize("case", [case for case in CASES if case != "sbt8_centroid"])
def test_what_seminr_tells_beside(case: str) -> None:
    ref, fit = reference(case), fitted(case)
    told = ref.engine("seminr")
    for latent, found in blocks_of(case).items():
        figures = {"alpha": found.alpha, "rhoC": found.rho_c, "AVE": found.ave, "rhoA": found.rho_a}
        close(figures, told["reliability"][latent])
    matrix = htmt(Products(ref.answers).of_sample().correlations[0], ref.structure)
    for row, latent in enumerate(ref.latents):
        lower = {name: matrix[row, col] if col < row else 0.0 for col, name in enumerate(ref.latents)}
        close(lower, told["htmt"][latent])
    indirect = total_effects(fit.paths[0]) - fit.paths[0]
    close(by_arrow(ref, indirect, told["total_indirect_effects"]), told["total_indirect_effects"])
    f2 = effect_sizes(Products(ref.answers).of_sample(), ref.structure, ref.settings, fit)
    for latent, vifs in told["vif_antecedents"].items():
        found = regression(fit.latents[0], ref.structure, ref.latents.index(latent), len(ref.answers))
        assert found.adjusted_r2 == pytest.approx(told["adj_r2"][latent], abs=NEAR)
        for at, cause in enumerate(found.causes):
            vif = vifs[ref.latents[cause]]
            assert np.isnan(found.vif[at]) if vif is None else found.vif[at] == pytest.approx(vif, abs=NEAR)
    for one, row in told["fsquare"].items():
        close(dict(zip(ref.latents, f2[ref.latents.index(one)], strict=True)), row)


def index_figures(case: str) -> tuple[Floats, Floats, Floats]:
    """Return the weights on the answers, the means of the answers, and each respondent's indexes."""
    ref, fit = reference(case), fitted(case)
    moments = Products(ref.answers).of_sample()
    low, high = (np.full(len(ref.columns), float(end)) for end in ref.told["indicator_scale"])
    weights = scale_weights(fit.weights[0], moments.deviations[0], ref.structure)
    return weights, moments.means[0], respondents(weights, ref.answers, low, high, ref.structure)


@pytest.mark.parametrize("case", CASES)
def test_the_indexes(case: str) -> None:
    ref = reference(case)
    weights, means, own = index_figures(case)
    low, high = (np.full(len(ref.columns), float(end)) for end in ref.told["indicator_scale"])
    index = indexes(weights, means, low, high, ref.structure)
    raw_means = (weights * means) @ ref.structure.mask
    for number, (latent, told) in enumerate(ref.told["index"].items()):
        members = ref.structure.members(number)
        close({ref.columns[at]: float(weights[at]) for at in members}, told["weights"])
        figures: dict[str, Any] = {"mean_raw": raw_means[number], "index_0_100": index[number]}
        figures["sd_0_100"] = own[:, number].std(ddof=1)
        close(figures, {name: figure for name, figure in told.items() if name != "weights"})
        assert own[:, number].mean() == pytest.approx(index[number]), latent


@pytest.mark.parametrize("case", CASES)
def test_the_total_effects_in_points_of_the_indexes(case: str) -> None:
    ref = reference(case)
    spread = index_figures(case)[2].std(axis=0, ddof=1)
    found = total_effects(fitted(case).paths[0]) * spread[None, :] / spread[:, None]
    told = ref.told["unstandardised_total_effects"]
    close(by_arrow(ref, found, told), told)
