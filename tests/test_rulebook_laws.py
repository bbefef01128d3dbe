"""Laws of the checks: a slow, obvious answer beside each, on random rulebooks."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from appraisal.model.clauses_judged import Tier
from appraisal.model.exact import parse_exact
from appraisal.reading.checks import inspect
from appraisal.reading.patches import in_patch
from appraisal.reading.source_text import SourceText, printed
from appraisal.reading.yaml_loading import load

BASE = (Path(__file__).parent / "broken" / "rulebooks" / "R240.yaml").read_text(encoding="utf-8")
BASE = BASE.partition("          - id: CG-2")[0]

percents = st.integers(0, 12).map(lambda n: f"{n * 10}%")
lower = st.one_of(st.just({}), *(percents.map(lambda p, k=key: {k: p}) for key in ("at_least", "above")))
upper = st.one_of(st.just({}), *(percents.map(lambda p, k=key: {k: p}) for key in ("at_most", "below")))
bands = st.lists(st.builds(lambda a, b: {**a, **b}, lower, upper), min_size=1, max_size=5)


def told(text: str) -> list[tuple[str, Any]]:
    findings, _ = inspect(load(text.encode(), "r.yaml", nullable=in_patch))
    return [(finding.code, finding.args) for finding in findings]


def holders(tiers: list[Tier], value: Fraction) -> int:
    return sum(tier.holds(value) for tier in tiers)


@given(bands, st.sampled_from([None, Fraction(1)]))
@settings(max_examples=100, deadline=None)
def test_tiers_are_faulted_exactly_where_some_figure_has_not_one_tier(rows, top):
    """The oracle tries every bound and a figure between each two: nothing else can tell bands apart."""
    sentence = "收运率未达到80%，扣0.5分，未达到50%，扣1分。"
    text = f"{BASE}          - id: CG-2\n            method: tiers\n            line: 5\n            text: {sentence}\n"
    text += f"            domain_high: {top}\n" if top else ""
    text += "            tiers:\n"
    text += "".join(
        "              - {" + ", ".join(f"{k}: {v}" for k, v in {**row, "deduct": "0"}.items()) + "}\n" for row in rows
    )
    tiers = [Tier.model_validate({**row, "deduct": "0"}) for row in rows]
    figures = [Fraction(n, 20) for n in range(25)]  # every bound, and one between each two
    figures += [Fraction(2)]
    reachable = [value for value in figures if top is None or value <= top]
    gaps = {value for value in reachable if holders(tiers, value) == 0}
    doubles = {value for value in reachable if holders(tiers, value) > 1}
    found = told(text)
    codes = {code for code, _ in found}
    unheld = any(not any(tier.holds(value) for value in reachable) for tier in tiers)
    assert bool(codes & {"R132", "R135"}) == unheld
    if any(holders([tier], value) for tier in tiers for value in reachable):  # else there is nothing to lie between
        assert ("R130" in codes) == bool(gaps)
        assert ("R131" in codes) == bool(doubles)
    for code, args in found:
        if code in {"R130", "R131"}:
            value = parse_exact(args["witness"])
            assert holders(tiers, value) == 0 if code == "R130" else holders(tiers, value) > 1


@given(st.lists(st.integers(1, 6), min_size=1, max_size=5), st.integers(-2, 2))
@settings(max_examples=60, deadline=None)
def test_departments_are_faulted_exactly_when_they_do_not_add_up(points, off):
    total = max(1, sum(points) + off)
    head, rest = BASE.split("departments:\n")
    department = rest.rstrip("\n") + "\n"
    text = head.replace("points: 6\n", f"points: {total}\n") + "departments:\n"
    for n, amount in enumerate(points):
        text += (
            department.replace("points: 6", f"points: {amount}")
            .replace("城管办", f"d{n}")
            .replace("id: CG\n", f"id: I{n}\n")
            .replace("CG-1", f"I{n}-1")
        )
    assert {code for code, _ in told(text)} == (set() if total == sum(points) else {"R120"})


roster_bands = st.lists(st.tuples(st.integers(1, 7), st.integers(1, 7)), min_size=1, max_size=4)


@given(roster_bands)
@settings(max_examples=100, deadline=None)
def test_rank_bands_are_faulted_exactly_where_a_rank_has_not_one_band(pairs):
    roster = 5
    head, _, rest = BASE.partition("  - {id: s2, name: 示例二社区}\n")
    text = head + "".join(f"  - {{id: s{n}, name: 社区{n}}}\n" for n in range(2, roster + 1)) + rest
    text += "          - {id: CG-2, method: score, form: lose, full: 100, worth: 6, line: 6, text: 评比得分}\n"
    rows = ", ".join(f"{{first: {first}, last: {last}, times: 1}}" for first, last in pairs)
    told_by = "line: 4, text: 被通报的，每次扣0.5分。, after: CG-2, round: 0.01"
    text += f"          - {{id: CG-3, method: multiplier, {told_by}, bands: [{rows}]}}\n"
    held = {rank: sum(first <= rank <= last for first, last in pairs) for rank in range(1, 8)}
    codes = {code for code, _ in told(text)}
    assert ("R163" in codes) == any(first > last for first, last in pairs)
    assert ("R160" in codes) == any(held[rank] == 0 for rank in range(1, roster + 1))
    assert ("R161" in codes) == any(count > 1 for count in held.values())
    assert ("R162" in codes) == any(first <= last and last > roster for first, last in pairs)


@given(st.text(alphabet="扣0.2分 \t\n，。", max_size=60), st.data())
@settings(max_examples=100, deadline=None)
def test_a_sentence_is_found_where_it_was_cut_out_whatever_the_white_space(text, data):
    source = SourceText.of(text)
    assert source.chars == printed(text)
    if source.chars:
        start = data.draw(st.integers(0, len(source.chars) - 1))
        stop = data.draw(st.integers(start + 1, len(source.chars)))
        sentence = " ".join(source.chars[start:stop])
        assert range(start, stop) in source.find(sentence, source.lines[start])
        assert source.lines[start] in source.lines_with(sentence)
