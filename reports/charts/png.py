"""A figure as PNG: Typst draws the SVG with the project's faces, so no browser and no font of the machine is needed."""

from __future__ import annotations

from typing import Any, cast

from reports.charts.canvas import figure as length
from reports.charts.svg import drawn
from reports.figures import Figure
from reports.typeface import fonts, printable, rare, without_a_face

_POINTS = 72.0


def png_bytes(figure: Figure, *, width: int) -> bytes:
    """Return a figure as a PNG of this many pixels across; a character that no font has is drawn as 〓."""
    import typst  # noqa: PLC0415  40 MB

    canvas = drawn(figure)
    svg = canvas.svg()
    scarce = rare([svg])
    svg = printable(svg, frozenset(without_a_face(scarce)))
    page = f"width: {length(canvas.width)}pt, height: {length(canvas.height)}pt, margin: 0pt"
    main = f'#set page({page})\n#image("f.svg", width: 100%, height: 100%)\n'
    files = {"main.typ": main.encode(), "f.svg": svg.encode()}
    ppi = width * _POINTS / canvas.width
    return typst.compile(cast("Any", files), font_paths=fonts(system=bool(scarce)), format="png", ppi=ppi)
