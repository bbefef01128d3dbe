"""What the application has open while it runs: settings, the installation, metrics, and a clock."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from api.logbook import now
from api.web.jobs import Jobs
from api.web.limits import Limit
from api.web.settings import Settings
from api.web.watching import Metrics
from appraisal.office.clerk import Clerk
from appraisal.office.installation import Installation, files_beside, open_installation

WRONG = 60
"""Tokens that open nothing, a minute from one address, before it waits."""


@dataclass(frozen=True, kw_only=True)
class House:
    """One installation at work; `limit` bounds the requests of a token, `wrong` those whose token is wrong.

    The `clerk` checks what programs post.
    """

    settings: Settings
    installation: Installation
    jobs: Jobs
    clerk: Clerk
    clock: Callable[[], datetime] = now
    metrics: Metrics = field(default_factory=Metrics)
    ticks: Callable[[], float] = time.monotonic
    limit: Limit = field(default_factory=lambda: Limit(Settings.api_rate))
    wrong: Limit = field(default_factory=lambda: Limit(WRONG))

    @classmethod
    def open(cls, settings: Settings, clock: Callable[[], datetime] = now) -> House:
        """Open the database that the settings name."""
        installation = open_installation(
            settings.database_url, files=settings.data, patience=settings.patience, serving=True
        )
        limit = Limit(settings.api_rate)
        beside = settings.data or files_beside(settings.database_url)
        jobs = Jobs(beside.with_name(f"{beside.name}-exports"), settings.database_url)
        clerk = Clerk(installation.log)
        return cls(settings=settings, installation=installation, jobs=jobs, clerk=clerk, clock=clock, limit=limit)

    def close(self) -> None:
        """Let go of the database."""
        self.jobs.close()
        self.clerk.close()
        self.installation.close()
