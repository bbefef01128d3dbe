"""What is wrong with the inference section of a rulebook, found before anything runs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from appraisal.errors import Finding
from appraisal.inference.domain import Domain, Earlier, domains
from appraisal.inference.facts import COLUMNS, LARGEST
from appraisal.model.clauses import Clause
from appraisal.model.conditions import Condition, FactSpec, Inference, Kind, Rule
from appraisal.model.scorecard import Scorecard

Path = tuple[str | int, ...]
Args = dict[str, str]
NUMBERS = ("count", "value", "benchmark")
OPERATORS = ("equals", "is_not", "one_of", "contains", "at_least", "at_most")


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One thing wrong, with its path inside the rulebook: `("inference", "rules", 3, "then", "clause")`."""

    code: str
    path: Path
    args: Args

    def finding(self) -> Finding:
        """Return it without a place in a file."""
        return Finding(code=self.code, args=self.args)


def problems(rulebook: Scorecard) -> list[Problem]:
    """Return everything wrong in the rulebook's inference that can be told without an engine."""
    inference = rulebook.inference
    clauses = {clause.id: clause for clause in rulebook.clauses()}
    kinds = {kind.id: kind for kind in inference.kinds}
    found = [
        *_repeated("kinds", [kind.id for kind in inference.kinds]),
        *_repeated("rules", [rule.id for rule in inference.rules]),
        *_repeated("joins", [join.id for join in inference.joins]),
        *_repeated("repeats", [repeat.id for repeat in inference.repeats]),
    ]
    for number, kind in enumerate(inference.kinds):
        found += _kind(kind, ("inference", "kinds", number))
    sound: list[tuple[int, Rule, Kind]] = []
    for number, rule in enumerate(inference.rules):
        wrong = list(_rule(rule, kinds, clauses, ("inference", "rules", number)))
        found += wrong
        if not wrong:
            sound.append((number, rule, kinds[rule.kind]))
    return [*found, *_unanswering(sound), *_named(inference, set(clauses))]


def _named(inference: Inference, clauses: set[str]) -> Iterator[Problem]:
    """Yield the clauses that joins and repeats name and the rulebook does not have."""
    named: list[tuple[Path, tuple[str, ...]]] = []
    for number, join in enumerate(inference.joins):
        where = ("inference", "joins", number)
        named += [((*where, "first"), join.first), ((*where, "second"), join.second)]
    named += [
        (("inference", "repeats", number, "clauses"), one.clauses) for number, one in enumerate(inference.repeats)
    ]
    for path, ids in named:
        yield from (Problem(code="I008", path=path, args={"clause": one}) for one in ids if one not in clauses)


def _repeated(part: str, ids: list[str]) -> list[Problem]:
    again = [n for n, one in enumerate(ids) if one in ids[:n]]
    return [Problem(code="I011", path=("inference", part, n, "id"), args={"id": ids[n]}) for n in again]


def _kind(kind: Kind, path: Path) -> Iterator[Problem]:
    for fact, spec in kind.facts.items():
        where, args = (*path, "facts", fact), {"kind": kind.id, "fact": fact}
        if fact not in COLUMNS and not fact.startswith("x_"):
            yield Problem(code="I013", path=where, args={**args, "columns": ", ".join(COLUMNS)})
        if spec.default and spec.words and spec.default not in spec.words:
            yield Problem(
                code="I004",
                path=(*where, "default"),
                args={**args, "word": spec.default, "words": "、".join(spec.words)},
            )
        if spec.type == "text" and fact in NUMBERS:
            yield Problem(code="I005", path=where, args={**args, "word": "text"})
        if spec.type == "whole" and not all(_whole(word) for word in (*spec.words, spec.default or "0")):
            yield Problem(code="I005", path=where, args={**args, "word": spec.default})


def _whole(word: str) -> bool:
    body = word.removeprefix("-")
    return body.isascii() and body.isdigit() and abs(int(body)) <= LARGEST


