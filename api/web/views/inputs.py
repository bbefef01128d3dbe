"""The rows of a file of answers, fields or responses as they would be taken in: how many, of whom, and the first."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from api.web.views.model import View
from appraisal.methods.applications import value_of
from appraisal.methods.verdicts import Wording
from appraisal.model.eligibility import Eligibility
from appraisal.model.event import Event
from appraisal.model.rulebook import Rulebook
from appraisal.model.survey import Survey

SHOWN = 20


class RowsView(View):
    """A file that was looked at: how many rows are new, how many the log has, of how many subjects; the first rows."""

    kept: str
    file: str
    fresh: int
    there: int
    subjects: tuple[str, ...]
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def rows_view(rulebook: Rulebook, events: Sequence[Event], there: Collection[str], *, kept: str, file: str) -> RowsView:
    """Return what a file would bring."""
    heads = tuple(one.id for one in rulebook.indicators()) if isinstance(rulebook, Survey) else ()
    return RowsView(
        kept=kept,
        file=file,
        fresh=sum(event.id not in there for event in events),
        there=sum(event.id in there for event in events),
        subjects=tuple(dict.fromkeys(event.subject for event in events)),
        heads=heads,
        rows=tuple(_row(rulebook, event, heads) for event in events[:SHOWN]),
    )


def _row(rulebook: Rulebook, event: Event, heads: tuple[str, ...]) -> tuple[str, ...]:
    if heads:
        return (event.subject, *(str(event.facts.get(name, "")) for name in heads))
    if isinstance(rulebook, Eligibility):
        wording = Wording(rulebook)
        value = value_of(event)
        told = wording.value(event.clause, value) if not isinstance(value, float) else str(value)
        return (event.subject, wording.input_name(event.clause), told)
    return (event.subject, event.clause, str(event.facts.get("answer", "")))
