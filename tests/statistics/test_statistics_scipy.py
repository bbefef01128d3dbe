"""The statistics beside SciPy's own, on answers with ties and groups of unequal size."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from appraisal.statistics.arrays import Floats
from appraisal.statistics.compare import anova, pearson, spearman, two
from appraisal.statistics.describe import describe
from appraisal.statistics.studentized import above, critical


def groups(seed: int) -> list[Floats]:
    chance = np.random.default_rng(seed)
    return [
        np.clip(np.rint(chance.normal(6 + n / 3, 1.5, size=int(chance.integers(3, 60)))), 1, 10)
        for n in range(int(chance.integers(2, 7)))
    ]


@pytest.mark.parametrize("seed", range(12))
def test_each_comparison_is_scipys(seed: int) -> None:
    found, told = anova(groups(seed)), groups(seed)
    plain, welch = stats.f_oneway(*told), stats.f_oneway(*told, equal_var=False)
    assert (found.f, found.p) == pytest.approx((plain.statistic, plain.pvalue), rel=1e-9)
    assert (found.welch_f, found.welch_p) == pytest.approx((welch.statistic, welch.pvalue), rel=1e-9)
    for ours, theirs in {
        (found.kruskal, found.kruskal_p): stats.kruskal(*told),
        (found.bartlett, found.bartlett_p): stats.bartlett(*told),
        (found.levene, found.levene_p): stats.levene(*told, center="median"),
    }.items():
        assert ours == pytest.approx((theirs.statistic, theirs.pvalue), rel=1e-9)
    tukey = stats.tukey_hsd(*told)
    bounds = tukey.confidence_interval()
    for pair in found.pairs:
        assert pair.p == pytest.approx(tukey.pvalue[pair.first, pair.second], abs=1e-9)
        assert pair.low == pytest.approx(bounds.low[pair.second, pair.first], abs=1e-8)
        assert pair.high == pytest.approx(bounds.high[pair.second, pair.first], abs=1e-8)


@pytest.mark.parametrize("seed", range(6))
def test_the_tests_of_two_and_the_correlations_are_scipys(seed: int) -> None:
    first, second = groups(seed)[:2]
    found = two(first, second)
    equal, welch = stats.ttest_ind(first, second), stats.ttest_ind(first, second, equal_var=False)
    assert (found.t, found.df, found.p) == pytest.approx((equal.statistic, equal.df, equal.pvalue), rel=1e-9)
    assert (found.welch_t, found.welch_df, found.welch_p) == pytest.approx(
        (welch.statistic, welch.df, welch.pvalue), rel=1e-9
    )
    columns = np.random.default_rng(seed).integers(1, 6, size=(40, 2)).astype(float)
    for method, theirs in {pearson: stats.pearsonr, spearman: stats.spearmanr}.items():
        ours, (r, p) = method(columns), theirs(columns[:, 0], columns[:, 1])
        assert (ours.r[0, 1], ours.p[0, 1]) == pytest.approx((r, p), rel=1e-9)


@pytest.mark.parametrize(("count", "freedom"), [(2, 5), (3, 2), (3, 297), (6, 40), (10, 10_000)])
def test_the_studentized_range_is_scipys(count: int, freedom: int) -> None:
    q = np.array([0.1, 0.5, 1.0, 3.0, 6.0, 9.0])
    assert above(q, count, freedom) == pytest.approx(stats.studentized_range.sf(q, count, freedom), abs=1e-10)
    assert critical(0.95, count, freedom) == pytest.approx(stats.studentized_range.ppf(0.95, count, freedom), abs=1e-9)


def test_groups_that_do_not_vary_have_no_figures_where_there_are_none() -> None:
    found = anova([np.array([3.0, 3.0]), np.array([4.0, 5.0])])
    assert np.isnan(found.bartlett)
    assert np.isnan(found.welch_f)
    assert found.f == pytest.approx(9)  # by hand: between 2.25 on 1, within 0.5 on 2


def test_a_column_without_answers_is_described_as_such() -> None:
    found = describe(np.array([np.nan, np.nan]))
    assert (found.n, found.missing, found.table) == (0, 2, {})
    assert np.isnan(found.mean)
