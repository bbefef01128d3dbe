"""What the everyday paths seldom reach: defects that must be loud, numbers at their limits, views of many months."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from oracle.sample import clause, event, houjiatang, rulebook

from appraisal import errors
from appraisal.assess import assess
from appraisal.cautions import warnings
from appraisal.errors import InternalError, RefusedError
from appraisal.explain import judgements
from appraisal.grid import Grid, compute
from appraisal.methods.columns import Roster, Scale, encode
from appraisal.methods.plan import _Key, compile_plan
from appraisal.methods.views import View
from appraisal.model.eligibility import Eligibility
from appraisal.model.event import Event
from appraisal.model.exact import parse_exact
from appraisal.model.periods import Period, Span
from appraisal.reading.checks_parts import Book
from appraisal.reading.nearest import Nearest
from appraisal.reading.rulebook import find_rulebook, read_rulebook
from appraisal.reading.yaml_loading import load

YEAR = Span.whole(2020)


def test_a_message_written_twice_is_a_defect(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("A.toml", "B.toml"):
        (tmp_path / name).write_text('[X001]\nzh = "甲"\nen = "a"\n', encoding="utf-8")
    monkeypatch.setattr(errors, "_MESSAGES", tmp_path)
    with pytest.raises(InternalError, match="X001"):
        errors.messages.__wrapped__()


def test_a_rulebook_taken_for_one_of_another_family_is_a_defect() -> None:
    with pytest.raises(InternalError, match="houjiatang-2020"):
        houjiatang().as_a(Eligibility)


def test_the_parts_of_a_scorecard_are_those_of_no_other_family() -> None:
    path = find_rulebook("gd-smart-manufacturing-2024")
    document = load(path.read_bytes(), str(path))
    with pytest.raises(InternalError, match="gd-smart-manufacturing-2024"):
        _ = Book(document=document, rulebook=read_rulebook(path).rulebook).scorecard


def test_points_that_no_unit_holds_are_never_rounded() -> None:
    with pytest.raises(ArithmeticError, match="1/3"):
        Scale.of((Fraction(1, 2),), 2).points(Fraction(1, 3))


def test_a_number_that_is_exact_already_stays_itself() -> None:
    assert parse_exact(Fraction(1, 3)) == Fraction(1, 3)
    with pytest.raises(ValueError, match="not_exact"):
        parse_exact(0.1)
    with pytest.raises(ValueError, match="not_exact"):
        parse_exact(True)  # noqa: FBT003  a YAML true is no number


def test_periods_that_do_not_exist_are_refused_and_years_do_not_mix() -> None:
    for year, month in ((2020, 13), (2020, -1), (0, 1), (9999, 1)):
        with pytest.raises(ValueError, match="no such period"):
            Period(year, month)
    assert not YEAR.contains(Period(2021, 1))
    assert not Span.month(2020, 1).contains(Period(2021, 1))


def test_a_rulebook_compiled_is_no_other_thing() -> None:
    assert _Key(houjiatang(), 2) == _Key(houjiatang(), 2)
    assert _Key(houjiatang(), 2) != _Key(houjiatang(), 3)
    assert _Key(houjiatang(), 2) != _Key(houjiatang(R29="twice"), 2)
    assert _Key(houjiatang(), 2) != 2


def test_the_same_slip_gets_the_same_suggestion() -> None:
    near = Nearest(["梓园社区", "泉塘社区"], suffix="社区")
    assert near.shown("梓圆社区") == near.shown("梓圆社区") == "梓园社区"


def test_sums_beyond_exactness_are_refused_though_each_figure_fits() -> None:
    # 10^12 points in units of 1/10,000 are 10^16, below 2^54 (1.8 x 10^16); two of them are above it
    items = [
        {"id": name, "clauses": [clause(f"{name}1", "amount", direction="deduct")], "floor": "none"} for name in "AB"
    ]
    edition = rulebook(*items)
    large = {"value": "1000000000000"}
    alone = assess(edition, [event("e1", "s1", "A1", **large)], YEAR)
    assert alone.standings[0].total == 10 - 10**12
    for second in ("A1", "B1"):
        with pytest.raises(RefusedError) as refused:
            assess(edition, [event("e1", "s1", "A1", **large), event("e2", "s1", second, **large)], YEAR)
        assert [finding.code for finding in refused.value.findings] == ["S103"]


def test_a_year_of_months_says_what_each_month_says_alone() -> None:
    edition = houjiatang()
    events = [
        event("e1", "ziyuan", "RX-1", "2020-03-09", level="申诉中"),
        event("e2", "huoli", "RX-1", "2020-05-09", level="申诉中"),
        event("e3", "huoli", "CG-A2", "2020-05-10"),
    ]

    def grid(view: View, some: list[Event]) -> Grid:
        run, plan = Roster.one(edition.roster), compile_plan(edition)
        columns = encode(some, plan.words, run)
        return compute(compile_plan(edition, columns.digits), columns, run, view, keep=True)

    year = grid(View.months(2020), events)
    for month in (3, 4, 5):
        alone = grid(View.one(Span.month(2020, month), None), [e for e in events if e.when.month == month])
        assert warnings(year, month - 1) == warnings(alone)
        assert judgements(year, edition.roster, month - 1) == judgements(alone, edition.roster)
    assert [w.events for w in warnings(year, 4)] == [("e2",)]
    assert [w.events for w in warnings(year, 3)] == []
