"""Charts: equal figures are equal bytes, names and numbers are there, nothing leaves its page, odd names do no harm."""

from __future__ import annotations

import re
import struct
from fractions import Fraction
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest
import segno
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.charts.canvas import COLOURS, measure
from reports.charts.png import png_bytes
from reports.charts.scales import spread, ticks
from reports.charts.svg import svg_text
from reports.figures import (
    Arrow,
    Bar,
    Bars,
    Bump,
    Climb,
    Code,
    Figure,
    HeatMap,
    Line,
    Node,
    PathDiagram,
    Point,
    Scatter,
    Trend,
)

ODD = "示例<\"&'>社区"
FIGURES: dict[str, Figure] = {
    "bars": Bars(
        title="得分",
        unit="分",
        bars=(Bar(label=ODD, value=Fraction("98.25"), strong=True), Bar(label="乙", value=-0.5, low=-1.0, high=0.25)),
    ),
    "trend": Trend(
        title="走势",
        stages=("1月", "2月", "3月"),
        lines=(
            Line(name=ODD, values=(Fraction(90), None, Fraction("91.5"))),
            Line(name="乙", values=(Fraction(90), Fraction(91), Fraction("91.5")), strong=True),
            Line(name="无", values=(None, None, None)),
        ),
    ),
    "bump": Bump(
        title="名次",
        stages=("1月", "2月"),
        climbs=(Climb(name=ODD, ranks=(1, 1)), Climb(name="乙", ranks=(2, 1)), Climb(name="丙", ranks=(None, 3))),
    ),
    "heat": HeatMap(
        title="热力",
        rows=(ODD, "乙"),
        columns=("城市管理", "党建"),
        values=((Fraction(6), None), (Fraction(0), Fraction("2.5"))),
        low=(Fraction(0), Fraction(0)),
        high=(Fraction(6), Fraction(0)),
    ),
    "scatter": Scatter(
        title="矩阵",
        x="重要性",
        y="表现",
        points=(Point(label=ODD, x=0.4, y=70.0), Point(label="乙", x=0.4, y=70.0)),
        cross=(0.35, 68.0),
        quadrants=("优势区", "维持区", "机会区", "改进区"),
    ),
    "path": PathDiagram(
        title="模型",
        nodes=(
            Node(id="a", name=ODD, layer=0),
            Node(id="b", name="乙", layer=1, note="R² = 0.5"),
            Node(id="c", name="丙", layer=2),
        ),
        arrows=(
            Arrow(start="a", end="b", label="0.5"),
            Arrow(start="a", end="c", label="0.1", sure=False),
            Arrow(start="b", end="c", label="0.3"),
        ),
    ),
    "code": Code(title="核验", content="APPRAISAL1:ABC", words=("核验码",)),
}
EMPTY: tuple[Figure, ...] = (
    Bars(title="空", bars=()),
    Trend(title="空", stages=(), lines=()),
    Trend(title="空", stages=("1月",), lines=(Line(name="甲", values=(Fraction(1),)),)),
    Bump(title="空", stages=("1月",), climbs=()),
    HeatMap(title="空", rows=(), columns=(), values=(), low=(), high=()),
    Scatter(title="空", x="x", y="y", points=()),
    PathDiagram(title="空", nodes=(), arrows=()),
)
SVG = "{http://www.w3.org/2000/svg}"


def texts(figure: Figure) -> list[str]:
    return [node.text or "" for node in ET.fromstring(svg_text(figure)).iter(f"{SVG}text")]  # noqa: S314  our own


@pytest.mark.parametrize("name", FIGURES)
def test_equal_figures_are_equal_bytes(name: str) -> None:
    assert svg_text(FIGURES[name]) == svg_text(FIGURES[name])
    assert png_bytes(FIGURES[name], width=300) == png_bytes(FIGURES[name], width=300)


@pytest.mark.parametrize("name", FIGURES)
def test_a_drawing_needs_nothing_from_elsewhere(name: str) -> None:
    svg = svg_text(FIGURES[name])
    assert re.findall(r"https?://\S+", svg) == ['http://www.w3.org/2000/svg"']
    assert "<script" not in svg
    assert "url(" not in svg


@pytest.mark.parametrize("name", [name for name in FIGURES if name != "code"])
def test_title_and_odd_names_stand_as_they_are(name: str) -> None:
    told = "\n".join(texts(FIGURES[name]))
    assert FIGURES[name].title in told
    assert ODD in told


def test_points_are_written_exactly() -> None:
    assert "98.25" in texts(FIGURES["bars"])
    assert f"{ODD} 91.5" in texts(FIGURES["trend"])
    assert {"6", "0", "2.5"} <= set(texts(FIGURES["heat"]))


def test_a_value_that_is_missing_breaks_the_line() -> None:
    parts = [n.get("points") for n in ET.fromstring(svg_text(FIGURES["trend"])).iter(f"{SVG}polyline")]  # noqa: S314
    assert len(parts) == 1, "two single months make no line; three months make one"
    assert len(str(parts[0]).split()) == 3


