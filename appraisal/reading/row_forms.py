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


@dataclass(frozen=True, kw_only=True)
class Across:
    """What is wrong among several rows, told at the one whose event is named; `warn`: it refuses nothing.

    `whole`: it is told only where every row could be read, for a row that could not may be what is missing.
    """

    event: str
    code: str
    column: str
    args: Mapping[str, str]
    warn: bool = False
    whole: bool = False


class RowForm(Protocol):
    """A family's row.

    `form`: the columns. `own`: those that say something; a row that has none of them and names another row in
    `counters` only withdraws it. `twice`: the code of the finding about two rows that say different things under one
    default id.
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

    def whose(self, cells: Mapping[str, str], place: Place) -> str | Wrong:
        """Return whose row it is, as the row says it or for a row that does not; empty where there must be one."""

    def told(self, cells: Mapping[str, str], subject: str, place: Place) -> Told | None:
        """Read the family's own columns of one row (stripped text by column; free columns under their names).

        None: nothing is filled in, and the row is passed over.
        """


def stem(place: Place) -> str:
    """Return the name of a row's file without folder and ending."""
    return Path(place.file.partition("[")[0]).stem
