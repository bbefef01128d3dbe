"""Every method, listed by hand: what it computes and which clauses are its own."""

from __future__ import annotations

from appraisal.methods.columns import Columns, Roster
from appraisal.methods.duties import deadlines, quotas
from appraisal.methods.frame import Frame
from appraisal.methods.judged import banded, compared, gaps
from appraisal.methods.occurrence import amounts, facts, occurrences
from appraisal.methods.plan import Plan
from appraisal.methods.scores import composites, relatives, scores
from appraisal.methods.sheet import Method, Sheet
from appraisal.methods.views import View

METHODS: dict[str, Method] = {
    "occurrence": occurrences,
    "amount": amounts,
    "tiers": banded,
    "grade": banded,
    "gap": gaps,
    "compare": compared,
    "score": scores,
    "composite": composites,
    "relative": relatives,
    "quota": quotas,
    "deadline": deadlines,
    "veto": facts,
    "fact": facts,
}


def run(plan: Plan, columns: Columns, roster: Roster, view: View, *, keep: bool = False) -> tuple[Frame, Sheet]:
    """Run every method once over the rows of a view; `keep` keeps the lines behind the sums."""
    frame = Frame.of(plan, columns, roster, view)
    sheet = Sheet.blank(frame, keep=keep)
    for method in dict.fromkeys(METHODS.values()):
        method(frame, sheet)
    return frame, sheet
