"""What the readers of all kinds of rows keep: the events, the lines they stand on, who is known, and the faults."""

from __future__ import annotations

import unicodedata
from array import array
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from appraisal.errors import Finding, Place
from appraisal.model.edition import Edition
from appraisal.model.event import Event, Status
from appraisal.model.rulebook import Subject
from appraisal.reading.cells import Wrong, parse_moment, parse_status
from appraisal.reading.event_columns import EVENTS, FREE
from appraisal.reading.event_table import Cells, Layout
from appraisal.reading.nearest import Nearest, plain

REMEMBERED = 200_000
LONG = 200  # characters of a name or a word; notes and columns of one's own may have more
LONGER = 10_000
_ABSENT = {"E030", "E036", "E046", "E051", "E053", "E061", "E063", "E068", "E079", "E081"}
_MANY_LINES = {"note"}


@dataclass(frozen=True)
class _Roster:
    """A roster that equals only itself, and what its subjects are called."""

    subjects: tuple[Subject, ...]
    noun: str

    def __hash__(self) -> int:
        return id(self.subjects)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Roster) and (other.subjects is self.subjects and other.noun == self.noun)


class _Known:
    """The subjects of a roster, ready to be found by their names, aliases and ids."""

    def __init__(self, roster: _Roster) -> None:
        subjects = roster.subjects
        self.names = {subject.id: subject.name for subject in subjects}
        self.ids = {n: s.id for s in reversed(subjects) for n in (*s.aliases, s.name, s.id)}
        self.plain = {plain(n): i for n, i in self.ids.items() if not n.isascii()}
        shown = [name for s in subjects for name in (s.name, *s.aliases)]
        self.near = Nearest(dict.fromkeys([*shown, *self.names]), suffix=roster.noun)


@lru_cache(maxsize=64)  # a form is read for every line that is logged
def _known(roster: _Roster) -> _Known:
    return _Known(roster)


class Shelf:
    """The events of one run, in order, each id once; `open_roster`: any name is a subject."""

    def __init__(self, edition: Edition, roster: tuple[Subject, ...] | None, faults: list[Finding]) -> None:
        subjects = edition.roster if roster is None else roster
        who = _known(_Roster(subjects, edition.rulebook.subject_noun))
        self.rulebook = edition.rulebook
        self.events: list[Event] = []
        self.lines = array("L")
        self.files = array("L")
        self.layouts: list[Layout] = []
        self.index: dict[str, int] = {}
        self.unread: set[str] = set()
        self.open_roster = roster is None and not subjects
        self._faults = faults
        self._names, self._subjects, self._plain = who.names, who.ids, who.plain
        self._near = who.near.anew()
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
        raise NotImplementedError  # pragma: no cover

    def place(self, at: int, column: str = "id") -> Place:
        """Return the place of an event that was read."""
        layout = self.layouts[self.files[at]]
        return Place(file=layout.file, line=self.lines[at], column=layout.numbers.get(column, 0))

    def keep(self, line: int, event: Event, *, twice: str = "E031", column: str = "id") -> None:
        """Keep an event; a row that says the same again is ignored, another one under the same id refused."""
        at = self.index.setdefault(event.id, len(self.events))
        if at < len(self.events):
            self._again(line, event, at, twice, column)
            return
        self.events.append(event)
        self.lines.append(line)
        self.files.append(len(self.layouts) - 1)

    def _again(self, line: int, event: Event, at: int, twice: str, column: str) -> None:
        first = self.events[at]
        if event == first:
            return
        now, before = event.content(), first.content()
        differs = [n for n in {**before, **now} if now.get(n) != before.get(n)]
        layout = self.layouts[-1]
        args = {"id": event.id, "differs": ", ".join(_named(differs, event, first, layout.form.titles))}
        args |= {"subject": self.name(event.subject), "clause": event.clause}
        place = layout.place(line, column)
        self._faults.append(Finding(code=twice, place=place, args=args, also=(self.place(at, column),)))

    def refuse(self, line: int, wrongs: list[Wrong], cells: Cells, extra: Mapping[str, str], id_: str) -> None:
        """Note everything that is wrong with a row; who names it is not blamed."""
        layout = self.layouts[-1]
        self.unread.add(id_)
        for wrong in wrongs:
            if layout.doubtful and wrong.code in _ABSENT and wrong.column not in layout.titles:
                continue  # the unknown header is likely this column, misspelt
            self._faults.append(layout.finding(line, wrong, cells, extra))

    def who(self, text: str) -> str | Wrong:
        """Return the id of a subject by its name, alias or id."""
        if self.open_roster:
            return text or Wrong("E030", "subject")
        subject = self._subjects.get(text) or self._plain.get(plain(text), "")
        if not text:
            return Wrong("E030", "subject")
        return subject or Wrong("E032", "subject", {"near": self._near.shown(text)})

    def status(self, text: str) -> tuple[Status, Wrong | None]:
        """Return the step at which a row enters."""
        if text not in self._statuses:
            status = parse_status(text)
            self._statuses[text] = (Status.NONE, status) if isinstance(status, Wrong) else (status, None)
        return self._statuses[text]

    def moment(self, text: str) -> tuple[datetime | None, Wrong | None]:
        """Return when a row was recorded."""
        known = self._moments.get(text)
        if known is None:
            moment = parse_moment(text)
            known = (None, moment) if isinstance(moment, Wrong) else (moment, None)
            if len(self._moments) < REMEMBERED:
                self._moments[text] = known
        return known


def unfit(of: Mapping[str, str]) -> Iterator[Wrong]:
    """Yield the cells that are too long or hold what cannot be seen."""
    for name, text in of.items():
        if not text:
            continue
        free = name in _MANY_LINES or name.startswith(FREE)
        if len(text) > (LONGER if free else LONG):
            yield Wrong("E029", name, {"most": str(LONGER if free else LONG)})
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


def _named(differs: list[str], now: Event, before: Event, titles: Mapping[str, str]) -> list[str]:
    """Return the columns in which two rows differ, by their Chinese names."""
    facts = [n for n in {**before.facts, **now.facts} if now.facts.get(n) != before.facts.get(n)]
    return [
        titles.get(name) or EVENTS.titles.get(name, name) for name in [*(n for n in differs if n != "facts"), *facts]
    ]
