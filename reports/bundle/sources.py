"""What goes into a bundle, from an office's log or from files."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

from appraisal.assess import assess
from appraisal.errors import Lang
from appraisal.model.edition import Edition
from appraisal.model.event import Event
from appraisal.model.periods import Span
from appraisal.model.standing import Assessment
from appraisal.office.office import Office
from appraisal.store.adoptions import Version
from appraisal.store.lines import Head
from reports.bundle.making import Contents, file_adoption, file_lines, log_lines, seal_json


def from_office(
    office: Office,
    span: Span,
    *,
    rulebook: str | None = None,
    at: Head | None = None,
    known: datetime | None = None,
    day: date | None = None,
    state: str = "draft",
    lang: Lang = "zh",
) -> Contents:
    """Return what an office has for a span, as of a line of its log (`at`, by default the last) and a moment.

    The events are those of the assessment, without what is private in them; each keeps the seal of its line.
    """
    head = at or office.log.head(office.id)
    adoption, edition = office.edition(span, rulebook)
    events = [e for e in office.events(span, adoption, known=head.position) if known is None or e.known_at <= known]
    assessment = assess(edition, events, span, known=known, day=day, roster=adoption.roster)
    version, line = office.log.kept(adoption)
    return Contents(
        edition=edition,
        version=version,
        assessment=assessment,
        adoption=json.loads(line.public) | {"seal": seal_json(line)},
        lines=log_lines(office.log.sealed(office.id, [event.id for event in events])),
        office=office.id,
        head=head,
        state=state,
        lang=lang,
    )


def from_files(
    path: Path, edition: Edition, events: Sequence[Event], assessment: Assessment, *, lang: Lang = "zh"
) -> Contents:
    """Return what a run from files had: the rulebook at this path, the events that were read, and what came of them."""
    version = Version.load(path, edition)
    known = assessment.known
    return Contents(
        edition=edition,
        version=version,
        assessment=assessment,
        adoption=file_adoption(edition, version),
        lines=file_lines([e for e in events if known is None or e.known_at <= known], edition.rulebook.id),
        lang=lang,
    )
