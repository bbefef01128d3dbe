"""The cheapest way to the next level, by exact search over all answers.

The two parts of a gate have nothing in common, so each is searched alone. The score: which sums of points can be
reached in how many steps, for all questions one after the other; a set of sums is one whole number whose bits are the
sums. The scenarios: so many starred ones and others, the cheapest of each, for every way to split them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from appraisal.model.levels import ScenarioLevel, Step, Way
from appraisal.model.questionnaire import Gate, Questionnaire
from appraisal.model.questions import Multiple, Question

State = tuple[int, int]
"""How many steps, in how many answers."""


@dataclass(frozen=True, kw_only=True)
class Move:
    """One way to answer a question better: how many steps, how many points, which options then."""

    steps: int
    points: Fraction
    chosen: tuple[int, ...]


def moves(question: Question, chosen: tuple[int, ...], weight: Fraction) -> list[Move]:
    """Return every better answer to a question; one that is not answered is taken for its lowest option."""
    if isinstance(question, Multiple):
        have = tuple(n for n in chosen if n != question.none)
        free = [n for n in range(1, question.size + 1) if n != question.none and n not in have]
        reached = [tuple(sorted((*have, *free[:more]))) for more in range(1, len(free) + 1)]
        steps = list(range(1, len(free) + 1))
    else:
        at = chosen[0] if chosen else 1
        reached = [(n,) for n in range(at + 1, question.size + 1)]
        steps = [n - at for n in range(at + 1, question.size + 1)]
    now = question.score(chosen) if chosen else Fraction(0)
    found = [
        Move(steps=count, points=(question.score(then) - now) * weight, chosen=then)
        for count, then in zip(steps, reached, strict=True)
    ]
    return [move for move in found if move.points > 0]


def fewest(ways: Sequence[Sequence[Move]], lack: Fraction) -> list[Move | None] | None:
    """Return the moves, one or none a question, that together bring at least `lack` points at the least cost.

    Cost: steps, then points, then how many questions; of equal ones that which changes earlier questions. None if no
    moves bring so many.
    """
    if lack <= 0:
        return [None] * len(ways)
    unit = lcm(lack.denominator, *(move.points.denominator for way in ways for move in way))
    least = int(lack * unit)
    shifts = [[(move.steps, int(move.points * unit)) for move in way] for way in ways]
    steps = _fewest_steps(shifts, least)
    if steps is None:
        return None
    reach = _reach(shifts, steps)
    ends = {count: sums >> least for (at, count), sums in reach[-1].items() if at == steps and sums >> least}
    points, count = min(((sums & -sums).bit_length() - 1 + least, count) for count, sums in ends.items())
    return _back(ways, shifts, reach, (steps, count), points)


def _fewest_steps(shifts: Sequence[Sequence[tuple[int, int]]], least: int) -> int | None:
    """Return in how many steps so many units can be reached at all: the most that each number of steps can bring."""
    most = {0: 0}
    for way in shifts:
        after = dict(most)
        for steps, units in most.items():
            for more, gain in way:
                after[steps + more] = max(after.get(steps + more, 0), units + gain)
        most = after
    return min((steps for steps, units in most.items() if units >= least), default=None)


def _reach(shifts: Sequence[Sequence[tuple[int, int]]], most: int) -> list[dict[State, int]]:
    """Return after each question which sums can be reached in how many steps and answers, as the bits of a number."""
    reach: list[dict[State, int]] = [{(0, 0): 1}]
    for way in shifts:
        before, after = reach[-1], dict(reach[-1])
        for (steps, count), sums in before.items():
            for more, gain in way:
                if steps + more <= most:
                    key = (steps + more, count + 1)
                    after[key] = after.get(key, 0) | sums << gain
        reach.append(after)
    return reach


def _back(
    ways: Sequence[Sequence[Move]],
    shifts: Sequence[Sequence[tuple[int, int]]],
    reach: Sequence[Mapping[State, int]],
    state: State,
    points: int,
) -> list[Move | None]:
    """Return the moves that lead to a sum; later questions are left alone where they can be."""
    chosen: list[Move | None] = []
    for number in range(len(ways) - 1, -1, -1):
        before = reach[number]
        taken: Move | None = None
        if not before.get(state, 0) >> points & 1:
            for move, (steps, gain) in zip(ways[number], shifts[number], strict=True):
                rest = (state[0] - steps, state[1] - 1)
                if gain <= points and before.get(rest, 0) >> (points - gain) & 1:
                    taken, state, points = move, rest, points - gain
                    break
        chosen.append(taken)
    return chosen[::-1]


def lifted(scenarios: Sequence[ScenarioLevel], gate: Gate) -> list[ScenarioLevel] | None:
    """Return the scenarios to lift to a gate's level, so that there are enough, at the fewest steps; None if too few.

    Of equal ones those that touch fewer scenarios, then fewer starred ones, then earlier ones.
    """
    cost = {one.id: max(0, gate.level - one.level) for one in scenarios}
    starred = sorted((one for one in scenarios if one.starred), key=lambda one: cost[one.id])
    others = sorted((one for one in scenarios if not one.starred), key=lambda one: cost[one.id])
    best: list[ScenarioLevel] | None = None
    best_cost = (0, 0)
    for count in range(min(gate.starred, len(starred)), len(starred) + 1):
        rest = max(gate.scenarios - count, 0)
        if count < gate.starred or rest > len(others):
            continue
        taken = [one for one in (*starred[:count], *others[:rest]) if cost[one.id]]
        here = (sum(cost[one.id] for one in taken), len(taken))
        if best is None or here < best_cost:
            best, best_cost = taken, here
    if best is None:
        return None
    order = {one.id: number for number, one in enumerate(scenarios)}
    return sorted(best, key=lambda one: order[one.id])


def way_to(
    book: Questionnaire,
    gate: Gate,
    chosen: Mapping[str, tuple[int, ...]],
    scenarios: Sequence[ScenarioLevel],
    total: Fraction,
    seen: dict[tuple[str, tuple[int, ...]], list[Move]],
) -> Way | None:
    """Return the cheapest way to a gate; None where no answers reach it. `seen` keeps the moves for other firms."""
    questions = list(book.questions())
    ways = []
    for question in questions:
        key = (question.id, chosen.get(question.id, ()))
        if key not in seen:
            seen[key] = moves(question, key[1], book.weights[question.id])
        ways.append(seen[key])
    taken, lifts = fewest(ways, gate.score - total), lifted(scenarios, gate)
    if taken is None or lifts is None:
        return None
    changes = [
        _answer(question, chosen.get(question.id, ()), move)
        for question, move in zip(questions, taken, strict=True)
        if move is not None
    ]
    changes += [_lift(book, scenario, gate) for scenario in lifts]
    points = sum((step.points for step in changes), Fraction(0))
    steps = sum(step.steps for step in changes)
    return Way(gate=gate.name, steps=steps, points=points, total=total + points, changes=tuple(changes))


def _answer(question: Question, before: tuple[int, ...], move: Move) -> Step:
    new = [n for n in move.chosen if n not in before] if isinstance(question, Multiple) else list(move.chosen)
    return Step(
        part=question.id,
        name=question.topic,
        before=";".join(map(str, before)),
        after=";".join(map(str, move.chosen)),
        steps=move.steps,
        points=move.points,
        cites=tuple(f"{question.id}.{n}" for n in new),
        sentences=tuple(question.options[n - 1].text for n in new),
    )


def _lift(book: Questionnaire, scenario: ScenarioLevel, gate: Gate) -> Step:
    levels = range(scenario.level + 1, gate.level + 1)
    spec = book.scenario_by_id[scenario.id]
    return Step(
        part=scenario.id,
        name=scenario.name,
        before=str(scenario.level),
        after=str(gate.level),
        steps=len(levels),
        points=Fraction(0),
        cites=tuple(f"{scenario.id}.{level}" for level in levels),
        sentences=tuple(spec.levels[level - 1].whole for level in levels),
    )
