"""Standings of an office as pages ask for them, with the edition and the events needed to show them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from appraisal.model.edition import Edition
from appraisal.model.event import Event
from appraisal.model.periods import MONTHS, Period, Span, SpanKind
from appraisal.model.standing import Assessment, Standing
from appraisal.office.installation import Installation
from appraisal.store.adoptions import Adoption


@dataclass(frozen=True, kw_only=True, eq=False)
class Found:
    """Standings of one span as of the log's end and a day; the events behind them are fetched when asked for."""

    house: Installation
    office: str
    adoption: Adoption
    edition: Edition
    assessment: Assessment
    position: int

    @cached_property
    def events(self) -> Mapping[str, Event]:
        """The events of the span's year by id."""
        office, span = self.house.office(self.office), self.assessment.span
        return {event.id: event for event in office.events(span, self.adoption, known=self.position)}

    def standing(self, subject: str) -> Standing | None:
        """Return the standing of a subject by id or name."""
        return next((s for s in self.assessment.standings if subject in {s.subject, s.name}), None)


def find(house: Installation, office: str, rulebook: str, span: Span, *, day: date) -> Found:
    """Return the standings of a span as of this day; a span outside every adoption is refused."""
    adoption, edition = house.office(office).edition(span, rulebook)
    assessment = house.standings(office, adoption.rulebook, span, day=day)
    return Found(
        house=house,
        office=office,
        adoption=adoption,
        edition=edition,
        assessment=assessment,
        position=house.derived.mark(office).position,
    )


def months(house: Installation, office: str, rulebook: str, span: Span, *, day: date) -> dict[int, Found]:
    """Return the months of a span's year that have begun by this day and that the office has adopted."""
    covered = [a for a in house.log.adoptions(office) if a.rulebook == rulebook]
    return {
        month: find(house, office, rulebook, Span.month(span.year, month), day=day)
        for month in range(1, MONTHS + 1)
        if Period(span.year, month).first <= day and any(a.covers(Period(span.year, month)) for a in covered)
    }


def before(span: Span) -> Span | None:
    """Return the span that a rank is compared with: the month or quarter before it in its year; none for a year."""
    if span.kind is SpanKind.MONTH and span.number > 1:
        return Span.month(span.year, span.number - 1)
    if span.kind is SpanKind.QUARTER and span.number > 1:
        return Span(span.year, SpanKind.QUARTER, span.number - 1)
    return None
