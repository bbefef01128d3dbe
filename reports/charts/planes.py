"""Heat maps, scatters with quadrants, and QR codes."""

from __future__ import annotations

from fractions import Fraction

from reports.charts.canvas import FAINT, INK, PALE, PAPER, STRONG, Canvas, Spot, figure, measure, shortened
from reports.charts.lines import WIDTH, headed
from reports.charts.scales import Scale, exact, ticks, words
from reports.figures import Code, HeatMap, Scatter, Value

LOW, HIGH = (0xF4, 0xB1, 0x83), (0x9D, 0xC3, 0xE6)  # orange and blue, as in workbooks
_TOP, _LEFT, _RIGHT = 40.0, 14.0, 14.0
_CELL_HIGH = 17.0
_ROW_LABEL = 140.0
_CELL_LEAST, _CELL_MOST = 15.0, 64.0
_HEAD_MOST = 120.0
Box = tuple[float, float, float, float]


def _share(value: Value, low: Value, high: Value) -> float:
    span = exact(high) - exact(low)
    return float(min(max((exact(value) - exact(low)) / span, Fraction(0)), Fraction(1))) if span else 1.0


def _mixed(share: float) -> str:
    return "#" + "".join(f"{round(a + (b - a) * share):02X}" for a, b in zip(LOW, HIGH, strict=True))


def heat_map(what: HeatMap) -> Canvas:
    """Draw a cell for each value, coloured between the ends of its column, the figure in it where there is room."""
    labels = [shortened(row, _ROW_LABEL) for row in what.rows]
    left = _LEFT + max((measure(label) for label in labels), default=0) + 8
    count = max(len(what.columns), 1)
    wide = min(_CELL_MOST, max(_CELL_LEAST, (WIDTH - _RIGHT - left) / count))
    told = [[("" if v is None else words(v)) for v in row] for row in what.values]
    heads = [shortened(column, _HEAD_MOST, 9) for column in what.columns]
    level = max((measure(head, 9) for head in heads), default=0) <= wide - 2
    head_high = 16.0 if level else max((measure(head, 9) for head in heads), default=0) * 0.87 + 10
    spill = 0.0 if level else head_high * 0.6
    size = next((s for s in (9.0, 8.0, 7.0, 6.0) if _widest(told, s) <= wide - 2), 0.0)
    top = _TOP + head_high
    width = max(WIDTH, left + wide * count + _RIGHT, left + wide * count + spill)
    canvas = headed(top + _CELL_HIGH * len(what.rows) + 34, what.title, width)
    for number, head in enumerate(heads):
        x = left + wide * (number + 0.5)
        if level:
            canvas.text((x, top - 5), head, anchor="middle", size=9)
        else:
            canvas.text((x + 2, top - 5), head, size=9, turn=-60)
    for row, (label, values) in enumerate(zip(labels, what.values, strict=True)):
        y = top + _CELL_HIGH * row
        canvas.text((left - 8, y + 12), label, anchor="end")
        for number, value in enumerate(values):
            x = left + wide * number
            fill = PAPER if value is None else _mixed(_share(value, what.low[number], what.high[number]))
            canvas.rect(x, y, wide, _CELL_HIGH, fill, stroke=PALE)
            if value is None:
                canvas.line((x + 3, y + _CELL_HIGH - 3), (x + wide - 3, y + 3), PALE)
            elif size:
                canvas.text((x + wide / 2, y + 9 + size / 3), told[row][number], anchor="middle", size=size)
    _legend(canvas, left, top + _CELL_HIGH * len(what.rows) + 12)
    return canvas


def _widest(told: list[list[str]], size: float) -> float:
    return max((measure(word, size) for row in told for word in row), default=0)


def _legend(canvas: Canvas, x: float, y: float) -> None:
    """Show which colour is which end of a column."""
    steps = 10
    for step in range(steps):
        canvas.rect(x + 26 + 9 * step, y, 9.2, 8, _mixed((step + 0.5) / steps))
    canvas.text((x + 22, y + 7.5), "0%", anchor="end", size=8, fill=FAINT)
    canvas.text((x + 26 + 9 * steps + 4, y + 7.5), "100%", size=8, fill=FAINT)


