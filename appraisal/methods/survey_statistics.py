"""Answers and indexes described, compared between segments, correlated; importance against performance."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from appraisal.methods.answers import Answers, Frame, favourable
from appraisal.methods.survey_model import grid, row
from appraisal.model.path_model import Grid, Number
from appraisal.model.survey_figures import Compared, Described, Matrix, Pair, Segment, StatisticsFigures
from appraisal.statistics.arrays import Flags, Floats, chance, figure
from appraisal.statistics.compare import Anova, Correlations, anova, pearson, spearman, two
from appraisal.statistics.describe import describe

GROUPS = 20
"""A column with more different values is no segment."""
INDEX = "index_"


@dataclass(frozen=True, kw_only=True)
class Scored:
    """Respondents with their answers (NaN = none), and the index of each latent for each of those that are kept."""

    frame: Frame
    answers: Answers
    kept: Flags
    own: Floats
    confidence: float


def statistics_of(scored: Scored) -> StatisticsFigures:
    """Return the statistics of some respondents."""
    frame, answers = scored.frame, scored.answers
    indexed = [n for n in range(len(frame.latents)) if np.isfinite(scored.own[:, n]).all() and len(scored.own)]
    names = tuple(frame.names[n] for n in indexed)
    segments, unused = _segments(answers)
    correlated = scored.own[:, indexed]
    varied = len(correlated) > 2 and bool((correlated.std(axis=0) > 0).all()) and bool(indexed)  # noqa: PLR2004
    return StatisticsFigures(
        descriptives=dict(_descriptions(frame, answers)),
        index={frame.names[n]: described(scored.own[:, n], None) for n in indexed},
        apart={one.id: described(answers.apart[one.id], None) for one in frame.apart},
        segments={name: _shares(scored, labels) for name, labels in segments.items()},
        anova={name: found for name, labels in segments.items() if (found := _compared(scored, labels))},
        pearson=_correlations(names, pearson(correlated)) if varied else {},
        spearman=_correlations(names, spearman(correlated)) if varied else {},
        unused=tuple(unused),
    )


def _descriptions(frame: Frame, answers: Answers) -> Iterator[tuple[str, Described]]:
    """Yield each indicator's answers as they were given."""
    for at, one in enumerate(frame.columns):
        bounds = float(frame.lows[at]), float(frame.highs[at])
        whole = all(end.is_integer() for end in bounds)
        steps = (int(bounds[0]), int(bounds[1])) if whole else None
        yield one.id, described(favourable(answers.values[:, at], one, bounds), steps)


def described(values: Floats, steps: tuple[int, int] | None) -> Described:
    """Describe one column."""
    found = describe(values, steps)
    figures = {"n": found.n, "missing": found.missing, "mean": found.mean, "sd": found.sd, "var": found.variance}
    figures |= {"median": found.median, "q1": found.q1, "q3": found.q3, "min": found.low, "max": found.high}
    written: dict[str, Number] = {name: figure(float(value)) for name, value in figures.items()}
    written["top2_pct"] = None if found.top2 is None else figure(found.top2)
    return Described(figures=written, table={f"{value:g}": count for value, count in found.table.items()})


def _segments(answers: Answers) -> tuple[dict[str, tuple[str, ...]], list[str]]:
    """Return the columns that divide the respondents, and those that do not."""
    segments: dict[str, tuple[str, ...]] = {}
    unused: list[str] = []
    for name, labels in answers.segments.items():
        values = {label for label in labels if label}
        if 1 < len(values) <= GROUPS:
            segments[name] = labels
        else:
            unused.append(name)
    return segments, unused


def _shares(scored: Scored, labels: Sequence[str]) -> dict[str, Segment]:
    array = np.array(labels)
    found: dict[str, Segment] = {}
    for label in sorted({label for label in labels if label}):
        everybody = array == label
        own = scored.own[everybody[scored.kept]]
        if len(own):
            sds = own.std(axis=0, ddof=1) if len(own) > 1 else np.full(own.shape[1], np.nan)
            found[label] = Segment(
                respondents=int(everybody.sum()),
                share=figure(float(everybody.mean())),
                index=row(scored.frame.names, own.mean(axis=0)),
                sd=row(scored.frame.names, sds),
            )
    return found


def _compared(scored: Scored, labels: Sequence[str]) -> dict[str, Compared]:
    """Compare the indexes and the answers of the groups; groups of one respondent are left out."""
    array = np.array(labels)
    found: dict[str, Compared] = {}
    for n, name in enumerate(scored.frame.names):
        if compared := _variable(scored.own[:, n], array[scored.kept], scored.confidence):
            found[f"{INDEX}{name}"] = compared
    for at, one in enumerate(scored.frame.columns):
        if compared := _variable(scored.answers.values[:, at], array, scored.confidence):
            found[one.id] = compared
    return found


