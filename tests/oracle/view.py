"""What the oracle looks at: the counted events of one span, subject by subject and clause by clause."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from appraisal.model.clauses import Amount, Clause, Occurrence
from appraisal.model.event import Event
from appraisal.model.periods import Span
from appraisal.model.rulebook import Item, Rulebook

ZERO = Fraction(0)


@dataclass(frozen=True)
class View:
    """The counted events inside the span, of the subjects of the run, in order of date and id."""

    rulebook: Rulebook
    subjects: tuple[str, ...]
    events: tuple[Event, ...]
    span: Span
    day: date | None

    def of(self, subject: str, clause: str) -> list[Event]:
        """Return one subject's events under one clause."""
        return [e for e in self.events if e.subject == subject and e.clause == clause]

    def under(self, clause: str) -> list[Event]:
        """Return every subject's events under one clause."""
        return [e for e in self.events if e.clause == clause]


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
        for matter in {e.matter for e in self.events if e.matter}:
            self.only_one(e for e in self.events if e.matter == matter and e.clause in names)


def kept(view: View, subject: str) -> Kept:
    """Settle what counts once: prevailing clauses, one matter, one level in an item, and `once`, in this order."""
    rulebook = view.rulebook
    mine = [e for e in view.events if e.subject == subject]
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
