"""The figures of an estimated path model, by name: what is printed of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

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
            "eigenvalues": rows(self.eigenvalues),
            "block_communality": dict(self.communality),
            "mean_redundancy": dict(self.redundancy),
            "latent_correlations": rows(self.latents),
            "htmt": rows(self.htmt),
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
            "cross_loadings": rows(self.cross_loadings),
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


def rows(grid: Grid) -> dict[str, dict[str, Number]]:
    """Return a table as plain values."""
    return {name: dict(row) for name, row in grid.items()}


def _index(spread: Spread) -> dict[str, Number]:
    return {"index": spread.value, "error": spread.error, "low": spread.low, "high": spread.high}


def _interval(spread: Spread) -> dict[str, Number]:
    return {"error": spread.error, "low": spread.low, "high": spread.high}
