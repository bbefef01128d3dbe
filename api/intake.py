"""How events get from files into the log: read and checked whole, then appended whole, or nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from api.logbook import Desk, now
from appraisal.reading.events import read_events
from appraisal.store.log import AppendResult

Progress = Callable[[str, int, int], None]


def take_in(at: Desk, paths: Sequence[Path], progress: Progress) -> AppendResult:
    """Read files and append their events at a desk; RefusedError with every finding, and then nothing is appended."""
    existing = {event.id for event in at.log.events(at.office)}
    events = read_events(
        paths, at.edition, existing=existing, progress=lambda done, all_: progress("reading", done, all_)
    )
    return at.log.append(
        at.office,
        events,
        rulebook=at.edition.rulebook.id,
        now=now(),
        clauses={clause.id: clause for clause in at.edition.rulebook.clauses()},
        progress=lambda done, all_: progress("writing", done, all_),
    )
