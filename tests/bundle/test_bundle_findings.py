"""Every finding of bundles: brought about, worded exactly as its page shows it, in both languages."""

from __future__ import annotations

import pytest
from finding_pages import assert_brought_about, assert_page_shows
from spoiled import SCENARIOS, plain

from appraisal.store.log import Log


def test_every_code_of_bundles_is_brought_about() -> None:
    assert_brought_about(SCENARIOS, "B")


@pytest.mark.parametrize("code", SCENARIOS)
def test_a_finding_reads_as_its_page_says(here: Log, code: str) -> None:
    finding = SCENARIOS[code](here)
    assert finding.code == code
    assert_page_shows(code, plain(finding, "zh"), plain(finding, "en"))
