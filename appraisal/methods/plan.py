"""A rulebook compiled for computing: the constants of every clause as arrays, made once for a rulebook and a scale."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, lru_cache
from typing import TypeVar

import numpy as np

from appraisal.methods.columns import Bools, Ints, Roster, Scale, Vocabulary, spec_digits
from appraisal.model.clause_spec import ClauseSpec
from appraisal.model.clauses import Clause, Heading, Multiplier, Procedure, Veto
from appraisal.model.clauses_counted import Amount, Occurrence
from appraisal.model.clauses_duties import Deadline, Quota
from appraisal.model.clauses_judged import Compare, Gap, Grade, Tiers
from appraisal.model.clauses_scored import Composite, Relative, Score
from appraisal.model.edition import Edition
from appraisal.model.scorecard import Item, Scorecard

Kind = TypeVar("Kind", bound=ClauseSpec)


def constants(rulebook: Scorecard) -> Iterator[Fraction]:
    """Yield every amount whose multiples must be whole in the unit of points."""
    for item in rulebook.items():
        yield from (item.points, item.start, item.bonus)
        for limit in item.limits:
            yield from (bound for bound in (limit.max_gain, limit.max_loss) if bound is not None)
        for group in item.all_groups():
            yield group.points
    for clause in rulebook.clauses():
        yield from clause_constants(clause)


def clause_constants(clause: Clause) -> Iterator[Fraction]:  # noqa: C901, PLR0912  one case a method
    """Yield the amounts of one clause, alone and as factors of a figure."""
    match clause:
        case Occurrence():
            for word in ("", *clause.levels):
                amount = clause.level_amount(word)
                if amount is not None:
                    yield amount
                    yield amount * (clause.again.times if clause.again else 1)
        case Amount():
            yield from (bound for bound in (clause.least, clause.most, clause.step) if bound is not None)
        case Tiers():
            yield from (tier.points for tier in clause.tiers)
            yield from (level.points for level in clause.levels.values())
        case Grade():
            yield from (level.points for level in clause.levels.values())
        case Score():
            yield from (clause.worth, clause.worth / clause.full, clause.round or Fraction(1))
        case Composite():
            yield clause.worth
            yield from (weight * clause.worth / clause.full for weight in clause.parts.values())
        case Gap():
            yield from (clause.deduct, clause.deduct / clause.step, clause.most or Fraction(1))
        case Compare():
            yield clause.deduct
        case Relative():
            yield from (clause.worth, clause.round)
        case Quota():
            yield from (clause.deduct_each, clause.deduct_once, clause.most or Fraction(1))
        case Deadline():
            yield clause.deduct
        case Multiplier():
            yield clause.round
        case _:
            pass


@dataclass(frozen=True)
class Plan:
    """A rulebook with its words as numbers and its amounts as whole units.

    Arrays over clauses (length K) and levels: `amount[k, level]` is the signed cost of one occurrence in units.
    """

    edition: Edition
    words: Vocabulary
    scale: Scale
    digits: int
    items: tuple[Item, ...]
    item_of: Ints
    amount: Ints
    is_occurrence: Bools
    counted: Bools
    loggable: Bools

    @property
    def size(self) -> int:
        """How many clauses."""
        return len(self.words.clauses)

    @cached_property
    def clauses_of(self) -> tuple[tuple[int, ...], ...]:
        """The numbers of the clauses of each item."""
        found: list[list[int]] = [[] for _ in self.items]
        for k, number in enumerate(self.item_of.tolist()):
            found[number].append(k)
        return tuple(tuple(numbers) for numbers in found)

    @cached_property
    def items_of(self) -> tuple[tuple[int, ...], ...]:
        """The numbers of the items of each department."""
        number = {item.id: n for n, item in enumerate(self.items)}
        return tuple(tuple(number[item.id] for item in d.items) for d in self.edition.scorecard.departments)

    @cached_property
    def vetoes_of(self) -> tuple[tuple[tuple[int, Veto], ...], ...]:
        """The vetoes of each item, with their numbers."""
        clauses = self.words.clauses
        return tuple(
            tuple((k, clause) for k in numbers if isinstance(clause := clauses[k], Veto)) for numbers in self.clauses_of
        )

    def each(self, *kinds: type[Kind]) -> Iterator[tuple[int, Kind]]:
        """Yield the clauses of these methods with their numbers."""
        for k, clause in enumerate(self.words.clauses):
            if isinstance(clause, kinds):
                yield k, clause

    def excluded(self, roster: Roster) -> Bools:
        """Return which clauses (K) are not for which subjects (S)."""
        out = np.zeros((self.size, len(roster.ids)), dtype=np.bool_)
        ids = np.array(roster.ids)
        for k, clause in enumerate(self.words.clauses):
            if clause.applies_to:
                out[k] = ~np.isin(ids, np.array(clause.applies_to))
            if isinstance(clause, (Procedure, Heading)):
                out[k] = True
        return out


@lru_cache(maxsize=32)
def _compiled(key: _Key) -> Plan:
    edition, digits = key.edition, key.digits
    words = Vocabulary.of(edition.scorecard)
    scale = Scale.of(tuple(constants(edition.scorecard)), digits)
    items = tuple(edition.scorecard.items())
    item_index = [i for i, item in enumerate(items) for _ in item.all_clauses()]
    size = len(words.clauses)
    amount = np.zeros((size, len(words.level_of)), dtype=np.int64)
    counted = np.zeros(size, dtype=np.bool_)
    for k, clause in enumerate(words.clauses):
        if isinstance(clause, Occurrence):
            counted[k] = clause.count == "counted"
            for word in ("", *clause.levels):
                points = clause.level_amount(word)
                if points is not None:
                    amount[k, words.level_of[word]] = clause.sign * scale.points(points)
    return Plan(
        edition=edition,
        words=words,
        scale=scale,
        digits=digits,
        items=items,
        item_of=np.array(item_index, dtype=np.int64),
        amount=amount,
        is_occurrence=np.array([isinstance(c, Occurrence) for c in words.clauses], dtype=np.bool_),
        counted=counted,
        loggable=np.array([c.inputs().loggable for c in words.clauses], dtype=np.bool_),
    )


@dataclass(frozen=True)
class _Key:
    """A rulebook version and scale, equal when hash, readings and digits are."""

    edition: Edition
    digits: int

    def __hash__(self) -> int:
        return hash((self.edition.hash, tuple(sorted(self.edition.readings.items())), self.digits))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, _Key):
            return NotImplemented
        mine, theirs = self.edition, other.edition
        same = mine.hash == theirs.hash and dict(mine.readings) == dict(theirs.readings)
        return same and self.digits == other.digits


def compile_plan(edition: Edition, digits: int | None = None) -> Plan:
    """Return the compiled rulebook for figures of so many decimals."""
    words_digits = spec_digits(Vocabulary.of(edition.scorecard)) if digits is None else digits
    return _compiled(_Key(edition, words_digits))
