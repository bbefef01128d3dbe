"""What a survey shows beside its index: the model's figures, the statistics, importance against performance."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from appraisal.model.path_model import Grid, ModelFigures, Number, Row, Spread, rows
from appraisal.model.standing import Exhibits, Say


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
        return {**found, "tukey": rows(self.pairs)} | ({"t_test": dict(self.t)} if self.t is not None else {})


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
                "pearson": {key: rows(grid) for key, grid in self.pearson.items()},
                "spearman": {key: rows(grid) for key, grid in self.spearman.items()},
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
