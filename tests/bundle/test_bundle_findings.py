"""Every finding of bundles: brought about, worded exactly as its page shows it, in both languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from spoiled import SCENARIOS, plain

from appraisal.errors import messages
from appraisal.store.log import Log

PAGES = Path(__file__).parents[2] / "docs" / "findings"


def test_every_code_of_bundles_is_brought_about() -> None:
    assert set(SCENARIOS) == {code for code in messages() if re.fullmatch(r"B\d{3}", code)}
    assert set(SCENARIOS) == {page.stem for page in PAGES.glob("B*.md")}


@pytest.mark.parametrize("code", SCENARIOS)
def test_a_finding_reads_as_its_page_says(here: Log, code: str) -> None:
    finding = SCENARIOS[code](here)
    assert finding.code == code
    page = (PAGES / f"{code}.md").read_text(encoding="utf-8")
    assert page.startswith(f"# {code} ")
    blocks = re.findall(r"```text\n(.*?)\n```", page, re.DOTALL)
    assert blocks == [plain(finding, "zh"), plain(finding, "en")]
    assert "## Remedy" in page
