"""Every finding of the log: brought about, worded exactly as its page shows it, in both languages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from finding_pages import assert_brought_about, assert_page_shows
from scenarios import SCENARIOS, URL

from appraisal.errors import Finding, Lang
from appraisal.model.edition import Edition
from appraisal.store.log import Log, open_log


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Log]:
    """Open a log in the current folder, so that messages name no folder of this machine."""
    monkeypatch.chdir(tmp_path)
    with open_log(URL) as log:
        log.add_office("o", "示例街道")
        yield log


def shown(finding: Finding, lang: Lang) -> str:
    return re.sub(r"sha256:[0-9a-f]{64}", "sha256:…", finding.render(lang))


def test_every_code_of_the_log_is_brought_about() -> None:
    assert_brought_about(SCENARIOS, "L")


@pytest.mark.parametrize("code", SCENARIOS)
def test_a_finding_reads_as_its_page_says(here: Log, small: Edition, code: str) -> None:
    finding = SCENARIOS[code](here, small)
    assert isinstance(finding, Finding)
    assert finding.code == code
    assert_page_shows(code, shown(finding, "zh"), shown(finding, "en"))
