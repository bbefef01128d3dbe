"""What people must look at before they rely on a grid: cautions, outcomes still open, decisions not used."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import numpy as np

from appraisal.grid import Grid
from appraisal.model.clause_spec import ClauseSpec
from appraisal.model.clauses import Multiplier
from appraisal.model.clauses_counted import Occurrence
from appraisal.model.exact import show
from appraisal.model.standing import Say, Warn


def warnings(grid: Grid, cell: int = 0) -> tuple[Warn, ...]:
    """Return what people must look at beside the joins: cautions, outcomes still open, decisions not used."""
    return tuple(sorted(_warnings(grid, cell), key=lambda w: (w.code, w.subject, w.events)))


def _may_be_for_now(clause: ClauseSpec) -> bool:
    return isinstance(clause, Occurrence) and any(level.provisional for level in clause.levels.values())


def _warnings(grid: Grid, cell: int) -> Iterator[Warn]:
    frame, plan = grid.frame, grid.plan
    watched = [bool(c.caution or isinstance(c, Multiplier) or _may_be_for_now(c)) for c in plan.words.clauses]
    for position in np.flatnonzero(np.array(watched, dtype=bool)[frame.clause]).tolist():
        row = int(frame.row[position])
        event = frame.columns.events[row]
        clause = plan.words.clauses[int(frame.clause[position])]
        place = int(frame.place[position])
        if place % frame.view.cells != cell:
            continue
        subject = frame.roster.names[place // frame.view.cells]
        told = {"subject": subject, "clause": clause.id, "level": event.level}
        if clause.caution:
            say = Say("W201", {**told, "text": clause.caution})
            yield Warn(code="W201", say=say, events=(event.id,), subject=event.subject)
        if clause.for_now(event.level):
            yield Warn(code="W202", say=Say("W202", told), events=(event.id,), subject=event.subject)
        if isinstance(clause, Multiplier):
            rank = int(grid.tally.ranked[int(frame.clause[position])].rank[place])
            if rank != int(frame.columns.value[row]) // plan.scale.figure:
                wish = show(event.value or Fraction(0))
                yield Warn(
                    code="W203", say=Say("W203", {**told, "rank": wish}), events=(event.id,), subject=event.subject
                )
