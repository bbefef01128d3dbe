"""A process of many writers on one office: prints the id of each event once it is acknowledged."""

from __future__ import annotations

import os
import sys
import threading
from datetime import date, datetime
from itertools import count

from appraisal.model.event import Event
from appraisal.store.log import Log, open_log
from appraisal.store.writer import Writer

NOW = datetime.fromisoformat("2020-07-01")


def write(log: Log, name: str) -> None:
    for number in count():
        event = Event(id=f"{name}-{number}", date=date(2020, 3, 9), subject="s1", clause="CG-A1", note="示例")
        log.append("o", [event], rulebook="small", now=NOW)
        os.write(1, f"{event.id}\n".encode())  # one write: never half a line


def main(url: str) -> None:
    log = open_log(url)
    log.add_office("o")
    log.database.writer = Writer(log.database.engine)
    os.write(1, b"ready\n")
    for number in range(8):
        threading.Thread(target=write, args=(log, f"{os.getpid()}-{number}"), daemon=True).start()
    threading.Event().wait(60)


main(*sys.argv[1:])
