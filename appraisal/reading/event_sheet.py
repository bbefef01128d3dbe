"""An event file as someone looks at it before it is taken in: its rows as written, and what is wrong in which cell."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from itertools import islice
from pathlib import Path

from appraisal.errors import Finding, Place
from appraisal.model.edition import Edition
from appraisal.model.event import Event
from appraisal.model.rulebook import Subject
from appraisal.reading.event_columns import COLUMNS, NAMES, TITLES, Form, Need
from appraisal.reading.event_links import check_links
from appraisal.reading.event_rows import Reader
from appraisal.reading.event_table import Cells, Layout, Source
from appraisal.reading.tables import open_tables

REMARKS = "x_问题"
"""The column in which a file that comes back says what is wrong; read again, it says nothing."""

HANDED_IN = Form(
    COLUMNS, needs=(Need(("date",)), Need(("clause",)), Need(("subject",)))
)  # an office names rows itself: no id is needed
SET_HERE = ("kind", "status", "recorded", "counters", "derived_from")
"""The columns that the office fills in by itself: a row that fills them in is refused (O070)."""


@dataclass(frozen=True, kw_only=True)
class SheetRow:
    """A row: where it stands, its cells by column as written, and the event that it is; None where it is faulty."""

    place: Place
    cells: Mapping[str, str]
    event: Event | None


@dataclass(frozen=True, kw_only=True)
class CellFault:
    """What is wrong in a cell: its row counting from 0 and its column; -1 and "" where it is the file as a whole."""

    row: int
    column: str
    finding: Finding


@dataclass(frozen=True, kw_only=True)
class EventSheet:
    """A file as rows under columns, with every fault of it."""

    columns: tuple[str, ...]
    titles: Mapping[str, str]
    rows: tuple[SheetRow, ...]
    faults: tuple[CellFault, ...]


def read_sheet(
    path: Path,
    edition: Edition,
    *,
    shown: str,
    most: int,
    roster: tuple[Subject, ...] | None = None,
    existing: Collection[str] = (),
) -> EventSheet:
    """Read a file for the office; a row without an id gets one that its content gives, so that it is known again.

    `shown` is what places call the file. More than `most` rows are refused (O071).
    """
    faults: list[Finding] = []
    reader = Reader(edition, roster, faults)
    sources = open_tables(path, faults, HANDED_IN)
    rows: list[SheetRow] = []
    seen: dict[tuple[str, ...], int] = {}
    for source in sources:
        reader.begin(source.layout)
        for line, cells, extra in islice(source.rows, most + 1 - len(rows)):
            rows.append(_row(reader, source.layout, line, cells, extra, seen))
        reader.unread |= source.unread
    if len(rows) > most:
        faults = [Finding(code="O071", place=Place(file=str(path)), args={"most": str(most)})]
        rows = []
    else:
        torn = not sources or any(source.torn for source in sources)
        faults.extend(check_links(reader, frozenset(existing), torn=torn))
    faults.extend(_set_here(rows, sources))
    if not rows and not faults:
        faults.append(Finding(code="O072", place=Place(file=str(path))))
    where = {(row.place.file, row.place.line): n for n, row in enumerate(rows)}
    layouts = {source.layout.file: source.layout for source in sources}
    found = [_located(fault, where, layouts) for fault in sorted(faults, key=lambda f: f.sort_key)]
    columns, titles = _columns(sources, rows)
    return EventSheet(
        columns=columns,
        titles=titles,
        rows=tuple(replace(row, place=_called(row.place, path, shown)) for row in rows),
        faults=tuple(replace(f, finding=renamed(f.finding, path, shown)) for f in found),
    )


def _row(
    reader: Reader,
    layout: Layout,
    line: int,
    cells: Cells,
    extra: Mapping[str, str],
    seen: dict[tuple[str, ...], int],
) -> SheetRow:
    """Hand a row to the reader, named and without what the office fills in by itself."""
    written = {**dict(zip(NAMES, cells, strict=True)), **extra}
    free = {name: text for name, text in extra.items() if name != REMARKS}
    told = {**dict(zip(NAMES, cells, strict=True)), **dict.fromkeys(SET_HERE, "")}
    told["id"] = told["id"] or _named(told, free, seen)
    before = told["id"] in reader.index
    reader.row(line, tuple(told[name] for name in NAMES), free)
    at = None if before else reader.index.get(told["id"])
    event = None if at is None else reader.events[at]
    return SheetRow(
        place=Place(file=layout.file, line=line),
        cells={name: text for name, text in written.items() if text and name != REMARKS},
        event=event,
    )


def _named(cells: Mapping[str, str], extra: Mapping[str, str], seen: dict[tuple[str, ...], int]) -> str:
    """Return an id that the content of a row gives; rows of the same content are numbered."""
    told = tuple(f"{name}={text}" for name, text in sorted({**cells, **extra}.items()) if text)
    seen[told] = seen.get(told, 0) + 1
    number = "" if seen[told] == 1 else f"-{seen[told]}"
    return f"row-{sha256(chr(10).join(told).encode(errors='replace')).hexdigest()[:16]}{number}"


def _set_here(rows: Iterable[SheetRow], sources: Iterable[Source]) -> Iterable[Finding]:
    layouts = {source.layout.file: source.layout for source in sources}
    for row in rows:
        for column in SET_HERE:
            if column in row.cells:
                layout = layouts[row.place.file]
                place = layout.place(row.place.line, column)
                yield Finding(code="O070", place=place, args={"column": layout.title(column)})


def _located(fault: Finding, where: Mapping[tuple[str, int], int], layouts: Mapping[str, Layout]) -> CellFault:
    """Find the cell that a fault is about."""
    place = fault.place or Place(file="")
    at, layout = where.get((place.file, place.line), -1), layouts.get(place.file)
    if at < 0 or layout is None:
        return CellFault(row=-1, column="", finding=fault)
    by_number = {number: name for name, number in layout.numbers.items()}
    by_title = {layout.title(name): name for name in NAMES}
    column = by_number.get(place.column) or by_title.get(fault.args.get("column", ""), "")
    return CellFault(row=at, column=column, finding=fault)


def _columns(sources: Iterable[Source], rows: Iterable[SheetRow]) -> tuple[tuple[str, ...], dict[str, str]]:
    """Return the columns that a file has, in the order of the first of its sheets, and what it calls them."""
    titles: dict[str, str] = {}
    for source in sources:
        for name in sorted(source.layout.numbers, key=source.layout.numbers.__getitem__):
            if name != REMARKS:
                titles.setdefault(name, source.layout.title(name))
    for row in rows:  # JSON lines have no header: each line names its own
        for name in row.cells:
            titles.setdefault(name, TITLES.get(name, name))
    return tuple(titles), titles


def renamed(finding: Finding, path: Path, shown: str) -> Finding:
    """Return a finding whose places call the file as its reader does."""
    place = _called(finding.place, path, shown) if finding.place else None
    return replace(finding, place=place, also=tuple(_called(other, path, shown) for other in finding.also))


def _called(place: Place, path: Path, shown: str) -> Place:
    return replace(place, file=place.file.replace(str(path), shown, 1))
