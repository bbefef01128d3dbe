"""Laws of questionnaires: sums, order, repeats, more is never less, what is open is not failed."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from appraisal.assess import assess
from appraisal.model.event import Event
from appraisal.model.levels import NodeScore
from appraisal.model.questionnaire import Questionnaire
from appraisal.model.questions import Multiple, Question
from appraisal.model.standing import Outcome, Standing
from questionnaire.answering import book, edition, the_answers

BOOK = book()
QUICK = settings(max_examples=40)


def answer_event(part: str, text: str, subject: str = "示例甲", source: str = "declared") -> Event:
    first = BOOK.valid_from
    facts = {"answer": text, "source": source}
    return Event(id=f"{subject}/{part}/{source}", date=first, subject=subject, clause=part, kind="answer", facts=facts)


@st.composite
def chosen(draw: st.DrawFn, question: Question) -> str:
    if isinstance(question, Multiple):
        others = [n for n in range(1, question.size + 1) if n != question.none]
        picked = draw(st.sets(st.sampled_from(others)))
        return ";".join(map(str, sorted(picked))) or str(question.none)
    return str(draw(st.integers(1, question.size)))


@st.composite
def filled_in(draw: st.DrawFn, subject: str = "示例甲", *, whole: bool = False) -> list[Event]:
    """Draw what a firm filled in: every question and scenario, or some."""
    asked = [question for question in BOOK.questions() if whole or draw(st.booleans())]
    events = [answer_event(question.id, draw(chosen(question)), subject) for question in asked]
    for scenario in BOOK.scenarios():
        if whole or draw(st.booleans()):
            levels = draw(st.sets(st.integers(1, 4)))
            events.append(answer_event(scenario.id, ";".join(map(str, sorted(levels))) or "0", subject))
    return events


def standing_of(events: list[Event]) -> Standing:
    (standing,) = assess(edition(), events, BOOK.default_span()).standings
    return standing


def test_the_weights_of_all_questions_are_the_whole() -> None:
    assert sum(BOOK.weights.values()) == 1
    assert [BOOK.weights[f"Q{n}"] * 100 for n in (1, 2, 4, 8, 12, 14)] == [8, 6, 10, Fraction(15, 2), 7, 3]


def test_ten_scenarios_are_starred_and_six_are_not() -> None:
    stars = [scenario.starred for scenario in BOOK.scenarios()]
    assert (stars.count(True), stars.count(False)) == (10, 6)


@QUICK
@given(events=filled_in().filter(bool))
def test_the_total_is_the_sum_of_entries_and_of_every_layer_of_the_tree(events: list[Event]) -> None:
    standing = standing_of(events)
    assert standing.total == sum(e.points for item in standing.items for e in item.entries)
    assert standing.total == sum(item.score for item in standing.items) == sum(d.score for d in standing.departments)
    tree = the_answers(standing).tree
    for depth in (1, 2, 3):
        layer = [node for node in tree if node.depth == depth]
        assert sum(node.points for node in layer) == standing.total
        assert sum(node.share for node in layer) == 1
        assert all(node.points == node.mark * node.share for node in layer)


@QUICK
@given(events=filled_in().filter(bool), data=st.data())
def test_order_and_repeats_change_nothing(events: list[Event], data: st.DataObject) -> None:
    order = data.draw(st.permutations(events))
    assert standing_of([*order, *order[:3]]) == standing_of(events)


@QUICK
@given(events=filled_in(whole=True))
def test_a_level_is_the_highest_whose_conditions_are_all_met(events: list[Event]) -> None:
    standing = standing_of(events)
    assert not standing.provisional
    met = [g.name for g in the_answers(standing).gates if all(v.outcome is Outcome.MET for v in g.verdicts)]
    assert standing.grade == (met[-1] if met else "无等级")
    assert {v.outcome for v in standing.verdicts} <= {Outcome.MET, Outcome.NOT_MET}


@QUICK
@given(events=filled_in(whole=True))
def test_the_way_to_the_next_level_leads_there(events: list[Event]) -> None:
    """Answering as the way says gives the level that it names; with one change left out it does not."""
    standing = standing_of(events)
    way = the_answers(standing).way
    if way is None:
        assert standing.grade == "四级"
        return
    changed = {e.clause: e for e in events}
    for step in way.changes:
        text = ";".join(map(str, range(1, int(step.after) + 1))) if step.part in BOOK.scenario_by_id else step.after
        changed[step.part] = answer_event(step.part, text)
    after = standing_of(list(changed.values()))
    assert after.total == way.total
    gates = {g.name: g.outcome for g in the_answers(after).gates}
    assert gates[way.gate] is Outcome.MET
    for step in way.changes:
        less = {**changed, step.part: next(e for e in events if e.clause == step.part)}
        gates = {g.name: g.outcome for g in the_answers(standing_of(list(less.values()))).gates}
        assert gates[way.gate] is Outcome.NOT_MET


@QUICK
@given(events=filled_in(whole=True), data=st.data())
def test_what_is_not_answered_can_still_turn_out_either_way(events: list[Event], data: st.DataObject) -> None:
    """A condition that is met or failed with some answers missing is so whatever the missing answers are."""
    kept = [event for event in events if data.draw(st.booleans())]
    if not kept:
        return
    partial, whole = standing_of(kept), standing_of(events)
    outcomes = {v.id: v.outcome for v in whole.verdicts}
    for verdict in partial.verdicts:
        assert verdict.outcome in {outcomes[verdict.id], Outcome.UNKNOWN}
    assert partial.provisional == (len(kept) < len(events))


@QUICK
@given(one=filled_in("示例甲").filter(bool), two=filled_in("示例乙").filter(bool))
def test_firms_do_not_touch_each_other(one: list[Event], two: list[Event]) -> None:
    together = {s.name: s for s in assess(edition(), [*one, *two], BOOK.default_span()).standings}
    for name, alone in (("示例甲", standing_of(one)), ("示例乙", standing_of(two))):
        assert (together[name].total, together[name].items, together[name].verdicts) == (
            alone.total,
            alone.items,
            alone.verdicts,
        )


def test_equal_firms_share_a_rank_and_the_next_is_skipped() -> None:
    def firm(name: str, option: str) -> list[Event]:
        return [answer_event("Q5", option, name)]

    events = [*firm("示例甲", "3"), *firm("示例乙", "5"), *firm("示例丙", "3"), *firm("示例丁", "2")]
    found = assess(edition(), events, BOOK.default_span()).standings
    assert {s.name: s.rank for s in found} == {"示例乙": 1, "示例甲": 2, "示例丙": 2, "示例丁": 4}
    assert [s.name for s in found] == sorted(s.name for s in found)


def node(tree: tuple[NodeScore, ...], name: str) -> Any:
    return next(n for n in tree if n.id == name)


def test_every_node_of_the_tree_has_its_score() -> None:
    """By hand: Q2 100, Q3 50, Q1 unanswered: 设备系统 = 30% × 100 + 30% × 50 = 45 marks; × 20 % = 9 points."""
    tree = the_answers(standing_of([answer_event("Q2", "5"), answer_event("Q3", "3")])).tree
    system = node(tree, "equipment-systems")
    assert (system.mark, system.share, system.points, system.pending) == (45, Fraction(1, 5), 9, True)
    assert node(tree, "basis").mark == 18  # 9 points of 50
    assert len(tree) == 3 + 9 + 15
    assert isinstance(BOOK, Questionnaire)
