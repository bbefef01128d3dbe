"""Event files to events: everything that is wrong in all files at once, or every event; nothing in between."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from pathlib import Path

from appraisal.errors import Finding, Place, RefusedError
from appraisal.model.edition import Edition
from appraisal.model.event import Event
from appraisal.model.rulebook import Subject
from appraisal.reading.desks import Desk, desk_of
from appraisal.reading.event_columns import EVENTS, Form
from appraisal.reading.event_links import check_links
from appraisal.reading.event_rows import Reader
from appraisal.reading.event_shelf import Shelf
from appraisal.reading.event_table import Source, row_of
from appraisal.reading.family_rows import FamilyReader
from appraisal.reading.tables import open_tables

Progress = Callable[[int, int], None]
_STEP = 4096


def read_events(
    paths: Sequence[Path],
    edition: Edition,
    *,
    roster: tuple[Subject, ...] | None = None,
    existing: Collection[str] = (),
    progress: Progress | None = None,
    advice: list[Finding] | None = None,
) -> list[Event]:
    """Return the events of all files in their order, each id once; RefusedError carries every fault of every file.

    `existing` holds the ids that a withdrawal may name besides those of the files. `progress` is told how many bytes
    of how many have been read. `advice` takes what is odd about files that are not refused.
    """
    faults: list[Finding] = []
    reader, columns = _reader(edition, roster, faults)
    opened = [open_tables(Path(path), faults, columns) for path in paths]
    sources = [source for found in opened for source in found]
    total = sum(source.size for source in sources)
    before = 0
    for source in sources:
        try:
            _read(source, reader, progress, before, total)
        except (OSError, UnicodeError) as error:  # the file changed, or its disk failed, while it was read
            source.torn = True
            reason = getattr(error, "strerror", None) or str(error)
            faults.append(Finding(code="E011", place=Place(file=source.layout.file), args={"reason": reason}))
        before += source.size
    if progress is not None:
        progress(total, total)
    torn = not all(opened) or any(source.torn for source in sources)
    return _together(reader, existing, faults, torn=torn, advice=advice)


def read_row(
    row: Mapping[str, str],
    edition: Edition,
    *,
    name: str,
    roster: tuple[Subject, ...] | None = None,
    existing: Collection[str] = (),
) -> Event | None:
    """Return one row, given by its headers, as an event; None where it says nothing that the rulebook asks for.

    RefusedError carries every fault, at places of this name.
    """
    faults: list[Finding] = []
    reader, columns = _reader(edition, roster, faults)
    source = row_of(row, name, faults, columns)
    _read(source, reader, None, 0, 0)
    return next(iter(_together(reader, existing, faults, torn=source.torn)), None)


def _reader(edition: Edition, roster: tuple[Subject, ...] | None, faults: list[Finding]) -> tuple[Shelf, Form]:
    form = desk_of(edition.rulebook).rows
    if form is None:
        return Reader(edition, roster, faults), EVENTS
    rows = form(edition.rulebook)
    return FamilyReader(edition, roster, faults, rows), rows.form


def _together(
    reader: Shelf,
    existing: Collection[str],
    faults: list[Finding],
    *,
    torn: bool,
    advice: list[Finding] | None = None,
) -> list[Event]:
    """Return what was read if nothing is wrong with it, nor between the rows."""
    faults.extend(check_links(reader, frozenset(existing), torn=torn))
    faults.extend(_across(reader, desk_of(reader.rulebook), torn=torn or bool(faults)))
    if any(fault.severity == "error" for fault in faults):
        raise RefusedError(faults)
    if advice is not None:
        advice.extend(sorted(faults, key=lambda fault: fault.sort_key))
    return reader.events


def _across(reader: Shelf, desk: Desk, *, torn: bool) -> Iterator[Finding]:
    """Yield what the family finds wrong among the rows that could be read."""
    wrong = list(desk.across(reader.rulebook, reader.events))
    torn = torn or any(not found.warn for found in wrong)
    for found in wrong:
        if torn and found.whole:
            continue
        at = reader.index[found.event]
        place = reader.place(at, found.column)
        yield Finding(code=found.code, place=place, args=found.args, severity="warning" if found.warn else "error")


def _read(source: Source, reader: Shelf, progress: Progress | None, before: int, total: int) -> None:
    """Read all rows of one source."""
    reader.begin(source.layout)
    read_row = reader.row
    for number, (line, cells, extra) in enumerate(source.rows):
        read_row(line, cells, extra)
        if progress is not None and number % _STEP == 0:
            progress(before + min(source.done(), source.size), total)
    reader.unread |= source.unread