def scatter(what: Scatter) -> Canvas:
    """Draw points with their names; the plane divided where it is crossed, each part named in its corner."""
    xs, ys = [p.x for p in what.points], [p.y for p in what.points]
    if what.cross:
        xs, ys = [*xs, what.cross[0]], [*ys, what.cross[1]]
    across_marks = ticks(min(xs, default=0), max(xs, default=1))
    up_marks = ticks(min(ys, default=0), max(ys, default=1))
    height, bottom = 400.0, 352.0
    left = _LEFT + 18 + max(measure(words(mark), 9) for mark in up_marks) + 8
    right = WIDTH - _RIGHT - 10
    across = Scale(low=across_marks[0], high=across_marks[-1], start=left, end=right)
    up = Scale(low=up_marks[0], high=up_marks[-1], start=bottom, end=_TOP + 4)
    canvas = headed(height, what.title)
    for mark in across_marks:
        canvas.line((across.at(mark), _TOP + 4), (across.at(mark), bottom))
        canvas.text((across.at(mark), bottom + 13), words(mark), anchor="middle", size=9, fill=FAINT)
    for mark in up_marks:
        canvas.line((left, up.at(mark)), (right, up.at(mark)))
        canvas.text((left - 6, up.at(mark) + 3), words(mark), anchor="end", size=9, fill=FAINT)
    canvas.text(((left + right) / 2, bottom + 30), what.x, anchor="middle")
    canvas.text((_LEFT + 8, (bottom + _TOP) / 2), what.y, anchor="middle", turn=-90)
    if what.cross:
        x, y = across.at(what.cross[0]), up.at(what.cross[1])
        canvas.line((x, _TOP + 4), (x, bottom), INK, 0.9, "4 3")
        canvas.line((left, y), (right, y), INK, 0.9, "4 3")
    corner_boxes: list[Box] = []
    if what.quadrants:
        corners = ((right - 5, _TOP + 17, "end"), (left + 5, _TOP + 17, ""), (left + 5, bottom - 7, ""))
        for name, (x, y, anchor) in zip(what.quadrants, (*corners, (right - 5, bottom - 7, "end")), strict=True):
            start = x - measure(name, 11) if anchor else x
            corner_boxes.append((start, y - 11, start + measure(name, 11), y + 3))
            canvas.text((x, y), name, anchor=anchor, size=11, fill="#9AA5AE", bold=True)
    named = [((across.at(p.x), up.at(p.y)), p.label) for p in what.points]
    _named_points(canvas, named, (left, right), corner_boxes)
    return canvas


def _named_points(canvas: Canvas, points: list[tuple[Spot, str]], room: tuple[float, float], taken: list[Box]) -> None:
    """Draw the points, then each name beside its own where it covers least."""
    taken = [*taken, *((x - 5, y - 5, x + 5, y + 5) for (x, y), _ in points)]
    for spot, _ in points:
        canvas.marker(spot, 0, STRONG, 4)
    for (x, y), label in points:
        long = measure(label, 9)
        places = [
            (x + 7, y + 3), (x - 7 - long, y + 3), (x - long / 2, y - 8), (x - long / 2, y + 15),
            (x + 6, y - 8), (x + 6, y + 14), (x - 6 - long, y - 8), (x - 6 - long, y + 14),
        ]  # fmt: skip
        boxes = [(a, b - 8, a + long, b + 2) for a, b in places]
        best = min(range(len(boxes)), key=lambda n: (_covered(boxes[n], taken, room), n))
        taken.append(boxes[best])
        canvas.text(places[best], label, size=9, halo=True)


def _covered(box: Box, taken: list[Box], room: tuple[float, float]) -> float:
    """Return how much of what is there a box would cover, and stand outside."""
    outside = max(0.0, room[0] - box[0]) + max(0.0, box[2] - room[1])
    return outside * 10 + sum(
        max(0.0, min(box[2], b[2]) - max(box[0], b[0])) * max(0.0, min(box[3], b[3]) - max(box[1], b[1])) for b in taken
    )


def code(what: Code) -> Canvas:
    """Draw a QR code as one path, with the white margin that readers need; its words stand beside it elsewhere."""
    import segno  # noqa: PLC0415

    matrix = segno.make(what.content, error="m", micro=False, boost_error=False).matrix
    margin, side = 4, len(matrix)
    canvas = Canvas(side + 2 * margin, side + 2 * margin, what.title)
    parts = []
    for row, modules in enumerate(matrix):
        column = 0
        while column < side:
            start = column
            while column < side and modules[column]:
                column += 1
            if column > start:
                parts.append(f"M{figure(start + margin)} {figure(row + margin)}h{column - start}v1h-{column - start}z")
            column += 1
    canvas.path("".join(parts), "#000000")
    return canvas
