"""One way to read and to change a database: at once, or by way of the one writer of this process."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING, Protocol, TypeVar

from sqlalchemy import Connection, Engine

from appraisal.errors import RefusedError
from appraisal.store.database import reading, writing
from appraisal.store.recalling import Recall

if TYPE_CHECKING:  # requests carry traces and notices, whose modules stand on this one
    from appraisal.store.appending import AppendResult, Handed, Request

T = TypeVar("T")
Change = Callable[[Connection], T]


class Queue(Protocol):
    """Takes changes and answers each when it is durable: the writer."""

    def change(self, act: Change[T]) -> T:
        """Run this inside a transaction; return what it returns, or raise what it raises, once it is kept."""

    def later(self, act: Change[object]) -> Future[object]:
        """Take a change that nobody waits for; its answer says whether it was kept."""

    def append(self, request: Request) -> AppendResult:
        """Append events; returns once they are durable, or raises why they are not."""

    def submit_all(self, handed: Sequence[Handed]) -> None:
        """Take requests to append; each has its answer once it is durable, or says why it is not."""


class Database:
    """A database of this process; with a writer every change goes through it, in one queue.

    `lost` counts the changes that nobody waited for and that were not kept, by why.
    """

    def __init__(self, engine: Engine, writer: Queue | None = None) -> None:
        self.engine = engine
        self.writer = writer
        self.lost: Counter[str] = Counter()
        self._recall = Recall(engine)

    @property
    def local(self) -> bool:
        """Whether it is a file, which answers at once; a server may let one wait."""
        return self.engine.dialect.name == "sqlite"

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
        try:
            if self.writer is not None:
                self.writer.later(act).add_done_callback(self._note)
            else:
                self.change(act)
        except RefusedError as refused:
            self._count(refused)

    def _note(self, answer: Future[object]) -> None:
        if (error := answer.exception()) is not None:
            self._count(error)

    def _count(self, error: BaseException) -> None:
        codes = [finding.code for finding in error.findings] if isinstance(error, RefusedError) else []
        self.lost.update(codes or [type(error).__name__])

    def ask(self, key: Hashable, question: Callable[[Connection], T], *, lasting: bool = False) -> T:
        """Return what a question gives, asked again only if the database has changed since; `key` names the question.

        `lasting`: it asks only for offices, adoptions, accounts, roles, sessions, tokens, settings and steps of the
        workflow, and is asked again only if one of those has changed. What is returned is shared by all who ask: it
        must not be changed.
        """
        return self._recall.ask(key, question, lasting=lasting)

    def steady(self) -> AbstractContextManager[None]:
        """Let this thread have one answer to each question that it asks twice: what is looked at together."""
        return self._recall.steady()

    def close(self) -> None:
        """Let go of the database."""
        self._recall.close()
        self.engine.dispose()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection that sees the database as it is at its first question."""
        with reading(self.engine) as connection:
            yield connection
