"""What goes into a bundle, from an office's log or from files."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

from appraisal.assess import assess
from appraisal.errors import InternalError, Lang
from appraisal.model.codec import decode
from appraisal.model.edition import Edition
from appraisal.model.event import Event
from appraisal.model.periods import Span
from appraisal.model.standing import Assessment
from appraisal.office.office import Office
from appraisal.store.adoptions import Adoption, Version
from appraisal.store.closings import Closing
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
    events = _events(office, adoption, span, head, known)
    assessment = assess(edition, events, span, known=known, day=day, roster=adoption.roster)
    return _contents(office, adoption, head, events, assessment, state=state, lang=lang)


def from_closing(office: Office, closing: Closing, *, lang: Lang = "zh") -> Contents:
    """Return a month or year as it was published: by the rulebook, the roster and the line of the log of its closing.

    What was logged or adopted since does not change it. The result is the one published, whatever this version of the
    program would make of it: verifying the bundle says so.
    """
    published = decode(closing.document)
    adoption = _adoption_of(office, published)
    events = _events(office, adoption, published.span, closing.anchor, published.known)
    return _contents(office, adoption, closing.anchor, events, published, state="final", lang=lang)


def _adoption_of(office: Office, published: Assessment) -> Adoption:
    """Return the last adoption of the version, readings and roster that a result came from."""
    judged = {standing.subject for standing in published.standings}
    found = None
    for line in office.log.adoptions(office.id):
        if (line.hash, dict(line.readings)) == (published.rulebook_hash, dict(published.readings)):
            roster = line.roster if line.roster is not None else office.log.edition(line).roster
            if not roster or judged == {subject.id for subject in roster}:
                found = line
    if found is None:
        raise InternalError(f"no adoption of {office.id} gives the published result of {published.rulebook}")
    return found


def _events(office: Office, adoption: Adoption, span: Span, head: Head, known: datetime | None) -> list[Event]:
    found = office.events(span, adoption, known=head.position)
    return [event for event in found if known is None or event.known_at <= known]


def _contents(
    office: Office,
    adoption: Adoption,
    head: Head,
    events: Sequence[Event],
    assessment: Assessment,
    *,
    state: str,
    lang: Lang,
) -> Contents:
    version, line = office.log.kept(adoption)
    return Contents(
        edition=office.log.edition(adoption),
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
