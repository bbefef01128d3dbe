"""One group of respondents to an estimated model, or to the words of why it cannot be estimated."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from appraisal.errors import Finding, InternalError, RefusedError
from appraisal.methods.answers import Answers, Frame
from appraisal.model.survey import Estimation, Indicator
from appraisal.statistics.arrays import SINGULAR, Floats
from appraisal.statistics.indexing import added_up, contributions, respondents, scale_weights
from appraisal.statistics.missing import Missing, Prepared, prepare
from appraisal.statistics.moments import Moments, Products
from appraisal.statistics.pls import Estimates, Scheme, Settings, estimate

_INVOLVED = 0.1
"""How large a column's part in a linear dependence is at least to be named."""


@dataclass(frozen=True, kw_only=True)
class Fitted:
    """An estimated model: answers as they went in, moments, estimates, weights on the answers, indexes."""

    frame: Frame
    answers: Answers
    prepared: Prepared
    products: Products
    moments: Moments
    settings: Settings
    estimates: Estimates
    weights: Floats
    added: Floats
    own: Floats

    @property
    def number(self) -> int:
        """How many respondents the model rests on."""
        return len(self.prepared.answers)

    @property
    def index(self) -> Floats:
        """The index of each latent; NaN where a weight is negative."""
        return added_up(self.added, self.frame.structure)


def settings_of(estimation: Estimation) -> Settings:
    """Return the settings of the estimation as the path model takes them."""
    return Settings(
        scheme=Scheme(estimation.scheme),
        standardised=estimation.data == "standardised",
        tolerance=estimation.tolerance,
        steps=estimation.steps,
    )


def fit(answers: Answers, frame: Frame, estimation: Estimation, who: str) -> Fitted:
    """Estimate the model from one group's answers; RefusedError with everything that stands against it."""
    refuse(_unfit(answers, frame, estimation, who))
    prepared = prepare(answers.values, Missing(estimation.missing))
    lost = prepared.lost
    if lost > float(estimation.most_lost):
        args = {"who": who, "lost": f"{lost:.1%}", "most": f"{float(estimation.most_lost):.0%}"}
        refuse([Finding(code="V022", args=args)])
    refuse(_too_few(len(prepared.answers), frame, estimation, who))
    refuse(_constant(prepared.filled, frame, who))
    # by their answers, not their names: resamples are drawn by place, and what a row is called must not matter
    products = Products(prepared.answers[np.lexsort(prepared.answers.T)])
    moments = products.of_sample()
    refuse(_dependent(moments.correlations[0], frame, who, pairwise=products.holes))
    settings = settings_of(estimation)
    estimates = estimate(moments, frame.structure, settings)
    refuse(_not_estimated(estimates, estimation, who))
    deviations = moments.deviations[0] if settings.standardised else np.ones(len(frame.columns))
    weights = scale_weights(estimates.weights[0], deviations, frame.structure)
    refuse(_negative(weights, frame, who))
    return Fitted(
        frame=frame,
        answers=answers,
        prepared=prepared,
        products=products,
        moments=moments,
        settings=settings,
        estimates=estimates,
        weights=weights,
        added=contributions(weights, moments.means[0], frame.lows, frame.highs, frame.structure),
        own=respondents(weights, prepared.filled, frame.lows, frame.highs, frame.structure),
    )


def refuse(findings: Iterator[Finding] | list[Finding]) -> None:
    """Raise RefusedError if there is anything."""
    found = list(findings)
    if found:
        raise RefusedError(found)


def _unfit(answers: Answers, frame: Frame, estimation: Estimation, who: str) -> Iterator[Finding]:
    yield from _too_few(len(answers), frame, estimation, who)
    missing = np.isnan(answers.values)
    for at, one in enumerate(frame.columns):
        if missing[:, at].all():
            yield Finding(code="V024", args={"who": who, "indicator": _named(one)})
        elif one.required and missing[:, at].any():
            args = {"who": who, "indicator": _named(one), "missing": str(int(missing[:, at].sum()))}
            yield Finding(code="V025", args=args)
    yield from _constant(answers.values, frame, who)


def _too_few(number: int, frame: Frame, estimation: Estimation, who: str) -> Iterator[Finding]:
    least = max(estimation.least, len(frame.columns) + 1)
    if number < least:
        yield Finding(code="V023", args={"who": who, "number": str(number), "least": str(least)})


def _constant(values: Floats, frame: Frame, who: str) -> Iterator[Finding]:
    for at, one in enumerate(frame.columns):
        there = values[~np.isnan(values[:, at]), at]
        if len(there) and (there == there[0]).all():
            yield Finding(code="V026", args={"who": who, "indicator": _named(one), "answer": f"{there[0]:g}"})


def _dependent(correlations: Floats, frame: Frame, who: str, *, pairwise: bool) -> Iterator[Finding]:
    """Find that the correlations are not those of any answers, or that some indicators determine another."""
    if not np.isfinite(correlations).all():
        yield Finding(code="V028", args={"who": who, "least": "NaN"})
        return
    values, vectors = np.linalg.eigh(correlations)
    if values[0] >= SINGULAR:
        return
    if pairwise:
        yield Finding(code="V028", args={"who": who, "least": f"{values[0]:.3g}"})
        return
    involved = np.abs(vectors[:, values < SINGULAR]).max(axis=1) > _INVOLVED
    names = [_named(one) for one, flag in zip(frame.columns, involved, strict=True) if flag]
    yield Finding(code="V027", args={"who": who, "indicators": "、".join(names)})


def _not_estimated(estimates: Estimates, estimation: Estimation, who: str) -> Iterator[Finding]:
    if not estimates.steps[0]:
        args = {"who": who, "steps": str(estimation.steps), "scheme": estimation.scheme}
        yield Finding(code="V029", args=args)
    elif not np.isfinite(estimates.paths).all():
        raise InternalError(f"{who}: latents depend on each other although no indicators do")


def _negative(weights: Floats, frame: Frame, who: str) -> Iterator[Finding]:
    """Find that the index of the target has a negative weight."""
    for at in frame.structure.members(frame.target):
        if weights[at] < 0 or not np.isfinite(weights[at]):
            args = {"who": who, "indicator": _named(frame.columns[at]), "weight": f"{weights[at]:.4f}"}
            yield Finding(code="V031", args=args | {"latent": frame.latents[frame.target].name})


def _named(one: Indicator) -> str:
    return f"{one.id} {one.name}"
