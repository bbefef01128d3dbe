"""Kills a serving process again and again in the middle of writes, and looks at what is left after each time.

Everything is imported once; each round is a fork of its own, so that it writes within moments. Prints how many
events were acknowledged in all.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from datetime import date, datetime
from itertools import count

from appraisal.model.codec import encode
from appraisal.model.event import Event
from appraisal.model.periods import Span
from appraisal.office.installation import Installation, open_installation

NOW = datetime.fromisoformat("2020-03-20")
MARCH = Span.month(2020, 3)


def serve(url: str, told: int) -> None:
    """Serve one office with six writers, its standings in use; tell each acknowledged id."""
    house = open_installation(url, serving=True)
    house.standings("o", "small", MARCH, day=NOW.date())
    os.write(told, b"ready\n")
    for number in range(6):
        threading.Thread(target=write, args=(house, f"{os.getpid()}-{number}", told), daemon=True).start()
    threading.Event().wait(60)


def write(house: Installation, name: str, told: int) -> None:
    for number in count():
        event = Event(id=f"{name}-{number}", date=date(2020, 3, 9), subject="s1", clause="CG-A1", note="示例")
        house.log.append("o", [event], rulebook="small", now=NOW)
        os.write(told, f"{event.id}\n".encode())  # one write: never half a line


def kill(url: str, seconds: float) -> set[str]:
    """Let a process serve, kill it after so many seconds of writing, and return what it had acknowledged."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        serve(url, writing)
        os._exit(1)
    os.close(writing)
    with os.fdopen(reading) as stream:
        if stream.readline() != "ready\n":
            raise RuntimeError("it does not serve")
        time.sleep(seconds)
        os.kill(child, signal.SIGKILL)
        acknowledged = {line.strip() for line in stream if line.endswith("\n")}
    os.waitpid(child, 0)
    return acknowledged


def look(url: str, acknowledged: set[str]) -> None:
    """Raise if an acknowledged event is lost, a chain is broken, or what is derived is not its rebuild."""
    with open_installation(url) as house:
        lost = acknowledged - house.log.known_ids("o")
        broken = house.log.verify("o")
        kept = house.standings("o", "small", MARCH, day=NOW.date())  # from the table where it is up to date
        position = house.log.head("o").position
        rebuilt = house.office("o").assess(MARCH, rulebook="small", known=position, day=NOW.date())
        if lost or broken or encode(kept) != encode(rebuilt):
            raise RuntimeError(f"lost {len(lost)}, {broken}")


def main(url: str, rounds: str, step: str) -> None:
    total = 0
    for number in range(int(rounds)):
        acknowledged = kill(url, float(step) * (1 + number % 10))
        look(url, acknowledged)
        total += len(acknowledged)
    sys.stdout.write(f"{total}\n")


main(*sys.argv[1:])
