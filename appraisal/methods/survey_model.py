"""An estimated model in named figures: everything that is printed of it, rounded so that machines agree."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from appraisal.methods.satisfaction import Fitted
from appraisal.model.exact import show
from appraisal.model.path_model import (
    Grid,
    IndexFigures,
    MeasurementFigures,
    ModelFigures,
    Number,
    PathFigures,
    Resampling,
    Row,
    Spread,
)
from appraisal.model.survey import Estimation
from appraisal.statistics.arrays import Floats, Whole, chance, figure
from appraisal.statistics.bootstrap import Interval, Plan, Resamples, bootstrap, interval
from appraisal.statistics.pls import Structure, total_effects
from appraisal.statistics.reliability import Block, block, effect_sizes, goodness_of_fit, htmt, regression


def row(names: tuple[str, ...], values: Floats) -> Row:
    """Return values by name, as they are written."""
    return {name: figure(float(value)) for name, value in zip(names, values, strict=True)}


def grid(rows: tuple[str, ...], columns: tuple[str, ...], values: Floats) -> Grid:
    """Return a table by row and column, as it is written."""
    return {name: row(columns, line) for name, line in zip(rows, values, strict=True)}


def spreads(names: tuple[str, ...], values: Floats, around: Interval) -> dict[str, Spread]:
    """Return values with their intervals by name."""
    return {
        name: Spread(
            value=figure(float(value)),
            error=figure(float(around.error[at])),
            low=figure(float(around.low[at])),
            high=figure(float(around.high[at])),
        )
        for at, (name, value) in enumerate(zip(names, values, strict=True))
    }


@dataclass(frozen=True, kw_only=True)
class _Intervals:
    """The intervals of everything that is resampled."""

    weights: Interval
    loadings: Interval
    paths: Interval
    totals: Interval
    indexes: Interval

    @classmethod
    def of(cls, found: Resamples, confidence: float) -> _Intervals:
        """Return the intervals of these resamples; of the indexes, one by one, so that one refused spoils no other."""
        each = [interval(found.indexes[:, [at]], confidence) for at in range(found.indexes.shape[1])]
        indexes = Interval(
            error=np.concatenate([one.error for one in each]),
            low=np.concatenate([one.low for one in each]),
            high=np.concatenate([one.high for one in each]),
        )
        return cls(
            weights=interval(found.weights, confidence),
            loadings=interval(found.loadings, confidence),
            paths=interval(found.paths, confidence),
            totals=interval(found.totals, confidence),
            indexes=indexes,
        )


def pairs(structure: Structure) -> Iterator[tuple[int, int]]:
    """Yield each pair of latents, the one that can act first before the other, in the order of the document."""
    order = _order(structure)
    place = {latent: at for at, latent in enumerate(order)}
    count = len(order)
    yield from ((one, other) for one in range(count) for other in range(count) if place[one] < place[other])


def _order(structure: Structure) -> list[int]:
    """Return the latents so that every one comes after its causes, else as they are listed."""
    found: list[int] = []
    while len(found) < len(structure.arrows):
        found.append(
            next(
                latent
                for latent, causes in enumerate(structure.causes)
                if latent not in found and all(int(cause) in found for cause in causes)
            )
        )
    return found


def model_figures(fitted: Fitted, estimation: Estimation) -> ModelFigures:
    """Return the model's figures with their intervals."""
    confidence = float(estimation.confidence)
    plan = Plan(replicates=estimation.replicates, seed=estimation.seed, confidence=confidence)
    scales = (fitted.frame.lows, fitted.frame.highs)
    sampled = bootstrap(fitted.products, fitted.frame.structure, fitted.settings, plan, fitted.estimates, scales)
    around = _Intervals.of(sampled, confidence)
    frame, estimates, structure = fitted.frame, fitted.estimates, fitted.frame.structure
    columns, latents = frame.ids, frame.names
    own = (np.arange(len(columns)), np.array(structure.blocks))
    loadings = estimates.loadings[0][own]
    communality = loadings**2
    redundancy = communality * np.nan_to_num(estimates.r2[0])[list(structure.blocks)]
    direct, total, points = estimates.paths[0], total_effects(estimates.paths[0]), in_points(fitted)
    labels = {f"{latents[one]}->{latents[other]}": (one, other) for one, other in pairs(structure)}
    explained = _r2(fitted)
    return ModelFigures(
        respondents=fitted.number,
        gaps=fitted.prepared.gaps,
        settings=_settings(estimation),
        steps=int(estimates.steps[0]),
        names={latent.id: latent.name for latent in frame.latents},
        blocks={latent: tuple(columns[at] for at in structure.members(n)) for n, latent in enumerate(latents)},
        weights=spreads(columns, estimates.weights[0], around.weights),
        loadings=spreads(columns, loadings, around.loadings),
        cross_loadings=grid(columns, latents, estimates.loadings[0]),
        communality=row(columns, communality),
        redundancy=row(columns, redundancy),
        paths=_paths(fitted, around.paths),
        measurement=_measurement(fitted, communality, redundancy),
        index=_indexes(fitted, around.indexes),
        resampling=Resampling(
            replicates=estimation.replicates,
            seed=estimation.seed,
            confidence=confidence,
            failed=sampled.failed,
            repeated=sampled.repeated,
        ),
        r2=explained[0],
        adjusted_r2=explained[1],
        direct={name: figure(float(direct[pair])) for name, pair in labels.items()},
        indirect={name: figure(float(total[pair] - direct[pair])) for name, pair in labels.items()},
        total=_totals(labels, total, around.totals),
        total_in_points={name: figure(float(points[pair])) for name, pair in labels.items()},
    )


