"""The cases of a rulebook, carried out to see what they exercise."""

from __future__ import annotations

import tempfile
from pathlib import Path

from appraisal.assess import assess
from appraisal.inference.engine import classify, is_incident
from appraisal.model.edition import Edition
from appraisal.reading.cases import Case, case_files, read_cases
from appraisal.reading.events import read_events
from appraisal.reading.exercised import exercised
from appraisal.reading.rulebook import read_rulebook


def exercised_by_cases(book: Path) -> set[str]:
    """Return which targets of the coverage the cases beside a rulebook reach."""
    editions: dict[tuple[tuple[str, str], ...], Edition] = {}
    reached: set[str] = set()
    with tempfile.TemporaryDirectory() as folder:
        for file in case_files(book):
            for case in read_cases(file):
                if case.expect.refused:
                    continue
                readings = tuple(sorted(case.readings.items()))
                if readings not in editions:
                    editions[readings] = read_rulebook(book, readings=dict(readings))
                reached |= _reached(editions[readings], case, Path(folder) / "events.csv")
    return reached


def _reached(edition: Edition, case: Case, file: Path) -> set[str]:
    case.write(edition, file)
    roster = case.subjects(edition)
    told = read_events([file], edition, roster=roster) if case.told else []
    events = [*told, *classify(edition, [event for event in told if is_incident(event)]).events]
    assessment = assess(edition, events, case.asked(edition), known=case.known, day=case.day, roster=roster)
    return exercised(edition, case, events, assessment)
