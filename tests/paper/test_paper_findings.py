"""Every finding of paper: brought about, worded exactly as its page shows it, in both languages."""

from __future__ import annotations

from pathlib import Path

import pytest
from finding_pages import assert_brought_about, assert_page_shows

from reports.material import Material
from tests.paper.scenarios import SCENARIOS


def test_every_code_of_paper_is_brought_about() -> None:
    assert_brought_about(SCENARIOS, "P")


@pytest.mark.parametrize("code", SCENARIOS)
def test_a_finding_reads_as_its_page_says(
    code: str, december: Material, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    finding = SCENARIOS[code](december, monkeypatch)
    assert finding.code == code
    assert_page_shows(code, finding.render("zh"), finding.render("en"))
