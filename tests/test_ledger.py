"""Which events count when withdrawals and corrections follow one another."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies.events import logs

from appraisal.assess import assess, judge
from appraisal.errors import RefusedError
from appraisal.model.codec import encode
from appraisal.model.event import Event, Status, input_hash
from appraisal.model.ledger import resolve
from appraisal.model.periods import Span, SpanKind
from appraisal.reading.rulebook import find_rulebook, read_rulebook

EDITION = read_rulebook(find_rulebook("houjiatang-2020"))


def row(name: str, *, counters: str = "", clause: str = "CG-A1", status: Status = Status.NONE) -> Event:
    return Event(id=name, date=date(2020, 3, 9), subject="ziyuan", clause=clause, counters=counters, status=status)


@pytest.mark.parametrize(
    ("log", "counts"),
    [
        ([row("e1"), row("w1", counters="e1", clause="")], set()),
        # a correction of a correction stands for both; the first stays withdrawn
        ([row("e1"), row("e2", counters="e1"), row("e3", counters="e2")], {"e3"}),
        # a withdrawal that is itself withdrawn has no effect
        ([row("e1"), row("w1", counters="e1", clause=""), row("w2", counters="w1", clause="")], {"e1"}),
        # a correction that is withdrawn with nothing in its place gives the first its effect back
        ([row("e1"), row("e2", counters="e1"), row("w1", counters="e2", clause="")], {"e1"}),
        # one further withdrawal turns it round again
        (
            [
                row("e1"),
                row("w1", counters="e1", clause=""),
                row("w2", counters="w1", clause=""),
                row("w3", counters="w2", clause=""),
            ],
            set(),
        ),
        # a row that says of itself that it is withdrawn, and names another, withdraws that one
        ([row("e1"), row("w1", counters="e1", status=Status.WITHDRAWN)], set()),
        # a withdrawal not yet confirmed does nothing
        ([row("e1"), row("w1", counters="e1", clause="", status=Status.DECLARED)], {"e1"}),
        # a circle decides nothing, and nothing hangs
        ([row("a", counters="b", clause=""), row("b", counters="a", clause="")], set()),
    ],
)
def test_withdrawals_and_corrections_in_any_order(log: list[Event], counts: set[str]) -> None:
    for order in permutations(log):
        assert {event.id for event in resolve(order, EDITION.rulebook).counted} == counts


def test_a_very_long_chain_of_withdrawals_is_settled() -> None:
    chain = [row("e0"), *(row(f"e{n}", counters=f"e{n - 1}", clause="") for n in range(1, 5001))]
    assert {event.id for event in resolve(chain, EDITION.rulebook).counted} == {"e0"}  # 5,000 is even: all undone


def test_an_event_of_a_stranger_and_figures_beyond_exactness_are_refused_by_name() -> None:
    year = Span.whole(2020)
    stranger = Event(id="e1", date=date(2020, 3, 9), subject="nobody", clause="CG-A1")
    with pytest.raises(RefusedError) as refused:
        assess(EDITION, [stranger], year)
    (finding,) = refused.value.findings
    assert finding.what("zh") == "记录 e1 的单位 nobody 不在本次考核的名单内。"
    huge = {"value": Fraction(10**14) + Fraction(1, 10**6)}
    event = Event(id="e2", date=date(2020, 3, 9), subject="ziyuan", clause="FM-1", note="示例", facts=huge)
    with pytest.raises(RefusedError) as refused:
        assess(EDITION, [event], year)
    (finding,) = refused.value.findings
    assert finding.what("zh") == "数值太大，无法精确计算；最大的是记录 e2。"


def test_two_events_for_one_value_are_refused_by_name() -> None:
    grades = [
        Event(id=name, date=date(2020, 12, day), subject="ziyuan", clause="AQ-1", facts={"level": level})
        for name, day, level in (("e1", 1, "优秀"), ("e2", 2, "良好"))
    ]
    with pytest.raises(RefusedError) as refused:
        assess(EDITION, grades, Span.whole(2020))
    (finding,) = refused.value.findings
    assert finding.what("zh") == "e1 和 e2 都给出 梓园社区 的 AQ-1：同一时期只能有一个数值。"


SPANS = (Span.whole(2020), Span.month(2020, 3), Span(2020, SpanKind.QUARTER, 1), Span.through(2020, 4))


@settings(max_examples=40)
@given(st.data())
def test_a_ledger_that_grew_is_the_ledger_of_all(data: st.DataObject) -> None:
    log = data.draw(logs(EDITION))
    at = data.draw(st.integers(0, len(log)))
    before = resolve(log[:at], EDITION.rulebook)
    for span in data.draw(st.lists(st.sampled_from(SPANS), unique=True)):
        before.within(span)  # found before it grows, or only after
    grown = before
    for event in log[at:]:
        grown = grown.plus([event], EDITION.rulebook)
    for found in (grown, before.plus(log[at:], EDITION.rulebook)):
        anew = resolve(log, EDITION.rulebook)
        assert found == anew
        assert found.input_hash == anew.input_hash == input_hash(log)
        for span in SPANS:
            assert found.within(span) == anew.within(span)


def test_what_a_span_holds_stays_the_same_while_nothing_new_belongs_to_it() -> None:
    ledger = resolve([row("e1"), row("e2")], EDITION.rulebook)
    march, year = ledger.within(Span.month(2020, 3)), ledger.within(Span.whole(2020))
    april = Event(id="e3", date=date(2020, 4, 1), subject="ziyuan", clause="CG-A1")
    grown = ledger.plus([april], EDITION.rulebook)
    assert grown.within(Span.month(2020, 3)) is march
    assert grown.within(Span.whole(2020)) is not year
    assert grown.within(Span.month(2020, 4)).counted == (april,)


@settings(max_examples=15)
@given(st.data())
def test_standings_of_a_ledger_that_grew_are_those_of_all(data: st.DataObject) -> None:
    log = data.draw(logs(EDITION, max_size=12))
    ledger = resolve([], EDITION.rulebook)
    spans = [Span.whole(2020), Span.month(2020, 3)]
    for event in log:
        ledger = ledger.plus([event], EDITION.rulebook)
        for span in data.draw(st.lists(st.sampled_from(spans), unique=True)):
            judge(EDITION, ledger, span)  # what it works out is gone on from
    for span in spans:
        assert encode(judge(EDITION, ledger, span)) == encode(assess(EDITION, log, span))


def test_a_figure_with_more_decimals_than_before_is_worked_in() -> None:
    rate = next(c for c in EDITION.scorecard.clauses() if c.method == "score" and c.several == "mean")
    first = Event(id="e1", date=date(2020, 3, 9), subject="ziyuan", clause=rate.id, facts={"value": Fraction(90)})
    more = Event(
        id="e2", date=date(2020, 3, 9), subject="mayuanwan", clause=rate.id, facts={"value": Fraction("90.12345")}
    )
    ledger = resolve([first], EDITION.rulebook)
    judge(EDITION, ledger, Span.whole(2020))
    grown = judge(EDITION, ledger.plus([more], EDITION.rulebook), Span.whole(2020))
    assert encode(grown) == encode(assess(EDITION, [first, more], Span.whole(2020)))
