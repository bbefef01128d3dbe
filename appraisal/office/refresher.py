"""Refreshes what is derived from the log just behind the writer: offices that changed, each once however often."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

_CALM = 0.15  # seconds without a note after which no more are to be expected: longer than a round of many lines
_PAUSE = 0.2  # seconds between two offices while there are, at least
_SHARE = 9  # and so many times as long as the office before took: most of the interpreter is left to the lines
_GLANCE = 0.05  # seconds between two looks whether it is calm


class Refresher:
    """Calls `refresh` with each office that was noted, in a thread of its own.

    What cannot be worked out is left to the reader who asks for it and is told why; the last reason is kept in
    `failures` by office.
    """

    def __init__(self, refresh: Callable[[str], None]) -> None:
        self._refresh = refresh
        self._waiting: dict[str, None] = {}
        self._busy = False
        self._noted = 0.0
        self._closed = False
        self._turn = threading.Condition()
        self.failures: dict[str, Exception] = {}
        self._thread = threading.Thread(target=self._run, name="refresher", daemon=True)
        self._thread.start()

    def note(self, offices: frozenset[str]) -> None:
        """Note that offices changed."""
        self._noted = time.monotonic()
        with self._turn:
            self._waiting |= dict.fromkeys(sorted(offices))
            self._turn.notify_all()

    def idle(self, timeout: float) -> bool:
        """Wait until everything noted is refreshed, for so many seconds at most; say whether it is."""
        with self._turn:
            return self._turn.wait_for(lambda: not self._waiting and not self._busy, timeout)

    def close(self) -> None:
        """Stop after the office at hand."""
        with self._turn:
            self._closed = True
            self._turn.notify_all()
        self._thread.join()

    def _run(self) -> None:
        while (office := self._next()) is not None:
            began = time.monotonic()
            try:
                self._refresh(office)
                self.failures.pop(office, None)
            except Exception as error:  # noqa: BLE001  the next office must not wait for ever
                self.failures[office] = error
            with self._turn:
                self._busy = False
                self._turn.notify_all()
                until = time.monotonic() + max(_PAUSE, _SHARE * (time.monotonic() - began))
                while not self._closed and time.monotonic() < min(until, self._noted + _CALM):
                    self._turn.wait(_GLANCE)

    def _next(self) -> str | None:
        with self._turn:
            self._turn.wait_for(lambda: self._closed or bool(self._waiting))
            if self._closed:
                return None
            office = next(iter(self._waiting))
            del self._waiting[office]
            self._busy = True
            return office
