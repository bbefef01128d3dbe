"""The one door to an office: adopt a rulebook, take in files, record and withdraw, assess, verify.

    with open_log(url) as log:
        office = Office.of(log, make=True)
        office.import_files([path], rulebook="houjiatang-2020", now=now)
        office.assess(Span.whole(2020), rulebook="houjiatang-2020", day=today)

Callers say what time it is; nothing here reads the clock.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from types import MappingProxyType

from appraisal.errors import Finding, RefusedError
from appraisal.inference.engine import classify, unclassified
from appraisal.inference.plan import inference_problems
from appraisal.model.edition import Edition
from appraisal.model.event import Event
from appraisal.model.periods import Period, Span, SpanKind
from appraisal.model.rulebook import Subject
from appraisal.model.scorecard import Scorecard
from appraisal.model.standing import Assessment
from appraisal.reading.events import read_events
from appraisal.reading.rulebook import find_rulebook, read_rulebook
from appraisal.store.adoptions import Adoption, Version, not_adopted
from appraisal.store.appending import AppendResult, Progress
from appraisal.store.lines import Head
from appraisal.store.log import Log

FIRST = "office"
"""The id of the first office of a database, when it is not named."""

_NONE: Mapping[str, str] = MappingProxyType({})
_HASH_DIGITS = 64


@dataclass(frozen=True, kw_only=True)
class Taken:
    """What became of events handed in: how many were new, and what the rules made of the incidents among them."""

    result: AppendResult
    derived: tuple[Event, ...] = ()
    unmatched: tuple[str, ...] = ()
    quarantined: tuple[tuple[str, Finding], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Office:
    """A street office at its log."""

    log: Log
    id: str

    @classmethod
    def of(cls, log: Log, name: str = "", *, make: bool = False) -> Office:
        """Return the office of this name, or the only one; with `make` one that is not there yet is added."""
        offices = log.offices()
        if not name and len(offices) > 1:
            raise RefusedError([Finding(code="L011", args={"offices": ", ".join(offices)})])
        chosen = name or next(iter(offices), FIRST)
        if make and chosen not in offices:
            log.add_office(chosen)
        return cls(log=log, id=chosen)

    # Rulebooks

    def adopt(
        self,
        rulebook: str,
        *,
        now: datetime,
        valid_from: date | None = None,
        valid_to: date | None = None,
        roster: Sequence[Subject] | None = None,
        readings: Mapping[str, str] = _NONE,
    ) -> Adoption:
        """Adopt a rulebook, named by id or path; adopting the same again changes nothing."""
        path = find_rulebook(rulebook)
        edition = read_rulebook(path, readings=readings, more=[inference_problems])
        book = edition.rulebook
        asked = (
            edition.hash,
            dict(edition.readings),
            valid_from or book.valid_from,
            valid_to or book.valid_to,
            None if roster is None else tuple(roster),
        )
        for last in [line for line in self.log.adoptions(self.id) if line.rulebook == book.id][-1:]:
            if (last.hash, dict(last.readings), last.valid_from, last.valid_to, last.roster) == asked:
                return last
        version = Version.load(path, edition)
        return self.log.adopt(
            self.id, edition, version, now=now, valid_from=valid_from, valid_to=valid_to, roster=roster
        )

    def adopted(self, rulebook: str, *, now: datetime | None = None) -> Adoption:
        """Return the latest adoption of a rulebook; with `now` one that was never adopted is adopted as published."""
        lines = {line.rulebook: line for line in self.log.adoptions(self.id)}
        if rulebook in lines:
            return lines[rulebook]
        book = read_rulebook(find_rulebook(rulebook)).rulebook
        if book.id in lines:
            return lines[book.id]
        if now is not None:
            return self.adopt(rulebook, now=now)
        when = f"{book.valid_from}..{book.valid_to}"
        raise RefusedError([not_adopted(lines.values(), self.id, when, book.id)])

    # Events

    def import_files(
        self,
        paths: Sequence[Path],
        *,
        rulebook: str,
        now: datetime,
        reading: Progress | None = None,
        writing: Progress | None = None,
        advice: list[Finding] | None = None,
    ) -> Taken:
        """Take in all events of all files, with what the rules derive from the incidents among them; or nothing.

        `advice` takes what is odd about files that are not refused.
        """
        adoption = self.adopted(rulebook, now=now)
        edition = self.log.edition(adoption)
        known = self.log.known_ids(self.id)
        events = read_events(paths, edition, roster=adoption.roster, existing=known, progress=reading, advice=advice)
        if not isinstance(edition.rulebook, Scorecard):
            events = self._recorded(events, adoption, now)
        return self._take_in(events, adoption, now=now, progress=writing)

    def _recorded(self, events: Sequence[Event], adoption: Adoption, now: datetime) -> list[Event]:
        """Return rows of filled-in forms as recorded now where they do not say when: their date is no day of theirs.

        A row that the log has keeps the moment of its first time, so that the same file once more is ignored.
        """
        late = [event.id for event in events if event.recorded is None]
        old = set(late) & self.log.known_ids(self.id, late)
        first: dict[str, datetime | None] = {}
        if old:
            lines = self.log.events(self.id, rulebook=adoption.rulebook)
            first = {event.id: event.recorded for event in lines if event.id in old}
        return [
            event if event.recorded is not None else replace(event, recorded=first.get(event.id, now))
            for event in events
        ]

    def _take_in(
        self, events: Sequence[Event], adoption: Adoption, *, now: datetime, progress: Progress | None = None
    ) -> Taken:
        """Append events that a reader has checked, and what the rules derive from incidents that are new."""
        edition = self.log.edition(adoption)
        self._within(events, adoption)
        incidents = unclassified(events)
        old = self.log.known_ids(self.id, [event.id for event in incidents]) if incidents else set()
        classified = classify(edition, [event for event in incidents if event.id not in old])
        result = self.log.append(
            self.id,
            [*events, *classified.events],
            rulebook=adoption.rulebook,
            now=now,
            rules=edition.rulebook,
            progress=progress,
        )
        return Taken(
            result=result,
            derived=classified.events,
            unmatched=classified.unmatched,
            quarantined=classified.quarantined,
        )

    def _within(self, events: Sequence[Event], adoption: Adoption) -> None:
        """Refuse periods for which the office has not adopted the rulebook; a withdrawal may come later."""
        periods = {event.when for event in events if event.clause or event.kind}
        outside = [period for period in sorted(periods) if not adoption.covers(period)]
        if outside:
            lines = self.log.adoptions(self.id)
            raise RefusedError([not_adopted(lines, self.id, str(when), adoption.rulebook) for when in outside])

    def record(self, event: Event, *, rulebook: str, now: datetime) -> Taken:
        """Append one event that a reader has checked; recorded now, unless it says when."""
        if event.recorded is None:
            known = self.log.known_ids(self.id, [event.id])
            recorded = self.log.line(self.id, event.id).event.recorded if known else now
            event = replace(event, recorded=recorded)  # the same once more is ignored, whenever it comes
        return self._take_in([event], self.adopted(rulebook, now=now), now=now)

    # Answers

    def edition(self, span: Span, rulebook: str | None = None) -> tuple[Adoption, Edition]:
        """Return what the office has adopted for a span; outside every range is refused."""
        month = span.number if span.kind in {SpanKind.MONTH, SpanKind.THROUGH} else 0
        adoption = self.log.adoption(self.id, Period(span.year, month), rulebook)
        return adoption, self.log.edition(adoption)

    def events(self, span: Span, adoption: Adoption, *, known: datetime | int | None = None) -> list[Event]:
        """Return the events of a span's year, known by a moment or a position of the log."""
        return self.log.events(self.id, rulebook=adoption.rulebook, year=span.year, known=known)

    def assess(
        self,
        span: Span,
        *,
        rulebook: str | None = None,
        known: datetime | int | None = None,
        day: date | None = None,
    ) -> Assessment:
        """Return the standings of a span from the log: what was known by then, duties judged up to this day."""
        from appraisal.assess import assess  # noqa: PLC0415  numpy is not needed to append

        adoption, edition = self.edition(span, rulebook)
        events = self.events(span, adoption, known=known if isinstance(known, int) else None)
        moment = known if isinstance(known, datetime) else None
        return assess(edition, events, span, known=moment, day=day, roster=adoption.roster)

    def verify(self, anchor: str = "") -> tuple[Finding, ...]:
        """Return the first broken link of the office's chains; `anchor` is `POSITION:HASH` as written down before."""
        return self.log.verify(self.id, anchor=parse_anchor(anchor) if anchor else None)


def parse_anchor(text: str) -> Head:
    """Read `POSITION:HASH`; anything else is refused."""
    position, _, seal = text.strip().partition(":")
    if not position.isdecimal() or len(seal) != _HASH_DIGITS or set(seal) - set("0123456789abcdef"):
        raise RefusedError([Finding(code="L013", args={"anchor": text})])
    return Head(position=int(position), hash=seal)
