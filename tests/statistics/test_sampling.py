"""Samples: sizes, companies, and draws with probability proportional to size."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appraisal.statistics.sampling import inflated, largest_until, proportional

F = Fraction
SIZES = st.dictionaries(st.text("abcdefgh", min_size=1, max_size=3), st.integers(0, 1000).map(Fraction), min_size=1)


def test_the_sample_grows_by_the_expected_return_exactly() -> None:
    """200 / 0.7 = 285.7…; 210 / 0.7 is exactly 300, which floats would make 301."""
    assert inflated(200, F("0.7")) == 286
    assert inflated(210, F("0.7")) == 300


def test_companies_are_chosen_until_their_share_is_reached() -> None:
    """By hand, of 100: A 25 and B 15 hold exactly 40, so that C is not needed; for 41 it is."""
    sizes = {"C": F(14), "A": F(25), "E": F(11), "B": F(15), "D": F(12), "F": F(10), "G": F(13)}
    ranked = largest_until(sizes, F(2, 5))
    assert [(r.name, r.reached) for r in ranked if r.chosen] == [("A", F(1, 4)), ("B", F(2, 5))]
    assert [r.name for r in largest_until(sizes, F(41, 100)) if r.chosen] == ["A", "B", "C"]


@given(SIZES, st.integers(1, 6), st.integers(0, 99))
def test_a_draw_has_that_many_different_units_and_its_order_does_not_matter(
    sizes: dict[str, Fraction], number: int, seed: int
) -> None:
    drawn = proportional(sizes, number, seed)
    names = [unit.name for unit in drawn]
    able = [name for name, size in sizes.items() if size > 0]
    assert len(names) == len(set(names)) == min(number, len(able))
    assert drawn == proportional(dict(reversed(sizes.items())), number, seed)
    assert all(0 < unit.probability <= 1 for unit in drawn)


def test_each_unit_comes_in_as_often_as_its_size_says() -> None:
    """Of 4000 seeds; sizes 1, 2, 3, 4: two of ten, so probabilities 0.2, 0.4, 0.6, 0.8 (sd at most 0.008)."""
    sizes = {"a": F(1), "b": F(2), "c": F(3), "d": F(4)}
    seen = Counter(unit.name for seed in range(4000) for unit in proportional(sizes, 2, seed))
    assert {name: count / 4000 for name, count in seen.items()} == pytest.approx(
        {"a": 0.2, "b": 0.4, "c": 0.6, "d": 0.8}, abs=0.03
    )


def test_a_giant_comes_in_surely() -> None:
    drawn = proportional({"giant": F(90), "b": F(4), "c": F(6)}, 2, 1)
    assert drawn[0].name == "giant"
    assert drawn[0].probability == 1
    assert drawn[1].probability in {F(2, 5), F(3, 5)}
