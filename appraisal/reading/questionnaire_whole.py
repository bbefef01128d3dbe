"""What the answers of one firm say together: a part larger than its whole, some years only, what is not answered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from math import ceil

from appraisal.model.event import Event
from appraisal.model.exact import show
from appraisal.model.ledger import resolve
from appraisal.model.questionnaire import SOURCES, Questionnaire
from appraisal.model.questions import Band, Change, Question
from appraisal.reading.row_forms import Across

_By = Mapping[str, Event]


def across(book: Questionnaire, events: Sequence[Event]) -> Iterator[Across]:
    """Yield what is wrong, or not yet there, among the rows of each firm that count, in one year."""
    rows: dict[tuple[str, int], list[Event]] = defaultdict(list)
    for event in resolve(events, book).counted:
        rows[event.subject, event.when.year].append(event)
    for (subject, _), mine in rows.items():
        for source in SOURCES:
            own = {event.clause: event for event in mine if event.facts.get("source") == source}
            for question in book.questions():
                if isinstance(question, Band):
                    yield from _parts(book, question, subject, own)
        there = {event.clause: event for event in mine}
        halves = list(_halves(book, subject, there))
        yield from halves
        yield from _open(book, there, mine[0], {half.args["question"] for half in halves})


def _parts(book: Questionnaire, question: Band, subject: str, own: _By) -> Iterator[Across]:
    over, under = own.get(question.of.over[0]), own.get(question.of.under[0])
    if len(question.of.over) > 1 or question.above != "refuse" or over is None or under is None:
        return
    if (over.value or 0) > (under.value or 0):
        names = book.figure_by_id
        args = {"subject": subject, "part": names[over.clause].name, "whole": names[under.clause].name}
        args |= {"count": show(over.value or Fraction(0)), "of": show(under.value or Fraction(0))}
        yield Across(event=over.id, code="Q010", column="answer", args={**args, "question": question.id})


def _halves(book: Questionnaire, subject: str, there: _By) -> Iterator[Across]:
    """Yield the questions of which only some figures are given, a year for instance, and which nobody answered."""
    for question in book.questions():
        needed = list(_needed(question, there))
        given = [name for name in needed if name in there]
        own = [name for name in _own(question) if name in there]
        lacks = [f"{book.figure_by_id[name].name}（{name}）" for name in needed if name not in there]
        if own and given and lacks and question.id not in there:
            args = {"subject": subject, "question": question.id, "missing": "、".join(lacks)}
            args["given"] = book.figure_by_id[own[0]].name
            yield Across(event=there[own[0]].id, code="Q016", column="question", args=args, warn=True)


def _own(question: Question) -> Iterable[str]:
    """Return the figures that are given for the sake of this question."""
    if isinstance(question, Band):
        return (*question.of.over, *filter(None, [question.of.yearly]))
    return (question.now.over, question.before.over) if isinstance(question, Change) else ()


def _needed(question: Question, there: _By) -> Iterator[str]:
    """Yield the figures that answer a question: of three years those that the firm has begun."""
    if isinstance(question, Band):
        share = question.of
        years = there[share.years].value if share.years in there else None
        count = len(share.under) if years is None else min(len(share.under), ceil(years))
        yield from (share.yearly,) if share.yearly in there and share.mean == "of_sums" else share.over[:count]
        yield from share.under[:count]
    elif isinstance(question, Change):
        yield from (name for side in (question.now, question.before) for name in (side.over, side.under) if name)


def _open(book: Questionnaire, there: _By, first: Event, told: Collection[str]) -> Iterator[Across]:
    """Yield the questions and scenarios without an answer, all in one, but for those that are told already."""
    asked = [question for question in book.questions() if question.id not in {*there, *told}]
    lacks = [question.id for question in asked if not _answerable(question, there)]
    lacks += [scenario.id for scenario in book.scenarios() if scenario.id not in there]
    if lacks:
        args = {"subject": first.subject, "missing": "、".join(lacks)}
        yield Across(event=first.id, code="Q017", column="subject", args=args, warn=True, whole=True)


def _answerable(question: Question, there: _By) -> bool:
    needed = list(_needed(question, there))
    return bool(needed) and all(name in there for name in needed)
