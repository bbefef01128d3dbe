"""A year of an office as its pages need it: its lines in memory, how far each entry has come, read on from the log."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from appraisal.model.edition import Edition
from appraisal.model.event import Event, files_of
from appraisal.model.ledger import Ledger, countered, resolve
from appraisal.model.periods import Period
from appraisal.model.scorecard import Scorecard
from appraisal.model.steps import Step, followers, is_step, thread
from appraisal.office.workflow import Case, State, state_among
from appraisal.store.adoptions import Adoption
from appraisal.store.lines import Line
from appraisal.store.log import Log

_GONE = frozenset({State.COUNTERED, State.SUPERSEDED, State.DECLINED})


@dataclass(frozen=True)
class Yearbook:
    """The lines of one rulebook's year up to a position of the log, by id in the order of the log."""

    adoption: Adoption
    edition: Edition
    year: int
    position: int
    lines: Mapping[str, Line]
    _ledgers: dict[tuple[str, tuple[tuple[str, str], ...]], tuple[Edition, Ledger, tuple[Event, ...]]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    # With each the events that it lacks: many lines may come before anybody asks for it.

    @classmethod
    def read(cls, log: Log, adoption: Adoption, year: int, position: int, before: Yearbook | None = None) -> Yearbook:
        """Read a year up to a position; what was read before is read on from there where that is enough."""
        known: dict[str, Line] = {}
        found: list[Line] | None = None
        if before is not None and before.position <= position:
            found = log.year(adoption.office, adoption.rulebook, year, after=before.position)
            known = dict(before.lines) if found is not None else {}
        if found is None:
            found = log.year(adoption.office, adoption.rulebook, year) or []
        more = {line.event.id: line for line in found if line.position <= position}
        book = cls(adoption, log.edition(adoption), year, position, known | more)
        if known and before is not None:
            book._carry(before, tuple(more.values()))
        return book

    def _carry(self, before: Yearbook, more: tuple[Line, ...]) -> None:
        """Take over what was worked out before: lines that link to none leave it as it is, but for themselves."""
        # Many write at once, and each line makes a new yearbook: working all of it out again would cost the office.
        was, mine = before.__dict__, self.__dict__
        events = tuple(line.event for line in more)
        if "events" in was:
            mine["events"] = was["events"] + events
        if all(is_step(event) and not event.counters for event in events):  # no entry comes or goes
            mine |= {name: was[name] for name in ("entries", "gone", "held", "by_subject", "texts") if name in was}
        elif not any(_links(event) for event in events):
            self._grow(before, more)

    def _grow(self, before: Yearbook, more: tuple[Line, ...]) -> None:
        """Take over what was worked out before, with entries that stand alone."""
        was, mine = before.__dict__, self.__dict__
        events = tuple(line.event for line in more)
        mine |= {name: was[name] for name in ("after", "gone", "steps") if name in was}
        if "entries" in was:
            mine["entries"] = was["entries"] + more
        for key, (edition, ledger, late) in list(before._ledgers.items()):
            self._ledgers[key] = edition, ledger, late + events
        if "states" in was:
            mine["states"] = was["states"] | {event.id: state_among(event, (), self.gone) for event in events}
        if "by_subject" in was:
            mine["by_subject"] = dict(was["by_subject"])
            for subject, some in _by_subject(events).items():
                mine["by_subject"][subject] = (*was["by_subject"].get(subject, ()), *some)
        if "held" in was:
            mine["held"] = was["held"] + self._held(events)
        if "texts" in was:
            mine["texts"] = was["texts"] | _texts(events)

    @cached_property
    def events(self) -> tuple[Event, ...]:
        """Every event of the year."""
        return tuple(line.event for line in self.lines.values())

    @cached_property
    def entries(self) -> tuple[Line, ...]:
        """The lines that give or take points, or are incidents: everything but steps of the workflow."""
        return tuple(line for line in self.lines.values() if not is_step(line.event) and not _bare(line.event))

    @cached_property
    def by_subject(self) -> Mapping[str, tuple[Event, ...]]:
        """The entries about each subject, in the order of the log."""
        return _by_subject(line.event for line in self.entries)

    @cached_property
    def steps(self) -> tuple[Event, ...]:
        """The steps of the workflow."""
        return tuple(event for event in self.events if is_step(event))

    @cached_property
    def after(self) -> Mapping[str, Event]:
        """Which line follows which."""
        return followers(self.events)

    @cached_property
    def gone(self) -> Mapping[str, str]:
        """Which lines are countered, and by which."""
        return countered(self.events)

    @property
    def ledger(self) -> Ledger:
        """The events sorted into those that count and those that do not, under the rulebook of the year."""
        return self.ledger_under(self.edition)

    def ledger_under(self, edition: Edition) -> Ledger:
        """Return the ledger under a version of the rulebook: one may be adopted in the middle of a year."""
        key = (edition.hash, tuple(sorted(edition.readings.items())))
        found = self._ledgers.get(key)
        if found is None:
            found = edition, resolve(self.events, edition.rulebook), ()
        elif found[2]:
            found = edition, found[1].plus(found[2], edition.rulebook), ()
        self._ledgers[key] = found
        return found[1]

    @property
    def counted(self) -> tuple[Event, ...]:
        """The events that count, by date and id."""
        return self.ledger.counted

    @cached_property
    def held(self) -> Counter[tuple[Period, str]]:
        """How many entries stand for each period and department: what a department reports."""
        standing = (line.event for line in self.entries if not line.event.counters and line.event.id not in self.gone)
        return self._held(standing)

    def _held(self, events: Iterable[Event]) -> Counter[tuple[Period, str]]:
        return Counter((event.when, self.department(event)) for event in events)

    @cached_property
    def lacking(self) -> frozenset[str]:
        """The entries that stand and whose clause demands evidence that did not come, nor was added since."""
        book = self.edition.rulebook
        needing = {c.id for c in book.clauses() if c.evidence_needed} if isinstance(book, Scorecard) else set()
        asked = (line.event for line in self.entries if line.event.clause in needing) if needing else ()
        return frozenset(event.id for event in asked if self.state(event) not in _GONE and not self._shown(event))

    def files(self, event_id: str) -> tuple[str, ...]:
        """Return what names the files of an entry and of its steps, each once."""
        lines = (self.lines[event_id].event, *thread(event_id, self.after))
        return tuple(dict.fromkeys(name for line in lines for name in files_of(line)))

    def _shown(self, event: Event) -> bool:
        """Say whether evidence came with an entry, or was added since."""
        added = (line for line in thread(event.id, self.after) if line.kind == Step.EVIDENCED)
        return any(files_of(one) for one in (event, *added))

    @cached_property
    def states(self) -> Mapping[str, State]:
        """How far each entry has come, by its id."""
        return {
            line.event.id: state_among(line.event, tuple(thread(line.event.id, self.after)), self.gone)
            for line in self.entries
        }

    @cached_property
    def under_way(self) -> tuple[tuple[Event, State], ...]:
        """The entries that wait for somebody's step, with their states: few, so that every page can count them."""
        waits = frozenset(State) - {State.COUNTS, State.COUNTERED, State.SUPERSEDED, State.RULED, State.CONFIRMED}
        found = ((line.event, self.states[line.event.id]) for line in self.entries)
        return tuple((event, state) for event, state in found if state in waits - {State.DECLINED})

    def state(self, event: Event) -> State:
        """How far an entry has come."""
        return self.states[event.id]

    @cached_property
    def texts(self) -> Mapping[str, str]:
        """What words are looked for in, by the id of an entry."""
        return _texts(line.event for line in self.entries)

    def case(self, event_id: str) -> Case:
        """Return the case of an entry."""
        event = self.lines[event_id].event
        lines = tuple(thread(event_id, self.after))
        return Case(
            entry=event, lines=lines, state=state_among(event, lines, self.gone), by=self.gone.get(event_id, "")
        )

    def department(self, event: Event) -> str:
        """Return the department that an event belongs to; empty outside the departments."""
        book = self.edition.rulebook
        supplier = book.supplier(event.clause) if isinstance(book, Scorecard) else ""
        return supplier or str(event.facts.get("department", ""))

    def find(self, wanted: Query) -> Found:
        """Return the entries that a query asks for, the latest first, with counts by state, department and clause."""
        tests = wanted.tests(self)
        chosen = [line for line in reversed(self.entries) if all(test(line.event) for test in tests)]
        states = Counter(self.states[line.event.id] for line in chosen)
        lacking = sum(line.event.id in self.lacking for line in chosen)
        if wanted.lacking:
            chosen = [line for line in chosen if line.event.id in self.lacking]
        if wanted.states:
            chosen = [line for line in chosen if self.state(line.event) in wanted.states]
        return Found(
            lines=tuple(chosen[wanted.offset : wanted.offset + wanted.limit]),
            total=len(chosen),
            states={state: states[state] for state in State if states[state]},
            lacking=lacking,
        )


def _links(event: Event) -> bool:
    """Say whether an event names another, or is a step: then it changes what others are."""
    return bool(event.counters or event.follows or event.derived_from) or is_step(event)


def _by_subject(events: Iterable[Event]) -> dict[str, tuple[Event, ...]]:
    found: dict[str, list[Event]] = {}
    for event in events:
        found.setdefault(event.subject, []).append(event)
    return {subject: tuple(some) for subject, some in found.items()}


def _texts(events: Iterable[Event]) -> dict[str, str]:
    return {e.id: f"{e.note} {e.id} {e.matter} {e.clause}".casefold() for e in events}


def _bare(event: Event) -> bool:
    return bool(event.counters) and not (event.clause or event.kind)


@dataclass(frozen=True, kw_only=True)
class Query:
    """What a list of entries is filtered by; nothing set asks for all. `words` must all stand in note, id or matter.

    `lacking`: only those whose evidence is missing.
    """

    subjects: frozenset[str] = frozenset()
    departments: frozenset[str] = frozenset()
    clauses: frozenset[str] = frozenset()
    months: frozenset[int] = frozenset()
    states: frozenset[State] = frozenset()
    actor: str = ""
    words: str = ""
    lacking: bool = False
    offset: int = 0
    limit: int = 50

    def tests(self, book: Yearbook) -> list[Callable[[Event], bool]]:
        """Return what an entry must pass to be asked for, whatever its state."""
        found: list[Callable[[Event], bool]] = []
        if self.subjects:
            found.append(lambda event: event.subject in self.subjects)
        if self.clauses:
            found.append(lambda event: event.clause in self.clauses)
        if self.departments:
            found.append(lambda event: book.department(event) in self.departments)
        if self.months:
            found.append(lambda event: event.when.month in self.months)
        if self.actor:
            found.append(lambda event: event.actor == self.actor)
        if words := self.words.casefold().split():
            found.append(lambda event: all(word in book.texts[event.id] for word in words))
        return found


@dataclass(frozen=True, kw_only=True)
class Found:
    """A page of entries, how many there are in all, and how many in each state, or lacking, before one was chosen."""

    lines: tuple[Line, ...]
    total: int
    states: Mapping[State, int] = field(default_factory=dict)
    lacking: int = 0


def cases(book: Yearbook, states: Iterable[State]) -> tuple[Case, ...]:
    """Return the cases in one of these states, in the order of the log."""
    wanted = frozenset(states)
    return tuple(book.case(line.event.id) for line in book.entries if book.state(line.event) in wanted)
