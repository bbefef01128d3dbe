"""The ranking of a span: table, heat map, trend and bump chart; as a wall screen; as one file."""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import RedirectResponse, Response
from markupsafe import Markup

from api.web.faults import MissingError
from api.web.found import CHIPS, before, find, months
from api.web.guard import Guard
from api.web.rendering import render
from api.web.shared import shared_page
from api.web.showing import displayed_months, require_shown, shown_months, shows, stage
from api.web.spans import read_span
from api.web.taking import static_page
from api.web.views.ranking import Ranking, ranking
from api.web.visit import Visit
from appraisal.model.exact import show as shown
from appraisal.model.periods import Span
from appraisal.office.rights import Action
from reports.wording import span_words

router = APIRouter(include_in_schema=False)
Reader = Annotated[Visit, Depends(Guard(Action.READ_RANKINGS))]


def asked_span(period: str) -> Span:
    """Return the span that an address names, or say that it names none."""
    try:
        return read_span(period)
    except ValueError:
        raise MissingError("H020", period=period) from None


def make(visit: Visit, rulebook: str, period: str) -> Ranking:
    """Return the view of a ranking of this office as of now; before it is displayed only who reads drafts gets it."""
    span, key = asked_span(period), ("ranking", rulebook, period, visit.lang, visit.now.date(), visit.reads_drafts)
    require_shown(visit, rulebook, span)
    return visit.house.installation.memo(visit.office_id, key, lambda: _made(visit, rulebook, span))


def _made(visit: Visit, rulebook: str, span: Span) -> Ranking:
    today, at = visit.now.date(), (visit.house.installation, visit.office_id, rulebook)
    found, earlier = find(*at, span, day=today), before(span)
    compared = find(*at, earlier, day=today) if earlier and shows(visit, rulebook, earlier) else None
    return ranking(found, compared, shown_months(visit, months(*at, span, day=today)), visit.lang)


@router.get("/rankings")
def choose(visit: Reader) -> Response:
    """Lead to the ranking that the pickers hold."""
    if visit.picker is None:
        return visit.show("nothing.html", {})
    return RedirectResponse(visit.picker.address("/rankings"), status_code=303)


@router.get("/rankings/{rulebook}/{period}")
def show(visit: Reader, rulebook: str, period: str, screen: str = "", static: str = "") -> Response:
    """Show a ranking; `screen=1` for a wall, `static=1` as one file to take away."""
    if static == "1":
        if visit.reach(Action.EXPORT) is None:
            visit.require(Action.EXPORT)
        return static_page(visit, make(visit, rulebook, period))
    return shared_page(visit, lambda anybody: _shown(anybody, rulebook, period, screen))


def undisplayed(visit: Visit, rulebook: str, period: str) -> dict[str, object]:
    """Return what a page says in the place of a ranking that is not displayed yet."""
    span = asked_span(period)
    at = stage(visit, rulebook, span)
    told = {"period": str(span), "period_name": span_words(span, visit.lang), "rulebook": rulebook}
    return {**told, "stage": at, "chip": CHIPS[at], "displayed": displayed_months(visit, rulebook, period)}


def _shown(visit: Visit, rulebook: str, period: str, screen: str) -> Response:
    if not shows(visit, rulebook, asked_span(period)):
        return visit.show("undisplayed.html", {"view": undisplayed(visit, rulebook, period)})
    view = make(visit, rulebook, period)
    if screen == "1":
        return visit.show("screen.html", {"view": view, "charts": charts(view, visit)})
    context = {"view": view, "charts": charts(view, visit), "big": _big(visit, view)}
    return visit.show("ranking.html", context)


def _big(visit: Visit, view: Ranking) -> dict[str, Markup]:
    """Return the large tables of a ranking as HTML, made once for a state of the log: most of the page's time."""
    seen = visit.bounds(Action.READ_SUBJECT)
    key = ("ranking_html", view.rulebook, view.period, visit.lang, visit.now.date(), visit.reads_drafts, seen)

    def made() -> dict[str, Markup]:
        parts = {"heat": ("heat.html", ""), "totals": ("courses.html", "totals"), "ranks": ("courses.html", "ranks")}
        return {
            name: Markup(render(f"parts/{file}", visit.lang, {"view": view, "kind": kind, "visit": visit}))  # noqa: S704  our template
            for name, (file, kind) in parts.items()
        }

    return visit.house.installation.memo(visit.office_id, key, made)


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
