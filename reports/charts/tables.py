"""The numbers behind a figure as a table: beside every chart stands what it shows, for those who cannot see it."""

from __future__ import annotations

from collections.abc import Sequence

from appraisal.errors import Lang, text
from reports.figures import Bars, Bump, Code, Figure, HeatMap, PathDiagram, Scatter, Trend
from reports.sheet import Cell, Column, Kind, Table


def figure_table(figure: Figure, lang: Lang) -> Table | None:
    """Return what a figure shows as rows; None for a QR code, whose words stand beside it."""
    if isinstance(figure, Code):
        return None
    if isinstance(figure, PathDiagram):
        return _paths(figure)
    if isinstance(figure, Bars):
        titles, rows = [figure.unit or text("col_value", lang)], [(bar.label, (bar.value,)) for bar in figure.bars]
        return _table(titles, rows)
    if isinstance(figure, Scatter):
        return _table([figure.x, figure.y], [(point.label, (point.x, point.y)) for point in figure.points])
    return _staged(figure)


def _staged(figure: Trend | Bump | HeatMap) -> Table:
    if isinstance(figure, Trend):
        return _table(figure.stages, [(line.name, line.values) for line in figure.lines])
    if isinstance(figure, Bump):
        return _table(figure.stages, [(climb.name, climb.ranks) for climb in figure.climbs], Kind.WHOLE)
    return _table(figure.columns, list(zip(figure.rows, figure.values, strict=True)))


def _paths(figure: PathDiagram) -> Table:
    names = {node.id: node.name for node in figure.nodes}
    arrows = [(f"{names[arrow.start]} → {names[arrow.end]}", (arrow.label,)) for arrow in figure.arrows]
    return _table([""], [*arrows, *((node.name, (node.note,)) for node in figure.nodes if node.note)], Kind.TEXT)


def _table(titles: Sequence[str], rows: Sequence[tuple[str, Sequence[Cell]]], kind: Kind = Kind.NUMBER) -> Table:
    columns = (Column(title=""), *(Column(title=title, kind=kind) for title in titles))
    return Table(columns=columns, rows=tuple((name, *cells) for name, cells in rows))