def _measurement(fitted: Fitted, communality: Floats, redundancy: Floats) -> MeasurementFigures:
    """Return reliability and discriminant validity."""
    estimates, structure, latents = fitted.estimates, fitted.frame.structure, fitted.frame.names
    blocks = [_block(fitted, latent) for latent in range(len(latents))]
    members = [structure.members(latent) for latent in range(len(latents))]
    ave = np.array([one.ave for one in blocks])
    return MeasurementFigures(
        ave=row(latents, ave),
        rho_c=row(latents, np.array([one.rho_c for one in blocks])),
        rho_a=row(latents, np.array([one.rho_a for one in blocks])),
        alpha=row(latents, np.array([one.alpha for one in blocks])),
        dillon_goldstein=row(latents, np.array([one.dillon_goldstein for one in blocks])),
        eigenvalues=grid(latents, ("first", "second"), np.array([one.eigenvalues for one in blocks])),
        communality=row(latents, np.array([communality[own].mean() for own in members])),
        redundancy=row(latents, np.array([redundancy[own].mean() for own in members])),
        latents=grid(latents, latents, estimates.latents[0]),
        htmt=grid(latents, latents, htmt(fitted.moments.correlations[0], structure)),
        fornell_larcker=_fornell_larcker(latents, ave, estimates.latents[0]),
        gof=figure(goodness_of_fit(communality, estimates.r2[0], structure)),
    )


def _settings(estimation: Estimation) -> Mapping[str, str]:
    told = estimation.model_dump(include={"scheme", "data", "missing", "weights", "tolerance", "steps", "least"})
    return {name: str(value) for name, value in told.items()} | {"confidence": show(estimation.confidence)}


def _block(fitted: Fitted, latent: int) -> Block:
    own: Whole = fitted.frame.structure.members(latent)
    weights = fitted.estimates.weights[0, own]
    if not fitted.settings.standardised:
        weights = weights * fitted.moments.deviations[0, own]
    correlations = fitted.moments.correlations[0][np.ix_(own, own)]
    return block(correlations, weights, fitted.estimates.loadings[0, own, latent])


def _paths(fitted: Fitted, around: Interval) -> dict[str, PathFigures]:
    structure, names = fitted.frame.structure, fitted.frame.names
    f2 = effect_sizes(fitted.moments, structure, fitted.settings, fitted.estimates)
    found: dict[str, PathFigures] = {}
    for latent, causes in enumerate(structure.causes):
        if not len(causes):
            continue
        tested = regression(fitted.estimates.latents[0], structure, latent, fitted.number)
        for at, cause in enumerate(causes):
            value = fitted.estimates.paths[0, cause, latent]
            bounds = Interval(
                error=around.error[cause, latent, None],
                low=around.low[cause, latent, None],
                high=around.high[cause, latent, None],
            )
            name = f"{names[cause]}->{names[latent]}"
            found[name] = PathFigures(
                coefficient=spreads((name,), np.array([value]), bounds)[name],
                regression_error=figure(float(tested.errors[at])),
                t=figure(float(tested.t[at])),
                p=chance(float(tested.p[at])),
                vif=figure(float(tested.vif[at])),
                f2=figure(float(f2[cause, latent])),
            )
    return dict(sorted(found.items(), key=lambda item: _arrow(item[0], names)))


def _arrow(name: str, names: tuple[str, ...]) -> tuple[int, int]:
    one, other = name.split("->")
    return names.index(one), names.index(other)


def _r2(fitted: Fitted) -> tuple[Row, Row]:
    """Return R² and adjusted R² of every latent that something acts on."""
    r2: dict[str, Number] = {}
    adjusted: dict[str, Number] = {}
    for latent, causes in enumerate(fitted.frame.structure.causes):
        if len(causes):
            found = regression(fitted.estimates.latents[0], fitted.frame.structure, latent, fitted.number)
            name = fitted.frame.names[latent]
            r2[name], adjusted[name] = figure(found.r2), figure(found.adjusted_r2)
    return r2, adjusted


def _totals(labels: Mapping[str, tuple[int, int]], total: Floats, around: Interval) -> dict[str, Spread]:
    """Return the total effects; where nothing leads from one to the other, an exact zero without an interval."""
    found: dict[str, Spread] = {}
    for name, pair in labels.items():
        bounds = Interval(error=around.error[pair][None], low=around.low[pair][None], high=around.high[pair][None])
        found[name] = spreads((name,), total[pair][None], bounds)[name] if total[pair] else Spread(value=0.0)
    return found


def in_points(fitted: Fitted) -> Floats:
    """Return total effects in points of the index for each point of the index of the cause."""
    spread = fitted.own.std(axis=0, ddof=1)
    found: Floats = total_effects(fitted.estimates.paths[0]) * spread[None, :] / spread[:, None]
    return found


def _fornell_larcker(names: tuple[str, ...], ave: Floats, latents: Floats) -> dict[str, bool]:
    """Say for each latent whether its AVE exceeds its squared correlation with every other."""
    others = latents**2 - np.diag(np.full(len(names), np.inf))
    return {name: bool(ave[n] > others[n].max()) for n, name in enumerate(names)}


def _indexes(fitted: Fitted, around: Interval) -> dict[str, IndexFigures]:
    frame = fitted.frame
    means = (fitted.weights * fitted.moments.means[0]) @ frame.structure.mask
    spread = fitted.own.std(axis=0, ddof=1)
    around_ = spreads(frame.names, fitted.index, around)
    return {
        name: IndexFigures(
            weights=row(
                tuple(frame.ids[at] for at in frame.structure.members(n)),
                fitted.weights[frame.structure.members(n)],
            ),
            mean=figure(float(means[n])),
            index=around_[name],
            sd=figure(float(spread[n])),
        )
        for n, name in enumerate(frame.names)
    }
