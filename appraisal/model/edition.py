"""A rulebook with its identity: the sha256 of its file, and the readings chosen for a run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TypeVar

from appraisal.errors import InternalError
from appraisal.model.rulebook import Rulebook, Subject
from appraisal.model.scorecard import Scorecard

Kind = TypeVar("Kind", bound=Rulebook)


@dataclass(frozen=True, kw_only=True)
class Edition:
    """One version of a rulebook as it is used: its bytes' hash, and which readings differ from what the file says."""

    rulebook: Rulebook
    hash: str
    readings: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def roster(self) -> tuple[Subject, ...]:
        """The rulebook's own subjects; none where its roster is open."""
        return self.rulebook.subjects

    @property
    def scorecard(self) -> Scorecard:
        """The rulebook as a scorecard; InternalError if it is of another family."""
        return self.as_a(Scorecard)

    def as_a(self, family: type[Kind]) -> Kind:
        """Return the rulebook as a family's own type; InternalError if it is of another family."""
        if not isinstance(self.rulebook, family):
            raise InternalError(f"{self.rulebook.id} is of the family {self.rulebook.family}, not {family.__name__}")
        return self.rulebook
