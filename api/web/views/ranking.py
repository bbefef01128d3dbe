"""The ranking of a span: table, heat map of items by subject, and the year's months as trend and bump chart."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Literal

from api.web import parts
from api.web.found import Chip, Found
from api.web.views.model import Receipt, View
from appraisal.errors import Lang
from appraisal.model.exact import Exact
from appraisal.model.scorecard import Item
from appraisal.model.standing import Standing, State
from appraisal.office.workflow import Stage
from reports.standings import ranked
from reports.wording import span_words

HEAT_STEPS = 5


class Change(View):
    """How a rank stands to the one before: by how many places up or down."""

    way: Literal["up", "down", "same"]
    places: int


class Column(View):
    """A department, or an item outside the total: a column of the ranking."""

    id: str
    name: str
    points: Exact


class Row(View):
    """A subject in the ranking; subjects with equal totals share a rank."""

    rank: int
    shared: bool
    change: Change | None
    subject: str
    name: str
    total: Exact
    grade: str | None
    rank_without_veto: int | None
    vetoed: bool
    departments: tuple[Exact, ...]
    outside: tuple[Exact | None, ...]
    provisional: bool
    pending: tuple[str, ...]


class HeatCell(View):
    """A subject's score of an item; `step` 0 is the best of all subjects, 5 the furthest behind it."""

    score: Exact | None
    step: int
    state: State


class HeatRow(View):
    """An item with the scores of all subjects, in the order of the ranking."""

    item: str
    name: str
    department: str
    points: Exact
    cells: tuple[HeatCell, ...]


class Course(View):
    """A subject's months: totals and ranks, none for a month that has not begun."""

    subject: str
    name: str
    totals: tuple[Exact | None, ...]
    ranks: tuple[int | None, ...]


class Ranking(View):
    """What the ranking page shows."""

    rulebook: str
    rulebook_name: str
    subject_noun: str
    period: str
    period_name: str
    before: str
    provisional: bool
    chip: Chip
    stage: Stage
    closed: bool
    columns: tuple[Column, ...]
    outside: tuple[Column, ...]
    with_veto: bool
    with_grade: bool
    rows: tuple[Row, ...]
    heat: tuple[HeatRow, ...]
    months: tuple[str, ...]
    courses: tuple[Course, ...]
    not_counted: int
    warnings: int
    receipt: Receipt


def ranking(found: Found, earlier: Found | None, months: Mapping[int, Found], lang: Lang) -> Ranking:
    """Return the view of a ranking; `earlier` is what ranks are compared with, `months` the year month by month."""
    assessment, book = found.assessment, found.edition.rulebook
    standings = ranked(assessment)
    outside = parts.outside(found.edition)
    return Ranking(
        rulebook=book.id,
        rulebook_name=book.name,
        subject_noun=book.subject_noun,
        period=str(assessment.span),
        period_name=span_words(assessment.span, lang),
        before="" if earlier is None else span_words(earlier.assessment.span, lang),
        provisional=assessment.provisional,
        chip=found.chip,
        stage=found.stage,
        closed=found.closed,
        columns=tuple(Column(id=d.id, name=d.id, points=d.points) for d in parts.departments(found.edition)),
        outside=tuple(Column(id=i.id, name=i.name, points=i.points) for i in outside),
        with_veto=any(s.rank != s.rank_without_veto for s in standings),
        with_grade=any(s.grade for s in standings),
        rows=tuple(_row(s, standings, outside, earlier) for s in standings),
        heat=tuple(_heat(found, standings)),
        months=tuple(f"{assessment.span.year}-{month:02d}" for month in months),
        courses=tuple(course(s, months) for s in standings),
        not_counted=len(assessment.not_counted),
        warnings=len(assessment.warnings),
        receipt=Receipt.of(assessment, found.position),
    )


def _row(standing: Standing, all_: list[Standing], outside: tuple[Item, ...], earlier: Found | None) -> Row:
    scores = {item.id: item.score for item in standing.items}
    return Row(
        rank=standing.rank,
        shared=sum(1 for other in all_ if other.rank == standing.rank) > 1,
        change=change(standing, earlier),
        subject=standing.subject,
        name=standing.name,
        total=standing.total,
        grade=standing.grade,
        rank_without_veto=standing.rank_without_veto if standing.rank != standing.rank_without_veto else None,
        vetoed=standing.vetoed,
        departments=tuple(d.score for d in standing.departments),
        outside=tuple(scores.get(item.id) for item in outside),
        provisional=standing.provisional,
        pending=tuple(item.id for item in standing.items if item.state is State.PENDING),
    )


def change(standing: Standing, earlier: Found | None) -> Change | None:
    """Return how a rank moved since the span before; none without one, or for a subject that was not in it."""
    was = earlier.standing(standing.subject) if earlier else None
    if was is None:
        return None
    places = was.rank - standing.rank
    return Change(way="up" if places > 0 else "down" if places < 0 else "same", places=abs(places))


def _heat(found: Found, standings: list[Standing]) -> list[HeatRow]:
    rows = []
    own = [{item.id: item for item in standing.items} for standing in standings]
    for department in parts.departments(found.edition):
        for item in department.items:
            mine = [items.get(item.id) for items in own]
            scores = [i.score for i in mine if i is not None]
            best, worst = max(scores, default=Fraction(0)), min(scores, default=Fraction(0))
            cells = tuple(
                HeatCell(score=None, step=0, state=State.NOT_APPLICABLE)
                if i is None
                else HeatCell(score=i.score, step=_step(i.score, best, worst), state=i.state)
                for i in mine
            )
            rows.append(
                HeatRow(item=item.id, name=item.name, department=department.id, points=item.points, cells=cells)
            )
    return rows


def _step(score: Fraction, best: Fraction, worst: Fraction) -> int:
    """Return how far a score is behind the best, in fifths of the way to the worst, rounded up."""
    if best == worst:
        return 0
    # In whole numbers, for there are hundreds of cells: (best − score) / (best − worst), both over all denominators.
    b, s, w = best.denominator, score.denominator, worst.denominator
    behind = (best.numerator * s - score.numerator * b) * w * HEAT_STEPS
    return -(-behind // ((best.numerator * w - worst.numerator * b) * s))


def course(standing: Standing, months: Mapping[int, Found]) -> Course:
    """Return a subject's total and rank of each month."""
    each = [found.standing(standing.subject) for found in months.values()]
    return Course(
        subject=standing.subject,
        name=standing.name,
        totals=tuple(None if s is None else s.total for s in each),
        ranks=tuple(None if s is None else s.rank for s in each),
    )
