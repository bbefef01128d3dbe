"""Laws of the path model: what must hold for any answers, and what resampling and gaps do."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from references import fitted, reference

from appraisal.statistics.arrays import Floats, chance, figure, solve_many
from appraisal.statistics.bootstrap import Draws, Plan, bootstrap, interval
from appraisal.statistics.indexing import contributions, indexes, scale_weights
from appraisal.statistics.missing import Missing, prepare
from appraisal.statistics.moments import Products
from appraisal.statistics.pls import Scheme, Settings, Structure, estimate, total_effects

REF = reference("sbt8_path")
SCALES = (np.ones(29), np.full(29, 10.0))


def arrows(size: int, *pairs: tuple[int, int]) -> Structure:
    found = np.zeros((size, size), dtype=bool)
    for one, other in pairs:
        found[one, other] = True
    return Structure((), found)


def with_gaps(share: float) -> Floats:
    answers = REF.answers.copy()
    answers[np.random.default_rng(5).random(answers.shape) < share] = np.nan
    return answers


def test_the_order_of_the_respondents_changes_no_bit() -> None:
    shuffled = REF.answers[np.random.default_rng(3).permutation(len(REF.answers))]
    one, other = (Products(answers).of_sample() for answers in (REF.answers, shuffled))
    assert np.array_equal(one.correlations, other.correlations)
    assert np.array_equal(one.means, other.means)


@pytest.mark.parametrize("scheme", Scheme)
def test_latents_have_variance_one_and_another_unit_of_an_answer_changes_nothing(scheme: Scheme) -> None:
    settings = Settings(scheme=scheme)
    factor, shift = np.linspace(0.01, 900, 29), np.linspace(-1e4, 1e4, 29)
    plain = estimate(Products(REF.answers).of_sample(), REF.structure, settings)
    scaled = estimate(Products(REF.answers * factor + shift).of_sample(), REF.structure, settings)
    matrix = REF.structure.mask * plain.weights[0][:, None]
    correlations = Products(REF.answers).of_sample().correlations[0]
    assert np.diagonal(matrix.T @ correlations @ matrix) == pytest.approx(np.ones(8), abs=1e-12)
    assert scaled.paths == pytest.approx(plain.paths, abs=1e-8)
    assert scaled.weights == pytest.approx(plain.weights, abs=1e-8)


def test_raw_and_standardised_agree_where_all_answers_vary_alike() -> None:
    even = (REF.answers - REF.answers.mean(axis=0)) / REF.answers.std(axis=0, ddof=1)
    moments = Products(even).of_sample()
    raw, standardised = (estimate(moments, REF.structure, Settings(standardised=flag)) for flag in (False, True))
    assert raw.weights == pytest.approx(standardised.weights, abs=1e-9)
    assert raw.loadings == pytest.approx(standardised.loadings, abs=1e-9)


def test_raw_weights_follow_the_spread_of_the_answers() -> None:
    """An independent, slow PLS on the scores themselves, centroid scheme, centred answers."""
    centred = REF.answers - REF.answers.mean(axis=0)
    near = (REF.structure.arrows | REF.structure.arrows.T).astype(float)
    weights = REF.structure.mask.copy()
    for _ in range(60):
        scores = centred @ weights
        scores /= scores.std(axis=0, ddof=1)
        inner = scores @ (np.sign(np.corrcoef(scores, rowvar=False)) * near)
        weights = REF.structure.mask * (centred.T @ inner)
        weights /= (centred @ weights).std(axis=0, ddof=1)
    settings = Settings(scheme=Scheme.CENTROID, standardised=False)
    found = estimate(Products(REF.answers).of_sample(), REF.structure, settings)
    assert found.weights[0] == pytest.approx(np.abs(weights.sum(axis=1)), abs=1e-8)


def test_turning_a_block_around_turns_its_paths_only() -> None:
    """All answers of X7 reversed: the latent is turned to its answers again, its paths change their sign."""
    answers = REF.answers.copy()
    own = REF.structure.members(6)
    answers[:, own] = 11 - answers[:, own]
    turned, plain = estimate(Products(answers).of_sample(), REF.structure, REF.settings), fitted("sbt8_path")
    signs = np.where(np.arange(8) == 6, -1.0, 1.0)
    assert turned.weights == pytest.approx(plain.weights, abs=1e-9)
    assert turned.paths[0] == pytest.approx(plain.paths[0] * signs[:, None] * signs[None, :], abs=1e-9)


def test_a_latent_of_one_indicator_is_the_indicator() -> None:
    structure = Structure((0, 0, 1), arrows(2, (0, 1)).arrows)
    found = estimate(Products(REF.answers[:, [0, 1, 20]]).of_sample(), structure, Settings())
    assert found.loadings[0, 2, 1] == pytest.approx(1)
    assert found.weights[0, 2] == pytest.approx(1)


def test_total_effects_add_up_every_way() -> None:
    """By hand: 0→1→3, 0→2→3 and 0→3: 0.1 + 0.5·0.4 + 0.2·0.3."""
    paths = np.zeros((4, 4))
    paths[0, 1], paths[0, 2], paths[0, 3], paths[1, 3], paths[2, 3] = 0.5, 0.2, 0.1, 0.4, 0.3
    total = total_effects(paths)
    assert total[0, 3] == pytest.approx(0.36)
    assert total[3, 0] == 0.0


def test_a_model_that_never_stands_still_says_so() -> None:
    found = estimate(Products(REF.answers).of_sample(), REF.structure, dataclasses.replace(REF.settings, steps=2))
    assert found.steps[0] == 0
    assert np.isnan(found.weights).all()


def test_perfectly_collinear_causes_have_no_coefficients() -> None:
    matrices = np.array([[[1.0, 1.0], [1.0, 1.0]], [[1.0, 0.5], [0.5, 1.0]]])
    solved = solve_many(matrices, np.ones((2, 2, 1)))
    assert np.isnan(solved[0]).all()
    assert solved[1, :, 0] == pytest.approx([2 / 3, 2 / 3])


def test_gaps_by_pairs_are_those_of_each_pair_alone() -> None:
    answers = with_gaps(0.1)
    moments = Products(answers).of_sample()
    for one, other in [(0, 5), (3, 20), (28, 7)]:
        both = ~np.isnan(answers[:, one]) & ~np.isnan(answers[:, other])
        r = np.corrcoef(answers[both, one], answers[both, other])[0, 1]
        assert moments.correlations[0, one, other] == pytest.approx(r, abs=1e-12)
    assert moments.means[0] == pytest.approx(np.nanmean(answers, axis=0))


def test_gaps_by_means_and_by_rows() -> None:
    answers = with_gaps(0.01)
    means = prepare(answers, Missing.MEAN)
    assert means.filled.mean(axis=0) == pytest.approx(np.nanmean(answers, axis=0))
    assert means.gaps == int(np.isnan(answers).sum())
    rows = prepare(answers, Missing.LISTWISE)
    assert len(rows.answers) == int((~np.isnan(answers).any(axis=1)).sum())
    assert rows.lost == pytest.approx(1 - len(rows.answers) / len(answers))


def test_resamples_of_one_seed_are_the_same_and_all_different() -> None:
    first, again, other = (Draws(40, seed).take(200) for seed in (1, 1, 2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)
    assert len({row.tobytes() for row in first}) == 200
    assert (first.sum(axis=1) == 40).all()


def test_a_resample_drawn_twice_is_drawn_anew() -> None:
    """Of three rows there are ten resamples: as many draws have each of them once."""
    draws = Draws(3, 1)
    assert len({row.tobytes() for row in draws.take(8)}) == 8
    assert draws.repeated > 0


def test_moments_of_counts_are_those_of_the_repeated_rows() -> None:
    for answers in (REF.answers, with_gaps(0.05)):
        counts = Draws(len(answers), 7).take(3)
        batch = Products(answers).of_counts(counts)
        for at in range(3):
            alone = Products(np.repeat(answers, counts[at].astype(int), axis=0)).of_sample()
            assert batch.correlations[at] == pytest.approx(alone.correlations[0], abs=1e-12)
            assert batch.covariances[at] == pytest.approx(alone.covariances[0], abs=1e-12)


def test_the_bootstrap_estimates_each_resample_as_it_would_alone() -> None:
    """One by one from the beginning, against the batch that starts at the sample's weights; signs by the sample."""
    sample = fitted("sbt8_path")
    found = bootstrap(Products(REF.answers), REF.structure, REF.settings, Plan(replicates=20, seed=3), sample, SCALES)
    counts = Draws(len(REF.answers), 3).take(20)
    for at in range(20):
        alone = Products(np.repeat(REF.answers, counts[at].astype(int), axis=0)).of_sample()
        fit = estimate(alone, REF.structure, REF.settings)
        assert found.paths[at] == pytest.approx(fit.paths[0], abs=1e-8)
        raw = scale_weights(fit.weights[0], alone.deviations[0], REF.structure)
        assert found.indexes[at] == pytest.approx(indexes(raw, alone.means[0], *SCALES, REF.structure), abs=1e-7)
    assert found.failed == 0


