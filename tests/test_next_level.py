"""The cheapest way to the next level against trying everything, on small questionnaires."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations, product

from hypothesis import given
from hypothesis import strategies as st

from appraisal.methods.next_level import Move, fewest, lifted
from appraisal.model.levels import ScenarioLevel
from appraisal.model.questionnaire import Gate

points = st.sampled_from([Fraction(1), Fraction(3, 2), Fraction(5, 7), Fraction(2), Fraction(7, 2), Fraction(15, 8)])


@st.composite
def some_ways(draw: st.DrawFn) -> list[list[Move]]:
    """Draw up to four questions with up to three better answers each; more steps bring more points or fewer."""
    return [
        [
            Move(steps=n, points=draw(points), chosen=(n + 1,))
            for n in range(1, draw(st.integers(min_value=0, max_value=3)) + 1)
        ]
        for _ in range(draw(st.integers(min_value=1, max_value=4)))
    ]


def cost(moves: tuple[Move | None, ...]) -> tuple[int, Fraction, int]:
    taken = [move for move in moves if move is not None]
    return sum(m.steps for m in taken), sum((m.points for m in taken), Fraction(0)), len(taken)


@given(ways=some_ways(), lack=st.fractions(min_value=0, max_value=12, max_denominator=56))
def test_no_answers_are_cheaper_than_those_found(ways: list[list[Move]], lack: Fraction) -> None:
    every = [moves for moves in product(*([None, *way] for way in ways)) if cost(moves)[1] >= lack]
    found = fewest(ways, lack)
    if not every:
        assert found is None
        return
    assert found is not None
    assert cost(tuple(found)) == min(cost(moves) for moves in every)


def gate(level: int, scenarios: int, starred: int) -> Gate:
    told = {"id": "G", "name": "示例", "text": "示例", "line": 1, "score": "20", "score_text": "示例"}
    return Gate.model_validate(
        {**told, "level": level, "scenarios": scenarios, "starred": starred, "scenarios_text": "示例"}
    )


@st.composite
def some_scenarios(draw: st.DrawFn) -> list[ScenarioLevel]:
    levels = draw(st.lists(st.tuples(st.integers(min_value=0, max_value=4), st.booleans()), min_size=1, max_size=7))
    return [
        ScenarioLevel(id=f"S{n}", name=f"S{n}", starred=star, level=level) for n, (level, star) in enumerate(levels)
    ]


def enough(scenarios: list[ScenarioLevel], wanted: Gate) -> Iterator[int]:
    """Yield the steps of every choice of scenarios to lift that passes the gate."""
    for size in range(len(scenarios) + 1):
        for chosen in combinations(scenarios, size):
            there = [one for one in scenarios if one.level >= wanted.level or one in chosen]
            if len(there) >= wanted.scenarios and sum(one.starred for one in there) >= wanted.starred:
                yield sum(max(0, wanted.level - one.level) for one in chosen)


@given(data=st.data(), scenarios=some_scenarios())
def test_no_scenarios_are_cheaper_to_lift_than_those_found(data: st.DataObject, scenarios: list[ScenarioLevel]) -> None:
    number = data.draw(st.integers(min_value=0, max_value=7))
    wanted = gate(data.draw(st.integers(min_value=1, max_value=4)), number, data.draw(st.integers(0, number)))
    found = lifted(scenarios, wanted)
    every = list(enough(scenarios, wanted))
    if not every:
        assert found is None
        return
    assert found is not None
    assert sum(wanted.level - one.level for one in found) == min(every)
    there = [one for one in scenarios if one.level >= wanted.level or one in found]
    assert len(there) >= wanted.scenarios
    assert sum(one.starred for one in there) >= wanted.starred
