"""The same input gives the same bytes in every format, whatever the process, hash seed, time zone, locale, folder."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parent / "print_hashes.py"
HERE = {"PYTHONHASHSEED": "1", "TZ": "Asia/Shanghai", "LC_ALL": "C.UTF-8", "LANG": "zh_CN.UTF-8"}
THERE = {"PYTHONHASHSEED": "4242", "TZ": "America/St_Johns", "LC_ALL": "C", "LANG": "de_DE.UTF-8", "PYTHONUTF8": "1"}


def hashes(surroundings: dict[str, str], folder: Path) -> dict[str, str]:
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "TMPDIR": str(folder), **surroundings}
    command = [sys.executable, str(SCRIPT)]
    ran = subprocess.run(command, env=environment, cwd=folder, capture_output=True, check=True, timeout=600)
    found: dict[str, str] = json.loads(ran.stdout)
    return found


@pytest.mark.slow
def test_every_file_has_the_same_bytes_in_two_processes(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    one, other = hashes(HERE, tmp_path / "a"), hashes(THERE, tmp_path / "b")
    kinds = {".xlsx", ".docx", ".pdf", ".csv", ".json", ".png", ".svg", ".zip", ".html"}
    assert {Path(name).suffix for name in one} >= kinds
    assert {name for name in one if one[name] != other[name]} == set()
    assert one.keys() == other.keys()