def test_the_spread_of_an_index_is_about_that_of_its_mean() -> None:
    """SD 16.92 (reference) over √300 is 0.977; the weights move a little, too."""
    plan = Plan(replicates=1000, seed=1)
    found = bootstrap(Products(REF.answers), REF.structure, REF.settings, plan, fitted("sbt8_path"), SCALES)
    spread = interval(found.indexes[:, [5]], 0.95)
    assert spread.error[0] == pytest.approx(0.977, rel=0.1)
    assert spread.low[0] < 60.1141088875286 < spread.high[0]


def test_resamples_without_an_estimate_are_counted() -> None:
    """One answer in forty differs: many resamples miss it, and their column is constant."""
    answers = REF.answers[:40, :6].copy()
    answers[:, 0] = 5.0
    answers[0, 0] = 6.0
    structure = Structure((0, 0, 0, 1, 1, 1), arrows(2, (0, 1)).arrows)
    sample = estimate(Products(answers).of_sample(), structure, Settings())
    scales = (np.ones(6), np.full(6, 10.0))
    found = bootstrap(Products(answers), structure, Settings(), Plan(replicates=200, seed=1), sample, scales)
    counts = Draws(40, 1).take(200)
    assert found.failed >= int((counts[:, 0] == 0).sum()) > 30
    assert len(found.weights) == 200 - found.failed


