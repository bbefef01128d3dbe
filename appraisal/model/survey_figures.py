"""What a survey shows beside its index: the model's figures, the statistics, importance against performance."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from appraisal.model.standing import Exhibits, Say

Number = float | None
"""A figure as it is written; None where it does not exist."""
Row = Mapping[str, Number]
Grid = Mapping[str, Row]


@dataclass(frozen=True, kw_only=True)
class Spread:
    """A figure with its standard error and the bounds of its interval, all from resamples."""

    value: Number
    error: Number = None
    low: Number = None
    high: Number = None

    def told(self) -> dict[str, Any]:
        """Return it as plain values."""
        return {"value": self.value, "error": self.error, "low": self.low, "high": self.high}


@dataclass(frozen=True, kw_only=True)
class IndexFigures:
    """The index of a latent: weights on the answers (they add up to 1), mean answer, index with its interval."""

    weights: Row
    mean: Number
    index: Spread
    sd: Number


@dataclass(frozen=True, kw_only=True)
class PathFigures:
    """A path coefficient with its regression's test and its interval from resamples."""

    coefficient: Spread
    regression_error: Number
    t: Number
    p: Number
    vif: Number
    f2: Number


@dataclass(frozen=True, kw_only=True)
class MeasurementFigures:
    """How well the questions measure their latents, and whether the latents can be told apart; by latent."""

    ave: Row
    rho_c: Row
    rho_a: Row
    alpha: Row
    dillon_goldstein: Row
    eigenvalues: Grid
    communality: Row
    redundancy: Row
    latents: Grid
    htmt: Grid
    fornell_larcker: Mapping[str, bool]
    gof: Number

    def told(self) -> dict[str, Any]:
        """Return it as plain values."""
        return {
            "ave": dict(self.ave),
            "composite_reliability": dict(self.rho_c),
            "rho_a": dict(self.rho_a),
            "cronbach_alpha": dict(self.alpha),
            "dillon_goldstein_rho": dict(self.dillon_goldstein),
            "eigenvalues": _rows(self.eigenvalues),
            "block_communality": dict(self.communality),
            "mean_redundancy": dict(self.redundancy),
            "latent_correlations": _rows(self.latents),
            "htmt": _rows(self.htmt),
            "fornell_larcker": dict(self.fornell_larcker),
            "gof": self.gof,
        }


@dataclass(frozen=True, kw_only=True)
class Resampling:
    """How the intervals came about: drawn, from which seed, how many could not be estimated."""

    replicates: int
    seed: int
    confidence: float
    failed: int
    repeated: int

    def told(self) -> dict[str, Any]:
        """Return it as plain values."""
        return asdict(self)


@dataclass(frozen=True, kw_only=True)
class ModelFigures:
    """The estimated model; by indicator, by latent, and by path `X1->X2`."""

    respondents: int
    gaps: int
    settings: Mapping[str, str]
    steps: int
    names: Mapping[str, str]
    blocks: Mapping[str, tuple[str, ...]]
    weights: Mapping[str, Spread]
    loadings: Mapping[str, Spread]
    cross_loadings: Grid
    communality: Row
    redundancy: Row
    paths: Mapping[str, PathFigures]
    r2: Row
    adjusted_r2: Row
    direct: Row
    indirect: Row
    total: Mapping[str, Spread]
    total_in_points: Row
    measurement: MeasurementFigures
    index: Mapping[str, IndexFigures]
    resampling: Resampling

    def told(self) -> dict[str, Any]:
        """Return it as plain values."""
        return {
            "n": self.respondents,
            "missing_answers": self.gaps,
            "settings": dict(self.settings),
            "iterations": self.steps,
            "latents": dict(self.names),
            "blocks": {latent: list(columns) for latent, columns in self.blocks.items()},
            "weights": {name: spread.value for name, spread in self.weights.items()},
            "loadings": {name: spread.value for name, spread in self.loadings.items()},
            "cross_loadings": _rows(self.cross_loadings),
            "communality": dict(self.communality),
            "redundancy": dict(self.redundancy),
            "path_coefficients": {name: path.coefficient.value for name, path in self.paths.items()},
            "r2": dict(self.r2),
            "adjusted_r2": dict(self.adjusted_r2),
            "direct_effects": dict(self.direct),
            "indirect_effects": dict(self.indirect),
            "total_effects": {name: spread.value for name, spread in self.total.items()},
            "total_effects_in_points": dict(self.total_in_points),
            **self.measurement.told(),
            "regressions": {
                name: {"error": p.regression_error, "t": p.t, "p": p.p, "vif": p.vif, "f2": p.f2}
                for name, p in self.paths.items()
            },
            "index": {
                latent: {"weights": dict(i.weights), "mean": i.mean, **_index(i.index), "sd": i.sd}
                for latent, i in self.index.items()
            },
            "intervals": {
                "weights": {name: _interval(spread) for name, spread in self.weights.items()},
                "loadings": {name: _interval(spread) for name, spread in self.loadings.items()},
                "path_coefficients": {name: _interval(p.coefficient) for name, p in self.paths.items()},
                "total_effects": {name: _interval(s) for name, s in self.total.items() if s.low is not None},
            },
            "bootstrap": self.resampling.told(),
        }


