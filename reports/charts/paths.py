"""Path diagrams: nodes in layers from left to right, and weighted arrows between them."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from reports.charts.canvas import FAINT, INK, PAPER, STRONG, Canvas, Spot, measure, shortened, wrapped
from reports.charts.lines import WIDTH, headed
from reports.figures import Arrow, Node, PathDiagram

_TOP, _LEFT = 44.0, 14.0
_HIGH, _BETWEEN = 40.0, 34.0
_SMALL, _LINE = 9.0, 11.0
_SHARE = 0.64  # of the room of a layer that its boxes take; arrows and their weights have the rest
_TRIED = (0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74)
_HEAD = 7.0
Box = tuple[float, float, float, float]


@dataclass(frozen=True, kw_only=True)
class _Size:
    """How wide and high boxes are, and the lines of each name."""

    wide: float
    high: float
    names: dict[str, list[str]]


@dataclass(frozen=True, kw_only=True)
class _Curve:
    """A cubic curve between two boxes."""

    start: Spot
    one: Spot
    other: Spot
    end: Spot

    def sampled(self) -> list[Spot]:
        """Return spots along it."""
        return [self.at(n / 32) for n in range(33)]

    def crosses(self, boxes: list[Box]) -> int:
        """Return how many of its spots lie in or too near these boxes."""
        spots = self.sampled()
        return sum(b[0] - 5 < x < b[2] + 5 and b[1] - 5 < y < b[3] + 5 for b in boxes for x, y in spots)

    def at(self, t: float) -> Spot:
        """Return the spot at a share of the way."""
        u = 1 - t
        weights = (u * u * u, 3 * u * u * t, 3 * u * t * t, t * t * t)
        spots = (self.start, self.one, self.other, self.end)
        return (
            sum(w * x for w, (x, _) in zip(weights, spots, strict=True)),
            sum(w * y for w, (_, y) in zip(weights, spots, strict=True)),
        )


def path_diagram(what: PathDiagram) -> Canvas:
    """Draw nodes as boxes with their notes, and arrows with their weights; those that are not sure are dashed."""
    size = _size(what)
    middles = _placed(what, size)
    top, bottom = _extent(*_drawing(what, middles, size))
    canvas = headed(_TOP + bottom - top, what.title)
    middles = {name: (x, y + _TOP - top) for name, (x, y) in middles.items()}
    boxes, curves = _drawing(what, middles, size)
    for arrow, curve in zip(what.arrows, curves, strict=True):
        _draw(canvas, arrow, curve)
    for node in what.nodes:
        _box(canvas, node, middles[node.id], size)
    _labels(canvas, list(zip(what.arrows, curves, strict=True)), list(boxes.values()))
    return canvas


def _drawing(what: PathDiagram, middles: dict[str, Spot], size: _Size) -> tuple[dict[str, Box], list[_Curve]]:
    """Return the boxes by node, and the way of each arrow."""
    half = size.high / 2
    boxes = {name: (x - size.wide / 2, y - half, x + size.wide / 2, y + half) for name, (x, y) in middles.items()}
    return boxes, [_way(arrow, middles, boxes, size) for arrow in what.arrows]


def _extent(boxes: dict[str, Box], curves: list[_Curve]) -> Spot:
    """Return where the drawing begins and ends from above."""
    ys = [y for curve in curves for _, y in curve.sampled()]
    ys += [y for box in boxes.values() for y in (box[1], box[3])]
    return min(ys, default=0.0) - 14, max(ys, default=0.0) + 16


def _size(what: PathDiagram) -> _Size:
    """Return how large boxes are: wide enough for the layers, high enough for the longest name in lines."""
    layers = len({node.layer for node in what.nodes})
    wide = min(112.0, (WIDTH - 2 * _LEFT) / max(layers, 1) * _SHARE)
    names = {node.id: _lines(node, wide - 4) for node in what.nodes}
    return _Size(wide=wide, high=max([_HIGH, *(_LINE * len(lines) + 18 for lines in names.values())]), names=names)


def _lines(node: Node, room: float) -> list[str]:
    """Return the lines of a node's name; its id, where the name begins with it, has a line of its own."""
    code, _, rest = node.name.partition(" ")
    return [code, *wrapped(rest, room, _SMALL)] if code == node.id and rest else wrapped(node.name, room, _SMALL)


def _placed(what: PathDiagram, size: _Size) -> dict[str, Spot]:
    """Return the middle of each box: layers beside each other, each around the same height."""
    layers = sorted({node.layer for node in what.nodes})
    step = (WIDTH - 2 * _LEFT - size.wide) / max(len(layers) - 1, 1)
    middles: dict[str, Spot] = {}
    for number, layer in enumerate(layers):
        column = [node for node in what.nodes if node.layer == layer]
        x = _LEFT + size.wide / 2 + step * number if len(layers) > 1 else WIDTH / 2
        row = size.high + _BETWEEN
        middles |= {node.id: (x, row * (place - (len(column) - 1) / 2)) for place, node in enumerate(column)}
    return middles


