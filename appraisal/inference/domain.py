"""Which values of a fact satisfy all conditions of a rule on it: to find rules that contradict or cover one another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from appraisal.model.conditions import Condition, FactSpec, Kind, Rule

Value = str | int


@dataclass(frozen=True)
class Domain:
    """The values of one fact: a finite set or all within bounds, less some values; texts by what they hold too."""

    allowed: frozenset[Value] | None = None
    excluded: frozenset[Value] = frozenset()
    contained: frozenset[str] = frozenset()
    low: int | None = None
    high: int | None = None

    def holds(self, value: Value) -> bool:
        """Say whether a value is in it."""
        if value in self.excluded or (self.allowed is not None and value not in self.allowed):
            return False
        if isinstance(value, str):
            return all(part in value for part in self.contained) and self.low is None and self.high is None
        return (
            (self.low is None or value >= self.low) and (self.high is None or value <= self.high) and not self.contained
        )

    def values(self) -> frozenset[Value] | None:
        """Return every value in it where they are finitely many."""
        if self.allowed is not None:
            return frozenset(value for value in self.allowed if self.holds(value))
        if self.low is not None and self.high is not None and self.low > self.high:
            return frozenset()
        return None

    def within(self, other: Domain) -> bool:
        """Say whether every value in it is in the other one too; False where that can't be told."""
        values = self.values()
        if values is not None:
            return all(other.holds(value) for value in values)
        if other.allowed is not None or any(self.holds(value) for value in other.excluded):
            return False
        if any(not any(part in own for own in self.contained) for part in other.contained):
            return False
        above = other.low is None or (self.low is not None and self.low >= other.low)
        return above and (other.high is None or (self.high is not None and self.high <= other.high))


def domains(rule: Rule, kind: Kind) -> Mapping[str, Domain]:
    """Return the domain of each fact of the kind under a rule whose conditions are sound; of unread facts too."""
    found = {name: _start(spec) for name, spec in kind.facts.items()}
    for condition in rule.when:
        found[condition.fact] = narrowed(found[condition.fact], condition, kind.facts[condition.fact])
    return found


class Earlier:
    """The rules of one kind so far, kept by values so that one that covers a later rule is found among many."""

    def __init__(self) -> None:
        self._rules: list[tuple[str, list[tuple[str, Domain]]]] = []
        self._by_value: dict[tuple[str, Value], list[int]] = {}
        self._others: list[int] = []

    def add(self, name: str, own: Mapping[str, Domain]) -> None:
        """Add the next rule of the file."""
        number = len(self._rules)
        self._rules.append((name, [(fact, domain) for fact, domain in own.items() if domain != Domain()]))
        finite = [
            (len(values), fact, values) for fact, domain in own.items() if (values := domain.values()) is not None
        ]
        if not finite:
            self._others.append(number)
            return
        _, fact, values = min(finite, key=lambda one: one[:2])
        for value in values:
            self._by_value.setdefault((fact, value), []).append(number)

    def covering(self, own: Mapping[str, Domain]) -> str | None:
        """Return the first rule that answers whatever this one could; its values on any fact include all of these."""
        found = set(self._others)
        for fact, domain in own.items():
            for value in sorted(domain.values() or (), key=str)[:1]:
                found.update(self._by_value.get((fact, value), ()))
        for name, domains_of in (self._rules[number] for number in sorted(found)):
            if all(own[fact].within(domain) for fact, domain in domains_of):
                return name
        return None


def _start(spec: FactSpec) -> Domain:
    if spec.type == "whole" or not spec.words:
        return Domain()
    absent = () if spec.needed == "true" else (spec.default,)
    return Domain(allowed=frozenset((*spec.words, *absent)))


def narrowed(domain: Domain, condition: Condition, spec: FactSpec) -> Domain:
    """Return the part of a domain in which a condition holds too."""
    if condition.equals is not None or condition.one_of:
        words = condition.one_of or (condition.equals or "",)
        values = frozenset(typed(word, spec) for word in words)
        return replace(domain, allowed=values if domain.allowed is None else values & domain.allowed)
    if condition.is_not is not None:
        return replace(domain, excluded=domain.excluded | {typed(condition.is_not, spec)})
    if condition.contains is not None:
        return replace(domain, contained=domain.contained | {condition.contains})
    lows = [bound for bound in (domain.low, condition.at_least) if bound is not None]
    highs = [bound for bound in (domain.high, condition.at_most) if bound is not None]
    return replace(domain, low=max(lows, default=None), high=min(highs, default=None))


def typed(word: str, spec: FactSpec) -> Value:
    """Return a constant as the fact's type has it; ValueError where it is none."""
    return int(word) if spec.type == "whole" else word
