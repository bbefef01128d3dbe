"""The scorecard behind the protocol of families: columns, methods, caps and ranks, entries with their sentences."""

from __future__ import annotations

from dataclasses import dataclass

from appraisal.cautions import warnings
from appraisal.errors import Finding, RefusedError
from appraisal.explain import judgements
from appraisal.grid import Grid, compute
from appraisal.inference.joins import joins
from appraisal.methods.columns import Columns, Roster, TooLargeError, Vocabulary, encode
from appraisal.methods.family import Judged, Sitting
from appraisal.methods.plan import compile_plan
from appraisal.methods.views import View
from appraisal.model.later import Later


class ScorecardFamily:
    """Judges scorecards in columns."""

    def judge(self, sitting: Sitting) -> Judged:
        """Judge every subject of the sitting; RefusedError where a figure is too large to be exact."""
        grid = _computed(sitting)
        return Judged(
            judgements=judgements(grid, sitting.roster),
            warnings=Later(lambda: (*joins(sitting.edition, sitting.events), *warnings(grid))),
            dense=sitting.edition.scorecard.ranking.ties == "dense",
        )


@dataclass(frozen=True)
class _Coded:
    """The columns of a part, and the words and subjects that they are coded by."""

    words: Vocabulary
    ids: tuple[str, ...]
    columns: Columns


def _computed(sitting: Sitting) -> Grid:
    run = Roster.one(sitting.roster)
    plan = compile_plan(sitting.edition)
    try:
        columns = _columns(sitting, plan.words, run)
        if columns.digits != plan.digits:
            plan = compile_plan(sitting.edition, columns.digits)
        return compute(plan, columns, run, View.one(sitting.span, sitting.day), keep=True)
    except TooLargeError:
        largest = max(sitting.events, key=lambda e: (abs(e.value or 0), e.count, e.id))
        raise RefusedError([Finding(code="S103", args={"id": largest.id})]) from None


def _columns(sitting: Sitting, words: Vocabulary, run: Roster) -> Columns:
    """Return the events of a sitting as columns: a few new ones are put into those that are known."""
    known, since = sitting.part.worked.of
    if isinstance(known, _Coded) and known.words is words and known.ids == run.ids:
        columns = known.columns.plus(since, words, run)
    else:
        columns = encode(sitting.events, words, run)
    sitting.part.worked.of = _Coded(words, run.ids, columns), ()
    return columns
