"""Bars, trends and bump charts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from reports.charts.canvas import COLOURS, DASHES, FAINT, INK, PALE, QUIET, STRONG, Canvas, Spot, measure, shortened
from reports.charts.scales import Scale, spread, ticks, words
from reports.figures import Bars, Bump, Line, Trend, Value

WIDTH = 560.0
_TOP, _LEFT, _RIGHT, _FOOT = 40.0, 14.0, 14.0, 30.0
_BAR, _GAP = 14.0, 7.0
_LABEL = 150.0
_STEP = 20.0
_TURNED = 40.0


def headed(height: float, title: str, width: float = WIDTH) -> Canvas:
    """Return a canvas with the title on it."""
    canvas = Canvas(width, height, title)
    canvas.text((_LEFT, 22), shortened(title, width - 2 * _LEFT, 13), size=13, bold=True)
    return canvas


def bars(figure: Bars) -> Canvas:
    """Draw bars from zero, the first on top; whiskers where there is an interval."""
    labels = [shortened(bar.label, _LABEL) for bar in figure.bars]
    left = _LEFT + max((measure(label) for label in labels), default=0) + 8
    told = [words(bar.value) for bar in figure.bars]
    right = WIDTH - _RIGHT - max((measure(word) for word in told), default=0) - 8
    ends = [v for bar in figure.bars for v in (bar.value, bar.low, bar.high) if v is not None]
    marks = ticks(min(0, *ends), max(0, *ends)) if ends else ticks(0, 1)
    across = Scale(low=marks[0], high=marks[-1], start=left, end=right)
    bottom = _TOP + len(figure.bars) * (_BAR + _GAP) + 4
    canvas = headed(bottom + _FOOT, figure.title)
    for mark in marks:
        canvas.line((across.at(mark), _TOP - 4), (across.at(mark), bottom))
        canvas.text((across.at(mark), bottom + 13), words(mark), anchor="middle", size=9, fill=FAINT)
    if figure.unit:
        canvas.text((WIDTH - _RIGHT, bottom + 13), figure.unit, anchor="end", size=9, fill=FAINT)
    zero = across.at(0)
    for number, (bar, label, word) in enumerate(zip(figure.bars, labels, told, strict=True)):
        y = _TOP + number * (_BAR + _GAP)
        x = across.at(bar.value)
        fill = STRONG if bar.strong else QUIET
        canvas.rect(min(zero, x), y, abs(x - zero), _BAR, fill)
        canvas.text((left - 8, y + 11), label, anchor="end", bold=bar.strong)
        far = x
        if bar.low is not None and bar.high is not None:
            one, other = across.at(bar.low), across.at(bar.high)
            canvas.line((one, y + _BAR / 2), (other, y + _BAR / 2), INK, 1)
            for end in (one, other):
                canvas.line((end, y + 3), (end, y + _BAR - 3), INK, 1)
            far = max(x, other)
        canvas.text((max(far, zero) + 5, y + 11), word, bold=bar.strong)
    canvas.line((zero, _TOP - 4), (zero, bottom), FAINT, 1)
    return canvas


@dataclass(frozen=True, kw_only=True)
class _Look:
    """How a line is drawn: by colour, dash and mark; those that do not stand out are grey where any does."""

    colour: str
    dash: str
    mark: int
    width: float


def _looks(strong: Sequence[bool]) -> list[_Look]:
    found, number = [], 0
    for mine in strong:
        if any(strong) and not mine:
            found.append(_Look(colour="#A9B4BC", dash="", mark=0, width=1.0))
            continue
        dash = DASHES[number // len(COLOURS) % len(DASHES)]
        width = 2.4 if mine else 1.5
        found.append(_Look(colour=COLOURS[number % len(COLOURS)], dash=dash, mark=number, width=width))
        number += 1
    return found


def _stages(canvas: Canvas, stages: Sequence[str], xs: Sequence[float], bottom: float) -> None:
    """Write the stages below; turned where they would cover each other."""
    room = (xs[1] - xs[0]) if len(xs) > 1 else WIDTH
    turned = max((measure(s, 9) for s in stages), default=0) > room - 4
    for stage, x in zip(stages, xs, strict=True):
        if turned:
            canvas.text((x + 3, bottom + 12), shortened(stage, 60, 9), anchor="end", size=9, fill=FAINT, turn=-40)
        else:
            canvas.text((x, bottom + 13), stage, anchor="middle", size=9, fill=FAINT)


def _places(count: int, left: float, right: float) -> list[float]:
    if count == 1:
        return [(left + right) / 2]
    return [left + (right - left) * n / (count - 1) for n in range(count)]


def _runs(values: Sequence[Value | None], xs: Sequence[float], down: Scale) -> list[list[Spot]]:
    """Return the unbroken parts of a line."""
    runs: list[list[Spot]] = [[]]
    for value, x in zip(values, xs, strict=True):
        if value is None:
            runs.append([])
        else:
            runs[-1].append((x, down.at(value)))
    return [run for run in runs if run]


def trend(figure: Trend) -> Canvas:
    """Draw a line for each name, its name and last value at its end."""
    values = [v for line in figure.lines for v in line.values if v is not None]
    marks = ticks(min(values), max(values)) if values else ticks(0, 1)
    names = [shortened(_ending(line), _LABEL) for line in figure.lines]
    height = max(300.0, _TOP + _FOOT + 14 * len(names) + 20)
    bottom = height - _FOOT - (_TURNED / 2 if len(figure.stages) > 8 else 0)  # noqa: PLR2004  room for turned words
    left = _LEFT + max(measure(words(mark), 9) for mark in marks) + 8
    right = WIDTH - _RIGHT - max((measure(name, 9) for name in names), default=0) - 12
    down = Scale(low=marks[0], high=marks[-1], start=bottom, end=_TOP)
    canvas = headed(height, figure.title)
    for mark in marks:
        canvas.line((left, down.at(mark)), (right, down.at(mark)))
        canvas.text((left - 6, down.at(mark) + 3), words(mark), anchor="end", size=9, fill=FAINT)
    if figure.unit:
        canvas.text((left + 4, _TOP + 2), figure.unit, size=9, fill=FAINT)
    xs = _places(len(figure.stages), left + 4, right)
    _stages(canvas, figure.stages, xs, bottom)
    looks = _looks([line.strong for line in figure.lines])
    last: list[tuple[int, Spot]] = []
    for number in sorted(range(len(figure.lines)), key=lambda n: (figure.lines[n].strong, n)):
        look = looks[number]
        runs = _runs(figure.lines[number].values, xs, down)
        for run in runs:
            if len(run) > 1:
                canvas.polyline(run, look.colour, look.width, look.dash)
            for spot in run:
                canvas.marker(spot, look.mark, look.colour, 2.2)
        if runs:
            last.append((number, runs[-1][-1]))
    _endings(canvas, last, names, looks, right, (_TOP, bottom))
    return canvas


def _ending(line: Line) -> str:
    told = [v for v in line.values if v is not None]
    return f"{line.name} {words(told[-1])}" if told else line.name


def _endings(
    canvas: Canvas,
    last: list[tuple[int, Spot]],
    names: Sequence[str],
    looks: Sequence[_Look],
    right: float,
    room: tuple[float, float],
) -> None:
    """Write each name at the end of its line, apart from the others, with a thin line to where it belongs."""
    ys = spread([spot[1] for _, spot in last], 11.5, *room)
    for (number, spot), y in zip(last, ys, strict=True):
        look = looks[number]
        canvas.line((spot[0] + 3, spot[1]), (right + 9, y), look.colour, 0.5)
        strong = look.width > 2  # noqa: PLR2004
        quiet = look.width == 1.0
        canvas.text((right + 12, y + 3), names[number], size=9, fill=FAINT if quiet else INK, bold=strong)


def bump(figure: Bump) -> Canvas:
    """Draw ranks over the stages, the first on top; those who share a rank lie side by side."""
    beside = _beside(figure)
    rows = [(figure.climbs[n].ranks[stage] or 0) + moved / _STEP for (stage, n), moved in beside.items()]
    most = max(rows, default=1.0)
    names = [shortened(climb.name, 110, 9) for climb in figure.climbs]
    side = max((measure(name, 9) for name in names), default=0) + 26
    height = _TOP + 14 + _STEP * most + _FOOT + _TURNED / 2
    bottom = _TOP + 6 + _STEP * most
    canvas = headed(height, figure.title)
    xs = _places(len(figure.stages), _LEFT + side, WIDTH - _RIGHT - side)
    _stages(canvas, figure.stages, xs, bottom)
    for x in xs:
        canvas.line((x, _TOP), (x, bottom - 2), PALE, 0.5)
    looks = _looks([climb.strong for climb in figure.climbs])
    for number in sorted(range(len(names)), key=lambda n: (figure.climbs[n].strong, n)):
        look, climb = looks[number], figure.climbs[number]
        spots = [
            None if rank is None else (xs[stage], _TOP + _STEP * (rank - 0.5) + beside[stage, number])
            for stage, rank in enumerate(climb.ranks)
        ]
        for one, other in pairwise(spots):
            if one and other:
                middle = (one[0] + other[0]) / 2
                bend = f"M{one[0]:.2f} {one[1]:.2f}C{middle:.2f} {one[1]:.2f} {middle:.2f} {other[1]:.2f}"
                canvas.path(f"{bend} {other[0]:.2f} {other[1]:.2f}", "none", look.colour, look.width, look.dash)
        there = [spot for spot in spots if spot]
        for spot in there:
            canvas.marker(spot, look.mark, look.colour, 3.2)
        told = [rank for rank in climb.ranks if rank is not None]
        if there:
            fill = FAINT if look.width == 1.0 else INK
            strong = climb.strong
            (x, y), last = there[0], there[-1]
            if climb.ranks[0] is not None:  # one that came later has its name at its end
                canvas.text((x - 9, y + 3), f"{names[number]} {told[0]}", anchor="end", size=9, fill=fill, bold=strong)
            canvas.text((last[0] + 9, last[1] + 3), f"{told[-1]} {names[number]}", size=9, fill=fill, bold=strong)
    return canvas


def _beside(figure: Bump) -> dict[tuple[int, int], float]:
    """Return how far each is moved at a stage where several share a rank: into the ranks that the tie leaves empty."""
    found: dict[tuple[int, int], float] = {}
    for stage in range(len(figure.stages)):
        shared: dict[int, int] = {}
        for number, climb in enumerate(figure.climbs):
            rank = climb.ranks[stage]
            if rank is not None:
                found[stage, number] = _STEP * shared.get(rank, 0)
                shared[rank] = shared.get(rank, 0) + 1
    return found
