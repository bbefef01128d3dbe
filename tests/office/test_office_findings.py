"""Every finding of the office: brought about, worded exactly as its page shows it, in both languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from office_scenarios import SCENARIOS

from appraisal.errors import Finding, messages
from appraisal.office.installation import Installation

PAGES = Path(__file__).parents[2] / "docs" / "findings"


def shown(finding: Finding, lang: str) -> str:
    return finding.render("en" if lang == "en" else "zh")


def test_every_code_of_the_office_is_brought_about() -> None:
    codes = {code for code in messages() if re.fullmatch(r"O\d{3}", code)}
    assert set(SCENARIOS) == codes
    assert codes == {page.stem for page in PAGES.glob("O*.md")}


@pytest.mark.parametrize("code", SCENARIOS)
def test_a_finding_reads_as_its_page_says(
    house: Installation, code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    finding = SCENARIOS[code](house)
    assert finding.code == code
    page = (PAGES / f"{code}.md").read_text(encoding="utf-8")
    assert page.startswith(f"# {code} ")
    blocks = re.findall(r"```text\n(.*?)\n```", page, re.DOTALL)
    assert blocks == [shown(finding, "zh"), shown(finding, "en")]
    assert "## Remedy" in page
