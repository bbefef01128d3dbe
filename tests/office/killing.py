"""A process that serves one office: many writers, standings refreshed behind them; prints each acknowledged id."""

from __future__ import annotations

import os
import sys
import threading
from datetime import date, datetime
from itertools import count

from appraisal.model.event import Event
from appraisal.model.periods import Span
from appraisal.office.installation import Installation, open_installation

NOW = datetime.fromisoformat("2020-03-20")


def write(house: Installation, name: str) -> None:
    for number in count():
        event = Event(id=f"{name}-{number}", date=date(2020, 3, 9), subject="s1", clause="CG-A1", note="示例")
        house.log.append("o", [event], rulebook="small", now=NOW)
        os.write(1, f"{event.id}\n".encode())  # one write: never half a line


def main(url: str) -> None:
    house = open_installation(url, serving=True)
    house.standings("o", "small", Span.month(2020, 3), day=NOW.date())
    os.write(1, b"ready\n")
    for number in range(6):
        threading.Thread(target=write, args=(house, f"{os.getpid()}-{number}"), daemon=True).start()
    threading.Event().wait(60)


main(*sys.argv[1:])
