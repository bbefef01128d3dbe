"""Every finding of paper: brought about, worded exactly as its page shows it, in both languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from appraisal.errors import messages
from reports.material import Material
from tests.paper.scenarios import SCENARIOS

PAGES = Path(__file__).parents[2] / "docs" / "findings"


def test_every_code_of_paper_is_brought_about() -> None:
    assert set(SCENARIOS) == {code for code in messages() if re.fullmatch(r"P\d{3}", code)}
    assert set(SCENARIOS) == {page.stem for page in PAGES.glob("P*.md")}


@pytest.mark.parametrize("code", SCENARIOS)
def test_a_finding_reads_as_its_page_says(
    code: str, december: Material, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    finding = SCENARIOS[code](december, monkeypatch)
    assert finding.code == code
    page = (PAGES / f"{code}.md").read_text(encoding="utf-8")
    assert page.startswith(f"# {code} ")
    assert re.findall(r"```text\n(.*?)\n```", page, re.DOTALL) == [finding.render("zh"), finding.render("en")]
    assert "## Remedy" in page
