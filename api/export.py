"""What exports are made from: the log's answer for a span, the period before it, and the months up to it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from api.logbook import checked_rulebook
from api.options import asked_span
from appraisal.assess import assess
from appraisal.errors import Lang
from appraisal.model.edition import Edition
from appraisal.model.periods import Period, Span, SpanKind
from appraisal.model.roles import Actor
from appraisal.model.standing import Assessment
from appraisal.office.installation import Installation
from appraisal.office.months import Month, month
from appraisal.office.office import Office
from appraisal.office.workflow import Case, case_of
from appraisal.store.closings import Closing
from reports.bundle.making import Bundle, make
from reports.bundle.sources import from_office
from reports.document import Progress, silent
from reports.material import Imprint, Material


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Which result is asked for, as of when, in which language."""

    rulebook: str
    period: str
    through: str
    known: datetime | None
    day: date | None
    lang: Lang


def gathered(office: Office, asked: Asked, imprint: Imprint, progress: Progress = silent) -> Material:
    """Return the result asked for with what documents say beside it; one reading of the log serves all of it."""
    name = office.adopted(checked_rulebook(office, asked.rulebook)).rulebook
    span = asked_span(office.log.edition(office.adopted(name)).rulebook, asked.period, asked.through)
    adoption, edition = office.edition(span, name)
    events = {event.id: event for event in office.events(span, adoption)}
    spans = [*_months(span, edition), span]
    found: dict[Span, Assessment] = {}
    for number, one in enumerate(spans):
        progress("assessing", number, len(spans))
        found[one] = assess(edition, events.values(), one, known=asked.known, day=asked.day, roster=adoption.roster)
    progress("assessing", len(spans), len(spans))
    bundle = bundled(office, asked, final=imprint.final)
    own = edition.rulebook.source.publisher if edition.rulebook.family == "scorecard" else ""
    issuer = imprint.office or own  # an office that appraises by its own document; a ministry's is used by others
    return Material(
        edition=edition,
        assessment=found[span],
        events=events,
        lang=asked.lang,
        imprint=replace(imprint, seal=bundle.seal, office=issuer),
        before=found.get(Span.month(span.year, span.number - 1)) if span.kind is SpanKind.MONTH else None,
        stages=tuple(found[one] for one in spans if one.kind is SpanKind.MONTH),
    )


def case_of_entry(office: Office, event: str) -> Case | None:
    """Return an entry of the office's log with the steps that followed it; None where none is named."""
    if not event:
        return None
    line = office.log.line(office.id, event)
    return case_of(line.event, office.log.related(office.id, [event]))


def month_of(house: Installation, office: Office, material: Material) -> tuple[Month | None, Closing | None]:
    """Return how the period of a result came to be final, and its closing; nothing for a span without stages."""
    span, name = material.assessment.span, material.edition.rulebook.id
    if span.kind not in {SpanKind.MONTH, SpanKind.YEAR} or material.edition.rulebook.family != "scorecard":
        return None, None
    desk = house.desk(office.id, Actor(id=""))
    period = Period(span.year, span.number if span.kind is SpanKind.MONTH else 0)
    return month(desk, name, period), house.closings.latest(office.id, name, str(span))


def bundled(office: Office, asked: Asked, *, final: bool) -> Bundle:
    """Return the bundle of the same result: its seal stands on the documents."""
    name = office.adopted(checked_rulebook(office, asked.rulebook)).rulebook
    span = asked_span(office.log.edition(office.adopted(name)).rulebook, asked.period, asked.through)
    state = "final" if final else "draft"
    return make(
        from_office(office, span, rulebook=name, known=asked.known, day=asked.day, state=state, lang=asked.lang)
    )


def _months(span: Span, edition: Edition) -> list[Span]:
    """Return the months up to a span that the rulebook was in force in, the span itself left out."""
    last = span.number if span.kind in {SpanKind.MONTH, SpanKind.THROUGH} else span.months[-1]
    rulebook = edition.rulebook
    if rulebook.family != "scorecard":
        return []
    found = [Span.month(span.year, month) for month in range(1, last + 1)]
    first, end = rulebook.valid_from, rulebook.valid_to
    return [m for m in found if m != span and first <= date(m.year, m.number, 28) and date(m.year, m.number, 1) <= end]
