"""Comparing groups: analysis of variance, Welch, Kruskal-Wallis, Bartlett, Levene, Tukey, and the t tests of two."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from scipy import special, stats

from appraisal.statistics.arrays import Floats
from appraisal.statistics.studentized import above, critical


@dataclass(frozen=True, kw_only=True)
class Pair:
    """Tukey-Kramer's comparison of two groups: second minus first, its interval and adjusted chance."""

    first: int
    second: int
    difference: float
    low: float
    high: float
    p: float


@dataclass(frozen=True, kw_only=True)
class Anova:
    """One variable over groups. `levene`: about the medians (Brown-Forsythe). Figures that do not exist are NaN."""

    sizes: tuple[int, ...]
    means: tuple[float, ...]
    sds: tuple[float, ...]
    between: float
    within: float
    df_between: int
    df_within: int
    f: float
    p: float
    eta2: float
    welch_f: float
    welch_df: float
    welch_p: float
    kruskal: float
    kruskal_p: float
    bartlett: float
    bartlett_p: float
    levene: float
    levene_p: float
    pairs: tuple[Pair, ...]


def anova(groups: Sequence[Floats], confidence: float = 0.95) -> Anova:
    """Compare two or more groups, each of two or more values that are not all equal throughout."""
    sizes = np.array([len(group) for group in groups])
    means = np.array([group.mean() for group in groups])
    variances = np.array([group.var(ddof=1) for group in groups])
    everything = np.concatenate(groups)
    between = float((sizes * (means - everything.mean()) ** 2).sum())
    within = float((variances * (sizes - 1)).sum())
    df_between, df_within = len(groups) - 1, int(sizes.sum()) - len(groups)
    f = (between / df_between) / (within / df_within) if within > 0 else float("nan")
    welch_f, welch_df, welch_p = _welch(sizes, means, variances)
    kruskal = stats.kruskal(*groups)
    with np.errstate(divide="ignore", invalid="ignore"):
        bartlett = stats.bartlett(*groups)
        levene = stats.levene(*groups, center="median")
    return Anova(
        sizes=tuple(int(size) for size in sizes),
        means=tuple(float(mean) for mean in means),
        sds=tuple(float(sd) for sd in np.sqrt(variances)),
        between=between,
        within=within,
        df_between=df_between,
        df_within=df_within,
        f=f,
        p=float(special.fdtrc(df_between, df_within, f)),
        eta2=between / (between + within) if between + within else float("nan"),
        welch_f=welch_f,
        welch_df=welch_df,
        welch_p=welch_p,
        kruskal=float(kruskal.statistic),
        kruskal_p=float(kruskal.pvalue),
        bartlett=float(bartlett.statistic),
        bartlett_p=float(bartlett.pvalue),
        levene=float(levene.statistic),
        levene_p=float(levene.pvalue),
        pairs=_tukey(sizes, means, within / df_within, df_within, confidence),
    )


def _welch(sizes: np.ndarray, means: Floats, variances: Floats) -> tuple[float, float, float]:
    """Return Welch's F, its second degrees of freedom, and the chance (Welch 1951)."""
    if not (variances > 0).all():
        return (float("nan"),) * 3
    number = len(sizes)
    weights = sizes / variances
    total = weights.sum()
    centre = (weights * means).sum() / total
    spread = float(((1 - weights / total) ** 2 / (sizes - 1)).sum())
    scale = 1 + 2 * (number - 2) / (number**2 - 1) * spread
    f = float((weights * (means - centre) ** 2).sum() / (number - 1) / scale)
    freedom = (number**2 - 1) / (3 * spread)
    return f, freedom, float(special.fdtrc(number - 1, freedom, f))


def _tukey(sizes: np.ndarray, means: Floats, variance: float, freedom: int, confidence: float) -> tuple[Pair, ...]:
    if not variance > 0:
        return ()
    pairs = list(combinations(range(len(sizes)), 2))
    first, second = np.array([pair[0] for pair in pairs]), np.array([pair[1] for pair in pairs])
    difference = means[second] - means[first]
    error = np.sqrt(variance / 2 * (1 / sizes[first] + 1 / sizes[second]))
    chances = above(np.abs(difference) / error, len(sizes), freedom)
    reach = critical(confidence, len(sizes), freedom) * error
    return tuple(
        Pair(
            first=one,
            second=other,
            difference=float(difference[at]),
            low=float(difference[at] - reach[at]),
            high=float(difference[at] + reach[at]),
            p=float(chances[at]),
        )
        for at, (one, other) in enumerate(pairs)
    )


@dataclass(frozen=True, kw_only=True)
class Difference:
    """The t tests of two groups: first minus second, with equal variances and without (Welch)."""

    t: float
    df: float
    p: float
    welch_t: float
    welch_df: float
    welch_p: float


def two(first: Floats, second: Floats) -> Difference:
    """Compare two groups of two or more values."""
    equal, welch = stats.ttest_ind(first, second), stats.ttest_ind(first, second, equal_var=False)
    return Difference(
        t=float(equal.statistic),
        df=float(equal.df),
        p=float(equal.pvalue),
        welch_t=float(welch.statistic),
        welch_df=float(welch.df),
        welch_p=float(welch.pvalue),
    )


@dataclass(frozen=True, kw_only=True)
class Correlations:
    """Correlations of columns (k, k) and the chance of one as large where there is none; 0 on the diagonal."""

    r: Floats
    p: Floats


def pearson(columns: Floats) -> Correlations:
    """Correlate columns (rows, k) without gaps; three rows or more."""
    r = np.corrcoef(columns, rowvar=False).reshape(columns.shape[1], -1)
    np.fill_diagonal(r, 1.0)
    return Correlations(r=r, p=_chances(r, len(columns)))


def spearman(columns: Floats) -> Correlations:
    """Correlate the ranks of columns; ties share the mean of their ranks, chances by Student's t."""
    return pearson(stats.rankdata(columns, axis=0))


def _chances(r: Floats, rows: int) -> Floats:
    freedom = rows - 2
    with np.errstate(divide="ignore", invalid="ignore"):
        t = np.abs(r) * np.sqrt(freedom / (1 - r * r))
    chances: Floats = 2 * special.stdtr(freedom, -t)
    np.fill_diagonal(chances, 0.0)
    return chances
