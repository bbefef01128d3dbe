"""Even-handedness: points by department and community, one matter charged twice, how severe officers are.

Figures to look at, not to judge by: a small number of entries says little, and is marked so.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from appraisal.model.event import Event
from appraisal.model.periods import Span
from appraisal.model.standing import Assessment
from appraisal.office.desk import Desk
from appraisal.office.yearbook import Yearbook

FEW = 10
"""Below so many entries a mean says little."""


@dataclass(frozen=True, kw_only=True)
class Cell:
    """What a department gave and took of a community: points that count, and by how many entries."""

    department: str
    subject: str
    points: Fraction
    entries: int


@dataclass(frozen=True, kw_only=True)
class Twice:
    """One matter of one community under several entries that count, with the departments they belong to."""

    matter: str
    subject: str
    events: tuple[Event, ...]
    departments: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Severity:
    """How much an officer took by entry, beside what all took by entry under the same clauses.

    `few`: so few entries that the difference may be chance. The actor is the id of an account.
    """

    actor: str
    department: str
    entries: int
    taken: Fraction
    mean: Fraction
    expected: Fraction
    few: bool


@dataclass(frozen=True, kw_only=True)
class Evenness:
    """The figures of the page of even-handedness, of a span."""

    cells: tuple[Cell, ...]
    twice: tuple[Twice, ...]
    severities: tuple[Severity, ...]


def evenness(desk: Desk, rulebook: str, span: Span, *, day: date) -> Evenness:
    """Return the figures of a span; by department in the order of the rulebook, by community in that of the roster."""
    return desk.house.memo(
        desk.office.id, ("evenness", rulebook, span, day), lambda: _evenness(desk, rulebook, span, day)
    )


def _evenness(desk: Desk, rulebook: str, span: Span, day: date) -> Evenness:
    book = desk.house.yearbook(desk.office.id, rulebook, span.year)
    found = desk.house.standings(desk.office.id, rulebook, span, day=day)
    return Evenness(
        cells=tuple(_cells(book, found)),
        twice=tuple(_twice(book, span)),
        severities=tuple(_severities(book, found)),
    )


def _cells(book: Yearbook, found: Assessment) -> Iterator[Cell]:
    rules = book.edition.scorecard
    departments = [d.id for d in rules.departments]
    for name in (*departments, ""):
        for standing in found.standings:
            points, number = Fraction(0), 0
            for item in standing.items:
                for entry in item.entries:
                    if entry.events and entry.counted is not None and rules.supplier(entry.clause) == name:
                        points += entry.counted
                        number += 1
            if name or number:
                yield Cell(department=name, subject=standing.subject, points=points, entries=number)


def _twice(book: Yearbook, span: Span) -> Iterator[Twice]:
    by_matter: dict[tuple[str, str], list[Event]] = defaultdict(list)
    for event in book.counted:
        if event.matter and span.contains(event.when):
            by_matter[event.matter, event.subject].append(event)
    for (matter, subject), events in sorted(by_matter.items()):
        if len(events) > 1:
            names = tuple(dict.fromkeys(book.department(event) for event in events))
            yield Twice(matter=matter, subject=subject, events=tuple(events), departments=names)


def _severities(book: Yearbook, found: Assessment) -> Iterator[Severity]:
    taken: dict[str, list[tuple[str, Fraction]]] = defaultdict(list)
    by_clause: dict[str, list[Fraction]] = defaultdict(list)
    departments: dict[str, str] = {}
    for event, points in _taken(book, found):
        by_clause[event.clause].append(points)
        if actor := event.actor:
            taken[actor].append((event.clause, points))
            departments.setdefault(actor, book.department(event))
    means = {clause: sum(points, Fraction(0)) / len(points) for clause, points in by_clause.items()}
    for actor, entries in sorted(taken.items(), key=lambda found: (departments[found[0]], found[0])):
        yield _severity(actor, departments[actor], entries, means)


def _taken(book: Yearbook, found: Assessment) -> Iterator[tuple[Event, Fraction]]:
    """Yield each entry that took points, with how many before any budget: the officer's choice, not the cap's."""
    for standing in found.standings:
        for item in standing.items:
            for entry in item.entries:
                line = book.lines.get(entry.events[0]) if len(entry.events) == 1 else None
                if line is not None and entry.counted is not None and entry.points < 0:
                    yield line.event, -entry.points


def _severity(
    actor: str, department: str, entries: list[tuple[str, Fraction]], means: Mapping[str, Fraction]
) -> Severity:
    taken = sum((points for _, points in entries), Fraction(0))
    return Severity(
        actor=actor,
        department=department,
        entries=len(entries),
        taken=taken,
        mean=taken / len(entries),
        expected=sum((means[clause] for clause, _ in entries), Fraction(0)) / len(entries),
        few=len(entries) < FEW,
    )
