"""The rules of a rulebook as the engine takes them: flat conditions, nested kind → words → numbers, within its limits.

The limits are the engine's own, measured, with a margin. Beyond them it hangs, answers wrongly or ends the process, so
nothing beyond them is ever given to it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from math import prod
from typing import Any

from appraisal.inference.checks import Problem, problems
from appraisal.inference.domain import typed
from appraisal.inference.facts import Fact
from appraisal.model.conditions import Condition, FactSpec, Inference, Kind, Rule
from appraisal.model.rulebook import Rulebook
from appraisal.model.scorecard import Scorecard

SIBLINGS = 500  # different conditions at one level: 512 fill the engine's table and it searches for ever
TRUE_AT_ONCE = 59  # conditions of one incident that wait to be followed: its stack holds 64
RULES = 4_000  # after words of `one_of` are taken apart; priorities are 16-bit numbers
FIELDS = 90  # of a message: the engine takes 255, and 100 are the product's limit
NO_RULE = "none"

Test = tuple[int, str, str, Any]  # stage, field, operator, constant: sorted, this is the nesting


@dataclass(frozen=True, kw_only=True)
class Plan:
    """The engine's rules, which rule of the rulebook each stands for, and what a message of each kind holds."""

    definition: Mapping[str, Any] = field(default_factory=dict)
    rules: Mapping[str, Rule] = field(default_factory=dict)
    contained: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    read: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass
class Node:
    """What the engine makes of conditions that begin alike."""

    below: dict[Test, Node] = field(default_factory=dict)

    def true_at_once(self) -> int:
        """Return how many conditions of one incident can wait at most; being equal to one constant excludes another."""
        single = {test[1] for test in self.below if test[2] == "="}
        here = len(single) + sum(test[2] != "=" for test in self.below)
        return here + max((node.true_at_once() for node in self.below.values()), default=0)

    def siblings(self) -> int:
        """Return the largest number of different conditions at one level."""
        return max(len(self.below), *(node.siblings() for node in self.below.values()), 0)


def checked_plan(rulebook: Scorecard) -> tuple[Plan, list[Problem]]:
    """Return the engine's rules for a rulebook, and everything wrong with its inference, limits included."""
    wrong = problems(rulebook)
    return (Plan(), wrong) if wrong else plan(rulebook.inference)


def inference_problems(rulebook: Rulebook) -> list[Problem]:
    """Return everything wrong in the rulebook's inference, with paths inside it, before anything runs."""
    return checked_plan(rulebook)[1] if isinstance(rulebook, Scorecard) else []


def plan(inference: Inference) -> tuple[Plan, list[Problem]]:
    """Return the engine's rules for checked rules of a rulebook, and where they are more than it can hold."""
    kinds = {kind.id: kind for kind in inference.kinds}
    contained = {one.id: tuple(sorted(_contained(inference.rules, one))) for one in inference.kinds}
    read = {one.id: tuple(sorted(_read(inference.rules, one))) for one in inference.kinds}
    many = sum(prod(len(condition.one_of) or 1 for condition in rule.when) for rule in inference.rules)
    if many >= RULES:  # not even taken apart
        return Plan(), list(_over(many + 1, Node(), 0))
    definition: dict[str, Any] = {}
    rules: dict[str, Rule] = {}
    root = Node()
    seen: set[tuple[Test, ...]] = set()
    for number, rule in enumerate(inference.rules, start=1):
        kind = kinds[rule.kind]
        for part, tests in enumerate(_alternatives(rule, kind, contained[kind.id])):
            if tests in seen:  # the earlier rule answers
                continue
            seen.add(tests)
            name = f"r{number}_{part}"
            rules[name] = rule
            definition[name] = engine_rule([_condition(test) for test in tests], number)
            _grow(root, tests)
    definition[NO_RULE] = engine_rule([{"here": 1}], len(inference.rules) + 1)
    _grow(root, [(0, "here", "=", 1)])
    made = Plan(definition=definition, rules=rules, contained=contained, read=read)
    fields = max((_fields(kind, read[kind.id], contained[kind.id]) for kind in inference.kinds), default=0)
    return made, list(_over(len(definition), root, fields))


def _fields(kind: Kind, read: Sequence[str], contained: Sequence[object]) -> int:
    """Return how many fields the facts of a kind take; a number has a second one that says whether it was given."""
    return len(contained) + sum(2 if kind.facts[fact].type == "whole" else 1 for fact in read)


