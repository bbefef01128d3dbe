"""Spans as addresses write them."""

from __future__ import annotations

from appraisal.model.periods import Period, Span


def read_span(text: str) -> Span:
    """Read a span as addresses write it: `2020`, `2020-03`, `2020-Q1`, `2020-01..2020-03`; ValueError otherwise."""
    first, dots, last = text.partition("..")
    if not dots:
        return Span.parse(text)
    start, end = Period.parse(first), Period.parse(last)
    if (start.year, start.month) != (end.year, 1) or not end.month:
        raise ValueError(text)
    return Span.through(end.year, end.month)
