"""Every finding of the log: brought about, worded exactly as its page shows it, in both languages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from scenarios import SCENARIOS, URL

from appraisal.errors import Finding, messages
from appraisal.model.edition import Edition
from appraisal.store.log import Log, open_log

PAGES = Path(__file__).parents[2] / "docs" / "findings"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Log]:
    """Open a log in the current folder, so that messages name no folder of this machine."""
    monkeypatch.chdir(tmp_path)
    with open_log(URL) as log:
        log.add_office("o", "示例街道")
        yield log


def shown(finding: Finding, lang: str) -> str:
    text = finding.render("en" if lang == "en" else "zh")
    return re.sub(r"sha256:[0-9a-f]{64}", "sha256:…", text)


def test_every_code_of_the_log_is_brought_about() -> None:
    assert set(SCENARIOS) == {code for code in messages() if code.startswith("L")}
    assert set(SCENARIOS) == {page.stem for page in PAGES.glob("L*.md")}


@pytest.mark.parametrize("code", SCENARIOS)
def test_a_finding_reads_as_its_page_says(here: Log, small: Edition, code: str) -> None:
    finding = SCENARIOS[code](here, small)
    assert isinstance(finding, Finding)
    assert finding.code == code
    page = (PAGES / f"{code}.md").read_text(encoding="utf-8")
    assert page.startswith(f"# {code} ")
    blocks = re.findall(r"```text\n(.*?)\n```", page, re.DOTALL)
    assert blocks == [shown(finding, "zh"), shown(finding, "en")]
    assert "## Remedy" in page
