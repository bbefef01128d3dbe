"""Whether an installation is well: what a readiness check, and an administrator, ask."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from appraisal.errors import RefusedError
from appraisal.office.installation import Installation

LEAST_FREE = 200 * 1024 * 1024
"""Bytes of free disk below which a warning is due."""


@dataclass(frozen=True, kw_only=True)
class Check:
    """One thing that was looked at, whether it is well, and what was found, for a log: no personal data."""

    name: str
    well: bool
    found: str = ""


def checks(house: Installation, *, now: datetime) -> tuple[Check, ...]:
    """Return whether the database answers and takes changes, the disk has room, and standings keep up."""
    return (
        _asked("reads", lambda: str(len(house.log.offices()))),
        _asked("writes", lambda: _written(house, now)),
        _disk(house),
        Check(name="standings", well=not house.failures, found=", ".join(sorted(house.failures))),
    )


def _written(house: Installation, now: datetime) -> str:
    house.settings.put("alive_at", now.isoformat(), scope="service")
    return now.isoformat()


def _asked(name: str, ask: Callable[[], str]) -> Check:
    try:
        return Check(name=name, well=True, found=ask())
    except RefusedError as refused:
        return Check(name=name, well=False, found=" ".join(finding.code for finding in refused.findings))


def _disk(house: Installation) -> Check:
    folder = house.evidence.folder
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    return Check(name="disk", well=free >= LEAST_FREE, found=f"{free // (1024 * 1024)} MB")
