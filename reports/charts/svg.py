"""A figure as SVG: text stays text, in the project's face where there is one, else in one of the reader's."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from reports.charts.canvas import Canvas
from reports.charts.lines import bars, bump, trend
from reports.charts.paths import path_diagram
from reports.charts.planes import code, heat_map, scatter
from reports.figures import Bars, Bump, Code, Figure, HeatMap, PathDiagram, Scatter, Trend


def svg_text(figure: Figure) -> str:
    """Return a figure as an SVG document, its size in points; equal figures give equal bytes."""
    return drawn(figure).svg()


def drawn(figure: Figure) -> Canvas:
    """Return a figure drawn on a canvas of its own size."""
    return _DRAWERS[type(figure)](figure)


_DRAWERS: Mapping[type[Figure], Callable[[Any], Canvas]] = MappingProxyType(
    {
        Bars: bars,
        Trend: trend,
        Bump: bump,
        HeatMap: heat_map,
        Scatter: scatter,
        PathDiagram: path_diagram,
        Code: code,
    }
)
