"""Figures before they have a format: what is drawn, as data.

A heat map is set as cells in XLSX; the rest is for `reports/charts`: `reports.charts.svg.svg_text(figure) -> str` (its
size in points in its viewBox, text in the families of `reports/fonts`) and `reports.charts.png.png_bytes(figure, *,
width) -> bytes` (width in pixels). Same figure, same bytes.

Figure
├── Bars         one value a label
├── Trend        lines over the same stages
├── Bump         ranks over the same stages, 1 on top
├── HeatMap      rows × columns of values
├── Scatter      points in two measures, the plane divided into quadrants (IPMA)
├── PathDiagram  nodes in layers and weighted arrows between them
└── Code         a QR code with its text beside it
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

Value = Fraction | float
"""Points are exact; statistics of a survey are floats."""


@dataclass(frozen=True, kw_only=True)
class Bar:
    """One bar; `strong` stands out, `low` and `high` are the ends of an interval around the value."""

    label: str
    value: Value
    strong: bool = False
    low: Value | None = None
    high: Value | None = None


@dataclass(frozen=True, kw_only=True)
class Bars:
    """One value a label, from the first on top; `unit` is written at the axis."""

    title: str
    bars: tuple[Bar, ...]
    unit: str = ""


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line: a value for each stage; None where there is none yet."""

    name: str
    values: tuple[Value | None, ...]
    strong: bool = False


@dataclass(frozen=True, kw_only=True)
class Trend:
    """Lines over the same stages, such as totals by month."""

    title: str
    stages: tuple[str, ...]
    lines: tuple[Line, ...]
    unit: str = ""


@dataclass(frozen=True, kw_only=True)
class Climb:
    """One subject's ranks over the stages; None where it has none."""

    name: str
    ranks: tuple[int | None, ...]
    strong: bool = False


@dataclass(frozen=True, kw_only=True)
class Bump:
    """Ranks over the same stages, the first rank on top; ties share a rank."""

    title: str
    stages: tuple[str, ...]
    climbs: tuple[Climb, ...]


@dataclass(frozen=True, kw_only=True)
class HeatMap:
    """Rows × columns of values, coloured from `low` to `high` within each column; None is no value.

    `low` and `high` have one value a column: the ends of its colours, such as zero and the points of an item.
    """

    title: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    values: tuple[tuple[Value | None, ...], ...]
    low: tuple[Value, ...]
    high: tuple[Value, ...]

    def __post_init__(self) -> None:
        """Refuse values that are not rows × columns."""
        wide = {len(self.columns), len(self.low), len(self.high), *map(len, self.values)}
        if len(wide) > 1 or len(self.values) != len(self.rows):
            raise ValueError(f"{len(self.rows)} rows × {len(self.columns)} columns do not fit the values")


@dataclass(frozen=True, kw_only=True)
class Point:
    """One point in two measures."""

    label: str
    x: Value
    y: Value


@dataclass(frozen=True, kw_only=True)
class Scatter:
    """Points in two measures; `cross` divides the plane, `quadrants` names its parts.

    The names go counter-clockwise from the upper right: high x and y, low x and high y, low x and y, high x and low y.
    """

    title: str
    x: str
    y: str
    points: tuple[Point, ...]
    cross: tuple[Value, Value] | None = None
    quadrants: tuple[str, str, str, str] | None = None


@dataclass(frozen=True, kw_only=True)
class Node:
    """One variable of a path diagram; `layer` counts from the left, `note` stands below its name (such as R²)."""

    id: str
    name: str
    layer: int
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Arrow:
    """One path from a node to another with its weight in words; `sure` is drawn full, the others dashed."""

    start: str
    end: str
    label: str
    sure: bool = True


@dataclass(frozen=True, kw_only=True)
class PathDiagram:
    """Nodes in layers and arrows between them, none of them backwards."""

    title: str
    nodes: tuple[Node, ...]
    arrows: tuple[Arrow, ...]


@dataclass(frozen=True, kw_only=True)
class Code:
    """A QR code and what people read beside it, such as the verification code."""

    title: str
    content: str
    words: tuple[str, ...] = ()


Figure = Bars | Trend | Bump | HeatMap | Scatter | PathDiagram | Code
