"""Every refusal of a survey: a broken example, its whole message in both languages, and its page."""

from __future__ import annotations

from pathlib import Path

import pytest
from broken_surveys import BROKEN
from finding_pages import assert_page_tells, codes, expected_text

from appraisal.errors import Finding, RefusedError

EXPECTED = Path(__file__).parents[1] / "broken" / "surveys"
CODES = codes(r"V0\d\d")


def findings(code: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Finding, ...]:
    """Do what is refused, in a folder of its own, so that no path stands in the message."""
    monkeypatch.chdir(folder)
    with pytest.raises(RefusedError) as caught:
        BROKEN[code](Path())
    return caught.value.findings


def test_every_code_has_a_broken_example() -> None:
    assert sorted(BROKEN) == CODES


@pytest.mark.parametrize("code", CODES)
def test_each_broken_example_gets_its_message_whole_and_alone(
    code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = findings(code, tmp_path, monkeypatch)
    assert {finding.code for finding in found} == {code}
    assert expected_text(found) == (EXPECTED / f"{code}.expected.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("code", CODES)
def test_each_code_has_a_page_with_its_message(code: str) -> None:
    assert_page_tells(code, EXPECTED / f"{code}.expected.txt")
