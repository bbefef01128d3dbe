"""Means, covariances and correlations of answers, whole or with holes, of the sample and of many resamples at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from appraisal.statistics.arrays import Floats

_ROWS = 4096
"""Rows whose products are held at a time."""


@dataclass(frozen=True, kw_only=True)
class Moments:
    """Of one sample or a batch of resamples: means (…, p), covariances and correlations (…, p, p), divisor n - 1.

    With `pairwise`, each pair of columns rests on the rows that have both.
    """

    means: Floats
    covariances: Floats
    correlations: Floats

    @property
    def deviations(self) -> Floats:
        """Standard deviations (…, p)."""
        found: Floats = np.sqrt(np.diagonal(self.covariances, axis1=-2, axis2=-1))
        return found


class Products:
    """The answers of a sample as sums over rows: what means and covariances are made of, for any counts of the rows.

    Columns are shifted near their means first; whole numbers by whole numbers, so that all their sums are exact,
    whatever the order of the rows.
    """

    def __init__(self, answers: Floats) -> None:
        self.answers = answers
        self.holes = bool(np.isnan(answers).any())
        centre = np.nanmean(answers, axis=0) if len(answers) else np.zeros(answers.shape[1])
        filled = np.where(np.isnan(answers), np.rint(centre), answers)
        whole = np.array_equal(filled, np.rint(filled))
        self.shift: Floats = np.rint(centre) if whole else centre

    def of_sample(self) -> Moments:
        """Return the moments of the sample itself."""
        return self.of_counts(np.ones((1, len(self.answers))))

    def of_counts(self, counts: Floats) -> Moments:
        """Return the moments of resamples (batch, rows): how often each row is in each."""
        if self.holes:
            return self._pairwise(counts)
        return self._complete(counts)

    def _chunks(self, counts: Floats) -> Iterator[tuple[Floats, Floats]]:
        for start in range(0, len(self.answers), _ROWS):
            rows = slice(start, start + _ROWS)
            yield self.answers[rows] - self.shift, counts[:, rows]

    def _complete(self, counts: Floats) -> Moments:
        size = self.answers.shape[1]
        upper = np.triu_indices(size)
        sums = np.zeros((len(counts), size))
        products = np.zeros((len(counts), size, size))
        for rows, times in self._chunks(counts):
            sums += times @ rows
            if len(counts) == 1:
                products[0] += rows.T @ (rows if times.all() and times.max() == 1 else rows * times[0][:, None])
            else:
                products[:, *upper] += times @ (rows[:, upper[0]] * rows[:, upper[1]])
        if len(counts) > 1:
            products[:, upper[1], upper[0]] = products[:, *upper]
        number = counts.sum(axis=1)[:, None]
        means = sums / number
        spread = products - sums[:, :, None] * means[:, None, :]
        spread = (spread + spread.transpose(0, 2, 1)) / 2
        covariances = spread / (number[:, :, None] - 1)
        sd = np.sqrt(np.diagonal(covariances, axis1=1, axis2=2))
        with np.errstate(divide="ignore", invalid="ignore"):
            correlations = covariances / (sd[:, :, None] * sd[:, None, :])
        _unit(correlations)
        return Moments(means=means + self.shift, covariances=covariances, correlations=correlations)

    def _pairwise(self, counts: Floats) -> Moments:
        size = self.answers.shape[1]
        zeros = [np.zeros((len(counts), size * size)) for _ in range(4)]
        both, ones, squares, crosses = zeros
        for rows, times in self._chunks(counts):
            there = (~np.isnan(rows)).astype(np.float64)
            value = np.nan_to_num(rows)
            both += times @ _each(there, there)
            ones += times @ _each(value, there)
            squares += times @ _each(value * value, there)
            crosses += times @ _each(value, value)
        number, first, square, cross = (sums.reshape(len(counts), size, size) for sums in zeros)
        with np.errstate(divide="ignore", invalid="ignore"):
            mean = first / number
            spread = cross - number * mean * mean.transpose(0, 2, 1)
            own = square - number * mean * mean
            correlations = spread / np.sqrt(own * own.transpose(0, 2, 1))
            covariances = spread / (number - 1)
        _unit(correlations)
        means = np.diagonal(mean, axis1=1, axis2=2) + self.shift
        return Moments(means=means, covariances=covariances, correlations=correlations)


def _each(one: Floats, other: Floats) -> Floats:
    """Return the products of every column of one with every column of the other, row by row."""
    return (one[:, :, None] * other[:, None, :]).reshape(len(one), -1)


def _unit(correlations: Floats) -> None:
    """Put exact ones on the diagonals that have a number."""
    at = np.arange(correlations.shape[-1])
    diagonal = correlations[:, at, at]
    correlations[:, at, at] = np.where(np.isfinite(diagonal), 1.0, np.nan)
