"""The ranking of a span: table, heat map, trend and bump chart; as a wall screen; as one file."""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import RedirectResponse, Response

from api.web.faults import MissingError
from api.web.found import before, find, months
from api.web.guard import Guard
from api.web.picks import read_span
from api.web.views.ranking import Ranking, ranking
from api.web.visit import Visit
from appraisal.model.exact import show as shown
from appraisal.model.periods import Span
from appraisal.office.rights import Action

router = APIRouter(include_in_schema=False)
Reader = Annotated[Visit, Depends(Guard(Action.READ_RANKINGS))]


def asked_span(period: str) -> Span:
    """Return the span that an address names, or say that it names none."""
    try:
        return read_span(period)
    except ValueError:
        raise MissingError("H020", period=period) from None


def make(visit: Visit, rulebook: str, period: str) -> Ranking:
    """Return the view of a ranking of this office as of now."""
    span, today, at = asked_span(period), visit.now.date(), (visit.house.installation, visit.office_id, rulebook)
    found, earlier = find(*at, span, day=today), before(span)
    compared = find(*at, earlier, day=today) if earlier else None
    return ranking(found, compared, months(*at, span, day=today), visit.lang)


@router.get("/rankings")
def choose(visit: Reader) -> Response:
    """Lead to the ranking that the pickers hold."""
    if visit.picker is None:
        return visit.show("nothing.html", {})
    return RedirectResponse(visit.picker.address("/rankings"), status_code=303)


@router.get("/rankings/{rulebook}/{period}")
def show(visit: Reader, rulebook: str, period: str, screen: str = "") -> Response:
    """Show a ranking."""
    view = make(visit, rulebook, period)
    return visit.show("screen.html" if screen == "1" else "ranking.html", {"view": view, "charts": charts(view, visit)})


def charts(view: Ranking, visit: Visit) -> dict[str, object]:
    """Return what the pictures of trend and ranks are drawn from, a series a subject."""
    lit = visit.picker.subject if visit.picker else ""

    def one(kind: str, words: str) -> dict[str, object]:
        series = [
            {"id": c.subject, "name": c.name, "data": c.ranks if kind == "ranks" else [_number(t) for t in c.totals]}
            for c in view.courses
        ]
        return {"kind": kind, "lit": lit, "names": view.months, "words": visit.word(words), "series": series}

    return {"totals": one("totals", "各月得分走势"), "ranks": one("ranks", "各月名次变化")}


def _number(total: Fraction | None) -> str | None:
    return None if total is None else shown(total)
