"""The same questions answered in plain Python, slowly and obviously: what the engine's answers are held to."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations

from appraisal.model.conditions import Condition, FactSpec, Kind, Rule
from appraisal.model.edition import Edition
from appraisal.model.event import Event

Answer = tuple[str, str, str, int]  # the rule, and the clause, level and count of the event


def value_of(incident: Event, name: str, spec: FactSpec) -> str | int | None:
    """Return a fact as its type has it; None for a number that is absent and has no default."""
    given = {"matter": incident.matter, "note": incident.note, "count": incident.count}.get(name)
    if given is None:
        given = incident.facts.get(name, "")
    text = spec.default if given == "" else str(given)
    if spec.type == "text":
        return text
    return None if text == "" else int(text)


def holds(condition: Condition, value: str | int | None) -> bool:
    """Say whether a condition holds; a number that is absent meets none."""
    if value is None:
        return False
    if condition.contains is not None:
        return condition.contains in str(value)
    if condition.at_least is not None:
        return int(value) >= condition.at_least
    if condition.at_most is not None:
        return int(value) <= condition.at_most
    if condition.is_not is not None:
        return same(condition.is_not, value) is False
    words = condition.one_of or (condition.equals or "",)
    return any(same(word, value) for word in words)


def same(word: str, value: str | int) -> bool:
    """Compare a constant of the rulebook with a fact."""
    return int(word) == value if isinstance(value, int) else word == value


def applies(rule: Rule, kind: Kind, incident: Event) -> bool:
    """Say whether all conditions of a rule hold."""
    return incident.kind == rule.kind and all(
        holds(condition, value_of(incident, condition.fact, kind.facts[condition.fact])) for condition in rule.when
    )


def answer(edition: Edition, incident: Event) -> Answer | None:
    """Return what the first rule that applies makes of an incident."""
    kinds = {kind.id: kind for kind in edition.scorecard.inference.kinds}
    for rule in edition.scorecard.inference.rules:
        kind = kinds[rule.kind]
        if applies(rule, kind, incident):
            then = rule.then
            level = then.level
            if then.level_from:
                level = str(value_of(incident, then.level_from, kind.facts[then.level_from]))
            count = value_of(incident, then.count_from, kind.facts[then.count_from]) if then.count_from else 1
            return rule.id, then.clause, level, 1 if count is None else int(count)
    return None


def answers(edition: Edition, incidents: Iterable[Event]) -> dict[str, Answer | None]:
    """Return the answer for each incident."""
    return {incident.id: answer(edition, incident) for incident in incidents}


def double_charges(edition: Edition, events: Iterable[Event]) -> set[tuple[str, str, tuple[str, ...]]]:
    """Return subject, matter and the events' ids where two deducting clauses share a matter unsettled."""
    book = edition.rulebook
    deducting = {clause.id for clause in book.clauses() if getattr(clause, "sign", 0) < 0}
    told = [event for event in events if event.matter and event.clause in deducting]
    found = set()
    for one, other in combinations(told, 2):
        pair = {one.clause, other.clause}
        alike = (one.subject, one.matter) == (other.subject, other.matter) and len(pair) == 2
        settled = any(
            pair <= set(overlap.together)
            or (overlap.prevails in pair and pair - {overlap.prevails} <= set(overlap.over))
            for overlap in book.overlaps
            if overlap.active
        )
        if alike and not settled and any(_asks(join.first, join.second, one, other) for join in book.inference.joins):
            ids = {e.id for e in told if (e.subject, e.matter) == (one.subject, one.matter) and e.clause in pair}
            found.add((one.subject, one.matter, tuple(sorted(ids))))
    return found


def _asks(first: tuple[str, ...], second: tuple[str, ...], one: Event, other: Event) -> bool:
    straight = (not first or one.clause in first) and (not second or other.clause in second)
    return straight or ((not first or other.clause in first) and (not second or one.clause in second))


def repeats(edition: Edition, events: Iterable[Event]) -> set[tuple[str, str, tuple[str, ...]]]:
    """Return subject, clause and the first n events wherever a clause has n events of a subject in a month."""
    told = sorted(events, key=lambda event: (event.date, event.id))
    found = set()
    for repeat in edition.scorecard.inference.repeats:
        for last in told:
            like = [e.id for e in told if (e.subject, e.clause, e.when) == (last.subject, last.clause, last.when)]
            if last.clause in repeat.clauses and last.when.month and len(like) >= repeat.times:
                found.add((last.subject, last.clause, tuple(like[: repeat.times])))
    return found
