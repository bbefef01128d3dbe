"""Reading a table of events written in a test, against the real rulebook of Houjiatang 2020."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from appraisal.errors import RefusedError
from appraisal.model.event import Event
from appraisal.reading.events import read_events
from appraisal.reading.rulebook import find_rulebook, read_rulebook

EDITION = read_rulebook(find_rulebook("houjiatang-2020"))
HEAD = "编号,日期,社区,条款"
ROW = "e1,2020-03-09,梓园社区,CG-A1"


def read(folder: Path, text: str | bytes, name: str = "events.csv", **more: object) -> list[Event]:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_events([path], EDITION, **more)


def at(text: str) -> datetime:
    """Return a moment without a time zone, as the office writes it."""
    return datetime.fromisoformat(text)


def codes(folder: Path, text: str | bytes, name: str = "events.csv", **more: object) -> list[str]:
    with pytest.raises(RefusedError) as caught:
        read(folder, text, name, **more)
    return [finding.code for finding in caught.value.findings]
