"""Asks a database again only if it has changed: exact, whoever changed it, where the database can say so cheaply."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Hashable
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar
from urllib.parse import quote

from sqlalchemy import Connection, Engine

from appraisal.store.database import reading
from appraisal.store.presence import mark

T = TypeVar("T")
MOST = 4096
"""Answers that are kept; all go when there are more, or when anything has changed."""


class Recall:
    """Answers of a database, kept until anyone commits. An SQLite file tells; a server is asked each time."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._lock = Lock()
        self._connection: sqlite3.Connection | None = None
        self._file: tuple[int, int] | None = None
        self._opened = 0
        self._of: object = None
        self._kept: dict[Hashable, Any] = {}

    def ask(self, key: Hashable, question: Callable[[Connection], T]) -> T:
        """Return what a question gives; `key` names it, with all that it depends on but the database."""
        version = self._version()
        with self._lock:
            if version is not None and version == self._of and key in self._kept:
                known: T = self._kept[key]
                return known
        with reading(self._engine) as connection:
            found = question(connection)
        if version is not None:  # read before the question: a commit in between makes the next one ask again
            with self._lock:
                if version != self._of or len(self._kept) >= MOST:
                    self._of, self._kept = version, {}
                self._kept[key] = found
        return found

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._close()

    def _version(self) -> object:
        """Return what changes with each commit of any connection; None where nothing says that cheaply."""
        found = mark(self._engine)
        if found is None:
            return None
        with self._lock:
            try:
                if self._connection is None or self._file != found:
                    self._close()
                    self._open(found)
                assert self._connection is not None  # noqa: S101  it was opened, or raised
                (number,) = self._connection.execute("PRAGMA data_version").fetchone()
            except sqlite3.Error:  # whoever asks is told by the question itself
                self._close()
                return None
            return self._opened, number

    def _open(self, file: tuple[int, int]) -> None:
        path = quote(str(Path(str(self._engine.url.database)).absolute()))
        self._connection = sqlite3.connect(f"file:{path}?mode=rw", uri=True, check_same_thread=False)
        self._file, self._opened = file, self._opened + 1

    def _close(self) -> None:
        if self._connection is not None:
            with suppress(sqlite3.Error):
                self._connection.close()
        self._connection = self._file = None
