"""Which rankings whoever asks may see: all of them who may read drafts, else those that are or were on display.

A ranking of others is a draft until its period is displayed (公示). The own sheet is shown always, without ranks.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from api.web.faults import MissingError
from api.web.found import Found, stage_of
from api.web.spans import read_span
from appraisal.model.periods import MONTHS, Period, Span
from appraisal.office.workflow import Stage

if TYPE_CHECKING:
    from api.web.visit import Visit


def stage(visit: Visit, rulebook: str, span: Span) -> Stage:
    """Return the stage of a span; outside every adoption of the rulebook it is refused."""
    return stage_of(visit.house.installation.yearbook(visit.office_id, rulebook, span.year), span)


def shows(visit: Visit, rulebook: str, span: Span) -> bool:
    """Say whether the ranking of a span is shown to whoever asks."""
    return visit.reads_drafts or stage(visit, rulebook, span).displayed


def require_shown(visit: Visit, rulebook: str, span: Span) -> None:
    """Tell whoever asks for a ranking that is not displayed yet that it is not there for them (H030)."""
    if not shows(visit, rulebook, span):
        raise MissingError("H030", period=str(span), stage=f"@stage_{stage(visit, rulebook, span)}")


def shown_months(visit: Visit, found: Mapping[int, Found]) -> dict[int, Found]:
    """Return the months whose rankings are shown to whoever asks."""
    return {month: one for month, one in found.items() if visit.reads_drafts or one.stage.displayed}


def displayed_months(visit: Visit, rulebook: str, period: str) -> tuple[str, ...]:
    """Return the months of a period's year whose rankings are displayed, the latest first."""
    year = read_span(period).year
    spans = [Span.month(year, month) for month in range(MONTHS, 0, -1)]
    return tuple(str(Period(year, one.number)) for one in spans if stage(visit, rulebook, one).displayed)
