"""A disk that is full, in every format: P030 in words, and nothing of the file or folder is left."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from api.main import main
from tests.paper.conftest import SAMPLE

BOOK = ["--rulebook", "houjiatang-2020", "--period", "2020-12", "--db", "a.db"]
ASKED = {
    "xlsx": ["--format", "xlsx", "-o", "out.xlsx"],
    "docx": ["--format", "docx", "-o", "out.docx"],
    "pdf": ["--format", "pdf", "-o", "out.pdf"],
    "csv": ["--format", "csv", "--document", "subject", "-o", "out.csv"],
    "json": ["--format", "json", "-o", "out.json"],
    "bundle": ["--format", "bundle", "-o", "out.zip"],
    "site": ["--format", "site", "-o", "out"],
    "all": ["--format", "all", "-o", "out"],
}
LIMIT = 36_000
"""Bytes that a file may have: the database's own shared memory fits, what is written does not."""
CODE = f"""
import contextlib, io, json, os, resource, signal, sys
from pathlib import Path
from api.main import main
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, ({LIMIT}, {LIMIT}))
found = {{}}
for name, words in json.loads(sys.argv[1]).items():
    told = io.StringIO()
    with contextlib.redirect_stderr(told):
        status = main(["export", *json.loads(sys.argv[2]), *words])
    left = sorted(p.name for p in Path().iterdir() if not p.name.startswith("a.db"))
    found[name] = [status, told.getvalue(), left]
print(json.dumps(found))
"""


@pytest.mark.slow
def test_no_room_for_any_format(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["log", "import", str(SAMPLE), "--rulebook", "houjiatang-2020", "--db", "a.db"]) == 0
    command = [sys.executable, "-c", CODE, json.dumps(ASKED), json.dumps(BOOK)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False, timeout=600)
    assert ran.returncode == 0, ran.stderr
    found = json.loads(ran.stdout)
    for name, (status, told, left) in found.items():
        assert status == 1, (name, told)
        assert "P030" in told, (name, told)
        assert "Traceback" not in told, name
        assert left == [], name
    assert found.keys() == ASKED.keys()
