"""The rules of A.2.1: census or sample, least numbers, growth by the rate of return, companies, clients."""

from __future__ import annotations

from fractions import Fraction

import pytest
from surveys import edition

from appraisal.methods.sample_plan import SamplePlan, Wish, clients, companies, plan
from appraisal.model.survey import Survey

F = Fraction
SAMPLING = edition().as_a(Survey).sampling


def planned(**wish: object) -> SamplePlan:
    return plan(SAMPLING, Wish(**wish))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("customers", "contact", "census"),
    [(299, True, True), (300, True, False), (299, False, False), (1, True, True), (None, True, False)],
)
def test_everybody_is_asked_below_three_hundred_if_all_can_be_reached(
    customers: int | None,
    contact: bool,  # noqa: FBT001
    census: bool,  # noqa: FBT001
) -> None:
    found = planned(customers=customers, contact=contact)
    assert found.census is census
    assert found.required == (customers if census else 200)


def test_a_company_needs_two_hundred_and_more_are_sent() -> None:
    """200 ÷ 60 % = 333.3…, rounded up."""
    found = planned(customers=5000, expected=F(3, 5))
    assert (found.required, found.asked) == (200, 334)


@pytest.mark.parametrize(("segments", "branches", "required"), [(1, 0, 200), (3, 0, 300), (2, 4, 400), (0, 1, 200)])
def test_each_segment_and_each_branch_needs_a_hundred(segments: int, branches: int, required: int) -> None:
    """A respondent belongs to a segment and to a branch: the larger sum counts, and the company's least."""
    found = planned(
        segments=[f"s{n}" for n in range(segments)], branches=[f"b{n}" for n in range(branches)], expected=F(1, 2)
    )
    assert found.required == required
    assert [quota.required for quota in (*found.segments, *found.branches)] == [100] * (segments + branches)
    assert {quota.asked for quota in found.segments} <= {200}


def test_more_than_five_hundred_too_few_customers_and_too_small_a_wish_are_said() -> None:
    groups = [f"s{n}" for n in range(6)]
    assert [say.code for say in planned(segments=groups).cautions] == ["V114"]
    assert [say.code for say in planned(customers=310, expected=F(1, 2)).cautions] == ["V115"]
    assert [say.code for say in planned(size=150).cautions] == ["V116"]
    assert planned(size=450).required == 450


def test_companies_up_to_forty_per_cent_or_another_share() -> None:
    """Of 100: 25 and 15 reach 40 exactly."""
    turnovers = {"甲": F(15), "乙": F(25), "丙": F(14), "丁": F(13), "戊": F(12), "己": F(11), "庚": F(10)}
    assert [c.name for c in companies(SAMPLING, turnovers) if c.chosen] == ["乙", "甲"]
    assert [c.name for c in companies(SAMPLING, turnovers, F(1, 2)) if c.chosen] == ["乙", "甲", "丙"]


def test_clients_are_drawn_the_same_for_the_same_seed() -> None:
    sizes = {f"客户{n}": F(n) for n in range(1, 31)}
    assert clients(sizes, 5, 7) == clients(sizes, 5, 7)
    assert len({unit.name for seed in range(20) for unit in clients(sizes, 5, seed)}) > 10
