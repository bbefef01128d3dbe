"""Standings worked out by hand from the readings; whoever computes must find them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from oracle.sample import clause, event, houjiatang, rulebook
from oracle.scorecard import oracle

from appraisal.assess import assess as engine
from appraisal.model.edition import Edition
from appraisal.model.event import Event
from appraisal.model.exact import parse_exact
from appraisal.model.periods import Span

YEAR = Span.whole(2020)
MARCH = Span.month(2020, 3)


@dataclass(frozen=True)
class Found:
    """What a test looks at."""

    total: Fraction
    rank: int
    without: int
    provisional: bool
    items: dict[str, tuple[Fraction, str]]


Assess = Callable[..., dict[str, Found]]


def by_oracle(edition: Edition, events: Iterable[Event], span: Span, **asked: date | None) -> dict[str, Found]:
    found = oracle(edition, events, span, **asked)
    return {
        s: Found(
            r.total,
            r.rank,
            r.rank_without_veto,
            r.provisional,
            {i: (x.score, x.state.value) for i, x in r.items.items()},
        )
        for s, r in found.items()
    }


def by_engine(edition: Edition, events: Iterable[Event], span: Span, **asked: date | None) -> dict[str, Found]:
    return {
        s.subject: Found(
            s.total,
            s.rank,
            s.rank_without_veto,
            s.provisional,
            {i.id: (i.score, i.state.value) for i in s.items},
        )
        for s in engine(edition, events, span, **asked).standings
    }


@pytest.fixture(params=[by_oracle, by_engine], ids=["oracle", "product"])
def assess(request: pytest.FixtureRequest) -> Assess:
    return request.param


def test_an_empty_year_gives_everyone_76_5(assess: Assess) -> None:
    # 100 - earned items 20 (WG 4, SC-5 1, WJ-2 0.5, WJ-3 0.5, LD 5, DJ 7, ZZ 2)
    #     - JR-1 12 x 0.1 - JR-2 0.1 - CW-2 12 x 0.1 - XC-4 1 = 76.5; DJ-4's 2.4 find nothing left in DJ
    found = assess(houjiatang(), [], YEAR)
    assert len(found) == 12
    assert {(f.total, f.rank, f.provisional) for f in found.values()} == {(Fraction("76.5"), 1, True)}


def test_an_empty_month_costs_only_the_months_duties(assess: Assess) -> None:
    # 100 - JR-1 0.1 - DJ-4 2 x 0.1 - CW-2 0.1
    found = assess(houjiatang(), [], MARCH)
    assert {(f.total, f.provisional) for f in found.values()} == {(Fraction("99.6"), False)}


def test_an_open_month_is_not_judged(assess: Assess) -> None:
    # on 14 April the accounts of March are not due; on the 30th of March neither JR-1 nor DJ-4 is
    assert assess(houjiatang(), [], MARCH, day=date(2020, 3, 30))["ziyuan"].total == 100
    assert assess(houjiatang(), [], MARCH, day=date(2020, 3, 31))["ziyuan"].total == Fraction("99.7")
    assert assess(houjiatang(), [], MARCH, day=date(2020, 4, 14))["ziyuan"].total == Fraction("99.7")
    assert assess(houjiatang(), [], MARCH, day=date(2020, 4, 15))["ziyuan"].total == Fraction("99.6")


def score(assess: Assess, item: str, events: list[Event], span: Span = MARCH, **readings: str) -> tuple[Fraction, str]:
    return assess(houjiatang(**readings), events, span)["ziyuan"].items[item]


def z(name: str, clause_id: str, day: str = "2020-03-09", **told: Any) -> Event:
    return event(name, "ziyuan", clause_id, day, **told)


def test_a_group_takes_no_more_than_its_points(assess: Assess) -> None:
    # CG-A: 9 x 0.5 = 4.5, at most 4; CG-B: 0.5; 6 - 4 - 0.5
    events = [z("e1", "CG-A2", count=9), z("e2", "CG-B3")]
    assert score(assess, "CG", events) == (Fraction("1.5"), "assessed")


@pytest.mark.parametrize(("rate", "left"), [("80%", "6"), ("79.99%", "5.95"), ("50%", "5.95"), ("49.99%", "5.9")])
def test_wet_waste(assess: Assess, rate: str, left: str) -> None:
    assert score(assess, "CG", [z("e1", "CG-B1", value=rate)])[0] == Fraction(left)


def test_one_matter_counts_once_at_its_highest(assess: Assess) -> None:
    # SC-3 prevails over SC-2 for one matter; two levels of one matter count once, at 1; 5 - 1 - 0.2
    events = [
        z("e1", "SC-2", level="市", matter="甲"),
        z("e2", "SC-3", level="区", matter="甲"),
        z("e3", "SC-3", level="市", matter="甲"),
        z("e4", "SC-2", level="区", matter="乙"),
    ]
    assert score(assess, "SC", events) == (Fraction("3.8"), "assessed")


def test_a_community_without_a_market_loses_nothing(assess: Assess) -> None:
    assert score(assess, "SC", [z("e1", "SC-5", level="不适用")], YEAR)[0] == 5
    assert score(assess, "SC", [z("e1", "SC-5", value="83")], YEAR) == (Fraction("4.83"), "assessed")
    assert score(assess, "SC", [], YEAR) == (Fraction(4), "pending")


def test_bad_consequences_cost_more_instead(assess: Assess) -> None:
    # 2 - 0.5 - 2 x 0.1
    assert score(assess, "TJ", [z("e1", "TJ-1", level="不良影响"), z("e2", "TJ-1", count=2)])[0] == Fraction("1.3")


def test_bonuses_of_education_only_offset(assess: Assess) -> None:
    # 2 + min(0.2, 0.05 x 5) - 0.2 (JY-6, JY-7 capped) = 2; without the deductions 2, not 2.2
    bonus = [z("e1", "JY-1", count=5)]
    assert score(assess, "JY", bonus)[0] == 2
    assert score(assess, "JY", [*bonus, z("e2", "JY-7", count=9)])[0] == 2
    assert score(assess, "JY", [z("e3", "JY-1"), z("e2", "JY-7", count=9)])[0] == Fraction("1.85")


def test_veto_zeroes_the_item_and_puts_last(assess: Assess) -> None:
    found = assess(houjiatang(), [z("e1", "AQ-2", level="黄牌警告")], MARCH)
    # 99.6 - 7; last either way, as everyone else has 99.6
    assert (found["ziyuan"].total, found["ziyuan"].rank, found["ziyuan"].without) == (Fraction("92.6"), 12, 12)
    others = [event(f"x{n}", s, "FM-1", value="10", note="示例") for n, s in enumerate(found) if s != "ziyuan"]
    found = assess(houjiatang(), [z("e1", "AQ-2", level="黄牌警告"), *others], MARCH)
    assert (found["ziyuan"].rank, found["ziyuan"].without, found["quantang"].rank) == (12, 1, 1)


def party(marks: dict[str, str], *more: Event, day: str = "2020-11-20") -> list[Event]:
    """DJ-1 of every community: all parts alike, and no article ever missing."""
    subjects = [s.id for s in houjiatang().roster]
    parts = ("日常", "社区测评", "书记测评")
    events = [
        event(f"{s}-{p}", s, "DJ-1", day, part=p, value=marks.get(s, str(50 + n)))
        for n, s in enumerate(subjects)
        for p in parts
    ]
    articles = [event(f"{s}-w{m}", s, "DJ-4", f"2020-{m:02}-01", count=2) for s in subjects for m in range(1, 13)]
    return [*events, *articles, *more]


def test_ranks_multiply_the_party_item(assess: Assess) -> None:
    # 90 -> 6.3; first: 6.3 x 1.1 = 6.93; with 0.6 and 0.3 of bonus: 7.2 x 1.1 = 7.92, above the item's 7
    assert score(assess, "DJ", party({"ziyuan": "90"}), YEAR) == (Fraction("6.93"), "assessed")
    bonus = [z("b1", "DJ-2", level="前3名", matter="甲"), z("b2", "DJ-2", level="推荐", matter="乙")]
    assert score(assess, "DJ", party({"ziyuan": "90"}, *bonus), YEAR)[0] == Fraction("7.92")
    # last of twelve: 10 -> 0.7 x 0.9 = 0.63; half-up: 47.25 -> 3.3075 x 0.9 = 2.97675 -> 2.98
    assert score(assess, "DJ", party({"ziyuan": "10"}), YEAR)[0] == Fraction("0.63")
    assert score(assess, "DJ", party({"ziyuan": "47.25"}), YEAR)[0] == Fraction("2.98")


def test_an_incomplete_composite_holds_the_ranking_up(assess: Assess) -> None:
    events = [e for e in party({"ziyuan": "90", "quantang": "80"}) if e.id != "quantang-日常"]
    found = assess(houjiatang(), events, YEAR)
    assert found["ziyuan"].items["DJ"] == (Fraction("6.3"), "pending")
    assert found["quantang"].items["DJ"] == (Fraction(0), "pending")


def test_a_tie_awaits_the_leading_group(assess: Assess) -> None:
    marks = {"ziyuan": "61", "quantang": "61"}  # equal at ranks 1 and 2 of twelve
    found = assess(houjiatang(), party(marks), YEAR)
    assert found["ziyuan"].items["DJ"] == (Fraction("4.27"), "pending")
    marks = {"ziyuan": "58", "quantang": "58", "liaojiawan": "59", "huoli": "61"}  # ranks: 61, 59, then 58 58 58
    # 58 58 58 are shuiyuan, ziyuan, quantang at 3, 4, 5: ziyuan 3rd by decision, the other two stay open
    decision = z("d1", "DJ-7", "2020-12-01", value="3")
    found = assess(houjiatang(), party(marks, decision), YEAR)
    assert found["ziyuan"].items["DJ"] == (Fraction("4.47"), "assessed")  # 4.06 x 1.1 = 4.466
    assert found["quantang"].items["DJ"] == (Fraction("4.06"), "pending")
    second = event("d2", "quantang", "DJ-7", "2020-12-01", value="5")
    found = assess(houjiatang(), party(marks, decision, second), YEAR)
    assert found["shuiyuan"].items["DJ"] == (Fraction("4.06"), "assessed")  # takes the 4th place that is left


def test_late_accounts(assess: Assess) -> None:
    def accounts(day: str, **told: object) -> Fraction:
        return score(assess, "CW", [z("e1", "CW-2", day, period="2020-03", **told)])[0]

    assert accounts("2020-04-15") == 2
    assert accounts("2020-04-16") == Fraction("1.9")
    assert accounts("2020-04-16", level="有故") == 2


def test_equal_totals_share_a_rank(assess: Assess) -> None:
    events = [
        event(f"x{n}", s, "FM-1", value=v, note="示例") for n, (s, v) in enumerate([("ziyuan", "1"), ("huoli", "2")])
    ]
    found = assess(houjiatang(), events, MARCH)
    assert [found[s].rank for s in ("quantang", "ziyuan", "huoli")] == [1, 11, 12]


def test_complaints_under_appeal_are_provisional(assess: Assess) -> None:
    found = assess(houjiatang(), [z("e1", "RX-1", level="申诉中"), z("e2", "RX-1", level="申诉成功")], MARCH)
    assert found["ziyuan"].items["RX"] == (Fraction("1.9"), "assessed")
    assert (found["ziyuan"].provisional, found["huoli"].provisional) == (True, False)


def test_bonus_counts_when_confirmed_and_news_is_capped(assess: Assess) -> None:
    told = {"status": "confirmed"}
    news = [z("e1", "JF-2", level="全国", count=1, **told), z("e2", "JF-3", count=5, **told)]
    assert (
        score(assess, "JF", [*news, z("e3", "JF-4", level="省"), z("e4", "JF-1", level="市", **told)])[0] == 7
    )  # 5 + 2


# The methods one by one, on a rulebook of one item of 5 points and the subject s1 unless said otherwise.


def left(assess: Assess, made: dict[str, object], *events: Event, span: Span = YEAR, **item: object) -> Fraction:
    edition = rulebook({"id": "I", "clauses": [made], **item})
    return assess(edition, events, span)["s1"].items["I"][0]


def s1(name: str, **told: Any) -> Event:
    day = told.pop("day", "2020-03-09")
    assert isinstance(day, str)
    return event(name, "s1", "A", day, **told)


def test_doubled_from_the_second(assess: Assess) -> None:
    made = clause("A", "occurrence", deduct="0.2", again={"from": 2, "times": "2"})
    # 0.2 + 0.4 + 0.4: a count of two in one row is two occurrences
    assert left(assess, made, s1("e1", count=2), s1("e2")) == 4
    # by date, not by the order of the rows: the dear level comes first
    made |= {"levels": {"重": "1"}}
    assert left(assess, made, s1("e1", day="2020-05-01"), s1("e2", level="重", day="2020-04-01")) == Fraction("3.6")


def test_per_person(assess: Assess) -> None:
    assert left(assess, clause("A", "occurrence", deduct="0.2", per="value"), s1("e1", value="3", count=2)) == Fraction(
        "3.8"
    )


@pytest.mark.parametrize("once", [{"once": True}, {"same_matter": "once"}])
def test_the_dearest_counts_where_one_counts_also_per_person(assess: Assess, once: dict[str, Any]) -> None:
    # one of the two counts, at its highest: 4 people x 0.2 = 0.8, though 1 person x 0.2 came first
    made = clause("A", "occurrence", deduct="0.2", per="value", **once)
    rivals = [s1("e1", value="1", matter="甲"), s1("e2", value="4", day="2020-04-01", matter="甲")]
    assert left(assess, made, *rivals) == Fraction("4.2")
    # a level that costs more each does not win over more people: 1 x 0.5 < 4 x 0.2
    made |= {"levels": {"重": "0.5"}}
    assert left(assess, made, s1("e1", value="1", level="重", matter="甲"), rivals[1]) == Fraction("4.2")


def test_a_level_once_for_the_item(assess: Assess) -> None:
    made = clause("A", "occurrence", deduct="0.1", levels={"重": "0.5"}, level_effect="once_per_item")
    assert left(assess, made, s1("e1", level="重", count=2), s1("e2", level="重"), s1("e3")) == Fraction("4.4")


def test_half_and_on_top(assess: Assess) -> None:
    made = clause("A", "occurrence", deduct="0.4", levels={"减": {"times": "1/2"}, "另": "0.3"}, level_effect="added")
    assert left(assess, made, s1("e1", level="减"), s1("e2", level="另")) == Fraction("4.1")  # 0.2 + 0.7


def test_gap_in_steps(assess: Assess) -> None:
    made = clause("A", "gap", target="90%", step="1%", deduct="0.1", frequency="year")
    assert left(assess, made, s1("e1", value="86.5%")) == Fraction("4.7")
    assert left(assess, made | {"partial": "started"}, s1("e1", value="86.5%")) == Fraction("4.6")
    assert left(assess, made | {"partial": "exact"}, s1("e1", value="86.5%")) == Fraction("4.65")
    assert left(assess, made | {"most": "0.2"}, s1("e1", value="86.5%")) == Fraction("4.8")
    assert left(assess, made, s1("e1", value="95%")) == 5
    assert left(assess, made | {"side": "above"}, s1("e1", value="92%")) == Fraction("4.8")


def test_means(assess: Assess) -> None:
    made = clause("A", "score", form="earn", full="100", worth="2", several="mean", round="0.01", frequency="year")
    marks = [s1(f"e{n}", value=v) for n, v in enumerate(("80", "90", "91"))]
    # 261 / 3 = 87 -> 1.74; 80, 91 -> 85.5 -> 1.71
    assert left(assess, made, *marks, starts="zero") == Fraction("1.74")
    assert left(assess, made, marks[0], marks[2], starts="zero") == Fraction("1.71")
    # 80, 90, 90 -> 86.666... -> 86.67 -> 1.7334
    assert left(assess, made, *marks[:2], s1("e9", value="90"), starts="zero") == Fraction("1.7334")
    assert left(assess, made | {"several": "trimmed_mean"}, *marks, starts="zero") == Fraction("1.8")
    assert left(assess, made | {"several": "highest"}, *marks, starts="zero") == Fraction("1.82")
    assert left(assess, made | {"several": "lowest"}, *marks, starts="zero") == Fraction("1.6")
    assert left(assess, made | {"several": "latest"}, *marks, starts="zero") == Fraction("1.82")


def test_not_applicable_takes_the_mean_of_the_others(assess: Assess) -> None:
    made = clause(
        "A", "score", form="lose", full="100", worth="5", frequency="year", round="0.01",
        levels={"不适用": "not_applicable"}, not_applicable="mean",
    )  # fmt: skip
    edition = rulebook({"id": "I", "clauses": [made]})
    events = [
        event("e1", "s1", "A", level="不适用"),
        event("e2", "s2", "A", value="80"),
        event("e3", "s3", "A", value="71"),
    ]
    found = assess(edition, events, YEAR)["s1"].items["I"]
    assert found == (Fraction("3.78"), "not_applicable")  # (4 + 3.55) / 2 = 3.775, half-up


def test_against_the_best(assess: Assess) -> None:
    made = clause("A", "relative", worth="5", round="0.01", frequency="year")
    edition = rulebook({"id": "I", "clauses": [made], "starts": "zero"})
    events = [event(f"e{n}", f"s{n}", "A", value=v) for n, v in ((1, "30"), (2, "45"))]
    found = assess(edition, events, YEAR)
    assert [found[s].items["I"][0] for s in ("s1", "s2")] == [Fraction("3.33"), Fraction(5)]
    assert found["s3"].items["I"] == (Fraction(5), "assessed")


def test_duties_by_quarter(assess: Assess) -> None:
    made = clause("A", "quota", every="quarter", required=2, deduct_each="0.1", deduct_once="0.5", most="0.65")
    # first quarter: one of two: 0.6; the others none: min(0.65, 0.7)
    assert left(assess, made, s1("e1")) == 5 - parse_exact("0.6") - 3 * parse_exact("0.65")
    assert left(assess, made, s1("e1"), span=Span.through(2020, 5)) == Fraction("4.4")
    assert left(assess, made, s1("e1", count=2), span=Span.through(2020, 5)) == 5


@pytest.mark.parametrize(
    ("made", "told"),
    [
        (
            clause("A", "tiers", tiers=[{"below": "80%", "deduct": "0.5"}, {"at_least": "80%", "deduct": "0"}]),
            [{"value": "90%"}],
        ),
        (clause("A", "grade", levels={"好": {"deduct": "0"}, "差": {"deduct": "0.5"}}), [{"level": "好"}]),
        (clause("A", "score", form="lose", full="100", worth="0.5"), [{"value": "100"}]),
        (
            clause("A", "composite", parts={"a": "70%", "b": "30%"}, full="100", worth="0.5"),
            [{"part": "a", "value": "100"}, {"part": "b", "value": "100"}],
        ),
    ],
    ids=["tiers", "grade", "score", "composite"],
)
def test_what_comes_for_the_second_quarter_does_not_stand_for_the_first(
    assess: Assess, made: dict[str, Any], told: list[dict[str, Any]]
) -> None:
    # January to April: only the first quarter is over, and what there is belongs to the second. A clause that loses
    # 0.5 at worst: 5 - 0 (April) - 0.5 (first quarter, for now). The composite earns 0.5 (April) + 0 (first, for now).
    edition = rulebook(
        {
            "id": "I",
            "clauses": [made | {"frequency": "quarter", "required": True, "until_known": "zero"}],
            "starts": "zero" if made["method"] == "composite" else "full",
        }
    )
    april = [s1(f"a{n}", day="2020-04-09", **facts) for n, facts in enumerate(told)]
    march = [s1(f"m{n}", day="2020-03-09", **facts) for n, facts in enumerate(told)]

    def of(*events: Event) -> tuple[Fraction, str]:
        return assess(edition, events, Span.through(2020, 4))["s1"].items["I"]

    if made["method"] == "composite":
        assert of(*april) == (Fraction("0.5"), "pending")
        assert of(*march, *april) == (Fraction(1), "assessed")
    else:
        assert of(*april) == (Fraction("4.5"), "pending")
        assert of(*march, *april) == (Fraction(5), "assessed")


def test_nested_limits(assess: Assess) -> None:
    clauses = [
        clause(name, "occurrence", **{word: "1"}) for name, word in (("A", "deduct"), ("B", "deduct"), ("C", "add"))
    ]
    limits = [
        {"id": "L1", "covers": ["A"], "max_loss": "0.5"},
        {"id": "L2", "covers": ["L1", "B", "C"], "max_loss": "1"},
    ]
    edition = rulebook({"id": "I", "clauses": clauses, "limits": limits})

    def of(*names: str) -> Fraction:
        return assess(edition, [event(f"e{n}", "s1", c) for n, c in enumerate(names)], YEAR)["s1"].items["I"][0]

    assert of("A", "A") == Fraction("4.5")
    assert of("A", "B") == 4
    assert of("A", "B", "C") == Fraction("4.5")  # -0.5 - 1 + 1


def test_below_zero_only_where_there_is_no_floor(assess: Assess) -> None:
    made = clause("A", "occurrence", deduct="3")
    assert left(assess, made, s1("e1", count=2)) == 0
    assert left(assess, made, s1("e1", count=2), floor="none") == -1


def test_a_vetoed_total(assess: Assess) -> None:
    edition = rulebook({"id": "I", "clauses": [clause("A", "veto", zero="total", rank="last")]})
    found = assess(edition, [event("e1", "s1", "A")], YEAR)
    assert [(found[s].total, found[s].rank) for s in ("s1", "s2")] == [(0, 3), (5, 1)]
