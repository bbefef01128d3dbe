"""What the tests of the log stand on: the small rulebook, a way in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from making import SMALL

from appraisal.model.edition import Edition
from appraisal.reading.rulebook import read_rulebook
from appraisal.store.log import Log, open_log


@pytest.fixture(scope="session")
def small() -> Edition:
    return read_rulebook(SMALL)


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'log.db'}"


@pytest.fixture
def log(url: str) -> Iterator[Log]:
    """Open the log in the database of the test at hand, with one office."""
    with open_log(url) as opened:
        opened.add_office("o", "示例街道")
        yield opened
