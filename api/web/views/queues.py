"""Queues: entries that wait for somebody, by appeal, by application, by decision; with what is left of the time."""

from __future__ import annotations

from collections.abc import Iterable

from api.web.parts import sentence_of
from api.web.views.deeds import Deed
from api.web.views.entry import Moved
from api.web.views.model import View
from appraisal.model.steps import Step
from appraisal.office.workflow import Case, State
from appraisal.office.yearbook import Yearbook


class Record(View):
    """What a decision rests on: who decided, when, under which document number, in which files."""

    body: str
    day: str
    number: str
    files: tuple[str, ...]


class Waiting(View):
    """An entry in a queue: what it is about, how far it has come, and what may be done to it."""

    event: str
    subject: str
    clause: str
    sentence: str
    date: str
    period: str
    note: str
    state: State
    rounds: int
    said: str
    answered: str
    days_left: int | None
    moved: tuple[Moved, ...]
    record: Record | None
    deeds: tuple[Deed, ...]

    @property
    def late(self) -> bool:
        """Whether its time is over."""
        return self.days_left is not None and self.days_left < 0


class Queue(View):
    """A queue as its page shows it: what waits, and what is through."""

    key: str
    waiting: tuple[Waiting, ...]
    through: tuple[Waiting, ...]
    through_total: int


def waiting(
    case: Case,
    book: Yearbook,
    names: dict[str, str],
    deeds: Iterable[Deed] = (),
    *,
    days_left: int | None = None,
    moved: tuple[Moved, ...] = (),
) -> Waiting:
    """Return an entry as a queue shows it."""
    event = case.entry
    sentence = sentence_of(book.edition, event.clause)
    steps = case.steps
    answered = next((line.note for step, line in reversed(steps) if step is Step.ANSWERED), "")
    said = case.appeal.note if case.appeal else next((line.note for _, line in reversed(steps) if line.note), "")
    return Waiting(
        event=event.id,
        subject=names.get(event.subject, event.subject),
        clause=event.clause,
        sentence=sentence.text if sentence else "",
        date=event.date.isoformat(),
        period=str(event.when),
        note=event.note,
        state=case.state,
        rounds=_rounds(case, book),
        said=said,
        answered=answered,
        days_left=days_left,
        moved=moved,
        record=_record(case),
        deeds=tuple(deeds),
    )


def _rounds(case: Case, book: Yearbook) -> int:
    """Return how often an application was handed in: each time again follows the line that sent it back."""
    rounds, line = 1, book.lines.get(case.entry.follows)
    while line is not None:
        rounds += bool(line.event.clause)
        line = book.lines.get(line.event.follows)
    return rounds


def _record(case: Case) -> Record | None:
    line = next((line for step, line in reversed(case.steps) if step is Step.DECIDED), None)
    if line is None:
        return None
    facts = {key: str(line.facts.get(key, "")) for key in ("body", "decided_on", "number", "files")}
    return Record(
        body=facts["body"], day=facts["decided_on"], number=facts["number"], files=tuple(facts["files"].split())
    )
