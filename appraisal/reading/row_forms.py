"""How a row of an input file becomes an event, for families whose files are no table of events: the protocol."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from appraisal.errors import Place
from appraisal.model.event import Scalar
from appraisal.reading.cells import Wrong
from appraisal.reading.event_columns import Form


@dataclass(frozen=True, kw_only=True)
class Told:
    """What a row says: the kind and part of the event, its facts, what is wrong, and what it is called by default.

    `wrongs` name columns. `id` is used where the row has none of its own; two rows with one such id and different
    content are refused as two answers to one question.
    """

    kind: str
    clause: str = ""
    facts: Mapping[str, Scalar] = field(default_factory=dict)
    wrongs: tuple[Wrong, ...] = ()
    id: str = ""


class RowForm(Protocol):
    """A family's row.

    `form`: the columns. `own`: those that say something; a row that has none of them and names another row in
    `counters` only withdraws it. `nobody`: the subject of a row without one; empty where there must be one. `twice`:
    the code of the finding about two rows that say different things under one default id.
    """

    @property
    def form(self) -> Form:
        """The columns of the file."""

    @property
    def own(self) -> tuple[str, ...]:
        """The columns that say something."""

    @property
    def twice(self) -> str:
        """The code of the finding about two rows for one thing."""

    @property
    def nobody(self) -> str:
        """The subject of a row that names none."""

    def told(self, cells: Mapping[str, str], subject: str, place: Place) -> Told:
        """Read the family's own columns of one row (stripped text by column; free columns under their names)."""


def stem(place: Place) -> str:
    """Return the name of a row's file without folder and ending."""
    return Path(place.file.partition("[")[0]).stem
