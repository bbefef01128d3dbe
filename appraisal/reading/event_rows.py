"""A row of cells to an event, or to everything that is wrong with it; what repeats is worked out once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from appraisal.errors import Finding, Place
from appraisal.model.edition import Edition
from appraisal.model.event import Event, Scalar
from appraisal.model.periods import Period
from appraisal.model.rulebook import Subject
from appraisal.reading.cells import Wrong, parse_date, parse_period
from appraisal.reading.event_columns import NAMES
from appraisal.reading.event_shelf import LONG, REMEMBERED, Shelf, unfit
from appraisal.reading.event_table import Cells
from appraisal.reading.event_terms import Said, Terms, accepting

When = tuple[date, Period | None, tuple[Wrong, ...]]
_NEVER = date(1, 1, 1)
_NO_FACTS: Mapping[str, Scalar] = Event(id="", date=_NEVER).facts


class Reader(Shelf):
    """Reads the rows of a table of events."""

    def __init__(self, edition: Edition, roster: tuple[Subject, ...] | None, faults: list[Finding]) -> None:
        super().__init__(edition, roster, faults)
        self.accepting = accepting(edition.scorecard)
        self._valid = (self.rulebook.valid_from, self.rulebook.valid_to)
        self._terms: dict[tuple[object, ...], Terms] = {}
        self._when: dict[tuple[str, str, bool, bool, bool], When] = {}
        self._who: dict[tuple[str, str, bool], tuple[str, tuple[Wrong, ...]]] = {}
        self._faulty: dict[str, tuple[Place, Cells, tuple[str, ...]]] = {}

    def row(self, line: int, cells: Cells, extra: Mapping[str, str]) -> None:
        """Read one row: an event, or faults."""
        id_, day, period, subject, clause, kind, count, level, value, benchmark, part = cells[:11]
        matter, status_text, note, moment_text, counters, derived_from = cells[11:]
        key = (clause, kind, count, level, value, benchmark, part, bool(counters))
        terms = self._terms.get(key) or self._make_terms(key, cells, extra)
        when = self._when.get((day, period, terms.month_needed, terms.period_needed, terms.pure))
        when = when or self._make_when(day, period, terms)
        who = self._who.get((subject, terms.clause, terms.pure)) or self._make_who(subject, terms)
        status = self._statuses.get(status_text) or self.status(status_text)
        moment = self._moments.get(moment_text) or self.moment(moment_text)
        text = "".join(cells) + "".join(extra.values()) if extra else "".join(cells)
        wrongs = (*terms.wrongs, *when[2], *who[1])
        slips = wrongs or status[1] or moment[1] or not id_ or (terms.note_needed and not note) or id_ == counters
        if slips or len(text) > LONG or not text.isprintable():
            found = [*wrongs, *filter(None, (status[1], moment[1])), *_others(terms, cells, extra)]
            if found:
                self.refuse(line, found, cells, extra, id_)
                self._faulty_twice(line, found, cells)
                return
        facts = terms.facts if terms.incident or not extra else {**terms.facts, **extra}
        event = Event(
            id=id_,
            date=when[0],
            subject=who[0],
            period=when[1],
            clause=terms.clause,
            kind=terms.kind,
            matter=matter,
            status=status[0],
            note=note,
            recorded=moment[0],
            counters=counters,
            derived_from=derived_from,
            facts=facts or _NO_FACTS,
        )
        if self._faulty and id_ in self._faulty:
            other, _, columns = self._faulty[id_]
            self._twice(self.layouts[-1].place(line, "id"), other, id_, columns)
        self.keep(line, event)

    def _faulty_twice(self, line: int, found: list[Wrong], cells: Cells) -> None:
        """Note a faulty row whose id another row has too, and which says something else: both must be mended."""
        id_, place = cells[0], self.layouts[-1].place(line, "id")
        columns = tuple(wrong.column for wrong in found)
        if not id_:
            return
        if id_ in self.index:
            self._twice(place, self.place(self.index[id_]), id_, columns)
        elif id_ in self._faulty:
            other, before, _ = self._faulty[id_]
            differs = tuple(name for name, now, then in zip(NAMES, cells, before, strict=True) if now != then)
            if differs:
                self._twice(place, other, id_, differs)
        else:
            self._faulty[id_] = (place, cells, columns)

    def _twice(self, place: Place, other: Place, id_: str, columns: tuple[str, ...]) -> None:
        titles = self.layouts[-1].form.titles
        differs = ", ".join(titles.get(name, name) for name in dict.fromkeys(columns))
        self._faults.append(Finding(code="E031", place=place, args={"id": id_, "differs": differs}, also=(other,)))

    def _make_terms(self, key: tuple[object, ...], cells: Cells, extra: Mapping[str, str]) -> Terms:
        of = dict(zip(NAMES, cells, strict=True))
        pure = bool(of["counters"]) and not of["clause"] and not of["kind"]
        said = Said(
            clause=of["clause"],
            kind=of["kind"],
            count=of["count"],
            level=of["level"],
            value=of["value"],
            benchmark=of["benchmark"],
            part=of["part"],
            pure=pure,
        )
        if said.kind and not said.clause:
            return self.accepting.incident(said, of | dict(extra))
        if len(self._terms) > REMEMBERED:
            self._terms.clear()
        terms = self._terms[key] = self.accepting.terms(said)
        return terms

    def _make_when(self, day_text: str, period_text: str, terms: Terms) -> When:
        day = parse_date(day_text) if day_text else Wrong("E030", "date")
        period = parse_period(period_text) if period_text else None
        wrongs = [part for part in (day, period) if isinstance(part, Wrong)]
        if isinstance(day, date) and not isinstance(period, Wrong):
            wrongs += self._validity(day, period, terms)
        when = (
            _NEVER if isinstance(day, Wrong) else day,
            None if isinstance(period, Wrong) else period,
            tuple(wrongs),
        )
        if len(self._when) > REMEMBERED:
            self._when.clear()
        self._when[day_text, period_text, terms.month_needed, terms.period_needed, terms.pure] = when
        return when

    def _validity(self, day: date, period: Period | None, terms: Terms) -> Iterator[Wrong]:
        """Judge a period, else a date, by the rulebook's dates; a withdrawal may come later than they end."""
        first, last = self._valid
        bounds = {"first": first.isoformat(), "last": last.isoformat()}
        if period is not None:
            if period.first < first or period.last > last:
                yield Wrong("E047", "period", bounds)
            if terms.month_needed and not period.month:
                yield Wrong("E045", "period")
        elif terms.period_needed:
            yield Wrong("E046", "period")
        elif day < first or (day > last and (not terms.pure or day.year == date.max.year)):
            yield Wrong("E043", "date", bounds)

    def _make_who(self, text: str, terms: Terms) -> tuple[str, tuple[Wrong, ...]]:
        found = self.who(text)
        subject = "" if isinstance(found, Wrong) else found
        wrongs: tuple[Wrong, ...] = ()
        clause = self.accepting.clauses.get(terms.clause)
        if isinstance(found, Wrong):
            wrongs = (found,) if text or not terms.pure else ()
        elif clause is not None and clause.applies_to and subject not in clause.applies_to:
            names = ", ".join(self._names.get(s, s) for s in clause.applies_to)
            wrongs = (Wrong("E035", "clause", {"subject": self._names[subject], "names": names}),)
        if len(self._who) > REMEMBERED:
            self._who.clear()
        who = self._who[text, terms.clause, terms.pure] = (subject, wrongs)
        return who


def _others(terms: Terms, cells: Cells, extra: Mapping[str, str]) -> Iterator[Wrong]:
    """Yield what is wrong with the columns that stand for themselves."""
    of = dict(zip(NAMES, cells, strict=True))
    if not of["id"]:
        yield Wrong("E030", "id")
    elif of["id"] == of["counters"]:
        yield Wrong("E073", "counters")
    if terms.note_needed and not of["note"]:
        yield Wrong("E068", "note")
    yield from unfit({**of, **extra})
