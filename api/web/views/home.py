"""The first page: what waits for whoever is signed in, the months of the year, and one point led back to its source."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from api.web.found import CHIPS, Chip, Found, stage_of
from api.web.parts import sentence_of
from api.web.views.model import View
from appraisal.errors import Lang
from appraisal.model.exact import Exact
from appraisal.model.periods import MONTHS, Period, Span
from appraisal.model.standing import EntryKind
from appraisal.model.steps import thread
from appraisal.office.months import is_published, root
from appraisal.office.workflow import Stage
from appraisal.office.yearbook import Yearbook
from reports.wording import said


class ToDo(View):
    """Something that waits: how often, and where it is done."""

    key: str
    count: int
    href: str


class MonthView(View):
    """A month of the year and its stage."""

    period: str
    number: int
    stage: Stage
    chip: Chip
    published: bool
    entries: int


class Chain(View):
    """One point from the rank down to its source: the four clicks."""

    subject: str
    name: str
    rank: int | None
    total: Exact
    item: str
    item_name: str
    score: Exact
    points: Exact
    clause: str
    sentence: str
    place: str
    reason: str
    event: str
    date: str
    note: str


def counts(book: Yearbook, departments: frozenset[str] | None, subjects: frozenset[str] | None) -> Counter[Period]:
    """Return how many entries were entered for each period, within what is seen."""
    periods: Counter[Period] = Counter()
    for line in book.entries:
        event = line.event
        if subjects is not None and event.subject not in subjects:
            continue
        if departments is not None and book.department(event) not in departments:
            continue
        periods[event.when] += 1
    return periods


def months(book: Yearbook, periods: Counter[Period]) -> Iterator[MonthView]:
    """Yield the months of the year that the adoption covers, with their stage and how much was entered."""
    for number in range(1, MONTHS + 1):
        period = Period(book.year, number)
        if book.adoption.covers(period):
            stage = stage_of(book, Span.month(book.year, number))
            yield MonthView(
                period=str(period),
                number=number,
                stage=stage,
                chip=CHIPS[stage],
                published=is_published(thread(root(book.adoption.rulebook, period), book.after)),
                entries=periods[period],
            )


def chain(found: Found, subjects: frozenset[str] | None, lang: Lang) -> Chain | None:
    """Return the largest loss that one event with words caused, from the rank down; None where there is none."""
    best: Chain | None = None
    for standing in found.assessment.standings:
        if subjects is not None and standing.subject not in subjects:
            continue
        for item in standing.items:
            for entry in item.entries:
                event = found.events.get(entry.events[0]) if len(entry.events) == 1 else None
                if entry.kind is not EntryKind.CLAUSE or event is None or not event.note:
                    continue
                counted = entry.points if entry.counted is None else entry.counted
                if counted >= 0 or (best is not None and counted >= best.points):
                    continue
                sentence = sentence_of(found.edition, entry.clause)
                best = Chain(
                    subject=standing.subject,
                    name=standing.name,
                    rank=standing.rank,
                    total=standing.total,
                    item=item.id,
                    item_name=item.name,
                    score=item.score,
                    points=counted,
                    clause=entry.clause,
                    sentence=sentence.text if sentence else "",
                    place=f"{found.edition.rulebook.source.file}:{sentence.line}" if sentence else "",
                    reason=said(entry.reason, lang),
                    event=event.id,
                    date=event.date.isoformat(),
                    note=event.note,
                )
    return best
