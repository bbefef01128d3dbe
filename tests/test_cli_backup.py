"""`appraisal backup` and `appraisal restore`: a year goes into a file and comes back; bad input is refused in words."""

from __future__ import annotations

from pathlib import Path

import pytest

from api.main import main

SMALL = Path(__file__).parent / "rulebooks" / "small" / "rulebook.yaml"


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str]:
    status = main([*words, "--lang", "en"])
    return status, capsys.readouterr().err


def test_a_backup_comes_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    status, told = run(capsys, "backup", "b.zip")
    assert (status, list(tmp_path.iterdir())) == (2, [])  # no database: none is made
    cells = ("--date", "2020-03-09", "--subject", "s1", "--clause", "CG-A1", "--note", "示例")
    assert run(capsys, "log", "add", "--rulebook", str(SMALL), *cells)[0] == 0
    status, told = run(capsys, "backup", "b.zip")
    assert (status, "1 events" in told) == (0, True)
    assert run(capsys, "backup", "b.zip")[0] == 1
    status, told = run(capsys, "restore", "b.zip", "--db", "new.db")
    assert (status, "Restored" in told) == (0, True)
    assert run(capsys, "log", "verify", "--db", "new.db")[0] == 0
    status, told = run(capsys, "restore", "b.zip", "--db", "new.db")
    assert (status, "O083" in told) == (1, True)
    (tmp_path / "no.zip").write_text("不是备份", encoding="utf-8")
    status, told = run(capsys, "restore", "no.zip", "--db", "other.db")
    assert (status, "O081" in told) == (1, True)
