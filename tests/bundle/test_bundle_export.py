"""`appraisal export` writes bundles and sites from the log, signed where there is a key."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from packs import in_log

from api.main import main
from appraisal.store.log import Log

ASKED = ["export", "--rulebook", "small", "--period", "2020-03", "--day", "2020-04-01", "--db", "log.db"]


def test_a_bundle_of_the_log_signed_and_verified(here: Log, capsys: pytest.CaptureFixture[str]) -> None:
    in_log(here)
    assert main(["keys", "make", "office"]) == 0
    assert main([*ASKED, "--format", "bundle", "-o", "b.zip", "--key", "office.key"]) == 0
    assert main(["verify", "b.zip", "--key", "office.pub"]) == 0
    told = capsys.readouterr().out
    assert "核验通过" in told
    assert "与给出的公钥一致" in told


def test_the_result_in_a_bundle_is_what_standings_prints(here: Log, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    from packs import members_of

    in_log(here)
    assert main([*ASKED, "--format", "bundle", "-o", "b.zip"]) == 0
    capsysbinary.readouterr()
    assert main(["standings", *ASKED[1:], "--format", "json"]) == 0
    assert capsysbinary.readouterr().out == members_of(Path("b.zip").read_bytes())["result.json"]


def test_a_site_of_the_log(here: Log, capsys: pytest.CaptureFixture[str]) -> None:
    in_log(here)
    assert main([*ASKED, "--format", "site", "-o", "site"]) == 0
    assert "site/index.html" in capsys.readouterr().err
    index = Path("site/index.html").read_text(encoding="utf-8")
    assert main(["verify", "site/downloads/bundle.zip"]) == 0
    (code,) = re.findall(r"核验码 (\S+)", capsys.readouterr().out)
    assert f"核验码 {code}" in index
    assert not any("张某" in page.read_text(encoding="utf-8") for page in Path("site").rglob("*.html"))
    assert main([*ASKED, "--format", "site", "-o", "site"]) == 1  # what is there is not overwritten
    assert "P033" in capsys.readouterr().err


def test_a_key_that_cannot_sign_leaves_nothing(here: Log, capsys: pytest.CaptureFixture[str]) -> None:
    in_log(here)
    Path("bad.key").write_text("no key", encoding="utf-8")
    assert main([*ASKED, "--format", "bundle", "-o", "b.zip", "--key", "bad.key"]) == 1
    assert "B023" in capsys.readouterr().err
    assert not Path("b.zip").exists()
    assert main([*ASKED, "--format", "bundle", "-o", "b.zip", "--key", "none.key"]) == 2
