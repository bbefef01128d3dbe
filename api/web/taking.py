"""Files that people take away, with a trace of who took them; a ranking as one file that needs nothing else."""

from __future__ import annotations

from urllib.parse import quote

from fastapi.responses import Response

from api.web.rendering import STATIC, render
from api.web.views.ranking import Ranking
from api.web.visit import Visit
from appraisal.store.audit import Trace
from reports.charts.svg import svg_text
from reports.figures import Bump, Climb, Line, Trend


def as_file(content: bytes | str, name: str, kind: str) -> Response:
    """Answer with a file to keep, whatever its name's language."""
    disposition = f"attachment; filename*=UTF-8''{quote(name)}"
    return Response(content, media_type=kind, headers={"Content-Disposition": disposition})


def trace(visit: Visit, target: str) -> None:
    """Leave a trace that something was taken away."""
    visit.house.installation.audit.note(
        Trace(at=visit.now, actor=visit.actor.id, action="export", office=visit.office_id, target=target)
    )


def static_page(visit: Visit, view: Ranking) -> Response:
    """Hand out a ranking as one file: no script, no other file, no host."""
    lines = tuple(Line(name=c.name, values=c.totals) for c in view.courses)
    climbs = tuple(Climb(name=c.name, ranks=c.ranks) for c in view.courses)
    trend = Trend(title=visit.word("各月得分走势"), stages=view.months, lines=lines)
    bump = Bump(title=visit.word("各月名次变化"), stages=view.months, climbs=climbs)
    context = {
        "view": view,
        "css": (STATIC / "static.css").read_text(encoding="utf-8"),
        "pictures": [svg_text(trend), svg_text(bump)] if view.months else [],
    }
    trace(visit, f"{view.rulebook}/{view.period}/html")
    html = render("static.html", visit.lang, context)
    return as_file(html, f"{view.rulebook}-{view.period}.html", "text/html; charset=utf-8")
