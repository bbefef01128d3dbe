"""Asks a database again only if it has changed: exact, whoever changed it, where the database can say so cheaply."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock, local
from typing import Any, TypeVar
from urllib.parse import quote

from sqlalchemy import Connection, Engine

from appraisal.store.database import reading
from appraisal.store.presence import mark

T = TypeVar("T")
MOST = 4096
"""Answers that are kept; all go when there are more, or when anything has changed."""


@dataclass
class _Kept:
    """Answers, and the version of the database that they are of."""

    of: object = None
    answers: dict[Hashable, Any] = field(default_factory=dict)


class Recall:
    """Answers of a database, kept until anyone commits. An SQLite file tells; a server is asked each time.

    Lasting ones are kept until what they depend on is changed: who may sign in and do what, what is set and adopted,
    steps of the workflow. The file counts its changes by triggers, whoever makes them.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._lock = Lock()
        self._connection: sqlite3.Connection | None = None
        self._file: tuple[int, int] | None = None
        self._opened = 0
        self._number: int | None = None
        self._revision = 0
        self._passing = _Kept()
        self._lasting = _Kept()
        self._round = local()

    def ask(self, key: Hashable, question: Callable[[Connection], T], *, lasting: bool = False) -> T:
        """Return what a question gives; `key` names it, with all that it depends on but the database."""
        steady: dict[Hashable, Any] | None = getattr(self._round, "answers", None)
        if steady is None:
            return self._asked(key, question, lasting=lasting)
        if key not in steady:
            steady[key] = self._asked(key, question, lasting=lasting)
        answer: T = steady[key]
        return answer

    @contextmanager
    def steady(self) -> Iterator[None]:
        """Let this thread have the same answer to the same question, whatever is committed meanwhile."""
        before = getattr(self._round, "answers", None)
        self._round.answers = {} if before is None else before
        try:
            yield
        finally:
            self._round.answers = before

    def _asked(self, key: Hashable, question: Callable[[Connection], T], *, lasting: bool) -> T:
        with self._lock:
            version = self._version(lasting=lasting)
            kept = self._lasting if lasting else self._passing
            if version is not None and version == kept.of and key in kept.answers:
                known: T = kept.answers[key]
                return known
        with reading(self._engine) as connection:
            found = question(connection)
        if version is not None:  # read before the question: a commit in between makes the next one ask again
            with self._lock:
                if version != kept.of or len(kept.answers) >= MOST:
                    kept.of, kept.answers = version, {}
                kept.answers[key] = found
        return found

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._close()

    def _version(self, *, lasting: bool) -> object:
        """Return what changes with each commit, or with each lasting one; None where nothing says that cheaply."""
        found = mark(self._engine)
        if found is None:
            return None
        try:
            if self._connection is None or self._file != found:
                self._close()
                self._open(found)
            assert self._connection is not None  # noqa: S101  it was opened, or raised
            (number,) = self._connection.execute("PRAGMA data_version").fetchone()
            if number != self._number:
                row = self._connection.execute("SELECT number FROM revision").fetchone()
                if row is None:  # taken away by hand: nothing counts, so everything is asked
                    return None
                (self._revision,), self._number = row, number
        except sqlite3.Error:  # whoever asks is told by the question itself
            self._close()
            return None
        return self._opened, self._revision if lasting else number

    def _open(self, file: tuple[int, int]) -> None:
        path = quote(str(Path(str(self._engine.url.database)).absolute()))
        self._connection = sqlite3.connect(f"file:{path}?mode=rw", uri=True, check_same_thread=False)
        self._file, self._opened, self._number = file, self._opened + 1, None

    def _close(self) -> None:
        if self._connection is not None:
            with suppress(sqlite3.Error):
                self._connection.close()
        self._connection = self._file = None
