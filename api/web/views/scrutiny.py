"""What makes a ranking answerable: changes since it was published, even-handedness, how close the ranks are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from api.web.found import Chip
from api.web.views.model import View
from appraisal.model.exact import Exact
from appraisal.model.steps import step_of
from appraisal.office.closeness import Closeness
from appraisal.office.evenness import Evenness
from appraisal.office.restatement import Restatement
from appraisal.office.workflow import Stage
from appraisal.store.lines import Line

NOTHING = Fraction(0)


class LineView(View):
    """A line of the log since the closing."""

    id: str
    step: str
    at: str
    clause: str
    note: str


class ItemDifference(View):
    """An item whose score is another than published."""

    item: str
    name: str
    before: Exact
    after: Exact
    because: tuple[LineView, ...]


class SubjectDifference(View):
    """A subject whose score or rank is another than published."""

    subject: str
    name: str
    total_before: Exact
    total_after: Exact
    rank_before: int
    rank_after: int
    items: tuple[ItemDifference, ...]
    because: tuple[LineView, ...]


class Changes(View):
    """The page 公布后变了什么; without a closing there is nothing to compare."""

    rulebook: str
    period: str
    period_name: str
    chip: Chip
    stage: Stage
    published: bool
    number: int
    position: int
    sha256: str
    rules_changed: bool
    differences: tuple[SubjectDifference, ...]
    since: int


class EvenCell(View):
    """What a department gave and took of a subject."""

    points: Exact
    entries: int


class EvenRow(View):
    """A department with its cells in the order of the subjects."""

    department: str
    cells: tuple[EvenCell, ...]
    points: Exact
    entries: int


class TwiceView(View):
    """One matter charged more than once."""

    matter: str
    subject: str
    departments: tuple[str, ...]
    events: tuple[tuple[str, str, str], ...]


class SeverityView(View):
    """How much an officer took by entry, beside what all took under the same clauses."""

    name: str
    department: str
    entries: int
    taken: Exact
    mean: Exact
    expected: Exact
    few: bool


class Even(View):
    """The page of even-handedness."""

    rulebook: str
    period: str
    period_name: str
    subjects: tuple[str, ...]
    rows: tuple[EvenRow, ...]
    twice: tuple[TwiceView, ...]
    severities: tuple[SeverityView, ...]


class Close(View):
    """Two neighbours of a ranking, how far apart they are, and the one entry that decides, if any does."""

    rank: int
    upper: str
    upper_name: str
    lower: str
    lower_name: str
    gap: Exact
    event: str
    clause: str
    note: str
    points: Exact | None


def differences(found: Restatement) -> Iterator[SubjectDifference]:
    """Yield what is another than published, with the lines that caused it."""
    for one in found.differences:
        items = tuple(
            ItemDifference(
                item=i.item, name=i.name, before=i.before, after=i.after, because=tuple(map(_line, i.because))
            )
            for i in one.items
        )
        yield SubjectDifference(
            subject=one.subject,
            name=one.name,
            total_before=one.before.total,
            total_after=one.after.total,
            rank_before=one.before.rank,
            rank_after=one.after.rank,
            items=items,
            because=tuple(map(_line, one.because)),
        )


def _line(line: Line) -> LineView:
    event = line.event
    at = line.appended_at.isoformat(timespec="minutes")
    return LineView(id=event.id, step=step_of(event).value, at=at, clause=event.clause, note=event.note)


def even_rows(found: Evenness, subjects: tuple[str, ...]) -> Iterator[EvenRow]:
    """Yield the departments with their cells by subject."""
    names = tuple(dict.fromkeys(cell.department for cell in found.cells))
    for name in names:
        mine = {cell.subject: cell for cell in found.cells if cell.department == name}
        cells = tuple(
            EvenCell(points=mine[s].points, entries=mine[s].entries)
            if s in mine
            else EvenCell(points=NOTHING, entries=0)
            for s in subjects
        )
        yield EvenRow(
            department=name,
            cells=cells,
            points=sum((cell.points for cell in mine.values()), start=NOTHING),
            entries=sum(cell.entries for cell in mine.values()),
        )


def twice(found: Evenness, names: Mapping[str, str]) -> Iterator[TwiceView]:
    """Yield the matters that were charged more than once."""
    for one in found.twice:
        events = tuple((e.id, e.clause, e.note) for e in one.events)
        subject = names.get(one.subject, one.subject)
        yield TwiceView(matter=one.matter, subject=subject, departments=one.departments, events=events)


def severities(found: Evenness, people: Mapping[str, str]) -> Iterator[SeverityView]:
    """Yield the officers with what they took by entry."""
    for one in found.severities:
        yield SeverityView(
            name=people.get(one.actor, one.actor),
            department=one.department,
            entries=one.entries,
            taken=one.taken,
            mean=one.mean,
            expected=one.expected,
            few=one.few,
        )


def close(found: Closeness) -> Close:
    """Return two neighbours as a page shows them."""
    flip = found.flip
    return Close(
        rank=found.rank,
        upper=found.upper,
        upper_name=found.upper_name,
        lower=found.lower,
        lower_name=found.lower_name,
        gap=found.gap,
        event=flip.event.id if flip else "",
        clause=flip.event.clause if flip else "",
        note=flip.event.note if flip else "",
        points=flip.points if flip else None,
    )
