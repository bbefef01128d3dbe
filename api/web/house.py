"""What the application has open while it runs: settings, the installation, metrics, and a clock."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from api.logbook import now
from api.web.settings import Settings
from api.web.watching import Metrics
from appraisal.office.installation import Installation, open_installation


@dataclass(frozen=True, kw_only=True)
class House:
    """One installation at work."""

    settings: Settings
    installation: Installation
    clock: Callable[[], datetime] = now
    metrics: Metrics = field(default_factory=Metrics)

    @classmethod
    def open(cls, settings: Settings, clock: Callable[[], datetime] = now) -> House:
        """Open the database that the settings name."""
        installation = open_installation(settings.database_url, files=settings.data, serving=True)
        return cls(settings=settings, installation=installation, clock=clock)

    def close(self) -> None:
        """Let go of the database."""
        self.installation.close()
