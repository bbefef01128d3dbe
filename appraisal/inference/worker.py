"""The only module that imports `durable`: a process of its own that holds one engine and drives it step by step.

    python -P -m appraisal.inference.worker FD

Over the socket FD it reads one line with the order (the rules, and how many seconds one message may take), answers
`ready`, then reads messages, a line each, in batches that end with an empty line; a fact that stays begins with `+`,
others are events. Each message is answered by one line: a list of `[rule, [n, …]]`, the rules that fired and the
numbers of the messages that they fired for. Anything the engine refuses is answered by `!` and the reason. The process
keeps nothing: whoever asked starts another one when it dies.
"""

from __future__ import annotations

import importlib
import json
import os
import signal
import socket
import sys
from collections.abc import Iterator
from typing import Any, Protocol

RULESET = "rulebook"
FACT = "+"
HANDLED, NOT_HANDLED = 0, 1
MOST_ANSWERS = 10_000
EXPORT_GONE_SINCE = (3, 13)

Answer = tuple[str, list[int]]


class Engine(Protocol):
    """What of the C engine is used."""

    error: type[Exception]

    def assert_event(self, handle: int, message: str) -> tuple[int, int]:
        """Post an event; returns how it was taken and the state that it went to."""

    def assert_fact(self, handle: int, message: str) -> tuple[int, int]:
        """Post a fact that stays."""

    def start_action_for_state(self, handle: int, state: int) -> tuple[str, str] | None:
        """Return the first rule to run, with its messages, or nothing."""

    def complete_and_start_action(self, handle: int, state: int) -> str | None:
        """Say that the rule has run; returns the next one or nothing."""


class EngineFaultError(Exception):
    """The engine did what it must not do."""


def load(rules: dict[str, Any]) -> tuple[Engine, int]:
    """Import the engine, define the rules once, and return the C engine with the handle of the rules."""
    if sys.version_info >= EXPORT_GONE_SINCE:  # pragma: no cover  which tests run on every version
        flags = sys.getdlopenflags()
        sys.setdlopenflags(flags | os.RTLD_GLOBAL)
        importlib.import_module("appraisal.inference._callobject")  # must come before durable

        sys.setdlopenflags(flags)
    import durable_rules_engine  # noqa: PLC0415
    from durable.engine import Host  # noqa: PLC0415

    class Quiet(Host):  # type: ignore[misc]
        """A host without the two background threads of the stock one, which touch freed memory."""

        def _run(self) -> None:
            """Start nothing."""

    def report(closure: object) -> None:
        """Stand in for a rule's action: the worker asks the C engine itself which rules fired."""

    host = Quiet()
    host.set_rulesets({RULESET: {name: {**rule, "run": report} for name, rule in rules.items()}})
    return durable_rules_engine, host.get_ruleset(RULESET)._handle  # noqa: SLF001


def drive(engine: Engine, handle: int, message: str) -> list[Answer]:
    """Post one message and step through the rules that it sets off, each completed before the next is started."""
    if message.startswith(FACT):
        taken, state = engine.assert_fact(handle, message.removeprefix(FACT))
    else:
        taken, state = engine.assert_event(handle, message)
    if taken == NOT_HANDLED:
        return []
    if taken != HANDLED:
        raise EngineFaultError(f"message refused, code {taken}")
    started = engine.start_action_for_state(handle, state)
    fired = started[1] if started else None
    answers: list[Answer] = []
    while fired:
        answers += ((rule, sorted(numbers(found))) for rule, found in json.loads(fired).items())
        if len(answers) > MOST_ANSWERS:
            raise EngineFaultError("one message set off rules without end")
        fired = engine.complete_and_start_action(handle, state)
    return answers


def numbers(found: Any) -> Iterator[int]:
    """Return the numbers of the messages in what the engine reports of one rule."""
    if isinstance(found, list):
        for part in found:
            yield from numbers(part)
    elif "n" in found:
        yield found["n"]
    else:
        for part in found.values():
            yield from numbers(part)


def serve(line: socket.socket) -> None:
    """Answer until the other side hangs up."""
    with line.makefile("r", encoding="utf-8", newline="\n") as lines:
        order = json.loads(lines.readline())
        seconds: float = order["seconds"]
        signal.setitimer(signal.ITIMER_REAL, order["start_seconds"])
        engine, handle = load(order["rules"])
        line.sendall(b"ready\n")
        batch: list[str] = []
        signal.setitimer(signal.ITIMER_REAL, 0)
        for text in lines:
            if text != "\n":
                batch.append(text)
                continue
            for message in batch:
                # The C engine can't be interrupted from Python: the alarm's default action ends the process.
                signal.setitimer(signal.ITIMER_REAL, seconds)
                line.sendall(_answer(engine, handle, message))
            signal.setitimer(signal.ITIMER_REAL, 0)
            batch.clear()


def _answer(engine: Engine, handle: int, message: str) -> bytes:
    try:
        return json.dumps(drive(engine, handle, message), separators=(",", ":")).encode() + b"\n"
    except (EngineFaultError, engine.error, ValueError, MemoryError) as fault:
        return f"!{type(fault).__name__} {fault}\n".encode()


def main() -> None:  # pragma: no cover  runs in the worker process only
    """Run the worker on the socket that it was given."""
    import resource  # noqa: PLC0415

    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for whoever asked; this process ends when that one does
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a crash must not leave messages of people in a core file
    with socket.socket(fileno=int(sys.argv[1])) as line:
        serve(line)
    os._exit(0)  # the engine's state is thrown away with the process, not taken apart


if __name__ == "__main__":  # pragma: no cover
    main()
