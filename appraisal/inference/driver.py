"""Starts the worker, feeds it, watches it, replaces it when it dies; nothing is lost, because it holds nothing."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

BATCH = 256
BATCH_CHARACTERS = 500_000
COMMAND = (sys.executable, "-P", "-m", "appraisal.inference.worker")

Answers = tuple[tuple[str, tuple[int, ...]], ...]


class WorkerDiedError(Exception):
    """The worker ended, hung or refused; the reason is `crashed`, `hung` or `refused`."""

    def __init__(self, reason: str, detail: str = "") -> None:
        self.reason = reason
        self.detail = detail
        super().__init__(f"{reason} {detail}".strip())


@dataclass(frozen=True, kw_only=True)
class Watch:
    """How a worker is started, how long it may take, how often a message is tried, how many may be set aside."""

    command: Sequence[str] = COMMAND
    start_seconds: float = 60.0
    seconds: float = 15.0
    tries: int = 2
    quarantine: int = 20


WATCH = Watch()


@dataclass(frozen=True, kw_only=True)
class Order:
    """What a worker is started with: the engine's rules, and how it is watched."""

    rules: Mapping[str, Any]
    watch: Watch = WATCH


class Worker:
    """One worker process. Leaving the context ends it."""

    def __init__(self, order: Order) -> None:
        self._watch = order.watch
        self._line, theirs = socket.socketpair()
        try:
            self._process = _started([*order.watch.command, str(theirs.fileno())], theirs.fileno())
        except WorkerDiedError:
            self._line.close()
            raise
        finally:
            theirs.close()
        self._rest = b""
        # A little longer than the worker's own alarm, so that normally the worker goes by itself.
        self._line.settimeout(self._watch.start_seconds + 1)
        start = {"rules": order.rules, "seconds": self._watch.seconds}
        start["start_seconds"] = self._watch.start_seconds
        try:
            self._send(json.dumps(start, ensure_ascii=False) + "\n")
            self._read()
        except WorkerDiedError:
            self.close()
            raise
        self._line.settimeout(self._watch.seconds + 1)

    @property
    def pid(self) -> int:
        """The process's number."""
        return self._process.pid

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the process, whatever it is doing."""
        self._line.close()
        self._process.kill()
        self._process.wait()

    def ask(self, messages: Sequence[str]) -> Iterator[Answers]:
        """Yield the answers to each message in turn; WorkerDiedError at the one that the worker did not survive."""
        self._send("\n".join([*messages, "", ""]))
        for _ in messages:
            line = self._read()
            if line.startswith(b"!"):
                raise WorkerDiedError("refused", line[1:].decode())
            yield tuple((rule, tuple(numbers)) for rule, numbers in json.loads(line))

    def _send(self, text: str) -> None:
        try:
            self._line.sendall(text.encode())
        except OSError as error:
            raise self._death() from error

    def _read(self) -> bytes:
        while b"\n" not in self._rest:
            try:
                more = self._line.recv(1 << 16)
            except OSError as error:
                raise self._death() from error
            if not more:
                raise self._death()
            self._rest += more
        line, self._rest = self._rest.split(b"\n", 1)
        return line

    def _death(self) -> WorkerDiedError:
        try:
            status = self._process.wait(timeout=0.5)
        except subprocess.TimeoutExpired:
            return WorkerDiedError("hung")
        return WorkerDiedError("hung" if status == -signal.SIGALRM else "crashed", str(status))


def _started(command: Sequence[str], line: int) -> subprocess.Popen[bytes]:
    quiet = subprocess.DEVNULL
    try:
        return subprocess.Popen(  # noqa: S603  the command is this Python and a module of the product
            command, pass_fds=[line], stdin=quiet, stdout=quiet, stderr=quiet, env=_environment()
        )
    except OSError as error:
        raise WorkerDiedError("crashed", error.strerror or "") from error


def _environment() -> dict[str, str]:
    """Return the environment of the worker: the same, and this product's folder first among its modules."""
    here = str(Path(__file__).parents[2])
    path = os.environ.get("PYTHONPATH")
    return {**os.environ, "PYTHONPATH": f"{here}{os.pathsep}{path}" if path else here}


@dataclass(kw_only=True)
class Run:
    """The answers to messages in their order, and which were set aside because no worker survived them."""

    answers: list[Answers | None]
    quarantined: dict[int, WorkerDiedError] = field(default_factory=dict)


def run(order: Order, messages: Sequence[str]) -> Run:
    """Put every message to a worker, in order; a message at which workers die is set aside, and the rest goes on.

    WorkerDiedError is raised only when no worker can be started at all, or too many messages had to be set aside.
    """
    done = Run(answers=[None] * len(messages))
    tries: dict[int, int] = {}
    place = 0
    while place < len(messages):
        with Worker(order) as worker:
            try:
                while place < len(messages):
                    for answers in worker.ask(_batch(messages, place)):
                        done.answers[place] = answers
                        place += 1
            except WorkerDiedError as death:
                tries[place] = tries.get(place, 0) + 1
                if tries[place] >= order.watch.tries:
                    done.quarantined[place] = death
                    place += 1
                if len(done.quarantined) > order.watch.quarantine:
                    raise
    return done


def _batch(messages: Sequence[str], start: int) -> Sequence[str]:
    size = 0
    for end in range(start, min(start + BATCH, len(messages))):
        size += len(messages[end])
        if size > BATCH_CHARACTERS:
            return messages[start : max(end, start + 1)]
    return messages[start : start + BATCH]


def run_together(order: Order, messages: Sequence[str]) -> list[Answers]:
    """Put messages that belong together to one worker; if it dies, all of them to another one. Raises as `run` does."""
    for _ in range(order.watch.tries - 1):
        try:
            return _together(order, messages)
        except WorkerDiedError:
            continue
    return _together(order, messages)


def _together(order: Order, messages: Sequence[str]) -> list[Answers]:
    answers: list[Answers] = []
    with Worker(order) as worker:
        while len(answers) < len(messages):
            answers += worker.ask(_batch(messages, len(answers)))
    return answers
