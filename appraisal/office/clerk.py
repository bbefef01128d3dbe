"""The clerk: checks what many programs hand in at once, round by round, so that a round is looked at and kept together.

    clerk = Clerk(log)
    answer = clerk.hand_in(lambda: entries.asked(desk, ...))    # from any thread, or from the event loop
    answer.result()                                             # once it is durable
    clerk.close()

Each commit makes what is known of the database old. Checked one by one, each line would be looked at anew after the
commit of the one before. What comes while a round is checked and goes to the disk is the next round.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future, wait

from appraisal.errors import Finding, RefusedError
from appraisal.store.appending import AppendResult, Handed, Request
from appraisal.store.log import Log

MOST = 256
"""How many are checked in a round at most."""

_Job = tuple[Callable[[], Request], Future[AppendResult]]


class Clerk:
    """Checks in a thread of its own what is handed in, and hands on to the log what is right."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._closed = False
        self._door = threading.Lock()  # what was let in is before the end in the queue, and so is answered
        self._thread = threading.Thread(target=self._run, name="clerk", daemon=True)
        self._thread.start()

    def hand_in(self, make: Callable[[], Request]) -> Future[AppendResult]:
        """Check and append what `make` returns; the answer comes once it is durable, or says why it is not."""
        answer: Future[AppendResult] = Future()
        answer.set_running_or_notify_cancel()  # who goes away does not take back what was handed in
        with self._door:
            if self._closed:
                raise RefusedError([Finding(code="L018")])
            self._jobs.put((make, answer))
        return answer

    def close(self) -> None:
        """Check what was handed in, then stop; nothing more is taken."""
        with self._door:
            if not self._closed:
                self._closed = True
                self._jobs.put(None)
        self._thread.join()

    def _run(self) -> None:
        while jobs := self._next():
            self._check(jobs)

    def _next(self) -> list[_Job]:
        """Wait for something, and take with it all that waits already; nothing at the end."""
        jobs: list[_Job] = []
        job = self._jobs.get()
        while job is not None:
            jobs.append(job)
            if len(jobs) == MOST or self._jobs.empty():
                return jobs
            job = self._jobs.get()
        if jobs:  # the end waits until these are checked
            self._jobs.put(None)
        return jobs

    def _check(self, jobs: list[_Job]) -> None:
        ready: list[Handed] = []
        with self._log.database.steady():
            for make, answer in jobs:
                try:
                    ready.append((make(), answer))
                except BaseException as error:  # noqa: BLE001  whoever waits is told; the next one is none the worse
                    answer.set_exception(error)
        try:
            self._log.submit_all(ready)
        except RefusedError as refused:
            for _, answer in ready:
                answer.set_exception(refused)
        wait(answer for _, answer in ready)
