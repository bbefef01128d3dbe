"""A row of cells to an event, or to everything that is wrong with it; what repeats is worked out once."""

from __future__ import annotations

import unicodedata
from array import array
from collections.abc import Iterator, Mapping
from datetime import date, datetime

from appraisal.errors import Finding, Place
from appraisal.model.edition import Edition
from appraisal.model.event import Event, Scalar, Status
from appraisal.model.periods import Period
from appraisal.model.rulebook import Subject
from appraisal.reading.cells import Wrong, parse_date, parse_moment, parse_period, parse_status
from appraisal.reading.event_columns import FREE, NAMES, TITLES
from appraisal.reading.event_table import Cells, Layout
from appraisal.reading.event_terms import Accepting, Said, Terms
from appraisal.reading.nearest import Nearest, plain

When = tuple[date, Period | None, tuple[Wrong, ...]]
_REMEMBERED = 200_000
_ABSENT = {"E030", "E036", "E046", "E051", "E053", "E061", "E063", "E068", "E079", "E081"}
_MANY_LINES = {"note"}
_LONG = 200  # characters of a name or a word; notes and columns of one's own may have more
_LONGER = 10_000
_NEVER = date(1, 1, 1)
_NO_FACTS: Mapping[str, Scalar] = Event(id="", date=_NEVER).facts


class Reader:
    """Reads rows of one run; keeps the events, the lines they stand on, and the faults."""

    def __init__(self, edition: Edition, roster: tuple[Subject, ...] | None, faults: list[Finding]) -> None:
        rulebook = edition.rulebook
        subjects = edition.roster if roster is None else roster
        self.events: list[Event] = []
        self.lines = array("L")
        self.files = array("L")
        self.layouts: list[Layout] = []
        self.index: dict[str, int] = {}
        self.unread: set[str] = set()
        self.accepting = Accepting(rulebook)
        self._faults = faults
        self._valid = (rulebook.valid_from, rulebook.valid_to)
        self._names = {subject.id: subject.name for subject in subjects}
        self._subjects = {n: s.id for s in reversed(subjects) for n in (*s.aliases, s.name, s.id)}
        self._plain = {plain(n): i for n, i in self._subjects.items() if not n.isascii()}
        shown = [name for s in subjects for name in (s.name, *s.aliases)]
        self._near = Nearest(dict.fromkeys([*shown, *self._names]), suffix=rulebook.subject_noun)
        self._terms: dict[tuple[object, ...], Terms] = {}
        self._when: dict[tuple[str, str, bool, bool, bool], When] = {}
        self._who: dict[tuple[str, str, bool], tuple[str, tuple[Wrong, ...]]] = {}
        self._moments: dict[str, tuple[datetime | None, Wrong | None]] = {"": (None, None)}
        self._statuses: dict[str, tuple[Status, Wrong | None]] = {"": (Status.NONE, None)}

    def name(self, subject: str) -> str:
        """Return what people call a subject."""
        return self._names.get(subject, subject)

    def begin(self, layout: Layout) -> None:
        """Take the rows that follow from this file."""
        self.layouts.append(layout)

    def row(self, line: int, cells: Cells, extra: Mapping[str, str]) -> None:
        """Read one row: an event, or faults."""
        id_, day, period, subject, clause, kind, count, level, value, benchmark, part = cells[:11]
        matter, status_text, note, moment_text, counters, derived_from = cells[11:]
        key = (clause, kind, count, level, value, benchmark, part, bool(counters))
        terms = self._terms.get(key) or self._make_terms(key, cells, extra)
        when = self._when.get((day, period, terms.month_needed, terms.period_needed, terms.pure))
        when = when or self._make_when(day, period, terms)
        who = self._who.get((subject, terms.clause, terms.pure)) or self._make_who(subject, terms)
        status = self._statuses.get(status_text) or self._make_status(status_text)
        moment = self._moments.get(moment_text) or self._make_moment(moment_text)
        text = "".join(cells) + "".join(extra.values()) if extra else "".join(cells)
        wrongs = (*terms.wrongs, *when[2], *who[1])
        slips = wrongs or status[1] or moment[1] or not id_ or (terms.note_needed and not note) or id_ == counters
        if slips or len(text) > _LONG or not text.isprintable():
            found = [*wrongs, *filter(None, (status[1], moment[1])), *_others(terms, cells, extra)]
            if found:
                self._refuse(line, found, cells, extra)
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
        at = self.index.setdefault(id_, len(self.events))
        if at < len(self.events):
            self._again(line, event, at)
            return
        self.events.append(event)
        self.lines.append(line)
        self.files.append(len(self.layouts) - 1)

    def place(self, at: int, column: str = "id") -> Place:
        """Return the place of an event that was read."""
        layout = self.layouts[self.files[at]]
        return Place(file=layout.file, line=self.lines[at], column=layout.numbers.get(column, 0))

    def _again(self, line: int, event: Event, at: int) -> None:
        """Ignore a row that says the same again; refuse one that says something else under the same id."""
        if event == self.events[at]:
            return
        first = self.events[at]
        now, before = event.content(), first.content()
        differs = [n for n in {**before, **now} if now.get(n) != before.get(n)]
        layout = self.layouts[-1]
        args = {"id": event.id, "differs": ", ".join(_named(differs, event, first))}
        place = layout.place(line, "id")
        self._faults.append(Finding(code="E031", place=place, args=args, also=(self.place(at),)))

    def _refuse(self, line: int, wrongs: list[Wrong], cells: Cells, extra: Mapping[str, str]) -> None:
        layout = self.layouts[-1]
        self.unread.add(cells[0])
        for wrong in wrongs:
            if layout.doubtful and wrong.code in _ABSENT and wrong.column not in layout.titles:
                continue  # the unknown header is likely this column, misspelt
            self._faults.append(layout.finding(line, wrong, cells, extra))

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
        if len(self._terms) > _REMEMBERED:
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
        if len(self._when) > _REMEMBERED:
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
        elif day < first or (day > last and not terms.pure):
            yield Wrong("E043", "date", bounds)

    def _make_who(self, text: str, terms: Terms) -> tuple[str, tuple[Wrong, ...]]:
        subject = self._subjects.get(text) or self._plain.get(plain(text), "")
        wrongs: tuple[Wrong, ...] = ()
        clause = self.accepting.clauses.get(terms.clause)
        if not text:
            wrongs = () if terms.pure else (Wrong("E030", "subject"),)
        elif not subject:
            wrongs = (Wrong("E032", "subject", {"near": self._near.shown(text)}),)
        elif clause is not None and clause.applies_to and subject not in clause.applies_to:
            names = ", ".join(self._names.get(s, s) for s in clause.applies_to)
            wrongs = (Wrong("E035", "clause", {"subject": self._names[subject], "names": names}),)
        if len(self._who) > _REMEMBERED:
            self._who.clear()
        who = self._who[text, terms.clause, terms.pure] = (subject, wrongs)
        return who

    def _make_status(self, text: str) -> tuple[Status, Wrong | None]:
        status = parse_status(text)
        found = (Status.NONE, status) if isinstance(status, Wrong) else (status, None)
        return self._statuses.setdefault(text, found)

    def _make_moment(self, text: str) -> tuple[datetime | None, Wrong | None]:
        moment = parse_moment(text)
        found = (None, moment) if isinstance(moment, Wrong) else (moment, None)
        if len(self._moments) < _REMEMBERED:
            self._moments[text] = found
        return found


