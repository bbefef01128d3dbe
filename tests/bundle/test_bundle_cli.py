"""`appraisal verify` and `appraisal keys make` as people use them."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest
from packs import exchanged, of_log, written

from api.main import main
from appraisal.store.log import Log
from reports.bundle import signing
from reports.bundle.making import make
from reports.bundle.manifest import RESULT


def test_a_sound_bundle_prints_its_code(here: Log, capsys: pytest.CaptureFixture[str]) -> None:
    bundle = make(of_log(here))
    written(bundle.content)
    assert main(["verify", "b.zip", "--code", bundle.seal.code.lower()]) == 0
    told = capsys.readouterr()
    assert told.out.splitlines()[0] == "核验通过：按所附办法和记录重算，结果与所载逐字节相同。"
    assert f"核验码 {bundle.seal.code}" in told.out
    assert "没有签名" in told.out
    assert told.err == ""


def test_what_differs_goes_to_standard_error(here: Log, capsys: pytest.CaptureFixture[str]) -> None:
    exchanged(make(of_log(here)), RESULT, '"total": "9', '"total": "8')
    assert main(["verify", "b.zip", "--lang", "en"]) == 1
    told = capsys.readouterr()
    assert told.out.startswith("It does not hold: 2 findings.")
    assert "b.zip/result.json  B027" in told.err
    assert "recomputed it is “9" in told.err


def test_json_says_the_same(here: Log, capsys: pytest.CaptureFixture[str]) -> None:
    bundle = make(of_log(here), signing.signer(signing.make_pair().private, "k"))
    exchanged(bundle, RESULT, '"total": "9', '"total": "8', seal=True)
    assert main(["verify", "b.zip", "--format", "json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["holds"] is False
    assert [f["code"] for f in told["findings"]] == ["B022", "B027"]
    assert told["signature"] is None
    assert (told["rulebook"], told["period"], told["events"]) == ("small", "2020-03", 4)


def test_a_pair_signs_and_verifies(here: Log, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["keys", "make", "office"]) == 0
    assert stat.S_IMODE(Path("office.key").stat().st_mode) == 0o600
    signer = signing.signer(Path("office.key").read_bytes(), "office.key")
    written(make(of_log(here), signer).content)
    assert main(["verify", "b.zip", "--key", "office.pub"]) == 0
    assert "与给出的公钥一致" in capsys.readouterr().out
    assert main(["verify", "b.zip"]) == 0
    assert "公钥取自核验包本身" in capsys.readouterr().out
    assert main(["keys", "make", "office"]) == 1


def test_wrong_usage(here: Log, capsys: pytest.CaptureFixture[str]) -> None:  # noqa: ARG001
    assert main(["verify", "nothing.zip"]) == 2
    assert "没有文件 nothing.zip" in capsys.readouterr().err
    Path("b.zip").mkdir()
    assert main(["verify", "b.zip"]) == 2