def test_those_who_share_a_rank_do_not_cover_each_other() -> None:
    right = [t for t in ET.fromstring(svg_text(FIGURES["bump"])).iter(f"{SVG}text") if (t.text or "").startswith("1 ")]  # noqa: S314
    assert len({t.get("y") for t in right}) == 2


@pytest.mark.parametrize("name", FIGURES)
def test_no_text_leaves_the_page(name: str) -> None:
    root = ET.fromstring(svg_text(FIGURES[name]))  # noqa: S314
    width, height = float(root.get("width", "0")), float(root.get("height", "0"))
    for node in root.iter(f"{SVG}text"):
        x, y, size = (float(node.get(key, "0")) for key in ("x", "y", "font-size"))
        long = measure(node.text or "", size)
        start = {"end": x - long, "middle": x - long / 2}.get(node.get("text-anchor", ""), x)
        assert -1 <= y <= height
        if "rotate" not in node.get("transform", ""):
            assert start >= -1, node.text
            assert start + long <= width + 1, node.text


@pytest.mark.parametrize("figure", EMPTY, ids=lambda figure: type(figure).__name__)
def test_an_empty_figure_is_drawn(figure: Figure) -> None:
    assert "空" in texts(figure)


def test_a_picture_is_as_wide_as_asked_for() -> None:
    data = png_bytes(FIGURES["bars"], width=640)
    assert data.startswith(b"\x89PNG")
    assert struct.unpack(">I", data[16:20])[0] in {640, 641}


def test_a_character_no_font_has_is_set_as_a_geta_and_not_as_a_box() -> None:
    figure = Bars(title="\U000e0041", bars=(Bar(label="甲", value=1.0),))
    assert png_bytes(figure, width=100) == png_bytes(Bars(title="〓", bars=figure.bars), width=100)


def test_the_path_of_a_qr_code_is_its_modules() -> None:
    content = "APPRAISAL1:" + "AB" * 32
    matrix = segno.make(content, error="m", micro=False, boost_error=False).matrix
    runs = re.findall(r"M(\d+) (\d+)h(\d+)v1", svg_text(Code(title="", content=content)))
    drawn = {(int(y) - 4, int(x) - 4 + n) for x, y, long in runs for n in range(int(long))}
    assert drawn == {(r, c) for r, row in enumerate(matrix) for c, dark in enumerate(row) if dark}


def test_names_of_seven_layers_are_written_whole() -> None:
    """The report of a survey has seven layers; a name is set in lines rather than cut."""
    names = ["企业/品牌形象", "顾客预期", "服务质量感知", "价值感知", "顾客满意度", "顾客抱怨", "Customer loyalty"]
    nodes = tuple(Node(id=f"X{n}", name=f"X{n} {name}", layer=n, note="0.12") for n, name in enumerate(names))
    told = svg_text(PathDiagram(title="t", nodes=nodes, arrows=()))
    assert "…" not in told
    words = "".join(re.findall(r">([^<>]+)</text>", told)).replace(" ", "")
    assert all(name.replace(" ", "") in words for name in names)


def test_long_ways_go_round_the_boxes_between() -> None:
    svg = svg_text(FIGURES["path"])
    (way,) = re.findall(r'<path d="M([^"]+)" fill="none"[^>]*stroke-dasharray="5 3"', svg)
    x0, y0, x1, y1, x2, y2, x3, y3 = (float(n) for n in re.findall(r"-?[\d.]+", way))
    boxes = re.findall(r'<rect x="([\d.-]+)" y="([\d.-]+)" width="([\d.]+)" height="40"', svg)
    left, top, wide = (float(n) for n in boxes[1])
    for n in range(101):
        t = n / 100
        u = 1 - t
        x = u**3 * x0 + 3 * u * u * t * x1 + 3 * u * t * t * x2 + t**3 * x3
        y = u**3 * y0 + 3 * u * u * t * y1 + 3 * u * t * t * y2 + t**3 * y3
        assert not (left < x < left + wide and top < y < top + 40)


def luminance(colour: str) -> float:
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_colours_are_those_of_okabe_and_ito_and_stand_out_from_paper() -> None:
    # Okabe and Ito, “Color Universal Design”: all but yellow, which white paper swallows.
    assert set(COLOURS) == {"#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000"}
    assert all(1.05 / (luminance(colour) + 0.05) > 2 for colour in COLOURS)


@given(low=st.fractions(-1000, 1000), span=st.fractions(0, 1000))
def test_ticks_are_few_round_and_cover_everything(low: Fraction, span: Fraction) -> None:
    marks = ticks(low, low + span)
    assert marks[0] <= low
    assert marks[-1] >= low + span
    assert 2 <= len(marks) <= 9
    assert len({b - a for a, b in pairwise(marks)}) == 1


@settings(max_examples=50)
@given(wanted=st.lists(st.floats(0, 100), max_size=9))
def test_labels_are_apart_in_order_and_inside_where_there_is_room(wanted: list[float]) -> None:
    placed = spread(wanted, 10, 0, 100)
    order = sorted(range(len(wanted)), key=lambda n: (wanted[n], n))
    steps = [placed[b] - placed[a] for a, b in pairwise(order)]
    assert all(step >= 10 - 1e-9 for step in steps)
    assert all(-1e-9 <= place <= 100 + 1e-9 for place in placed)
