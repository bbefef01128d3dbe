"""Every finding of the office: brought about, worded exactly as its page shows it, in both languages."""

from __future__ import annotations

from pathlib import Path

import pytest
from finding_pages import assert_brought_about, assert_page_shows
from office_scenarios import SCENARIOS

from appraisal.office.installation import Installation


def test_every_code_of_the_office_is_brought_about() -> None:
    assert_brought_about(SCENARIOS, "O")


@pytest.mark.parametrize("code", SCENARIOS)
def test_a_finding_reads_as_its_page_says(
    house: Installation, code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    finding = SCENARIOS[code](house)
    assert finding.code == code
    assert_page_shows(code, finding.render("zh"), finding.render("en"))