def _over(rules: int, root: Node, fields: int) -> Iterable[Problem]:
    measured = (
        ("I010", rules, RULES),
        ("I016", root.siblings(), SIBLINGS),
        ("I017", root.true_at_once(), TRUE_AT_ONCE),
        ("I018", fields, FIELDS),
    )
    for code, number, limit in measured:
        if number > limit:
            args = {"number": str(number), "limit": str(limit)}
            yield Problem(code=code, path=("inference", "rules"), args=args)


def engine_rule(conditions: Sequence[Mapping[str, Any]], priority: int) -> dict[str, Any]:
    """Return one rule for one message; the conditions go as a list, because of two keys in one object one is lost."""
    return {"all": [{"m": {"$and": list(conditions)}}], "pri": priority}


def _grow(root: Node, tests: Iterable[Test]) -> None:
    node = root
    for test in tests:
        node = node.below.setdefault(test, Node())


def _read(rules: Sequence[Rule], kind: Kind) -> set[str]:
    return {c.fact for rule in rules if rule.kind == kind.id for c in rule.when if c.contains is None}


def _contained(rules: Sequence[Rule], kind: Kind) -> set[tuple[str, str]]:
    return {(c.fact, c.contains) for rule in rules if rule.kind == kind.id for c in rule.when if c.contains is not None}


def _alternatives(rule: Rule, kind: Kind, contained: Sequence[tuple[str, str]]) -> Iterable[tuple[Test, ...]]:
    """Return the rule as conjunctions: each `one_of` taken apart, the tests in the order of nesting, none twice."""
    choices = [_tests(condition, kind.facts[condition.fact], contained) for condition in rule.when]
    for chosen in product(*choices):
        tests = {(0, "kind", "=", kind.id), *(test for tests in chosen for test in tests)}
        yield tuple(sorted(tests, key=lambda test: (test[:3], str(test[3]))))


def _tests(condition: Condition, spec: FactSpec, contained: Sequence[tuple[str, str]]) -> list[tuple[Test, ...]]:
    """Return what a condition asks of a message; several where any one of them is enough."""
    key = field_of(condition.fact)
    if condition.contains is not None:
        place = contained.index((condition.fact, condition.contains))
        return [((2, contains_field(place), "=", True),)]
    known: tuple[Test, ...] = ((2, known_field(condition.fact), "=", True),) if spec.type == "whole" else ()
    if condition.equals is not None or condition.one_of:
        words = sorted({typed(word, spec) for word in condition.one_of or (condition.equals or "",)}, key=str)
        return [(*known, (1, key, "=", word)) for word in words]
    if condition.is_not is not None:
        return [(*known, (3, key, "$neq", typed(condition.is_not, spec)))]
    operator, bound = ("$lte", condition.at_most) if condition.at_least is None else ("$gte", condition.at_least)
    return [(*known, (4, key, operator, bound))]


def _condition(test: Test) -> dict[str, Any]:
    _, key, operator, constant = test
    return {key: constant} if operator == "=" else {operator: {key: constant}}


def field_of(fact: str) -> str:
    """Return the message's key for a fact; a prefix keeps facts apart from the engine's own keys."""
    return f"f_{fact}"


def known_field(fact: str) -> str:
    """Return the key that says whether a number was given: without it no condition on the number holds."""
    return f"k_{fact}"


def contains_field(place: int) -> str:
    """Return the key that says whether a text contains a word.

    The engine's own text search is a home-made automaton over escaped bytes, so this is settled before.
    """
    return f"c_{place}"


def message(made: Plan, kind: str, facts: Mapping[str, Fact], number: int) -> str:
    """Return the line for an incident: flat text, whole numbers and booleans, every field that a condition reads."""
    flat: dict[str, str | int | bool] = {"id": number, "sid": "1", "n": number, "here": 1, "kind": kind}
    for fact in made.read[kind]:
        value = facts[fact]
        if isinstance(value, str):
            flat[field_of(fact)] = value
        else:
            flat[known_field(fact)] = value is not None
            flat[field_of(fact)] = 0 if value is None else value
    for place, (fact, word) in enumerate(made.contained[kind]):
        flat[contains_field(place)] = word in str(facts[fact])
    return json.dumps(flat, ensure_ascii=False, separators=(",", ":"))
