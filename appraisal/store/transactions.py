"""One way to read and to change a database: at once, or by way of the one writer of this process."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Protocol, TypeVar

from sqlalchemy import Connection, Engine

from appraisal.errors import RefusedError
from appraisal.store.database import reading, writing

if TYPE_CHECKING:  # requests carry traces and notices, whose modules stand on this one
    from appraisal.store.appending import AppendResult, Request

T = TypeVar("T")
Change = Callable[[Connection], T]


class Queue(Protocol):
    """Takes changes and answers each when it is durable: the writer."""

    def change(self, act: Change[T]) -> T:
        """Run this inside a transaction; return what it returns, or raise what it raises, once it is kept."""

    def later(self, act: Change[object]) -> None:
        """Take a change that nobody waits for, and that may be lost."""

    def append(self, request: Request) -> AppendResult:
        """Append events; returns once they are durable, or raises why they are not."""


class Database:
    """A database of this process; with a writer every change goes through it, in one queue."""

    def __init__(self, engine: Engine, writer: Queue | None = None) -> None:
        self.engine = engine
        self.writer = writer

    def change(self, act: Change[T]) -> T:
        """Run a change in a transaction: all of it is kept when this returns, or nothing of it."""
        if self.writer is not None:
            return self.writer.change(act)
        with writing(self.engine) as connection:
            return act(connection)

    def later(self, act: Change[object]) -> None:
        """Run a change that may be lost, such as a note of when something was last used: who reads never waits for it.

        With a writer it is kept soon, and else at once; a database that is busy, full or gone loses it.
        """
        with suppress(RefusedError):
            if self.writer is not None:
                self.writer.later(act)
            else:
                self.change(act)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection that sees the database as it is at its first question."""
        with reading(self.engine) as connection:
            yield connection
