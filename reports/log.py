"""The log as a table: one line an event, as it was recorded."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from appraisal.errors import Lang
from appraisal.model.event import Event
from appraisal.model.rulebook import Subject
from appraisal.store.lines import Line
from reports.sheet import Cell, Kind, Table
from reports.wording import column


def subject_id(roster: Iterable[Subject], word: str) -> str:
    """Return the id that a name or alias stands for; the word itself if none fits."""
    return next((s.id for s in roster if word in {s.id, s.name, *s.aliases}), word)


def log_table(lines: Sequence[Line], roster: Iterable[Subject], lang: Lang) -> Table:
    """Return lines of the log in its order."""
    names = {subject.id: subject.name for subject in roster}
    columns = (
        column("position", lang, kind=Kind.WHOLE),
        column("id", lang),
        column("date", lang),
        column("period", lang, drop=4),
        column("subject", lang),
        column("clause", lang),
        column("facts", lang, drop=1),
        column("status", lang, drop=3),
        column("note", lang),
        column("counters", lang, drop=2),
    )
    return Table(columns=columns, rows=tuple(_row(line.position, line.event, names) for line in lines))


def _row(position: int, event: Event, names: dict[str, str]) -> tuple[Cell, ...]:
    facts = event.content().get("facts", {})
    told = " ".join(f"{key}={value}" for key, value in facts.items()) if isinstance(facts, dict) else ""
    when = str(event.period) if event.period else ""
    subject = names.get(event.subject, event.subject)
    clause = event.clause or event.kind
    return (
        position,
        event.id,
        event.date.isoformat(),
        when,
        subject,
        clause,
        told,
        event.status.value,
        event.note,
        event.counters,
    )
