"""Importing a file of entries: looked at first, row by row, then taken in whole or not at all."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain, islice
from pathlib import Path

from appraisal.errors import Finding, RefusedError
from appraisal.model.edition import Edition
from appraisal.model.event import ACTOR, Event
from appraisal.model.ledger import resolve
from appraisal.office import entries, months
from appraisal.office.consequence import NEAR
from appraisal.office.desk import Desk
from appraisal.office.entries import missing
from appraisal.office.rights import Action
from appraisal.office.yearbook import Yearbook
from appraisal.reading.event_sheet import CellFault, EventSheet, SheetRow, read_sheet
from appraisal.store.adoptions import Adoption

MOST_ROWS = 5000
"""Rows of one file: what an office logs in a year."""

_NAMED = 20
"""Of how many entries that a row might repeat it is told."""

_OWN_FACTS = frozenset({ACTOR, "actor", "role", "department", "files", "x_not_duplicate"})


@dataclass(frozen=True, kw_only=True)
class ImportRow:
    """A row as it would be taken in; `event` is None where it is faulty, or repeats a row above.

    `there`: the log has it already. `lacking`: its clause demands evidence, which is added before the month is
    closed. `likely` are ids of entries, or places of other rows, that it might repeat.
    """

    row: SheetRow
    faults: tuple[CellFault, ...] = ()
    event: Event | None = None
    there: bool = False
    lacking: bool = False
    likely: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Import:
    """A file as it would be taken in: all of it, if nothing is wrong."""

    sheet: EventSheet
    rows: tuple[ImportRow, ...]
    faults: tuple[CellFault, ...]
    rulebook: str
    onto: tuple[str, ...] = ()

    @property
    def fresh(self) -> tuple[ImportRow, ...]:
        """The rows that would be appended."""
        return tuple(row for row in self.rows if row.event is not None and not row.there)

    @property
    def lacking(self) -> tuple[ImportRow, ...]:
        """The rows to be appended whose evidence is still to come."""
        return tuple(row for row in self.fresh if row.lacking)

    @property
    def likely(self) -> tuple[ImportRow, ...]:
        """The rows to be appended that might repeat something: each needs a reason."""
        return tuple(row for row in self.fresh if row.likely)


def look(desk: Desk, rulebook: str, content: bytes, name: str, *, now: datetime) -> Import:
    """Return what would become of a file, called `name`; nothing is kept. Every fault of every row is found."""
    adoption, edition = entries.adopted(desk, rulebook)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"import{Path(name).suffix.lower()}"
        path.write_bytes(content)
        sheet = read_sheet(path, edition, shown=name, most=MOST_ROWS, roster=adoption.roster)
    looking = _Looking(desk, adoption, edition, now)
    faults = [*sheet.faults, *looking.faults(sheet.rows)]
    if not faults:
        faults += looking.clashes(sheet.rows)
    by_row: dict[int, list[CellFault]] = {}
    for fault in faults:
        by_row.setdefault(fault.row, []).append(fault)
    likely = looking.likely(sheet.rows)
    rows = tuple(
        ImportRow(
            row=row,
            faults=tuple(by_row.get(n, ())),
            event=looking.signed.get(n),
            there=n in looking.there,
            lacking=n in looking.signed and n not in looking.there and bool(missing(edition, looking.signed[n])),
            likely=likely.get(n, ()),
        )
        for n, row in enumerate(sheet.rows)
    )
    onto = tuple(looking.onto)
    return Import(sheet=sheet, rows=rows, faults=tuple(faults), rulebook=adoption.rulebook, onto=onto)


def take(desk: Desk, rulebook: str, content: bytes, name: str, *, now: datetime, duplicate: str = "") -> Import:
    """Take in a whole file, or nothing of it; return what was taken. `duplicate` says why nothing in it is repeated.

    Refused: every fault of the file, likely duplicates without a reason (O033), no right (O001).
    """
    found = look(desk, rulebook, content, name, now=now)
    if found.faults:
        raise RefusedError([fault.finding for fault in found.faults])
    reason = duplicate.strip()
    if found.likely and not reason:
        ids = dict.fromkeys(name for row in found.likely for name in row.likely)
        raise RefusedError([Finding(code="O033", args={"ids": ", ".join(ids)})])
    doubted = {id(row) for row in found.likely}
    events = [
        replace(row.event, facts={**row.event.facts, "x_not_duplicate": reason}) if id(row) in doubted else row.event
        for row in found.fresh
        if row.event is not None
    ]
    if events:
        target = f"{name} ({len(events)})"
        desk.append(events, found.rulebook, now=now, action=Action.IMPORT.value, target=target, onto=found.onto)
    return found


class _Looking:
    """Looks at rows as their office would: rights, months, evidence, and what the log has already."""

    def __init__(self, desk: Desk, adoption: Adoption, edition: Edition, now: datetime) -> None:
        self._desk = desk
        self._adoption = adoption
        self._edition = edition
        self._now = now
        self._books: dict[int, Yearbook] = {}
        self._open: dict[tuple[object, str], tuple[Finding, ...]] = {}
        self.signed: dict[int, Event] = {}
        self.there: set[int] = set()
        self.onto: dict[str, None] = {}

    def faults(self, rows: Sequence[SheetRow]) -> list[CellFault]:
        """Return what keeps rows out that are right in themselves; those that are fine are signed."""
        log, office = self._desk.office.log, self._desk.office.id
        known = log.known_ids(office, [row.event.id for row in rows if row.event is not None])
        found: list[CellFault] = []
        for n, row in enumerate(rows):
            if row.event is None:
                continue
            signed, wrong = self._looked_at(row.event, known=row.event.id in known)
            found += [
                CellFault(row=n, column=column, finding=replace(finding, place=row.place)) for column, finding in wrong
            ]
            if signed is not None:
                self.signed[n] = signed
                if row.event.id in known:
                    self.there.add(n)
        return found

    def _looked_at(self, event: Event, *, known: bool) -> tuple[Event | None, list[tuple[str, Finding]]]:
        """Return an event as it would be entered, or the column and the finding of everything that keeps it out."""
        department = self._desk.department(self._edition, event.clause)
        try:
            self._desk.require(Action.IMPORT, department=department, subject=event.subject)
            signed = entries.entered(self._desk, self._edition, event, now=self._now)
        except RefusedError as refused:
            return None, [("clause", finding) for finding in refused.findings]
        if known:
            differs = self._differs(event)
            position = str(self._desk.office.log.line(self._desk.office.id, event.id).position) if differs else ""
            told = {"id": event.id, "position": position, "columns": differs}
            wrong = [("id", Finding(code="L005", args=told))] if differs else []
        else:
            wrong = [("date", finding) for finding in self._shut(event, department)]
        return (None if wrong else signed), wrong

    def _differs(self, event: Event) -> str:
        """Return in what the log's line of this id differs from the row; nothing where it says the same."""
        before = self._desk.office.log.line(self._desk.office.id, event.id).event
        old = {k: v for k, v in before.facts.items() if k not in _OWN_FACTS}
        names = ("date", "subject", "period", "clause", "matter", "note")
        differs = [name for name in names if getattr(before, name) != getattr(event, name)]
        differs += [name for name in sorted({*old, *event.facts}) if old.get(name) != event.facts.get(name)]
        return ", ".join(differs)

    def _shut(self, event: Event, department: str) -> tuple[Finding, ...]:
        """Return why the month of an event takes nothing; asked once for each month and department."""
        key = (event.when, department)
        if key not in self._open:
            try:
                onto = months.require_open(self._desk, self._adoption, event.when, department, now=self._now)
                self.onto |= dict.fromkeys(onto)
                self._open[key] = ()
            except RefusedError as refused:
                self._open[key] = refused.findings
        return self._open[key]

    def _book(self, event: Event) -> Yearbook:
        return self._book_of(event.when.year)

    def _book_of(self, year: int) -> Yearbook:
        if year not in self._books:
            self._books[year] = self._desk.house.yearbook(self._desk.office.id, self._adoption.rulebook, year)
        return self._books[year]

    def clashes(self, rows: Sequence[SheetRow]) -> Iterator[CellFault]:
        """Yield the rows that claim the single value which a line of the log has already."""
        new = {event.id: n for n, event in self.signed.items() if n not in self.there}
        rules = self._edition.rulebook
        claiming = [event for event in self.signed.values() if event.id in new and rules.once(event) is not None]
        if not claiming:
            return
        lines = {line.id: line for event in claiming for line in self._book(event).events}
        for one, other in resolve([*lines.values(), *claiming], rules).conflicts:
            old, late = sorted((one, other), key=lambda event: event.id in new)
            if late.id in new:
                told = {"id": late.id, "other": old.id, "subject": late.subject, "clause": late.clause}
                finding = Finding(code="L008", args={**told, "period": str(late.when)}, place=rows[new[late.id]].place)
                yield CellFault(row=new[late.id], column="clause", finding=finding)

    def likely(self, rows: Sequence[SheetRow]) -> Mapping[int, tuple[str, ...]]:
        """Return which rows might repeat an entry of the log, or a row above."""
        found: dict[int, tuple[str, ...]] = {}
        shelf = _Shelf()
        for subject, year in sorted({(event.subject, event.when.year) for event in self.signed.values()}):
            book = self._book_of(year)
            for event in book.by_subject.get(subject, ()):
                if event.id not in book.gone:
                    shelf.add(event, event.id)
        for n, event in self.signed.items():
            if n in self.there:
                continue
            if names := shelf.alike(event):
                found[n] = names
            shelf.add(event, str(rows[n].place))
        return found


class _Shelf:
    """Entries by community, clause and day, and by matter, so that a long file is not compared with a whole year."""

    def __init__(self) -> None:
        self._by: dict[tuple[str, str, str | int], list[tuple[str, str]]] = {}

    def add(self, event: Event, name: str) -> None:
        """Put an entry where one that it might repeat is looked for."""
        day = [(event.subject, event.clause, event.date.toordinal())] if event.clause else []
        for key in [*day, *self._matter(event)]:
            self._by.setdefault(key, []).append((event.id, name))

    def alike(self, event: Event) -> tuple[str, ...]:
        """Return the names of those that an event might repeat, the nearest first; of many the first few."""
        at, days = event.date.toordinal(), sorted(range(-NEAR.days, NEAR.days + 1), key=abs)
        near = [(event.subject, event.clause, at + day) for day in days] if event.clause else []
        pairs = chain.from_iterable(self._by.get(key, ()) for key in [*self._matter(event), *near])
        names = (name for other, name in pairs if other != event.id)
        return tuple(dict.fromkeys(islice(names, _NAMED)))

    @staticmethod
    def _matter(event: Event) -> list[tuple[str, str, str | int]]:
        return [(event.subject, "", event.matter)] if event.matter else []
