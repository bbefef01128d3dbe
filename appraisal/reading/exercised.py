"""Which targets of a rulebook's coverage a case reaches."""

from __future__ import annotations

from collections.abc import Iterator

from appraisal.model.edition import Edition
from appraisal.model.event import Event
from appraisal.model.rulebook import Rulebook
from appraisal.model.standing import Assessment
from appraisal.reading.cases import Case
from appraisal.reading.desks import desk_of


def exercised(edition: Edition, case: Case, events: list[Event], assessment: Assessment) -> set[str]:
    """Return which targets of the coverage a case reaches: those of its family, and readings."""
    rulebook = edition.rulebook
    return {*_readings(rulebook, case), *desk_of(rulebook).exercised(rulebook, events, assessment)}


def _readings(rulebook: Rulebook, case: Case) -> Iterator[str]:
    """Yield the readings that a case tries: those it chooses, and as stated those that its name or reason names."""
    for reading in rulebook.readings:
        if reading.id in case.readings:
            yield f"reading:{reading.id}:{case.readings[reading.id]}"
        elif reading.id in case.name or reading.id in case.why:
            yield f"reading:{reading.id}:stated"
