"""The server as it runs: `appraisal serve` in a process of its own on loopback, and programs that post to it."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from itertools import count
from pathlib import Path

from serving import NOW

from appraisal.model.roles import HeldRole, Role
from appraisal.office.installation import open_installation
from appraisal.office.rights import Action

OFFICE, BOOK = "o", "small"
SMALL = Path(__file__).parents[1] / "rulebooks" / "small" / "rulebook.yaml"
STARTS = 30.0


@dataclass
class Server:
    """A server under way."""

    pid: int
    port: int
    acknowledged: set[str] = field(default_factory=set)
    refused: list[tuple[int, str]] = field(default_factory=list)

    def ask(
        self, method: str, path: str, body: object = None, *, timeout: float = 20, **headers: str
    ) -> tuple[int, str, str]:
        """Return status, type and text of an answer."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        told = {name.replace("_", "-"): value for name, value in headers.items()}
        data = None if body is None else json.dumps(body).encode()
        connection.request(method, path, data, {"Content-Type": "application/json", **told})
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        return answer.status, answer.headers.get("Content-Type", ""), text

    def post(self, secret: str, key: str) -> tuple[int, str, str]:
        """Post one event under a key."""
        entry = {"rulebook": BOOK, "date": "2020-03-09", "subject": "s1", "clause": "CG-A1"}
        entry |= {"note": "示例", "not_duplicate": "示例：每次都是另一件"}
        return self.ask("POST", "/api/v1/events", entry, Authorization=f"Bearer {secret}", Idempotency_Key=key)

    def write(self, secret: str, name: str) -> None:
        """Post one after another until the server is gone, and keep what it acknowledged."""
        with suppress(OSError, HTTPException):
            for number in count():
                status, _, text = self.post(secret, f"{name}-{number}")
                if status == 201:
                    self.acknowledged.add(json.loads(text)["id"])
                else:
                    self.refused.append((status, text))

    def kill(self, secret: str, after: float, *, writing: bool = True, writers: int = 6) -> None:
        """Let programs write, kill the server with signal 9 after so many seconds, and wait until all noticed.

        `writing`: the seconds begin with the first event that it acknowledged, however slow the machine is.
        """
        name = f"{self.pid}"
        threads = [threading.Thread(target=self.write, args=(secret, f"{name}-{n}")) for n in range(writers)]
        for thread in threads:
            thread.start()
        until = time.monotonic() + STARTS
        while writing and not self.acknowledged and time.monotonic() < until:
            time.sleep(0.002)
        time.sleep(after)
        os.kill(self.pid, signal.SIGKILL)
        for thread in threads:
            thread.join()


def free_port() -> int:
    """Return a port of loopback that nobody uses."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def listens(port: int) -> None:
    """Wait until somebody listens there."""
    until = time.monotonic() + STARTS
    while time.monotonic() < until:
        with suppress(OSError):
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        time.sleep(0.02)
    raise AssertionError("the server does not listen")


@contextmanager
def served(url: str, *before: str) -> Iterator[Server]:
    """Run `appraisal serve` on a database until the end of the block; `before` stands before its command."""
    port = free_port()
    command = [*before, str(Path(sys.executable).with_name("appraisal")), "serve", "--port", str(port)]
    environment = {**os.environ, "DATABASE_URL": url}
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        listens(port)
        yield Server(process.pid, port)
    finally:
        process.terminate()
        process.wait(30)


@contextmanager
def nursery() -> Iterator[Callable[[str], Server]]:
    """Give what starts a server on a database, many one after another, each in a process of its own."""
    command = [sys.executable, str(Path(__file__).parent / "forking.py")]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdin is not None
    assert process.stdout is not None
    born: list[int] = []

    def start(url: str) -> Server:
        assert process.stdin is not None
        assert process.stdout is not None
        port = free_port()
        process.stdin.write(f"{url} {port}\n")
        process.stdin.flush()
        born.append(int(process.stdout.readline()))
        listens(port)
        return Server(born[-1], port)

    try:
        yield start
    finally:
        for pid in born[-1:]:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        process.stdin.close()
        process.wait(30)


def prepared(url: str) -> str:
    """Make an office on the small rulebook with an officer, and return the token of a program of theirs."""
    with open_installation(url) as house:
        house.log.add_office(OFFICE, "示例街道")
        house.office(OFFICE).adopt(str(SMALL), now=NOW)
        held = HeldRole(role=Role.OFFICER, office=OFFICE, department="城管办")
        account = house.accounts.add("dengji", "示例", now=NOW, roles=[held])
        scopes = [action.value for action in Action]
        return house.sessions.make_token(account.id, now=NOW, name="示例", scopes=scopes, office=OFFICE)[1]
