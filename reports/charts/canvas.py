"""A drawing surface that writes SVG: shapes and text in points, two decimals; equal drawings are equal bytes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape, quoteattr

from reports.layout import width as em_width

FAMILY = "'Appraisal Hei','Noto Sans CJK SC','Noto Sans SC','PingFang SC','Microsoft YaHei',sans-serif"
INK, FAINT, PALE, PAPER = "#1F2933", "#6B7780", "#D9DEE2", "#FFFFFF"
# Okabe and Ito's colours, which people who see red and green alike can tell apart; yellow is left out on white paper.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
DASHES = ("", "6 3", "2 3", "8 3 2 3")
STRONG, QUIET = "#0072B2", "#8FB8D3"
SIZE = 10.0
Spot = tuple[float, float]
Told = dict[str, str | float]


def figure(number: float) -> str:
    """Write a length: two decimals, none that say nothing."""
    told = f"{number:.2f}".rstrip("0").rstrip(".")
    return "0" if told in {"-0", ""} else told


def measure(words: str, size: float = SIZE) -> float:
    """Return how wide a text is, in points."""
    return em_width(words) * size / 100


def shortened(words: str, room: float, size: float = SIZE) -> str:
    """Return a text that fits the room, its end left out where it must be."""
    if measure(words, size) <= room:
        return words
    kept = words
    while kept and measure(kept + "…", size) > room:
        kept = kept[:-1]
    return kept + "…"


def wrapped(words: str, room: float, size: float = SIZE, most: int = 4) -> list[str]:
    """Return a text in lines that fit the room, at most so many; words stay whole where they can, Chinese may break."""
    lines = [""]
    for piece in re.findall(r"[!-~]{1,8} ?|. ?", words):  # what is written without spaces may break too
        if lines[-1] and measure((lines[-1] + piece).rstrip(), size) > room:
            lines.append("")
        lines[-1] += piece
    told = [line.strip() for line in lines if line.strip()]
    return told if len(told) <= most else [*told[: most - 1], shortened("".join(told[most - 1 :]), room, size)]


class Canvas:
    """Shapes in the order in which they were drawn."""

    def __init__(self, width: float, height: float, title: str) -> None:
        self.width, self.height, self._title = width, height, title
        self._parts: list[str] = []

    def _put(self, tag: str, attributes: Mapping[str, str | float], inner: str = "") -> None:
        told = "".join(
            f" {name}={quoteattr(value if isinstance(value, str) else figure(value))}"
            for name, value in attributes.items()
            if value != ""
        )
        self._parts.append(f"<{tag}{told}>{inner}</{tag}>" if inner else f"<{tag}{told}/>")

    def rect(
        self, x: float, y: float, width: float, height: float, fill: str, *, stroke: str = "", corner: float = 0
    ) -> None:
        """Draw a rectangle."""
        told: Told = {"x": x, "y": y, "width": width, "height": height, "fill": fill, "stroke": stroke}
        self._put("rect", told | ({"rx": corner} if corner else {}))

    def line(self, start: Spot, end: Spot, stroke: str = PALE, width: float = 0.75, dash: str = "") -> None:
        """Draw a straight line."""
        ends = {"x1": start[0], "y1": start[1], "x2": end[0], "y2": end[1]}
        self._put("line", {**ends, "stroke": stroke, "stroke-width": width, "stroke-dasharray": dash})

    def polyline(self, spots: Sequence[Spot], stroke: str, width: float = 1.5, dash: str = "") -> None:
        """Draw a line through several spots."""
        told: Told = {"points": _points(spots), "fill": "none", "stroke": stroke, "stroke-width": width}
        self._put("polyline", {**told, "stroke-dasharray": dash, "stroke-linejoin": "round"})

    def path(self, d: str, fill: str = "none", stroke: str = "", width: float = 1.0, dash: str = "") -> None:
        """Draw a path in SVG's own words."""
        lined: Told = {"stroke": stroke, "stroke-width": width} if stroke else {}
        self._put("path", {"d": d, "fill": fill, **lined, "stroke-dasharray": dash})

    def marker(self, at: Spot, shape: int, fill: str, size: float = 3.0) -> None:
        """Draw one of four marks, so that lines differ by more than colour."""
        x, y = at
        if shape % 4 == 0:
            self._put("circle", {"cx": x, "cy": y, "r": size, "fill": fill})
            return
        s = size * 1.15
        outlines = (
            ((x - s, y - s), (x + s, y - s), (x + s, y + s), (x - s, y + s)),
            ((x, y - s * 1.2), (x + s * 1.2, y + s), (x - s * 1.2, y + s)),
            ((x, y - s * 1.3), (x + s * 1.3, y), (x, y + s * 1.3), (x - s * 1.3, y)),
        )
        self._put("polygon", {"points": _points(outlines[shape % 4 - 1]), "fill": fill})

    def text(
        self,
        at: Spot,
        words: str,
        *,
        anchor: str = "",
        size: float = SIZE,
        fill: str = INK,
        bold: bool = False,
        turn: float = 0.0,
        halo: bool = False,
    ) -> None:
        """Write a line of text whose baseline begins, is centred (`middle`) or ends (`end`) here."""
        x, y = at
        told: Told = {"x": x, "y": y, "text-anchor": anchor, "font-size": size, "fill": fill}
        if bold:
            told["font-weight"] = "bold"
        if turn:
            told["transform"] = f"rotate({figure(turn)} {figure(x)} {figure(y)})"
        if halo:
            self._put("text", {**told, "stroke": PAPER, "stroke-width": 3.0, "stroke-linejoin": "round"}, escape(words))
        self._put("text", told, escape(words))

    def svg(self) -> str:
        """Return the drawing as a document of its own."""
        box = f'viewBox="0 0 {figure(self.width)} {figure(self.height)}"'
        size = f'width="{figure(self.width)}" height="{figure(self.height)}"'
        head = f'<svg xmlns="http://www.w3.org/2000/svg" {box} {size} role="img" font-family="{FAMILY}">'
        ground = f'<rect width="{figure(self.width)}" height="{figure(self.height)}" fill="{PAPER}"/>'
        return "\n".join([head, f"<title>{escape(self._title)}</title>", ground, *self._parts, "</svg>", ""])


def _points(spots: Sequence[Spot]) -> str:
    return " ".join(f"{figure(x)},{figure(y)}" for x, y in spots)
