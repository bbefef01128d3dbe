"""Every number of the reference file of R's own statistics, within 1e-6."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from references import FOLDER, fitted, reference

from appraisal.statistics.arrays import Floats
from appraisal.statistics.compare import Anova, anova, pearson, spearman, two
from appraisal.statistics.describe import describe
from appraisal.statistics.indexing import respondents, scale_weights
from appraisal.statistics.moments import Products

NEAR = 1e-6
TOLD: dict[str, Any] = json.loads((FOLDER / "stats_sbt8_n300.json").read_text(encoding="utf-8"))
REF = reference("sbt8_path")


def column(name: str) -> Floats:
    return REF.answers[:, REF.columns.index(name)]


def index(name: str) -> Floats:
    moments = Products(REF.answers).of_sample()
    weights = scale_weights(fitted("sbt8_path").weights[0], moments.deviations[0], REF.structure)
    low, high = np.ones(len(REF.columns)), np.full(len(REF.columns), 10.0)
    return respondents(weights, REF.answers, low, high, REF.structure)[:, REF.latents.index(name)]


def by(segment: str, values: Floats) -> dict[str, Floats]:
    labels = np.array([row[segment] for row in REF.rows])
    return {label: values[labels == label] for label in sorted(set(labels))}


@pytest.mark.parametrize("name", TOLD["descriptives"])
def test_each_description(name: str) -> None:
    found, told = describe(column(name), (1, 10)), TOLD["descriptives"][name]
    figures = {"n": found.n, "mean": found.mean, "sd": found.sd, "var": found.variance, "median": found.median}
    figures |= {"q1": found.q1, "q3": found.q3, "min": found.low, "max": found.high, "top2_pct": found.top2}
    assert figures == pytest.approx({name: figure for name, figure in told.items() if name != "table"}, abs=NEAR)
    assert {f"{value:g}": count for value, count in found.table.items()} == told["table"]


def test_mean_and_spread_of_the_indexes() -> None:
    for name in TOLD["index_mean"]:
        assert index(name).mean() == pytest.approx(TOLD["index_mean"][name], abs=NEAR)
        assert index(name).std(ddof=1) == pytest.approx(TOLD["index_sd"][name], abs=NEAR)


def check(found: Anova, labels: list[str], told: dict[str, Any], *, ranks: bool = True) -> None:
    for key, figures in {"n": found.sizes, "mean": found.means, "sd": found.sds}.items():
        assert dict(zip(labels, figures, strict=True)) == pytest.approx(told[key], abs=NEAR)
    figures = {"ss_between": found.between, "ss_within": found.within, "df1": found.df_between, "df2": found.df_within}
    figures |= {"F": found.f, "p": found.p, "eta2": found.eta2, "welch_F": found.welch_f}
    figures |= {"welch_df2": found.welch_df, "welch_p": found.welch_p}
    figures |= {"bartlett_K2": found.bartlett, "bartlett_p": found.bartlett_p}
    if ranks:
        figures |= {"kruskal_H": found.kruskal, "kruskal_p": found.kruskal_p}
        figures |= {"levene_brown_forsythe_F": found.levene, "levene_brown_forsythe_p": found.levene_p}
        assert set(figures) == set(told) - {"n", "mean", "sd", "tukey"}
    assert figures == pytest.approx({name: told[name] for name in figures}, abs=NEAR)
    pairs = {
        f"{labels[p.second]}-{labels[p.first]}": {"diff": p.difference, "lwr": p.low, "upr": p.high, "p adj": p.p}
        for p in found.pairs
    }
    assert set(pairs) == set(told["tukey"])
    for pair, figures_ in pairs.items():
        assert figures_ == pytest.approx(told["tukey"][pair], abs=NEAR), pair


@pytest.mark.parametrize("variable", ["X61", "indexX6", "indexX4", "indexX8"])
def test_each_analysis_of_variance(variable: str) -> None:
    values = index(variable.removeprefix("index")) if variable.startswith("index") else column(variable)
    groups = by("branch", values)
    check(anova(list(groups.values())), list(groups), TOLD[f"anova_{variable}_by_branch"])


def test_the_analysis_whose_data_are_not_ours() -> None:
    """Of the satisfaction data only sizes, means and deviations are known: enough for all that is not about ranks."""
    told = TOLD["anova_satisfaction_csv_sat1_by_gender"]
    groups = []
    for label, size in told["n"].items():
        plain = np.arange(size, dtype=float)
        groups.append(told["mean"][label] + (plain - plain.mean()) / plain.std(ddof=1) * told["sd"][label])
    check(anova(groups), list(told["n"]), told, ranks=False)


def test_the_t_tests() -> None:
    groups = by("sex", index("X6"))
    found, told = two(groups["F"], groups["M"]), TOLD["t_indexX6_by_sex"]
    figures = {"t": found.t, "df": found.df, "p": found.p}
    figures |= {"welch_t": found.welch_t, "welch_df": found.welch_df, "welch_p": found.welch_p}
    assert figures == pytest.approx(told, abs=NEAR)


@pytest.mark.parametrize(("key", "method"), [("pearson_index", pearson), ("spearman_index", spearman)])
def test_each_correlation(key: str, method: Any) -> None:
    found = method(np.column_stack([index(name) for name in REF.latents]))
    for row, one in enumerate(REF.latents):
        for column_, other in enumerate(REF.latents):
            assert found.r[row, column_] == pytest.approx(TOLD[key]["r"][one][other], abs=NEAR)
            assert found.p[row, column_] == pytest.approx(TOLD[key]["p"][one][other], abs=NEAR, rel=1e-6)