def test_no_resamples_give_no_interval() -> None:
    plan = Plan(replicates=0)
    found = bootstrap(Products(REF.answers), REF.structure, REF.settings, plan, fitted("sbt8_path"), SCALES)
    assert found.weights.shape == (0, 29)
    assert np.isnan(interval(found.paths, 0.95).low).all()


def test_what_the_columns_add_is_the_index_and_a_negative_weight_refuses_it() -> None:
    weights = np.array([0.5, 0.3, 0.2])
    structure = Structure((0, 0, 0), arrows(1).arrows)
    low, high, means = np.array([1.0, 0.0, 1.0]), np.array([10.0, 1.0, 5.0]), np.array([7.0, 0.4, 3.0])
    added = contributions(weights, means, low, high, structure)
    # by hand: 100·(0.5·6 + 0.3·0.4 + 0.2·2) / (0.5·9 + 0.3·1 + 0.2·4) = 100·3.52/5.6
    assert added.sum() == pytest.approx(352 / 5.6)
    assert np.isnan(contributions(np.array([1.2, -0.3, 0.1]), means, low, high, structure)).all()


def test_a_negative_weight_refuses_its_own_latent_only() -> None:
    structure = Structure((0, 0, 1), arrows(2, (0, 1)).arrows)
    found = indexes(np.array([1.2, -0.2, 1.0]), np.array([5.0, 5, 4]), np.ones(3), np.full(3, 7.0), structure)
    assert np.isnan(found[0])
    assert found[1] == pytest.approx(50)


def test_figures_are_written_without_their_last_bits() -> None:
    assert figure(0.1 + 0.2) == 0.3
    assert figure(-3e-17) == 0.0
    assert figure(float("nan")) is None
    assert chance(4.883735672894351e-26) == 4.883735673e-26