def _way(arrow: Arrow, middles: dict[str, Spot], boxes: dict[str, Box], size: _Size) -> _Curve:
    """Return the straightest way that crosses no other box: from side to side, else over or under what is between."""
    others = [box for name, box in boxes.items() if name not in {arrow.start, arrow.end}]
    ways = list(_ways(middles[arrow.start], middles[arrow.end], size))
    return min(enumerate(ways), key=lambda way: (way[1].crosses(others), way[0]))[1]


def _ways(one: Spot, other: Spot, size: _Size) -> Iterator[_Curve]:
    """Yield ways from box to box, the straightest first."""
    (x1, y1), (x2, y2) = one, other
    half, wide = size.high / 2, size.wide
    if x1 == x2:
        down = 1 if y2 > y1 else -1
        start, end = (x1, y1 + down * half), (x2, y2 - down * half)
        yield _Curve(start=start, one=start, other=end, end=end)
        for bend in (50.0, 80.0, 110.0):
            start, end = (x1 + wide / 2, y1), (x2 + wide / 2, y2)
            yield _Curve(start=start, one=(start[0] + bend, y1), other=(end[0] + bend, y2), end=end)
        return
    start, end = (x1 + wide / 2, y1), (x2 - wide / 2, y2)
    reach = (end[0] - start[0]) * 0.45
    for bend in (0.0, -40.0, 40.0, -70.0, 70.0):
        yield _Curve(start=start, one=(start[0] + reach, y1 + bend), other=(end[0] - reach, y2 + bend), end=end)
    for high in range(60, 420, 30):
        for side in (-1, 1):
            start, end = (x1, y1 + side * half), (x2, y2 + side * half)
            level = (min if side < 0 else max)(start[1], end[1]) + side * high
            yield _Curve(start=start, one=(x1 + (x2 - x1) * 0.2, level), other=(x2 - (x2 - x1) * 0.2, level), end=end)


def _draw(canvas: Canvas, arrow: Arrow, curve: _Curve) -> None:
    told = " ".join(f"{x:.2f} {y:.2f}" for x, y in (curve.one, curve.other, curve.end))
    colour = STRONG if arrow.sure else "#8C969E"
    way = f"M{curve.start[0]:.2f} {curve.start[1]:.2f}C{told}"
    canvas.path(way, "none", colour, 1.6 if arrow.sure else 1.1, "" if arrow.sure else "5 3")
    x, y = curve.at(0.93)
    (tip_x, tip_y) = curve.end
    angle = math.atan2(tip_y - y, tip_x - x)
    wings = [(tip_x - _HEAD * math.cos(angle + turn), tip_y - _HEAD * math.sin(angle + turn)) for turn in (0.42, -0.42)]
    points = " ".join(f"{a:.2f} {b:.2f}" for a, b in wings)
    canvas.path(f"M{tip_x:.2f} {tip_y:.2f}L{points}Z", colour)


def _box(canvas: Canvas, node: Node, middle: Spot, size: _Size) -> None:
    (x, y), lines = middle, size.names[node.id]
    canvas.rect(x - size.wide / 2, y - size.high / 2, size.wide, size.high, PAPER, stroke=INK, corner=6)
    first = y - _LINE * (len(lines) + bool(node.note)) / 2 + 8.5
    for number, line in enumerate(lines):
        canvas.text((x, first + _LINE * number), line, anchor="middle", size=_SMALL, bold=True)
    if node.note:
        last = (x, first + _LINE * len(lines) + 1)
        canvas.text(last, shortened(node.note, size.wide - 8, _SMALL), anchor="middle", size=_SMALL, fill=FAINT)


def _labels(canvas: Canvas, curves: list[tuple[Arrow, _Curve]], taken: list[Box]) -> None:
    """Write each weight on its arrow where it is nearest the middle and covers nothing."""
    for arrow, curve in curves:
        half = measure(arrow.label, 9) / 2 + 1
        spots = [curve.at(t) for t in _TRIED]
        boxes = [(x - half, y - 8, x + half, y + 4) for x, y in spots]
        free = next((n for n, box in enumerate(boxes) if not any(_meet(box, other) for other in taken)), 0)
        taken.append(boxes[free])
        x, y = spots[free]
        canvas.text((x, y + 1), arrow.label, anchor="middle", size=9, halo=True)


def _meet(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
