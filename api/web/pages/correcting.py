"""Correcting what a form has said before: the new answer counters the old one, which stays in the log."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from api.web.views import filling
from api.web.visit import Visit
from appraisal.errors import Finding, RefusedError
from appraisal.model.event import Event
from appraisal.model.questionnaire import SOURCES
from appraisal.model.rulebook import Rulebook
from appraisal.model.steps import Step
from appraisal.office.trial import read_rows

NAMED = ("题号", "字段")
_FIRST = {"编号": "", "冲销": "", "备注": ""}


def corrected(visit: Visit, book: Rulebook, rows: filling.Rows, known: Sequence[Event], reason: str) -> filling.Rows:
    """Return rows in which each that says other than what counts counters it; what says the same is left out.

    Refused without a reason (O023), and with every fault of the rows.
    """
    told = list(_countering(visit, rows, known, reason))
    if not any(row["冲销"] for row in told):
        return rows
    if not reason:
        raise RefusedError([Finding(code="O023", args={"step": f"@step_{Step.COUNTERED}"})])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "form.csv"
        path.write_bytes(filling.as_csv(told))
        _, events = read_rows(visit.office, [path], rulebook=book.id, now=visit.now)
    old = {event.id: event for event in known}
    same = {e.id for e in events if e.counters in old and dict(e.facts) == dict(old[e.counters].facts)}
    return [row for row in told if row["编号"] not in same or not row["编号"]]


def _countering(visit: Visit, rows: filling.Rows, known: Sequence[Event], reason: str) -> Iterator[dict[str, str]]:
    """Yield the rows, each with what it counters: what alone was said of the same before, by the same source."""
    said: dict[tuple[str, str], list[Event]] = {}
    for event in known:
        said.setdefault((event.clause, str(event.facts.get("source", SOURCES[0]))), []).append(event)
    for row in rows:
        name = next((row[key] for key in NAMED if key in row), "")
        found = said.get((name, filling.source_of(row)), [])
        one = found[0] if len(found) == 1 else None
        more = {"编号": _next(visit, one), "冲销": one.id, "备注": reason} if one else _FIRST
        yield {**row, **more}


def _next(visit: Visit, event: Event) -> str:
    """Return the id of a further version of an answer."""
    first, _, number = event.id.rpartition("~")
    base, last = (first, int(number)) if first and number.isdecimal() else (event.id, 1)
    while visit.office.log.known_ids(visit.office_id, [f"{base}~{last + 1}"]):
        last += 1
    return f"{base}~{last + 1}"
