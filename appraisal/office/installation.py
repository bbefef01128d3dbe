"""An installation: one database with its offices, accounts and files, and what all callers in this process share.

with open_installation("sqlite:///appraisal.db") as house:
    desk = house.desk("houjiatang", actor)
    assessment = house.standings("houjiatang", "houjiatang-2020", Span.whole(2020), day=today)
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from datetime import date
from pathlib import Path
from threading import Lock, RLock
from typing import Any, Self, TypeVar

from appraisal.assess import assess, engine_version
from appraisal.model.codec import decode, encode
from appraisal.model.periods import Period, Span
from appraisal.model.roles import Actor
from appraisal.model.standing import Assessment
from appraisal.office.desk import Desk
from appraisal.office.office import Office
from appraisal.office.refresher import Refresher
from appraisal.office.yearbook import Yearbook
from appraisal.store.accounts import Accounts
from appraisal.store.audit import Audit
from appraisal.store.closings import Closings
from appraisal.store.database import PATIENCE, parse_url
from appraisal.store.derived import Derived, Kept, Mark
from appraisal.store.evidence import EvidenceStore
from appraisal.store.log import Log, open_log
from appraisal.store.outbox import Outbox
from appraisal.store.requests import Requests
from appraisal.store.sessions import Attempts, Sessions
from appraisal.store.settings import Settings
from appraisal.store.writer import Writer

_REMEMBERED = 64
"""How many assessments a process keeps in memory: up to some megabytes each, for a year of thousands of entries."""

T = TypeVar("T")
_MEMOS = 128
_BOOKS = 32
"""How many years of offices a process keeps in memory: some megabytes each."""


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
        self.derived = Derived(self.database)
        self.evidence = EvidenceStore(self.database, files)
        self._memory: OrderedDict[tuple[str, str, Span], tuple[Mark, date | None, Assessment]] = OrderedDict()
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
        self.log.head(office)
        return Office(log=self.log, id=office)

    def desk(self, office: str, actor: Actor) -> Desk:
        """Return someone's desk at an office: every deed is checked against the table of rights."""
        return Desk(house=self, office=self.office(office), actor=actor)

    # Standings

    def standings(self, office: str, rulebook: str, span: Span, *, day: date | None) -> Assessment:
        """Return the standings of a span as of the log's end and a day: from memory, from the table, or worked out."""
        key = (office, rulebook, span)
        mark = self.derived.mark(office)
        if (found := self._remembered(key, mark, day)) is not None:
            return found
        with self._turn_of(office, "standings"):  # of many who ask at once, one works it out
            mark = self.derived.mark(office)
            return self._remembered(key, mark, day) or self._fetched(key, mark, day)

    def _fetched(self, key: tuple[str, str, Span], mark: Mark, day: date | None) -> Assessment:
        office, rulebook, span = key
        kept = self.derived.get(office, rulebook, str(span))
        if kept is not None and (kept.mark, kept.day, kept.version) == (mark, day, engine_version()):
            assessment = decode(kept.document)
        else:
            mark, assessment = self._assessed(office, rulebook, span, day)
            kept = Kept(mark=mark, day=day, version=engine_version(), document=encode(assessment))
            self.derived.put(office, rulebook, str(span), kept)
        self._remember(key, mark, day, assessment)
        return assessment

    def _turn_of(self, office: str, what: str) -> RLock:
        with self._lock:
            return self._turns.setdefault((office, what), RLock())

    def _remembered(self, key: tuple[str, str, Span], mark: Mark, day: date | None) -> Assessment | None:
        with self._lock:
            found = self._memory.get(key)
            if found is None or found[:2] != (mark, day):
                return None
            self._memory.move_to_end(key)
            return found[2]

    def _assessed(self, office: str, rulebook: str, span: Span, day: date | None) -> tuple[Mark, Assessment]:
        """Work standings out from the lines in memory, and say of which mark they are."""
        mark = self.derived.mark(office)
        book = self.yearbook(office, rulebook, span.year, mark)
        adoption, edition = Office(log=self.log, id=office).edition(span, rulebook)
        return mark, assess(edition, book.events, span, day=day, roster=adoption.roster)

    def yearbook(self, office: str, rulebook: str, year: int, mark: Mark | None = None) -> Yearbook:
        """Return a year of an office as of the log's end (or of a mark), read on from where memory left off."""
        mark = mark or self.derived.mark(office)
        with self._turn_of(office, "lines"):  # not that of standings: who logs must not wait for those being worked out
            return self._read_on((office, rulebook, year), mark)

    def _read_on(self, key: tuple[str, str, int], mark: Mark) -> Yearbook:
        office, rulebook, year = key
        with self._lock:
            before = self._books.get(key)
        adoption = self.log.adoption(office, Period(year), rulebook)
        if before is not None and (before.position, before.adoption) == (mark.position, adoption):
            return before
        book = Yearbook.read(self.log, adoption, year, mark.position, before)
        with self._lock:
            self._books[key] = book
            self._books.move_to_end(key)
            while len(self._books) > _BOOKS:
                self._books.popitem(last=False)
        return book

    def memo(self, office: str, key: Hashable, make: Callable[[], T]) -> T:
        """Return what was worked out from an office's log as it is now, or work it out; kept while it is in use."""
        whole = (office, key, self.derived.mark(office))
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
            wanted = [(key, day) for key, (_, day, _) in self._memory.items() if key[0] == office]
        for (_, rulebook, span), day in wanted:
            self.standings(office, rulebook, span, day=day)

    def _remember(self, key: tuple[str, str, Span], mark: Mark, day: date | None, assessment: Assessment) -> None:
        with self._lock:
            self._memory[key] = (mark, day, assessment)
            self._memory.move_to_end(key)
            while len(self._memory) > _REMEMBERED:
                self._memory.popitem(last=False)
