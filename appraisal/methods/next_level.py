"""The cheapest way to the next level, by exact search over all answers.

The two parts of a gate have nothing in common, so each is searched alone. The score: which sums of points can be
reached in how many steps, for all questions one after the other; a set of sums is one whole number whose bits are the
sums. The scenarios: so many starred ones and others, the cheapest of each, for every way to split them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, lcm

from appraisal.model.levels import ScenarioLevel, Step, Way
from appraisal.model.questionnaire import Gate, Questionnaire
from appraisal.model.questions import Multiple, Question


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

    Cost: steps, then points; of equal ones that which changes earlier questions. None if no moves bring so many.
    """
    if lack <= 0:
        return [None] * len(ways)
    unit = lcm(lack.denominator, *(move.points.denominator for way in ways for move in way))
    reach: list[dict[int, int]] = [{0: 1}]
    for way in ways:
        before, after = reach[-1], dict(reach[-1])
        shifts = [(move.steps, move.points.numerator * (unit // move.points.denominator)) for move in way]
        for steps, sums in before.items():
            for more, shift in shifts:
                after[steps + more] = after.get(steps + more, 0) | sums << shift
        reach.append(after)
    least = ceil(lack * unit)
    for steps in sorted(reach[-1]):
        enough = reach[-1][steps] >> least
        if enough:
            points = least + (enough & -enough).bit_length() - 1
            return _back(ways, reach, steps, points, unit)
    return None


def _back(
    ways: Sequence[Sequence[Move]], reach: Sequence[Mapping[int, int]], steps: int, points: int, unit: int
) -> list[Move | None]:
    chosen: list[Move | None] = []
    for way, before in zip(reversed(ways), reversed(reach[:-1]), strict=True):
        taken: Move | None = None
        if not before.get(steps, 0) >> points & 1:
            taken = next(move for move in way if _leads(before, move, steps, points, unit))
            steps, points = steps - taken.steps, points - int(taken.points * unit)
        chosen.append(taken)
    return chosen[::-1]


def _leads(before: Mapping[int, int], move: Move, steps: int, points: int, unit: int) -> bool:
    rest = points - int(move.points * unit)
    return rest >= 0 and bool(before.get(steps - move.steps, 0) >> rest & 1)


def lifted(scenarios: Sequence[ScenarioLevel], gate: Gate) -> list[ScenarioLevel] | None:
    """Return the scenarios to lift to a gate's level, so that there are enough, at the fewest steps; None if too few.

    Of equal ones those that touch fewer scenarios, then earlier ones.
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
