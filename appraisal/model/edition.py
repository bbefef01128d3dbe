"""A rulebook with its identity: the sha256 of its file, and the readings chosen for a run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from appraisal.model.rulebook import Rulebook, Subject


@dataclass(frozen=True, kw_only=True)
class Edition:
    """One version of a rulebook as it is used: its bytes' hash, and which readings differ from what the file says."""

    rulebook: Rulebook
    hash: str
    readings: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def roster(self) -> tuple[Subject, ...]:
        """The rulebook's own subjects."""
        return self.rulebook.subjects
