"""A process of its own that appends: `each` event by itself, or `all` at once; prints how many were new."""

from __future__ import annotations

import sys
from datetime import date, datetime

from appraisal.model.event import Event
from appraisal.store.log import open_log


def say(number: int) -> None:
    sys.stdout.write(f"{number}\n")
    sys.stdout.flush()


def main(url: str, how: str, name: str, number: str, told: str = "") -> None:
    """Append so many events whose ids begin with the name."""
    events = [Event(id=f"{name}-{k}", date=date(2020, 3, 9), subject="s1", note="示例") for k in range(int(number))]
    batches = [events] if how == "all" else [[event] for event in events]
    progress = (lambda done, _all: say(done)) if told else None
    new = 0
    with open_log(url) as log:
        log.add_office("o")
        for batch in batches:
            result = log.append(
                "o", batch, rulebook="small", now=datetime.fromisoformat("2020-07-01"), progress=progress
            )
            new += result.appended
    say(new)


main(*sys.argv[1:])
