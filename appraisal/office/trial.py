"""What rows that are not handed in yet would come to, with what the log has of the same subjects; writes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from appraisal.assess import assess
from appraisal.model.edition import Edition
from appraisal.model.event import Event
from appraisal.model.standing import Assessment
from appraisal.office.office import Office
from appraisal.reading.events import read_events


@dataclass(frozen=True, kw_only=True)
class Trial:
    """The rows and what the log has of their subjects as events, and the result of these subjects alone."""

    edition: Edition
    events: tuple[Event, ...]
    assessment: Assessment


def read_rows(office: Office, paths: Sequence[Path], *, rulebook: str, now: datetime) -> tuple[Edition, list[Event]]:
    """Return the events of files as they would be taken in; RefusedError carries every fault of every file."""
    adoption = office.adopted(rulebook, now=now)
    edition = office.log.edition(adoption)
    existing = office.log.known_ids(office.id)
    return edition, read_events(paths, edition, roster=adoption.roster, existing=existing)


def try_rows(office: Office, paths: Sequence[Path], *, rulebook: str, now: datetime, also: Sequence[str] = ()) -> Trial:
    """Return what rows would come to, and what `also` are come to; RefusedError as for handing them in."""
    edition, events = read_rows(office, paths, rulebook=rulebook, now=now)
    subjects, new = {*also, *(event.subject for event in events)}, {event.id for event in events}
    kept = [
        event
        for event in office.log.events(office.id, rulebook=rulebook)
        if event.subject in subjects and event.id not in new
    ]
    both = [*kept, *events]
    found = assess(edition, both, edition.rulebook.usual_span(both), day=now.date())
    return Trial(edition=edition, events=tuple(both), assessment=found)
