"""公布后变了什么: what was published against what the log says today, each difference with the lines that caused it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from appraisal.model.codec import decode
from appraisal.model.event import Event
from appraisal.model.periods import Span
from appraisal.model.standing import Assessment, Standing
from appraisal.office.consequence import Place
from appraisal.office.desk import Desk
from appraisal.store.closings import Closing
from appraisal.store.lines import Line


@dataclass(frozen=True, kw_only=True)
class ItemChange:
    """An item whose score is another than published; `because` are lines since that touch it."""

    item: str
    name: str
    before: Fraction
    after: Fraction
    because: tuple[Line, ...]


@dataclass(frozen=True, kw_only=True)
class Difference:
    """A subject whose score or rank is another than published.

    `because` are the lines since the closing about this subject; none: others' changes moved it (a rank, a comparison).
    """

    subject: str
    name: str
    before: Place
    after: Place
    items: tuple[ItemChange, ...]
    because: tuple[Line, ...]


@dataclass(frozen=True, kw_only=True)
class Restatement:
    """A published span beside what it would be today.

    `rules_changed`: the rulebook in force or the program is another than at the closing. `since` are all lines
    recorded since that bear on the span.
    """

    closing: Closing
    published: Assessment
    today: Assessment
    differences: tuple[Difference, ...]
    since: tuple[Line, ...]
    rules_changed: bool


def published(desk: Desk, rulebook: str, span: Span) -> tuple[Closing, Assessment] | None:
    """Return the last closing of a span with its standings, which do not move; None where there is none."""
    closing = desk.house.closings.latest(desk.office.id, rulebook, str(span))
    return None if closing is None else (closing, decode(closing.document))


def restatement(desk: Desk, rulebook: str, span: Span, *, day: date) -> Restatement | None:
    """Return what changed since a span was published; None where it was not."""
    found = published(desk, rulebook, span)
    if found is None:
        return None
    closing, then = found
    today = desk.house.standings(desk.office.id, rulebook, span, day=day)
    book = desk.house.yearbook(desk.office.id, rulebook, span.year)
    since = tuple(
        line
        for line in book.lines.values()
        if line.position > closing.anchor.position and span.contains(line.event.when) and line.event.subject
    )
    old = {standing.subject: standing for standing in then.standings}
    differences = tuple(
        difference
        for standing in today.standings
        if standing.subject in old and (difference := _difference(old[standing.subject], standing, since)) is not None
    )
    return Restatement(
        closing=closing,
        published=then,
        today=today,
        differences=tuple(sorted(differences, key=lambda d: (d.after.rank, d.subject))),
        since=since,
        rules_changed=(then.rulebook_hash, then.engine) != (today.rulebook_hash, today.engine),
    )


def _difference(before: Standing, after: Standing, since: Iterable[Line]) -> Difference | None:
    if (before.total, before.rank) == (after.total, after.rank):
        return None
    mine = tuple(line for line in since if line.event.subject == after.subject)
    return Difference(
        subject=after.subject,
        name=after.name,
        before=Place(total=before.total, rank=before.rank),
        after=Place(total=after.total, rank=after.rank),
        items=tuple(_items(before, after, mine)),
        because=mine,
    )


def _items(before: Standing, after: Standing, mine: Iterable[Line]) -> Iterable[ItemChange]:
    old = {item.id: item for item in before.items}
    for item in after.items:
        was = old.get(item.id)
        if was is None or was.score == item.score:
            continue
        events = {e for entry in (*was.entries, *item.entries) for e in entry.events}
        because = tuple(line for line in mine if _touches(line.event, events))
        yield ItemChange(item=item.id, name=item.name, before=was.score, after=item.score, because=because)


def _touches(event: Event, events: set[str]) -> bool:
    """Say whether a line is, counters or carries further one of the events behind an item."""
    return bool({event.id, event.counters, event.follows} & events)
