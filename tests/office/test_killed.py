"""Killed in the middle of writes: every acknowledged event is there, the chain verifies, the tally is its rebuild."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from office_making import NOW, OFFICE, SMALL

from appraisal.model.codec import encode
from appraisal.model.periods import Span
from appraisal.office.installation import open_installation
from appraisal.office.office import Office

MARCH = Span.month(2020, 3)


def prepared(folder: Path) -> str:
    url = f"sqlite:///{folder / 'office.db'}"
    with open_installation(url) as house:
        house.log.add_office(OFFICE)
        Office(log=house.log, id=OFFICE).adopt(str(SMALL), now=NOW)
    return url


def kill(url: str, seconds: float) -> int:
    command = [sys.executable, str(Path(__file__).parent / "killing.py"), url]
    child = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    assert child.stdout.readline() == "ready\n"
    time.sleep(seconds)
    child.send_signal(signal.SIGKILL)
    acknowledged = {line.strip() for line in child.stdout if line.endswith("\n")}
    child.wait()
    with open_installation(url) as house:
        assert acknowledged <= house.log.known_ids(OFFICE)
        assert house.log.verify(OFFICE) == ()
        kept = house.standings(OFFICE, "small", MARCH, day=NOW.date())  # from the table where it is up to date
        house.derived.clear()
        rebuilt = house.office(OFFICE).assess(
            MARCH, rulebook="small", known=house.log.head(OFFICE).position, day=NOW.date()
        )
        assert encode(kept) == encode(rebuilt)
    return len(acknowledged)


def test_killed_a_handful_of_times(tmp_path: Path) -> None:
    url = prepared(tmp_path)
    assert sum(kill(url, 0.04 * (1 + round_)) for round_ in range(5)) > 0


@pytest.mark.torture
def test_killed_three_hundred_times(tmp_path: Path) -> None:
    url = prepared(tmp_path)
    assert sum(kill(url, 0.003 * (1 + round_ % 97)) for round_ in range(300)) > 0
