"""An installation with one office on the small rulebook, and someone in each role."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from office_making import NOW, OFFICE, SMALL

from appraisal.office.installation import Installation, open_installation
from appraisal.office.office import Office


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Installation]:
    with open_installation(f"sqlite:///{tmp_path / 'office.db'}") as opened:
        opened.log.add_office(OFFICE, "示例街道")
        Office(log=opened.log, id=OFFICE).adopt(str(SMALL), now=NOW)
        yield opened