def _rule(rule: Rule, kinds: dict[str, Kind], clauses: dict[str, Clause], path: Path) -> Iterator[Problem]:
    kind = kinds.get(rule.kind)
    if kind is None:
        yield Problem(
            code="I001", path=(*path, "kind"), args={"rule": rule.id, "kind": rule.kind, "kinds": "、".join(kinds)}
        )
        return
    wrong = [
        problem
        for number, condition in enumerate(rule.when)
        for problem in _condition(rule, condition, kind, (*path, "when", number))
    ]
    yield from wrong
    yield from _outcome(rule, kind, clauses, (*path, "then"), levels=() if wrong else _possible_levels(rule, kind))


def _condition(rule: Rule, condition: Condition, kind: Kind, path: Path) -> Iterator[Problem]:
    args = {"rule": rule.id, "fact": condition.fact, "kind": kind.id}
    spec = kind.facts.get(condition.fact)
    if spec is None:
        yield Problem(code="I002", path=(*path, "fact"), args={**args, "facts": "、".join(kind.facts)})
        return
    given = [name for name in OPERATORS if getattr(condition, name) not in {None, ()}]
    if len(given) != 1:
        yield Problem(code="I003", path=path, args={**args, "given": "、".join(given) or "0"})
        return
    yield from _constants(condition, spec, given[0], args, path)


def _constants(condition: Condition, spec: FactSpec, operator: str, args: Args, path: Path) -> Iterator[Problem]:
    bound = condition.at_least if condition.at_least is not None else condition.at_most
    words = [word for word in (condition.equals, condition.is_not, *condition.one_of) if word is not None]
    fits = (bound is None) if spec.type == "text" else (operator != "contains")
    if not fits or (spec.type == "whole" and not all(_whole(word) for word in words)):
        yield Problem(
            code="I005", path=path, args={**args, "word": "、".join(words) or condition.contains or str(bound)}
        )
    elif bound is not None and abs(bound) > LARGEST:
        yield Problem(code="I012", path=path, args={**args, "number": str(bound), "limit": str(LARGEST)})
    elif spec.words and spec.type == "text":
        known = {*spec.words, spec.default}
        yield from (
            Problem(code="I004", path=path, args={**args, "word": word, "words": "、".join(spec.words)})
            for word in words
            if word not in known
        )


def _outcome(
    rule: Rule, kind: Kind, clauses: dict[str, Clause], path: Path, *, levels: tuple[str, ...]
) -> Iterator[Problem]:
    then = rule.then
    clause = clauses.get(then.clause)
    if clause is None or not clause.inputs().loggable:
        yield Problem(code="I008", path=(*path, "clause"), args={"clause": then.clause})
        return
    args = {"rule": rule.id, "clause": clause.id}
    inputs = clause.inputs()
    if inputs.parts or inputs.benchmark_needed or (inputs.value and inputs.value_needed and not inputs.level_for_value):
        yield Problem(code="I014", path=(*path, "clause"), args=args)
    for name, wanted in (("level_from", "text"), ("count_from", "whole")):
        fact = getattr(then, name)
        if fact and (fact not in kind.facts or kind.facts[fact].type != wanted):
            yield Problem(code="I015", path=(*path, name), args={**args, "fact": fact, "type": wanted})
    known = "、".join(inputs.levels) or "—"
    for word in levels:
        if word not in inputs.levels and (word or inputs.level_needed):
            yield Problem(code="I009", path=(*path, "level"), args={**args, "level": word, "levels": known})


def _possible_levels(rule: Rule, kind: Kind) -> tuple[str, ...]:
    """Return the levels that an outcome can give, as far as the rulebook tells."""
    if not rule.then.level_from:
        return (rule.then.level,)
    level = domains(rule, kind).get(rule.then.level_from, Domain())
    words = level.values() or ()
    return tuple(sorted(map(str, words)))


def _unanswering(rules: list[tuple[int, Rule, Kind]]) -> Iterator[Problem]:
    """Yield the rules that contradict themselves, or that an earlier rule of their kind leaves nothing to answer."""
    before: dict[str, Earlier] = {}
    for number, rule, kind in rules:
        own = domains(rule, kind)
        path = ("inference", "rules", number)
        if any(domain.values() == frozenset() for domain in own.values()):
            yield Problem(code="I007", path=path, args={"rule": rule.id})
            continue
        earlier = before.setdefault(kind.id, Earlier())
        covering = earlier.covering(own)
        if covering is not None:
            yield Problem(code="I006", path=path, args={"rule": rule.id, "earlier": covering})
        earlier.add(rule.id, own)
