"""Killed in the middle of writes: every acknowledged event is there, the chain verifies, the tally is its rebuild."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from office_making import NOW, OFFICE, SMALL

from appraisal.office.installation import open_installation
from appraisal.office.office import Office


def killed(folder: Path, rounds: int, step: float) -> int:
    """Kill a serving process so often, each time a little later; return how many events it had acknowledged."""
    url = f"sqlite:///{folder / 'office.db'}"
    with open_installation(url) as house:
        house.log.add_office(OFFICE)
        Office(log=house.log, id=OFFICE).adopt(str(SMALL), now=NOW)
    command = [sys.executable, str(Path(__file__).parent / "killing.py"), url, str(rounds), str(step)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    return int(ran.stdout)


def test_killed_twenty_times(tmp_path: Path) -> None:
    assert killed(tmp_path, 20, 0.02) > 0


@pytest.mark.torture
def test_killed_three_hundred_times(tmp_path: Path) -> None:
    assert killed(tmp_path, 300, 0.011) > 0
