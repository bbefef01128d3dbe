"""What a method gives: points and states by clause and cell, and the lines behind them.

A method is a function of a `Frame` and a `Sheet`: it adds lines and states of its own clauses to the sheet, in one
vectorised pass for all of them. Lines are summed at once; they are kept only when somebody wants to see them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import IntEnum

import numpy as np

from appraisal.methods.columns import Bools, Ints, TooLargeError
from appraisal.methods.frame import Frame
from appraisal.model.clauses_judged import Judged
from appraisal.model.periods import Every

NDArrayInt8 = np.ndarray[tuple[int, int], np.dtype[np.int8]]
SUMS = 2**54  # units of points; what a multiplier makes of a sum still fits into 64 bits
LIGHT = 2**44  # below, an upper bound of what a call adds is near enough


class Due(IntEnum):
    """How far a clause was judged, by clause and cell; the larger wins over nothing."""

    ASSESSED = 0
    NOT_DUE = 1
    PENDING = 2
    NOT_APPLICABLE = 3
    EXCLUDED = 4


class Why(IntEnum):
    """What a line says, for the sentence of its entry."""

    COUNTED = 0
    ONCE_MATTER = 1
    PREVAILED = 2
    ONCE = 3
    TIER = 4
    LEVEL = 5
    SCORE = 6
    NOT_DUE = 7
    PENDING = 8
    NOT_APPLICABLE = 9
    COMPOSITE = 10
    GAP = 11
    COMPARE = 12
    RELATIVE = 13
    QUOTA = 14
    LATE = 15
    NEVER = 16
    VETO = 17
    FACT = 18
    AMOUNT = 19
    DONE = 20
    SHOWN = 21
    LEFT_OUT = 22


@dataclass(frozen=True)
class Lines:
    """Lines of the ledger before caps: row -1 is a line without an event; `detail` depends on `why`."""

    row: Ints
    place: Ints
    clause: Ints
    points: Ints
    why: Ints
    detail: Ints


@dataclass
class RankInput:
    """What a ranking of places needs beside their points: inputs of the composite, and decisions of ties.

    `judged`: places with any input; `complete`: with every part; `marks`: marks by part; `decision`: the rank that an
    event gives (0: none) and `decision_row` that event's row.
    """

    judged: Bools
    complete: Bools
    marks: dict[str, Ints]
    decision: Ints
    decision_row: Ints


@dataclass
class Sheet:
    """Points and states by clause (K) and place (N), and the lines behind them if they are kept."""

    points: Ints
    state: NDArrayInt8
    provisional: Bools
    last: Bools
    zeroed_total: Bools
    keep: bool
    lines: list[Lines] = field(default_factory=list)
    zeroed: dict[int, Bools] = field(default_factory=dict)
    ranked: dict[int, RankInput] = field(default_factory=dict)
    weight: int = 0

    @classmethod
    def blank(cls, frame: Frame, *, keep: bool) -> Sheet:
        """Return a sheet with nothing on it; clauses that are not for a subject are marked so."""
        size, places = frame.plan.size, frame.places
        state = np.zeros((size, places), dtype=np.int8)
        excluded = np.repeat(frame.plan.excluded(frame.roster), frame.view.cells, axis=1)
        state[excluded] = Due.EXCLUDED
        return cls(
            points=np.zeros((size, places), dtype=np.int64),
            state=state,
            provisional=np.zeros(places, dtype=np.bool_),
            last=np.zeros(places, dtype=np.bool_),
            zeroed_total=np.zeros(places, dtype=np.bool_),
            keep=keep,
        )

    def add(self, frame: Frame, at: Ints, points: Ints, why: Ints | Why, detail: Ints | int = 0) -> None:
        """Add one line for each placed row in `at`."""
        self._weigh(points)
        np.add.at(self.points.reshape(-1), frame.key[at], points)
        if self.keep:
            self._keep(frame.row[at], frame.place[at], frame.clause[at], points, why, detail)

    def add_occurrences(self, frame: Frame, points: Ints, why: Ints, by: Ints) -> None:
        """Add a line for each occurrence among all placed rows; the points of other rows are zero."""
        self._weigh(points)
        np.add.at(self.points.reshape(-1), frame.key, points)
        if self.keep:
            at = np.flatnonzero(frame.plan.is_occurrence[frame.clause])
            self._keep(frame.row[at], frame.place[at], frame.clause[at], points[at], why[at], by[at])

    def add_absent(self, k: int, place: Ints, points: Ints | int, why: Why, detail: Ints | int = 0) -> None:
        """Add one line without an event for each place (each place at most once a call)."""
        self.points[k, place] += points
        if self.keep and len(place):
            rows = np.full(len(place), -1, dtype=np.int64)
            self._keep(rows, place, np.full(len(place), k), np.broadcast_to(points, place.shape), why, detail)

    def _weigh(self, points: Ints) -> None:
        """Raise TooLargeError where all points together, whatever their sign, might not fit."""
        if points.size:
            most = max(int(points.max()), -int(points.min())) * points.size
            self.weight += most if most < LIGHT else int(np.abs(points).astype(object).sum())
            if self.weight >= SUMS:
                raise TooLargeError

    def _keep(self, row: Ints, place: Ints, clause: Ints, points: Ints, why: Ints | Why, detail: Ints | int) -> None:
        full = np.broadcast_to(np.asarray(why, dtype=np.int64), row.shape)
        more = np.broadcast_to(np.asarray(detail, dtype=np.int64), row.shape)
        self.lines.append(Lines(row, place, clause, points, full, more))

    def mark(self, k: int, where: Bools, due: Due) -> None:
        """Set the state of a clause at some places, except where it is not for the subject at all."""
        row = self.state[k]
        row[where & (row != Due.EXCLUDED)] = due

    def open_to(self, k: int) -> Bools:
        """Return the places whose subject the clause is for."""
        there: Bools = self.state[k] != Due.EXCLUDED
        return there


Method = Callable[[Frame, Sheet], None]


def missing(frame: Frame, sheet: Sheet, k: int, clause: Judged, seen: Bools, supplied: Bools | None = None) -> None:
    """Count what stands for absent inputs, by place: not due, pending, or simply nothing found.

    `seen`: places with an input. `supplied`: which periods of the year (N × 12) have one, where that matters.
    """
    open_to = sheet.open_to(k)
    due = frame.due(clause.frequency) if clause.frequency is not Every.ANY else np.zeros(frame.places, dtype=np.int64)
    scale = frame.plan.scale
    not_due = open_to & ~seen & (due == 0) & (clause.frequency is not Every.ANY)
    pending = np.zeros(frame.places, dtype=np.bool_)
    if clause.required and supplied is not None:  # an input of a later period stands for no earlier one
        pending = open_to & (frame.due_slots(clause.frequency) & ~supplied).any(axis=1)
    elif clause.required:
        pending = open_to & (due > 0) & ~seen
    idle = open_to & ~seen & ~not_due & ~pending
    sheet.mark(k, not_due, Due.NOT_DUE)
    sheet.mark(k, pending, Due.PENDING)
    for where, why, is_pending in (
        (not_due, Why.NOT_DUE, False),
        (pending, Why.PENDING, True),
        (idle, Why.NOT_DUE, False),
    ):
        points = scale.points(clause.points_missing(pending=is_pending))
        if points:
            sheet.add_absent(k, np.flatnonzero(where), points, why)
