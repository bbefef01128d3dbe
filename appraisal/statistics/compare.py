"""Comparing groups: analysis of variance, Welch, Kruskal-Wallis, Bartlett, Levene, Tukey, and the t tests of two.

The distributions are SciPy's; the statistics stand here, because a report needs hundreds and `scipy.stats` takes a
millisecond for each and seconds to import. Every one is held against R.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from scipy import special

from appraisal.statistics.arrays import Floats, Whole
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
    kruskal, kruskal_p = _kruskal(everything, sizes)
    bartlett, bartlett_p = _bartlett(sizes, variances)
    levene, levene_p = _levene(groups)
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
        kruskal=kruskal,
        kruskal_p=kruskal_p,
        bartlett=bartlett,
        bartlett_p=bartlett_p,
        levene=levene,
        levene_p=levene_p,
        pairs=_tukey(sizes, means, within / df_within, df_within, confidence),
    )


def ranks(values: Floats) -> Floats:
    """Return the ranks of a column from 1; equal values share the mean of theirs."""
    _, places, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    found: Floats = (last - (counts - 1) / 2)[places]
    return found


def _kruskal(everything: Floats, sizes: Whole) -> tuple[float, float]:
    """Return Kruskal and Wallis' H, corrected for ties, and its chance."""
    number = len(everything)
    ranked = ranks(everything)
    ends = np.cumsum(sizes)
    sums = np.array([ranked[end - size : end].sum() for end, size in zip(ends, sizes, strict=True)])
    h = 12 / (number * (number + 1)) * float((sums**2 / sizes).sum()) - 3 * (number + 1)
    _, counts = np.unique(everything, return_counts=True)
    ties = 1 - float((counts**3 - counts).sum()) / (number**3 - number)
    return h / ties, float(special.chdtrc(len(sizes) - 1, h / ties))


def _bartlett(sizes: Whole, variances: Floats) -> tuple[float, float]:
    """Return Bartlett's K² of equal variances and its chance; NaN where a group does not vary."""
    if not (variances > 0).all():
        return float("nan"), float("nan")
    free = sizes - 1
    pooled = float((free * variances).sum() / free.sum())
    spread = float(free.sum() * np.log(pooled) - (free * np.log(variances)).sum())
    k2 = spread / (1 + (float((1 / free).sum()) - 1 / float(free.sum())) / (3 * (len(sizes) - 1)))
    return k2, float(special.chdtrc(len(sizes) - 1, k2))


def _levene(groups: Sequence[Floats]) -> tuple[float, float]:
    """Return Levene's F about the medians (Brown and Forsythe) and its chance."""
    apart = [np.abs(group - np.median(group)) for group in groups]
    sizes, means = np.array([len(one) for one in apart]), np.array([one.mean() for one in apart])
    centre = np.concatenate(apart).mean()
    within = float(sum(((one - mean) ** 2).sum() for one, mean in zip(apart, means, strict=True)))
    first, second = len(groups) - 1, int(sizes.sum()) - len(groups)
    if not within > 0:
        return float("nan"), float("nan")
    f = float((sizes * (means - centre) ** 2).sum()) / first / (within / second)
    return f, float(special.fdtrc(first, second, f))


def _welch(sizes: Whole, means: Floats, variances: Floats) -> tuple[float, float, float]:
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


def _tukey(sizes: Whole, means: Floats, variance: float, freedom: int, confidence: float) -> tuple[Pair, ...]:
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
    sizes = np.array([len(first), len(second)])
    variances = np.array([first.var(ddof=1), second.var(ddof=1)])
    difference = float(first.mean() - second.mean())
    df = float(sizes.sum() - 2)
    pooled = float(((sizes - 1) * variances).sum()) / df
    t = difference / np.sqrt(pooled * float((1 / sizes).sum()))
    parts = variances / sizes
    welch_t = difference / np.sqrt(float(parts.sum()))
    welch_df = float(parts.sum()) ** 2 / float((parts**2 / (sizes - 1)).sum())
    return Difference(
        t=float(t),
        df=df,
        p=float(2 * special.stdtr(df, -abs(t))),
        welch_t=float(welch_t),
        welch_df=welch_df,
        welch_p=float(2 * special.stdtr(welch_df, -abs(welch_t))),
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
    return pearson(np.column_stack([ranks(column) for column in columns.T]))


def _chances(r: Floats, rows: int) -> Floats:
    freedom = rows - 2
    with np.errstate(divide="ignore", invalid="ignore"):
        t = np.abs(r) * np.sqrt(freedom / (1 - r * r))
    chances: Floats = 2 * special.stdtr(freedom, -t)
    np.fill_diagonal(chances, 0.0)
    return chances
