"""What a method sees: the rows of a view, each placed in the cell where it counts."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from appraisal.methods.columns import NO_VALUE, SAFE, Bools, Columns, Ints, Roster, TooLargeError
from appraisal.methods.plan import Plan
from appraisal.methods.views import View
from appraisal.model.periods import MONTHS, Every, Period, Span


@dataclass(frozen=True)
class Frame:
    """The rows that count in a view, each at its place: `place` = subject × cells + cell."""

    plan: Plan
    columns: Columns
    roster: Roster
    view: View
    row: Ints
    place: Ints

    @classmethod
    def of(cls, plan: Plan, columns: Columns, roster: Roster, view: View) -> Frame:
        """Place the rows; those of other months are left out."""
        cell = view.cell_of_month()[columns.month]
        if cell.size and cell.min() < 0:
            row = np.flatnonzero(cell >= 0)
            return cls(plan, columns, roster, view, row, columns.subject[row] * view.cells + cell[row])
        return cls(plan, columns, roster, view, np.arange(len(columns)), columns.subject * view.cells + cell)

    @property
    def places(self) -> int:
        """Subjects × cells."""
        return len(self.roster.ids) * self.view.cells

    @cached_property
    def clause(self) -> Ints:
        """The clause of each placed row."""
        return self.take(self.columns.clause)

    def take(self, column: Ints) -> Ints:
        """Return a column of the placed rows; no copy where all rows are placed."""
        return column if len(self.row) == len(self.columns) else column[self.row]

    @cached_property
    def office_cell(self) -> Ints:
        """For each place, a number that the subjects of one office share in one cell."""
        cells = self.view.cells
        return (self.roster.office_of[:, None] * cells + np.arange(cells)[None, :]).ravel()

    @cached_property
    def key(self) -> Ints:
        """For each placed row, its clause and place as one number: clause × places + place."""
        return self.clause * self.places + self.place

    @cached_property
    def hit(self) -> Bools:
        """Which clauses (K) have a row at which places (N)."""
        out = np.zeros((self.plan.size, self.places), dtype=np.bool_)
        out.reshape(-1)[self.key] = True
        return out

    @cached_property
    def _rare(self) -> tuple[Ints, Ints]:
        """The rows (positions in `row`) that are no occurrences, sorted by clause, and where each clause begins."""
        at = np.flatnonzero(~self.plan.is_occurrence[self.clause])
        clause = self.clause[at]
        at = at[np.argsort(clause, kind="stable")]
        sizes = np.bincount(clause, minlength=self.plan.size)
        return at, np.r_[0, np.cumsum(sizes)]

    def of_clauses(self, numbers: list[int]) -> Ints:
        """Return which placed rows (positions in `row`) belong to these clauses, none of them occurrences."""
        at, starts = self._rare
        parts = [at[starts[k] : starts[k + 1]] for k in numbers]
        return np.concatenate(parts) if parts else np.empty(0, dtype=np.int64)

    def due(self, every: Every) -> Ints:
        """Return how many periods of this frequency come due in the cell of each place."""
        counts = np.array([len(self.judged(span, every)) for span in self.view.spans], dtype=np.int64)
        return np.tile(counts, len(self.roster.ids))

    def due_slots(self, every: Every) -> Bools:
        """Return which periods of the year (N × 12) come due in the cell of each place."""
        slots = np.zeros((self.view.cells, MONTHS), dtype=np.bool_)
        for cell, span in enumerate(self.view.spans):
            for months in self.judged(span, every):
                slots[cell, slot_of(np.array([months.start]), every)] = True
        return np.tile(slots, (len(self.roster.ids), 1))

    def judged(self, span: Span, every: Every) -> list[range]:
        """Return the months of each such period wholly inside a span on some day of which the rulebook is in force."""
        return [months for months in span.whole_periods(every) if self.in_force(span.year, months)]

    def in_force(self, year: int, months: range) -> bool:
        """Say whether the rulebook is in force on any day of these months."""
        book = self.plan.edition.rulebook
        return book.valid_from <= Period(year, months[-1]).last and Period(year, months[0]).first <= book.valid_to


def fits(figures: Ints, factor: int) -> None:
    """Raise TooLargeError if a figure times this factor might not fit."""
    if figures.size and max(int(figures.max()), -int(figures.min())) * abs(factor) >= SAFE:
        raise TooLargeError


def given(figures: Ints) -> Bools:
    """Return where a figure is given."""
    there: Bools = figures != NO_VALUE
    return there


def slot_of(month: Ints, every: Every) -> Ints:
    """Return which period of the year, counted from 0, each month (0: the year) lies in."""
    slot: Ints = np.maximum(month - 1, 0) // max(every.months, 1)
    return slot


def periods_seen(frame: Frame, k: int, every: Every) -> Bools:
    """Return which periods of the year (N × 12) have a row of the clause."""
    mine = frame.of_clauses([k])
    have = np.zeros((frame.places, MONTHS), dtype=np.bool_)
    have[frame.place[mine], slot_of(frame.columns.month[frame.row[mine]], every)] = True
    return have
