"""What the oracle looks at: the counted events of one span, subject by subject and clause by clause."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from appraisal.model.clauses import Clause
from appraisal.model.clauses_counted import Amount, Occurrence
from appraisal.model.event import Event
from appraisal.model.periods import Period, Span
from appraisal.model.scorecard import Item, Scorecard

ZERO = Fraction(0)


@dataclass(frozen=True)
class View:
    """The counted events inside the span by subject and clause, each in order of date and id."""

    rulebook: Scorecard
    subjects: tuple[str, ...]
    events: Mapping[tuple[str, str], list[Event]]
    span: Span
    day: date | None

    def in_force(self, first_month: int, last_month: int) -> bool:
        """Say whether some day of these months lies in the validity of the rulebook."""
        first, last = Period(self.span.year, first_month).first, Period(self.span.year, last_month).last
        return not (last < self.rulebook.valid_from or first > self.rulebook.valid_to)

    def of(self, subject: str, clause: str) -> list[Event]:
        """Return one subject's events under one clause."""
        return self.events.get((subject, clause), [])

    def under(self, clause: str) -> list[Event]:
        """Return every subject's events under one clause."""
        return [e for subject in self.subjects for e in self.of(subject, clause)]

    def mine(self, subject: str) -> list[Event]:
        """Return one subject's events under all clauses, in order of date and id."""
        found = [e for (whose, _), events in self.events.items() if whose == subject for e in events]
        return sorted(found, key=lambda e: (e.date, e.id))


def item_clauses(item: Item) -> list[Clause]:
    """Return every clause of an item, those in nested groups too."""
    found = list(item.clauses)
    waiting = list(item.groups)
    while waiting:
        group = waiting.pop()
        found += group.clauses
        waiting += group.groups
    return found


def applies(clause: Clause, subject: str) -> bool:
    """Say whether a clause is for this subject."""
    return not clause.applies_to or subject in clause.applies_to


def one(event: Event, clause: Clause) -> Fraction:
    """Return the unsigned points of a single occurrence of this event."""
    if isinstance(clause, Amount):
        return event.value or ZERO
    if not isinstance(clause, Occurrence):
        return ZERO
    amount = clause.level_amount(event.level) or ZERO
    return amount * (event.value or ZERO) if clause.per == "value" else amount


@dataclass(frozen=True)
class Kept:
    """What one matter, one level or one time leaves of a subject's events."""

    void: frozenset[str]
    single: frozenset[str]


@dataclass
class Settling:
    """A subject's events while it is settled which of them stand."""

    events: list[Event]
    clauses: dict[str, Clause]
    void: set[str]
    single: set[str]

    def only_one(self, rivals: Iterable[Event]) -> None:
        """Let the dearest of those that stand count as one, the earliest of equals, and no other."""
        left = [e for e in rivals if e.id not in self.void]
        if left:
            best = min(left, key=lambda e: (-one(e, self.clauses[e.clause]), e.date, e.id))
            self.void.update(e.id for e in left if e is not best)
            self.single.add(best.id)

    def only_one_of_each_matter(self, among: Iterable[str]) -> None:
        """Let each matter count once among these clauses."""
        names = set(among)
        matters: dict[str, list[Event]] = {}
        for event in self.events:
            if event.matter and event.clause in names:
                matters.setdefault(event.matter, []).append(event)
        for rivals in matters.values():
            self.only_one(rivals)


def kept(view: View, subject: str) -> Kept:
    """Settle what counts once: prevailing clauses, one matter, one level in an item, and `once`, in this order."""
    rulebook = view.rulebook
    mine = view.mine(subject)
    clauses = {c.id: c for item in rulebook.items() for c in item_clauses(item)}
    occurrences = [c for c in clauses.values() if isinstance(c, Occurrence)]
    settling = Settling(mine, clauses, set(), set())
    overlaps = [o for o in rulebook.overlaps if o.active]
    for overlap in overlaps:
        settled = {e.matter for e in mine if e.clause == overlap.prevails and e.matter}
        settling.void.update(e.id for e in mine if e.clause in overlap.over and e.matter in settled)
    shared = {name for overlap in overlaps for name in overlap.together}
    alone = [[c.id] for c in occurrences if c.same_matter == "once" and c.id not in shared]
    for names in [*(overlap.together for overlap in overlaps), *alone]:
        settling.only_one_of_each_matter(names)
    for item in rulebook.items():
        once = {c.id for c in item_clauses(item) if isinstance(c, Occurrence) and c.level_effect == "once_per_item"}
        settling.only_one(e for e in mine if e.clause in once and e.level)
    for clause in occurrences:
        if clause.once:
            settling.only_one(e for e in mine if e.clause == clause.id)
    return Kept(frozenset(settling.void), frozenset(settling.single))
