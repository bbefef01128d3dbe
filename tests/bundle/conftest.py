"""What the tests of bundles stand on: an empty log in the current folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from appraisal.store.log import Log, open_log


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Log]:
    monkeypatch.chdir(tmp_path)
    with open_log("sqlite:///log.db") as log:
        yield log
