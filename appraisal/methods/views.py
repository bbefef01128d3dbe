"""Which spans are computed in one pass: every month of the year falls into at most one cell of a view."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from appraisal.methods.columns import Ints
from appraisal.model.periods import MONTHS, Span, SpanKind


@dataclass(frozen=True)
class View:
    """Disjoint spans of one year, as cells; duties are judged up to `day`."""

    spans: tuple[Span, ...]
    day: date | None = None

    @property
    def year(self) -> int:
        """The year of all its spans."""
        return self.spans[0].year

    @property
    def cells(self) -> int:
        """How many spans."""
        return len(self.spans)

    def cell_of_month(self) -> Ints:
        """Return the cell of each month 1 … 12, and at 0 the cell of events of the whole year; -1 is none."""
        cells = np.full(MONTHS + 1, -1, dtype=np.int64)
        for cell, span in enumerate(self.spans):
            for month in span.months:
                cells[month] = cell
            if span.kind is SpanKind.YEAR:
                cells[0] = cell
        return cells

    @classmethod
    def months(cls, year: int, day: date | None = None) -> View:
        """Return twelve cells, one a month."""
        return cls(tuple(Span.month(year, m) for m in range(1, MONTHS + 1)), day)

    @classmethod
    def one(cls, span: Span, day: date | None = None) -> View:
        """Return a view of a single span."""
        return cls((span,), day)