def _rows(grid: Grid) -> dict[str, dict[str, Number]]:
    return {name: dict(row) for name, row in grid.items()}


def _index(spread: Spread) -> dict[str, Number]:
    return {"index": spread.value, "error": spread.error, "low": spread.low, "high": spread.high}


def _interval(spread: Spread) -> dict[str, Number]:
    return {"error": spread.error, "low": spread.low, "high": spread.high}


@dataclass(frozen=True, kw_only=True)
class Described:
    """One question's answers."""

    figures: Row
    table: Mapping[str, int]

    def told(self) -> dict[str, Any]:
        """Return it as plain values."""
        return {**self.figures, "table": dict(self.table)}


@dataclass(frozen=True, kw_only=True)
class Compared:
    """One variable over the groups of a segment; `pairs` are Tukey's comparisons `B-A`, `t` the tests of two groups."""

    sizes: Mapping[str, int]
    means: Row
    sds: Row
    figures: Row
    pairs: Grid
    t: Row | None = None

    def told(self) -> dict[str, Any]:
        """Return it as plain values."""
        found = {"n": dict(self.sizes), "mean": dict(self.means), "sd": dict(self.sds), **self.figures}
        return {**found, "tukey": _rows(self.pairs)} | ({"t_test": dict(self.t)} if self.t is not None else {})


@dataclass(frozen=True, kw_only=True)
class Segment:
    """The respondents of one value of a segment and their indexes by latent."""

    respondents: int
    share: Number
    index: Row
    sd: Row


@dataclass(frozen=True, kw_only=True)
class StatisticsFigures:
    """Descriptions by indicator and latent, comparisons by segment and variable, correlations of the indexes.

    `apart`: what not everybody was asked, described for those who were. `unused`: columns that are no segments.
    """

    descriptives: Mapping[str, Described]
    index: Mapping[str, Described]
    apart: Mapping[str, Described] = field(default_factory=dict)
    segments: Mapping[str, Mapping[str, Segment]] = field(default_factory=dict)
    anova: Mapping[str, Mapping[str, Compared]] = field(default_factory=dict)
    pearson: Mapping[str, Grid] = field(default_factory=dict)
    spearman: Mapping[str, Grid] = field(default_factory=dict)
    unused: tuple[str, ...] = ()

    def told(self) -> dict[str, Any]:
        """Return it as plain values."""
        return {
            "descriptives": {name: one.told() for name, one in self.descriptives.items()},
            "index": {name: one.told() for name, one in self.index.items()},
            "not_asked_of_all": {name: one.told() for name, one in self.apart.items()},
            "segments": {
                column: {
                    value: {"n": s.respondents, "share": s.share, "index": dict(s.index), "sd": dict(s.sd)}
                    for value, s in values.items()
                }
                for column, values in self.segments.items()
            },
            "anova": {
                column: {name: one.told() for name, one in variables.items()}
                for column, variables in self.anova.items()
            },
            "correlations": {
                "pearson": {key: _rows(grid) for key, grid in self.pearson.items()},
                "spearman": {key: _rows(grid) for key, grid in self.spearman.items()},
            },
            "not_compared": list(self.unused),
        }


@dataclass(frozen=True, kw_only=True)
class Pair:
    """How important a factor is, and how well it is done (0 to 100); `in_points`: of the target for each point."""

    id: str
    name: str
    importance: Number
    performance: Number
    in_points: Number = None
    quadrant: str = ""

    def told(self) -> dict[str, Any]:
        """Return it as plain values."""
        found = {"id": self.id, "name": self.name, "importance": self.importance, "performance": self.performance}
        return found | {"importance_in_points": self.in_points, "quadrant": self.quadrant}


@dataclass(frozen=True, kw_only=True)
class Matrix:
    """Factors in the plane of importance and performance, divided at the means."""

    pairs: tuple[Pair, ...]
    cross: tuple[Number, Number] = (None, None)

    def told(self) -> dict[str, Any]:
        """Return it as plain values."""
        return {
            "mean_importance": self.cross[0],
            "mean_performance": self.cross[1],
            "pairs": [pair.told() for pair in self.pairs],
        }


@dataclass(frozen=True, kw_only=True)
class SurveyExhibits(Exhibits):
    """Of one subject, or of all respondents together; `model` is None where the weights come from elsewhere.

    `interval`: the index of the target with its standard error and bounds. `total`: a standing's own, as a float.
    """

    target: str
    total: float | None = None
    interval: Spread
    model: ModelFigures | None
    statistics: StatisticsFigures
    ipma: Matrix
    stated: Matrix | None = None

    def told(self, say: Callable[[Say], str]) -> dict[str, Any]:
        """Return it as plain JSON values; every number is a float, rounded to twelve digits."""
        del say
        stated = self.stated.told() if self.stated is not None else None
        ipma = {"target": self.target, "by_total_effects": self.ipma.told(), "stated": stated}
        return {
            **({"total": self.total} if self.total is not None else {}),
            "interval": self.interval.told(),
            "model": self.model.told() if self.model is not None else None,
            "statistics": self.statistics.told(),
            "ipma": ipma,
        }
