"""Standings of an office as pages ask for them: as closed where a month is final, else as of now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Literal

from appraisal.model.codec import decode
from appraisal.model.edition import Edition
from appraisal.model.event import Event
from appraisal.model.periods import MONTHS, Period, Span, SpanKind
from appraisal.model.standing import Assessment, Standing
from appraisal.model.steps import thread
from appraisal.office.installation import Installation
from appraisal.office.months import root
from appraisal.office.workflow import Stage, stage_after
from appraisal.office.yearbook import Yearbook

Chip = Literal["open", "draft", "final"]
CHIPS: Mapping[Stage, Chip] = {
    Stage.OPEN: "open",
    Stage.CUT_OFF: "draft",
    Stage.DRAFT: "draft",
    Stage.DISPLAY: "draft",
    Stage.RECHECK: "draft",
    Stage.FINAL: "final",
    Stage.ARCHIVED: "final",
}
"""What a page says of a period: 开放, 初稿 or 正式."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Found:
    """Standings of one span: `assessment` is what the page shows, `closed` whether that is what was published."""

    book: Yearbook
    assessment: Assessment
    position: int
    stage: Stage
    closed: bool = False

    @property
    def edition(self) -> Edition:
        """The rulebook as the office adopted it."""
        return self.book.edition

    @property
    def chip(self) -> Chip:
        """What the page says of the period."""
        return CHIPS[self.stage]

    @cached_property
    def events(self) -> Mapping[str, Event]:
        """The events of the year by id."""
        return {name: line.event for name, line in self.book.lines.items()}

    def standing(self, subject: str) -> Standing | None:
        """Return the standing of a subject by id or name."""
        return next((s for s in self.assessment.standings if subject in {s.subject, s.name}), None)


def find(house: Installation, office: str, rulebook: str, span: Span, *, day: date, live: bool = False) -> Found:
    """Return the standings of a span: as closed where it is final (unless `live`), else as of this day."""
    house.log.adoption(office, _first(span), rulebook)  # outside every adoption: refused
    book = house.yearbook(office, rulebook, span.year)
    stage = stage_of(book, span)
    if CHIPS[stage] == "final" and not live:
        closing = house.closings.latest(office, rulebook, str(span))
        if closing is not None:
            shown = decode(closing.document)
            return Found(book=book, assessment=shown, position=closing.anchor.position, stage=stage, closed=True)
    assessment = house.standings(office, rulebook, span, day=day)
    return Found(book=book, assessment=assessment, position=book.position, stage=stage)


def _first(span: Span) -> Period:
    return Period(span.year, span.months[0] if span.kind is SpanKind.MONTH else 0)


def stage_of(book: Yearbook, span: Span) -> Stage:
    """Return the stage of a month or a year; of other spans that of the month that is least far."""
    rulebook = book.adoption.rulebook
    if span.kind is SpanKind.YEAR:
        return stage_after(tuple(thread(root(rulebook, Period(span.year)), book.after)))
    order = list(Stage)
    stages = [stage_after(tuple(thread(root(rulebook, Period(span.year, m)), book.after))) for m in span.months]
    return min(stages, key=order.index)


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
