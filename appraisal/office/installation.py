"""An installation: one database with its offices, accounts and files, and what all callers in this process share.

with open_installation("sqlite:///appraisal.db") as house:
    desk = house.desk("houjiatang", actor)
    assessment = house.standings("houjiatang", "houjiatang-2020", Span.whole(2020), day=today)
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from threading import Lock, RLock
from typing import Any, Self, TypeVar

from appraisal.assess import judge
from appraisal.model.ledger import Part
from appraisal.model.periods import Period, Span
from appraisal.model.roles import Actor
from appraisal.model.standing import Assessment
from appraisal.office.desk import Desk
from appraisal.office.office import Office
from appraisal.office.refresher import Refresher
from appraisal.office.yearbook import Yearbook
from appraisal.store.accounts import Accounts
from appraisal.store.adoptions import Adoption
from appraisal.store.audit import Audit
from appraisal.store.closings import Closings
from appraisal.store.database import PATIENCE, parse_url
from appraisal.store.evidence import EvidenceStore
from appraisal.store.log import Log, open_log
from appraisal.store.marks import Mark, mark
from appraisal.store.outbox import Outbox
from appraisal.store.requests import Requests
from appraisal.store.sessions import Attempts, Sessions
from appraisal.store.settings import Settings
from appraisal.store.writer import Writer

_REMEMBERED = 448
"""How many assessments a process keeps in memory: up to some megabytes each, for a year of thousands of entries."""

T = TypeVar("T")
_MEMOS = 128
_BOOKS = 32
"""How many years of offices a process keeps in memory: some megabytes each."""


@dataclass(frozen=True, kw_only=True)
class _Remembered:
    """Standings with the mark of which they are up to date, and all that they were judged by."""

    mark: Mark
    basis: tuple[Adoption, Part, date | None]
    assessment: Assessment


def open_installation(
    url: str, *, files: Path | None = None, patience: float = PATIENCE, serving: bool = False
) -> Installation:
    """Open an installation; its evidence lies in `files`, by default in a folder beside an SQLite database.

    `serving`: many threads use it at once, so one writer keeps all changes, and standings are refreshed behind it.
    """
    house = Installation(open_log(url, patience=patience), files or files_beside(url))
    if serving:
        house.serve()
    return house


def files_beside(url: str) -> Path:
    """Return where the evidence of a database lies: `NAME-files` beside the file, or in the current folder."""
    parsed = parse_url(url)
    if parsed.get_backend_name() == "sqlite" and parsed.database:
        path = Path(parsed.database)
        return path.with_name(f"{path.stem}-files")
    return Path("appraisal-files")


class Installation:
    """Everything of one database; every part may be used from several threads."""

    def __init__(self, log: Log, files: Path) -> None:
        self.log = log
        self.database = log.database
        self.accounts = Accounts(self.database)
        self.sessions = Sessions(self.database)
        self.attempts = Attempts(self.database)
        self.audit = Audit(self.database)
        self.requests = Requests(self.database)
        self.settings = Settings(self.database)
        self.outbox = Outbox(self.database)
        self.closings = Closings(self.database)
        self.evidence = EvidenceStore(self.database, files)
        self._memory: OrderedDict[tuple[str, str, Span], _Remembered] = OrderedDict()
        self._books: OrderedDict[tuple[str, str, int], Yearbook] = OrderedDict()
        self._memos: OrderedDict[Hashable, Any] = OrderedDict()
        self._turns: dict[tuple[str, str], RLock] = {}
        self._lock = Lock()
        self._refresher: Refresher | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def serve(self) -> None:
        """Start the one writer of this process, and the refresher behind it."""
        self._refresher = Refresher(self.refresh)
        self.database.writer = Writer(self.database.engine, after=self._refresher.note)

    @property
    def failures(self) -> Mapping[str, Exception]:
        """Why the standings of an office could not be refreshed, by office; empty where all is well."""
        return {} if self._refresher is None else dict(self._refresher.failures)

    def try_again(self) -> None:
        """Refresh the standings again that could not be: what was in the way may be gone."""
        if self._refresher is not None:
            self._refresher.note(frozenset(self._refresher.failures))

    def caught_up(self, *, timeout: float) -> bool:
        """Wait until standings in use are refreshed, for so many seconds at most; say whether they are."""
        return self._refresher is None or self._refresher.idle(timeout)

    def close(self) -> None:
        """Keep what was handed in, and let go of the database."""
        if isinstance(self.database.writer, Writer):
            self.database.writer.close()
        if self._refresher is not None:
            self._refresher.close()
        self.log.close()

    def office(self, office: str) -> Office:
        """Return an office at its log; an unknown one is refused (L010)."""
        if office not in self.log.offices():
            self.log.head(office)  # which says so
        return Office(log=self.log, id=office)

    def desk(self, office: str, actor: Actor) -> Desk:
        """Return someone's desk at an office: every deed is checked against the table of rights."""
        return Desk(house=self, office=self.office(office), actor=actor)

    # Standings

    def standings(self, office: str, rulebook: str, span: Span, *, day: date | None) -> Assessment:
        """Return the standings of a span as of the log's end and a day: from memory, or worked out."""
        key = (office, rulebook, span)
        now = mark(self.database, office)
        if (found := self._remembered(key, now, day)) is not None:
            return found
        with self._turn_of(office, "standings"):  # of many who ask at once, one works it out
            now = mark(self.database, office)
            return self._remembered(key, now, day) or self._judged(key, now, day)

    def _turn_of(self, office: str, what: str) -> RLock:
        with self._lock:
            return self._turns.setdefault((office, what), RLock())

    def _remembered(self, key: tuple[str, str, Span], now: Mark, day: date | None) -> Assessment | None:
        with self._lock:
            found = self._memory.get(key)
            if found is None or (found.mark, found.assessment.day) != (now, day):
                return None
            self._memory.move_to_end(key)
            return found.assessment

    def _judged(self, key: tuple[str, str, Span], now: Mark, day: date | None) -> Assessment:
        """Judge what the lines in memory give, or take over what a span already has where no new line belongs to it."""
        office, rulebook, span = key
        book = self.yearbook(office, rulebook, span.year, now)
        adoption, edition = Office(log=self.log, id=office).edition(span, rulebook)
        ledger = book.ledger_under(edition)
        basis = (adoption, ledger.within(span), day)
        with self._lock:
            before = self._memory.get(key)
        if before is not None and before.basis == basis and not ledger.conflicts:
            found = replace(before.assessment, input_hash=ledger.input_hash)
        else:
            found = judge(edition, ledger, span, day=day, roster=adoption.roster)
        with self._lock:
            self._memory[key] = _Remembered(mark=now, basis=basis, assessment=found)
            self._memory.move_to_end(key)
            while len(self._memory) > _REMEMBERED:
                self._memory.popitem(last=False)
        return found

    def yearbook(self, office: str, rulebook: str, year: int, now: Mark | None = None) -> Yearbook:
        """Return a year of an office as of the log's end (or of a mark), read on from where memory left off."""
        now = now or mark(self.database, office)
        with self._turn_of(office, "lines"):  # not that of standings: who logs must not wait for those being worked out
            return self._read_on((office, rulebook, year), now)

    def _read_on(self, key: tuple[str, str, int], now: Mark) -> Yearbook:
        office, rulebook, year = key
        with self._lock:
            before = self._books.get(key)
        adoption = self.log.adoption(office, Period(year), rulebook)
        if before is not None and (before.position, before.adoption) == (now.position, adoption):
            return before
        book = Yearbook.read(self.log, adoption, year, now.position, before)
        with self._lock:
            self._books[key] = book
            self._books.move_to_end(key)
            while len(self._books) > _BOOKS:
                self._books.popitem(last=False)
        return book

    def memo(self, office: str, key: Hashable, make: Callable[[], T]) -> T:
        """Return what was worked out from an office's log as it is now, or work it out; kept while it is in use."""
        whole = (office, key, mark(self.database, office))
        with self._lock:
            if whole in self._memos:
                self._memos.move_to_end(whole)
                found: T = self._memos[whole]
                return found
        made = make()
        with self._lock:
            self._memos[whole] = made
            while len(self._memos) > _MEMOS:
                self._memos.popitem(last=False)
        return made

    def refresh(self, office: str) -> None:
        """Bring the standings of an office that are in use up to the end of its log."""
        with self._lock:
            wanted = [(key, kept.assessment.day) for key, kept in self._memory.items() if key[0] == office]
        for (_, rulebook, span), day in wanted:
            self.standings(office, rulebook, span, day=day)
