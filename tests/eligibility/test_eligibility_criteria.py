"""The conditions themselves, three-valued: every form met, not met and unknown, and both sides of every threshold."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from typing import Any

import pytest
from pydantic import TypeAdapter

from appraisal.methods.criteria import Judge
from appraisal.model.criteria import Criterion
from appraisal.model.ruling import Answer, Ruling, Truth, Value

MET, NOT_MET, UNKNOWN = Truth.MET, Truth.NOT_MET, Truth.UNKNOWN
ADAPTER: TypeAdapter[Criterion] = TypeAdapter(Criterion)
TRUTH_OF = {"是": True, "否": False}


def judge(criterion: dict[str, Any], **answers: Value) -> Ruling:
    known = {name.replace("__", "-"): Answer(value=value, events=(f"e:{name}",)) for name, value in answers.items()}
    made = ADAPTER.validate_python({"id": "C", **criterion}, by_alias=True, by_name=False)
    return Judge(known, {"staff": "人"}).judge(made)


def yes(name: str) -> dict[str, Any]:
    return {"id": name, "method": "holds", "field": name}


def kleene(values: tuple[bool | None, ...], *, every: bool) -> Truth:
    """Say what all (or any) of these come to, from the definition: whatever the unknown ones turn out to be."""
    ways = product(*[(True, False) if value is None else (value,) for value in values])
    outcomes = {all(way) if every else any(way) for way in ways}
    return UNKNOWN if len(outcomes) > 1 else MET if outcomes == {True} else NOT_MET


@pytest.mark.parametrize("every", [True, False])
@pytest.mark.parametrize("values", list(product((True, False, None), repeat=3)))
def test_all_and_any_come_to_what_holds_whatever_the_unknown_parts_turn_out_to_be(
    values: tuple[bool | None, ...],
    every: bool,  # noqa: FBT001
) -> None:
    criterion = {"method": "all" if every else "any", "of": [yes("a"), yes("b"), yes("c")]}
    known = {name: value for name, value in zip("abc", values, strict=True) if value is not None}
    found = judge(criterion, **known)
    assert found.truth is kleene(values, every=every)
    unknown = {name for name, value in zip("abc", values, strict=True) if value is None}
    assert set(found.missing) == (unknown if found.truth is UNKNOWN else set())


@pytest.mark.parametrize(
    ("figure", "inclusive", "truth"),
    [("20", True, MET), ("19", True, NOT_MET), ("21", True, MET), ("20", False, NOT_MET), ("21", False, MET)],
)
def test_a_threshold_is_reached_by_itself_unless_it_is_exclusive(
    figure: str,
    inclusive: bool,  # noqa: FBT001
    truth: Truth,
) -> None:
    criterion = {"method": "least", "field": "staff", "least": "20", "inclusive": inclusive}
    found = judge(criterion, staff=Fraction(figure))
    assert (found.truth, found.figure, found.threshold, found.unit) == (truth, Fraction(figure), 20, "人")
    assert found.events == ("e:staff",)


def test_a_figure_that_is_not_known_has_not_failed() -> None:
    found = judge({"method": "least", "field": "staff", "least": "20"})
    assert (found.truth, found.figure, found.missing) == (UNKNOWN, None, ("staff",))


MEAN = {"method": "mean", "field": "r", "years": ["2021", "2022", "2023"], "least": "1500", "founded": "founded"}


@pytest.mark.parametrize(
    ("figures", "truth"),
    # (1200 + 1500 + 1800) / 3 = 4500 / 3 = 1500; one less in all is 4499 / 3 = 1499 2/3
    [((1200, 1500, 1800), MET), ((1200, 1500, 1799), NOT_MET), ((0, 0, 4500), MET)],
)
def test_a_mean_over_three_years_is_exact(figures: tuple[int, int, int], truth: Truth) -> None:
    found = judge(MEAN, **{f"r_{y}": Fraction(v) for y, v in zip((2021, 2022, 2023), figures, strict=True)})
    assert found.truth is truth
    assert found.figure == Fraction(sum(figures), 3)
    assert found.arithmetic == f"({figures[0]} + {figures[1]} + {figures[2]}) / 3"


def test_a_year_that_is_missing_leaves_a_mean_open_even_where_the_others_would_do() -> None:
    found = judge(MEAN, r_2021=Fraction(9000), r_2023=Fraction(9000))
    assert (found.truth, found.missing) == (UNKNOWN, ("r_2022",))
    assert found.events == ("e:r_2021", "e:r_2023")


def test_years_before_a_unit_was_founded_are_left_out_where_the_reading_says_so() -> None:
    young = {"r_2022": Fraction(1000), "r_2023": Fraction(2000), "founded": "2022-05"}
    assert judge(MEAN, **young).truth is UNKNOWN  # all three years are demanded
    found = judge({**MEAN, "over": "since_founded"}, **young)
    assert (found.truth, found.figure) == (MET, 1500)  # (1000 + 2000) / 2
    assert found.events == ("e:founded", "e:r_2022", "e:r_2023")
    assert judge({**MEAN, "over": "since_founded"}, r_2023=Fraction(1)).missing == ("founded", "r_2021", "r_2022")


SHARE = {"method": "share", "part": "both", "overlapping": ["degree", "title"], "whole": "staff", "least": "50%"}


@pytest.mark.parametrize(
    ("known", "truth"),
    [
        ({"both": 10, "staff": 20}, MET),
        ({"both": 9, "staff": 20}, NOT_MET),
        # at least the larger, 10 of 20: enough
        ({"degree": 10, "title": 3, "staff": 20}, MET),
        # at most 6 + 3 = 9 of 20: never enough
        ({"degree": 6, "title": 3, "staff": 20}, NOT_MET),
        # between 6 and 12 of 20: it depends on who has both
        ({"degree": 6, "title": 6, "staff": 20}, UNKNOWN),
        ({"degree": 6, "staff": 20}, UNKNOWN),
        ({"both": 10}, UNKNOWN),
        ({"both": 0, "staff": 0}, NOT_MET),
    ],
)
def test_a_share_by_its_part_or_by_what_bounds_it(known: dict[str, int], truth: Truth) -> None:
    assert judge(SHARE, **{name: Fraction(value) for name, value in known.items()}).truth is truth


def test_a_share_that_is_bounded_says_within_which_bounds_and_what_would_decide_it() -> None:
    found = judge(SHARE, degree=Fraction(6), title=Fraction(6), staff=Fraction(20))
    assert (found.low, found.high, found.missing) == (Fraction(3, 10), Fraction(6, 10), ("both",))
    more = judge(SHARE, degree=Fraction(9), title=Fraction(15), staff=Fraction(20))
    assert (more.low, more.high, more.truth) == (Fraction(15, 20), Fraction(1), MET)  # no more than all of them


@pytest.mark.parametrize(
    ("known", "truth"),
    [
        ({"degree": 6, "title": 6, "staff": 20}, NOT_MET),
        ({"degree": 10, "title": 6, "staff": 20}, MET),
        ({"degree": 6, "staff": 20}, UNKNOWN),
        ({"degree": 10, "staff": 20}, MET),
    ],
)
def test_each_part_on_its_own_where_the_reading_says_so(known: dict[str, int], truth: Truth) -> None:
    criterion = {**SHARE, "overlap": "separate"}
    assert judge(criterion, **{name: Fraction(value) for name, value in known.items()}).truth is truth


def choose(undecided: str) -> dict[str, Any]:
    branches = [{**yes("a"), "for": ["x", "z"]}, {**yes("b"), "for": ["y"]}]
    return {"method": "choose", "field": "kind", "undecided": undecided, "of": branches}


def test_a_choice_binds_by_its_own_branch_only() -> None:
    assert judge(choose("unknown"), kind="x", a=True, b=False).truth is MET
    assert judge(choose("unknown"), kind="z", a=True).truth is MET
    assert judge(choose("unknown"), kind="y", a=True, b=False).truth is NOT_MET
    found = judge(choose("unknown"), kind="y", a=True)
    assert (found.truth, found.missing) == (UNKNOWN, ("b",))
    assert [part.criterion for part in found.parts] == ["b"]


def test_a_choice_that_is_not_made_is_open_or_met_by_any_branch() -> None:
    assert judge(choose("unknown"), a=True, b=True).missing == ("kind",)
    assert judge(choose("any"), a=True).truth is MET
    assert judge(choose("any"), a=False, b=False).truth is NOT_MET
    assert judge(choose("any"), a=False).missing == ("kind",)


def test_an_option_of_which_the_document_says_nothing_is_neither_met_nor_failed() -> None:
    assert judge(choose("unknown"), kind="other", a=True, b=True).truth is UNKNOWN


CONDITIONAL = {"method": "holds", "field": "a", "only_if": {"field": "third", "is": ["yes"]}}


@pytest.mark.parametrize(
    ("known", "truth", "missing"),
    [
        ({"third": True, "a": True}, MET, ()),
        ({"third": True, "a": False}, NOT_MET, ()),
        ({"third": True}, UNKNOWN, ("a",)),
        ({"third": False}, Truth.NOT_APPLICABLE, ()),
        ({"third": False, "a": False}, Truth.NOT_APPLICABLE, ()),
        ({"a": True}, MET, ()),  # it is met whether it binds or not
        ({"a": False}, UNKNOWN, ("third",)),
        ({}, UNKNOWN, ("third", "a")),
    ],
)
def test_a_condition_that_binds_only_some(known: dict[str, bool], truth: Truth, missing: tuple[str, ...]) -> None:
    found = judge(CONDITIONAL, **known)
    assert (found.truth, found.missing) == (truth, missing)


def test_what_does_not_apply_counts_neither_way() -> None:
    every = {"method": "all", "of": [yes("b"), {**CONDITIONAL, "id": "t"}]}
    assert judge(every, b=True, third=False).truth is MET
    assert judge(every, b=False, third=False).truth is NOT_MET
    one = {"method": "any", "of": [yes("b"), {**CONDITIONAL, "id": "t"}]}
    assert judge(one, b=False, third=False).truth is NOT_MET


def test_one_of_several_options() -> None:
    criterion = {"method": "is", "field": "q", "one_of": ["robot", "platform"]}
    assert judge(criterion, q=frozenset({"robot", "other"})).truth is MET
    assert judge(criterion, q=frozenset({"other"})).truth is NOT_MET
    assert judge(criterion, q="platform").truth is MET
    assert judge(criterion).truth is UNKNOWN


def test_no_where_no_is_wanted() -> None:
    criterion = {"method": "holds", "field": "a", "wanted": "false"}
    assert judge(criterion, a=False).truth is MET
    assert judge(criterion, a=True).truth is NOT_MET