def _others(terms: Terms, cells: Cells, extra: Mapping[str, str]) -> Iterator[Wrong]:
    """Yield what is wrong with the columns that stand for themselves."""
    of = dict(zip(NAMES, cells, strict=True))
    if not of["id"]:
        yield Wrong("E030", "id")
    elif of["id"] == of["counters"]:
        yield Wrong("E073", "counters")
    if terms.note_needed and not of["note"]:
        yield Wrong("E068", "note")
    for name, text in {**of, **extra}.items():
        free = name in _MANY_LINES or name.startswith(FREE)
        if len(text) > (_LONGER if free else _LONG):
            yield Wrong("E029", name, {"most": str(_LONGER if free else _LONG)})
        hidden = _hidden(text, lines=free)
        if hidden:
            yield Wrong("E037", name, {"character": hidden})


def _hidden(text: str, *, lines: bool) -> str:
    """Return the first character that no cell may hold (control characters, halves of pairs); empty if none."""
    if text.isprintable():
        return ""
    allowed = "\n\r\t" if lines else ""
    bad = (c for c in text if unicodedata.category(c) in {"Cc", "Cs", "Zl", "Zp"} and c not in allowed)
    return next((f"U+{ord(c):04X}" for c in bad), "")


def _named(differs: list[str], now: Event, before: Event) -> list[str]:
    """Return the columns in which two rows differ, by their Chinese names."""
    facts = [n for n in {**before.facts, **now.facts} if now.facts.get(n) != before.facts.get(n)]
    return [TITLES.get(name, name) for name in [*(n for n in differs if n != "facts"), *facts]]
