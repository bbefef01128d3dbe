"""The scorecard behind the protocol of families: columns, methods, caps and ranks, entries with their sentences."""

from __future__ import annotations

from appraisal.errors import Finding, RefusedError
from appraisal.explain import judgements, warnings
from appraisal.grid import Grid, compute
from appraisal.inference.joins import joins
from appraisal.methods.columns import Roster, TooLargeError, encode
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


def _computed(sitting: Sitting) -> Grid:
    run = Roster.one(sitting.roster)
    plan = compile_plan(sitting.edition)
    try:
        columns = encode(sitting.events, plan.words, run)
        if columns.digits != plan.digits:
            plan = compile_plan(sitting.edition, columns.digits)
        return compute(plan, columns, run, View.one(sitting.span, sitting.day), keep=True)
    except TooLargeError:
        largest = max(sitting.events, key=lambda e: (abs(e.value or 0), e.count, e.id))
        raise RefusedError([Finding(code="S103", args={"id": largest.id})]) from None
