"""The one writer of a process: many threads hand changes in, one thread keeps them, many in one transaction.

    writer = Writer(engine)
    database.writer = writer
    ... database.change(act) ...    # from any thread: returns when it is durable
    writer.close()

Each change answers only after the commit that made it durable. A change that is refused takes only itself back.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from appraisal.errors import Finding, RefusedError
from appraisal.store.appending import Answer, AppendResult, Handed, Request, append_all
from appraisal.store.database import writing
from appraisal.store.transactions import Change, T

MOST = 256
"""How many changes share a transaction, but for those that were handed in together."""


@dataclass
class _Job:
    """A change that waits: a request to append, or anything else that runs on a connection."""

    request: Request | None = None
    act: Callable[[Connection], Any] | None = None
    answer: Future[Any] = field(default_factory=Future)


class Writer:
    """Keeps changes in one thread; `after` is told which offices got new lines, in that thread, after each commit."""

    def __init__(self, engine: Engine, *, after: Callable[[frozenset[str]], None] | None = None) -> None:
        self._engine = engine
        self._after = after
        self._jobs: queue.SimpleQueue[Sequence[_Job] | None] = queue.SimpleQueue()
        self._closed = False
        self._door = threading.Lock()  # what was let in is before the end in the queue, and so is answered
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)
        self._thread.start()

    # Handing in

    def change(self, act: Change[T]) -> T:
        """Run this inside a transaction; return what it returns, or raise what it raises, once it is kept."""
        if threading.current_thread() is self._thread:
            raise RuntimeError("the writer would wait for itself")
        job = _Job(act=act)
        self._put([job])
        result: T = job.answer.result()
        return result

    def later(self, act: Change[object]) -> Future[object]:
        """Hand in a change that nobody waits for; its answer says whether it was kept."""
        job = _Job(act=act)
        job.answer.set_running_or_notify_cancel()
        self._put([job])
        return job.answer

    def append(self, request: Request) -> AppendResult:
        """Append events; returns once they are durable, or raises why they are not."""
        return self.submit(request).result()

    def submit(self, request: Request) -> Future[AppendResult]:
        """Hand events in without waiting; the answer comes once they are durable."""
        answer: Future[AppendResult] = Future()
        answer.set_running_or_notify_cancel()
        self.submit_all([(request, answer)])
        return answer

    def submit_all(self, handed: Sequence[Handed]) -> None:
        """Take requests without letting anyone wait: each has its answer once it is durable, or refused.

        An answer is one that nobody can cancel any more (`Future.set_running_or_notify_cancel`).
        """
        self._put([_Job(request=request, answer=answer) for request, answer in handed])

    def _put(self, jobs: Sequence[_Job]) -> None:
        with self._door:
            if self._closed:
                raise RefusedError([Finding(code="L018")])
            self._jobs.put(jobs)

    def close(self) -> None:
        """Keep what was handed in, then stop; nothing more is taken."""
        with self._door:
            if not self._closed:
                self._closed = True
                self._jobs.put(None)
        self._thread.join()

    # Keeping

    def _run(self) -> None:
        while (jobs := self._next()) is not None:
            self._keep(jobs)

    def _next(self) -> list[_Job] | None:
        """Wait for a change, and take with it all that wait already; None at the end."""
        jobs: list[_Job] = []
        more = self._jobs.get()
        while more is not None:
            jobs += more
            if len(jobs) >= MOST:
                return jobs
            try:
                more = self._jobs.get_nowait()
            except queue.Empty:
                return jobs
        if jobs:  # the end waits until these are kept
            self._jobs.put(None)
            return jobs
        return None

    def _keep(self, jobs: Sequence[_Job]) -> None:
        answers: list[tuple[_Job, object, BaseException | None]] = []
        try:
            with writing(self._engine) as connection:
                answers = [*_appended(connection, jobs), *_changed(connection, jobs)]
        except BaseException as error:  # noqa: BLE001  whoever waits is told; the writer goes on with the next
            for job in jobs:
                job.answer.set_exception(error)
            return
        touched = {job.request.office for job, _, error in answers if job.request and error is None}
        if touched and self._after:
            with suppress(Exception):  # what is derived is caught up by the next reader; the lines are kept
                self._after(frozenset(touched))
        for job, value, failed in answers:
            if failed is None:
                job.answer.set_result(value)
            else:
                job.answer.set_exception(failed)


_Answers = list[tuple[_Job, object, BaseException | None]]


def _appended(connection: Connection, jobs: Sequence[_Job]) -> _Answers:
    mine = [job for job in jobs if job.request is not None]
    found: list[Answer] = append_all(connection, [job.request for job in mine if job.request is not None])
    return [
        (job, None, answer) if isinstance(answer, RefusedError) else (job, answer, None)
        for job, answer in zip(mine, found, strict=True)
    ]


def _changed(connection: Connection, jobs: Sequence[_Job]) -> _Answers:
    found: _Answers = []
    for job in jobs:
        if job.act is None:
            continue
        part = connection.begin_nested()
        try:
            value = job.act(connection)
        except Exception as error:  # its own fault, or its own refusal: the others go on
            if isinstance(error, DBAPIError) and error.connection_invalidated:
                raise  # the server is gone, and with it what the others did
            part.rollback()
            found.append((job, None, error))
        else:
            part.commit()
            found.append((job, value, None))
    return found
