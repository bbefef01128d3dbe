"""What an installation does by itself while it serves: sends notices, reminds, forgets what is over, tells of failures.

One thread, outside any request. A chore that fails is logged and counted, and is done again at its next turn.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from threading import Event, Thread
from typing import Any

from api.web.delivering import deliver
from api.web.house import House
from api.web.memory import Tidying
from api.web.watching import logger
from appraisal.office.reminders import remind

EVERY = 5.0
"""Seconds between two looks at the outbox."""

MINUTE, HOUR = 60.0, 3600.0
KEYS_KEPT = timedelta(days=30)
"""How long the key of a request is known."""

_STOPS = 12.0
_PAUSE = 0.02


@dataclass
class Chore:
    """Something done every so many seconds; `due` is the time of the next turn."""

    name: str
    every: float
    do: Callable[[House], None]
    due: float = 0.0


def send_notices(house: House) -> None:
    """Send what is due to webhooks."""
    arrived, failed = deliver(house.installation.outbox, now=house.clock(), allowed=house.settings.webhook_hosts)
    house.metrics.deliveries.labels("arrived").inc(arrived)
    house.metrics.deliveries.labels("failed").inc(failed)


def forget(house: House) -> None:
    """Forget sessions that are over, windows of tries, and the keys of requests that nobody sends again."""
    now, installation = house.clock(), house.installation
    installation.sessions.sweep(now=now)
    installation.attempts.sweep(now=now, within=timedelta(days=1))
    installation.requests.sweep(before=now - KEYS_KEPT)


def remember(house: House) -> None:
    """Remind departments of what is due today."""
    remind(house.installation, now=house.clock(), pause=lambda: time.sleep(_PAUSE))


def chores(every: float = EVERY) -> tuple[Chore, ...]:
    """Return every chore; what may wait does so until those who started the service have their first pages."""
    calm, tidying = time.monotonic() + MINUTE, Tidying()
    return (
        Chore(name="notices", every=every, do=send_notices),
        Chore(name="refresh", every=MINUTE, do=lambda house: house.installation.try_again()),
        Chore(name="forget", every=HOUR, do=forget, due=calm),
        Chore(name="remind", every=HOUR, do=remember, due=calm),
        Chore(name="memory", every=10 * every, do=lambda house: tidying.turn(house.metrics.last)),
    )


@dataclass
class Caretaker:
    """Does the chores of a house; `stop` ends it, once what is under way is settled."""

    house: House
    quiet: bool = False
    every: float = EVERY
    _known: dict[str, str] = field(default_factory=dict)
    _lost: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._log: Any = None if self.quiet else logger()
        self._chores = chores(self.every)
        self._stopped = Event()
        self._thread = Thread(target=self._run, name="caretaker", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End."""
        self._stopped.set()
        if self._thread.is_alive():
            self._thread.join(timeout=_STOPS)

    def _run(self) -> None:
        while not self._stopped.wait(self.every):
            for chore in self._chores:
                if chore.due <= time.monotonic():
                    self._do(chore)
                    chore.due = time.monotonic() + chore.every
            self._tell_failures()
            self._tell_lost()

    def _do(self, chore: Chore) -> None:
        try:
            chore.do(self.house)
        except Exception as error:  # noqa: BLE001  the other chores, and the next turn, must not wait for ever
            self.house.metrics.background.labels(chore.name).inc()
            if self._log is not None:
                self._log.error("chore failed", chore=chore.name, error=type(error).__name__, exc_info=error)

    def _tell_lost(self) -> None:
        """Log and count the changes that nobody waited for and that were not kept, by why."""
        lost = dict(self.house.installation.database.lost)
        for code, number in lost.items():
            more = number - self._lost.get(code, 0)
            if more:
                self.house.metrics.background.labels("later").inc(more)
                if self._log is not None:
                    self._log.warning("changes lost", error=code, number=more)
        self._lost = lost

    def _tell_failures(self) -> None:
        """Log each office whose standings could not be refreshed, once for each reason."""
        failing = {office: type(error).__name__ for office, error in self.house.installation.failures.items()}
        for office, name in failing.items():
            if self._known.get(office) != name:
                self.house.metrics.background.labels("standings").inc()
                if self._log is not None:
                    cause = self.house.installation.failures.get(office)
                    self._log.error("standings failed", office=office, error=name, exc_info=cause)
        self._known = failing
