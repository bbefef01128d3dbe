"""People, moments and files for the tests of the office."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from appraisal.errors import RefusedError
from appraisal.model.roles import Actor, HeldRole, Role
from appraisal.office.desk import Desk
from appraisal.office.installation import Installation

NOW = datetime.fromisoformat("2020-03-20T09:30:00")
OFFICE = "o"
SMALL = Path(__file__).parents[1] / "rulebooks" / "small" / "rulebook.yaml"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20
PLACES = {
    Role.OFFICER: {"office": OFFICE, "department": "城管办"},
    Role.HEAD: {"office": OFFICE, "subject": "s1"},
    Role.SYSTEM: {},
    Role.SECURITY: {},
    Role.AUDITOR: {},
}


def someone(role: Role, name: str = "", **place: str) -> Actor:
    where = place or PLACES.get(role, {"office": OFFICE})
    return Actor(id=name or f"u-{role}", name=f"示例{role}", roles=(HeldRole(role=role, **where),))


def at(house: Installation, role: Role, name: str = "", **place: str) -> Desk:
    return house.desk(OFFICE, someone(role, name, **place))


def codes(refused: pytest.ExceptionInfo[RefusedError]) -> list[str]:
    return [finding.code for finding in refused.value.findings]


def at_hour(hour: int, day: int = 20, month: int = 3) -> datetime:
    return NOW.replace(month=month, day=day, hour=hour)