def _variable(values: Floats, labels: np.ndarray[tuple[int], np.dtype[np.str_]], confidence: float) -> Compared | None:
    there = np.isfinite(values) & (labels != "")
    groups = {str(label): values[there & (labels == label)] for label in sorted(set(labels[there]))}
    groups = {label: group for label, group in groups.items() if len(group) > 1}
    if len(groups) < 2 or not any(np.ptp(group) > 0 for group in groups.values()):  # noqa: PLR2004
        return None
    names = tuple(groups)
    found = anova(list(groups.values()), confidence)
    return Compared(
        sizes=dict(zip(names, found.sizes, strict=True)),
        means=row(names, np.array(found.means)),
        sds=row(names, np.array(found.sds)),
        figures=_figures(found),
        pairs={
            f"{names[p.second]}-{names[p.first]}": {
                "diff": figure(p.difference), "lwr": figure(p.low), "upr": figure(p.high), "p adj": chance(p.p),
            }
            for p in found.pairs
        },
        t=_t_tests(*groups.values()) if len(groups) == 2 else None,  # noqa: PLR2004
    )  # fmt: skip


def _figures(found: Anova) -> dict[str, Number]:
    plain = {"ss_between": found.between, "ss_within": found.within, "df1": found.df_between, "df2": found.df_within}
    plain |= {"F": found.f, "eta2": found.eta2, "welch_F": found.welch_f, "welch_df2": found.welch_df}
    plain |= {"kruskal_H": found.kruskal, "bartlett_K2": found.bartlett, "levene_brown_forsythe_F": found.levene}
    chances = {"p": found.p, "welch_p": found.welch_p, "kruskal_p": found.kruskal_p, "bartlett_p": found.bartlett_p}
    chances["levene_brown_forsythe_p"] = found.levene_p
    return {name: figure(float(v)) for name, v in plain.items()} | {name: chance(v) for name, v in chances.items()}


def _t_tests(first: Floats, second: Floats) -> dict[str, Number]:
    if not (np.ptp(first) > 0 and np.ptp(second) > 0):
        return {}
    found = two(first, second)
    told = {"t": found.t, "df": found.df, "welch_t": found.welch_t, "welch_df": found.welch_df}
    return {name: figure(value) for name, value in told.items()} | {
        "p": chance(found.p),
        "welch_p": chance(found.welch_p),
    }


def _correlations(names: tuple[str, ...], found: Correlations) -> Mapping[str, Grid]:
    chances = {
        one: {other: chance(float(p)) for other, p in zip(names, line, strict=True)}
        for one, line in zip(names, found.p, strict=True)
    }
    return {"r": grid(names, names, found.r), "p": chances}


def matrix(pairs: Sequence[Pair]) -> Matrix:
    """Return factors in the plane of importance and performance, divided at the means of both."""
    placed = [pair for pair in pairs if pair.importance is not None and pair.performance is not None]
    if not placed:
        return Matrix(pairs=tuple(pairs))
    importance = float(np.mean([pair.importance for pair in placed if pair.importance is not None]))
    performance = float(np.mean([pair.performance for pair in placed if pair.performance is not None]))
    return Matrix(
        pairs=tuple(_placed(pair, importance, performance) for pair in pairs),
        cross=(figure(importance), figure(performance)),
    )


def _placed(pair: Pair, importance: float, performance: float) -> Pair:
    if pair.importance is None or pair.performance is None:
        return pair
    important, good = pair.importance >= importance, pair.performance >= performance
    quadrant = ("keep" if good else "improve") if important else ("enough" if good else "later")
    return Pair(
        id=pair.id,
        name=pair.name,
        importance=pair.importance,
        performance=pair.performance,
        in_points=pair.in_points,
        quadrant=quadrant,
    )


def stated_pairs(scored: Scored) -> list[Pair]:
    """Return the factors whose importance was asked, with its mean and how satisfied people are (0 to 100)."""
    frame = scored.frame
    found: list[Pair] = []
    means = scored.own.mean(axis=0)
    for n, latent in enumerate(frame.latents):
        told = scored.answers.importance.get(latent.id)
        if told is not None and np.isfinite(told).any():
            mean = figure(float(np.nanmean(told)))
            found.append(Pair(id=latent.id, name=latent.name, importance=mean, performance=figure(float(means[n]))))
    for at, one in enumerate(frame.columns):
        told = scored.answers.importance.get(one.id)
        if told is not None and np.isfinite(told).any():
            width = frame.highs[at] - frame.lows[at]
            done = 100 * (np.nanmean(scored.answers.values[:, at]) - frame.lows[at]) / width
            mean = figure(float(np.nanmean(told)))
            found.append(Pair(id=one.id, name=one.name, importance=mean, performance=figure(float(done))))
    return found
