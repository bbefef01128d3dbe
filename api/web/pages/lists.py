"""Lists taken away as they stand on the page: the same filters, the same rows, and how many there are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from api.web.faults import MissingError
from api.web.guard import Guard
from api.web.pages.events import Filters, Word, listing
from api.web.pages.exports import TYPES
from api.web.pages.queues import QUEUES, opened
from api.web.taking import as_file, trace
from api.web.views.events import EventRow
from api.web.views.queues import Waiting
from api.web.visit import Visit
from api.web.words import N_
from appraisal.office.rights import Action
from reports.csv import csv_text
from reports.document import Document
from reports.sheet import Cell, Column, Kind, Paper, Sheet, Table
from reports.xlsx import xlsx

router = APIRouter(include_in_schema=False)
Taker = Annotated[Visit, Depends(Guard(Action.EXPORT))]
FORMS = ("xlsx", "csv")
MOST = 100_000
"""Rows of one file: more than an office logs in a year."""

_EVENTS = (
    (N_("编号"), Kind.TEXT), (N_("日期"), Kind.TEXT), (N_("所属期"), Kind.TEXT), (N_("单位"), Kind.TEXT),
    (N_("部门"), Kind.TEXT), (N_("条款"), Kind.TEXT), (N_("条款原句"), Kind.TEXT), (N_("级别 / 情形"), Kind.TEXT),
    (N_("事由"), Kind.TEXT), (N_("应计"), Kind.NUMBER), (N_("实计"), Kind.NUMBER), (N_("状态"), Kind.TEXT),
    (N_("证据"), Kind.TEXT),
)  # fmt: skip
_QUEUE = (
    (N_("编号"), Kind.TEXT), (N_("单位"), Kind.TEXT), (N_("条款"), Kind.TEXT), (N_("日期"), Kind.TEXT),
    (N_("事由"), Kind.TEXT), (N_("状态"), Kind.TEXT), (N_("剩余天数"), Kind.WHOLE), (N_("意见"), Kind.TEXT),
    (N_("部门答复"), Kind.TEXT), (N_("依据"), Kind.TEXT),
)  # fmt: skip
_TITLES = {"appeals": N_("申诉"), "claims": N_("加分申报"), "decisions": N_("决定事项")}


@router.get("/events/export")
def take_events(visit: Taker, filters: Filters, form: Word = "xlsx") -> Response:
    """Hand out the events that the list shows under these filters: all of them, not a page."""
    if visit.picker is None:
        raise MissingError
    view = listing(visit, filters, 1, MOST)
    files = _files(visit, [row.id for row in view.rows])
    rows = [_event(visit, row, files.get(row.id, "")) for row in view.rows]
    told = [value for value in (*filters.values(), visit.picker.subject) if value]
    return _handed(visit, "events", N_("记录"), form, _EVENTS, rows, told)


def _event(visit: Visit, row: EventRow, files: str) -> tuple[Cell, ...]:
    state = visit.say(f"state_of_{row.state}")
    words = f"{state}、{visit.word(N_('证据待补'))}" if row.lacking else state
    about = (row.id, row.date, row.period, row.subject_name, row.department, row.clause, row.clause_text, row.level)
    return (*about, row.note, row.points, row.counted, words, files)


def _files(visit: Visit, names: Sequence[str]) -> dict[str, str]:
    """Return by event the hashes of its files, as evidence is named everywhere."""
    picker = visit.picker
    if picker is None:
        return {}
    book = visit.house.installation.yearbook(visit.office_id, picker.rulebook, picker.span.year)
    return {name: "\n".join(one[:12] for one in book.files(name)) for name in names}


@router.get("/queues/{key}/export")
def take_queue(visit: Taker, key: str, form: Word = "xlsx") -> Response:
    """Hand out a queue: what waits, and what is through."""
    at = opened(visit)
    if at is None or key not in QUEUES:
        raise MissingError
    waits, through = at.of(key)
    left = at.days_left() if key == "appeals" else {}
    shown = [(left.get(case.entry.id), at.show(case)) for case in waits] + [(None, at.show(c)) for c in through]
    rows = [_waiting(visit, one, days) for days, one in shown]
    return _handed(visit, key, _TITLES[key], form, _QUEUE, rows, [])


def _waiting(visit: Visit, one: Waiting, days: int | None) -> tuple[Cell, ...]:
    record = f"{one.record.body} {one.record.number} {one.record.day}" if one.record else ""
    state = visit.say(f"state_of_{one.state}")
    return (one.event, one.subject, one.clause, one.date, one.note, state, days, one.said, one.answered, record)


def _handed(
    visit: Visit,
    name: str,
    title: str,
    form: str,
    columns: Iterable[tuple[str, Kind]],
    rows: Sequence[tuple[Cell, ...]],
    filters: Sequence[str],
) -> Response:
    """Answer with a list as a file, and leave a trace."""
    if form not in FORMS or visit.picker is None:
        raise MissingError
    table = Table(columns=tuple(Column(title=visit.word(t), kind=kind) for t, kind in columns), rows=tuple(rows))
    count = visit.word(N_("当前筛选 %(n)s 条")) % {"n": len(rows)}
    period = visit.picker.period
    if form == "csv":
        content = csv_text(table).encode()
    else:
        meta = ((visit.word(N_("期间")), period), (visit.word(N_("筛选")), "，".join([*filters, count])))
        words = f"{visit.word(title)}　{period}"
        sheet = Sheet(name=visit.word(title), title=words, meta=meta, tables=(table,), paper=Paper(landscape=True))
        content = xlsx(Document(name=name, title=words, sheets=(sheet,)), visit.lang)
    trace(visit, f"{visit.picker.rulebook}/{period}/{name} ({len(rows)})")
    return as_file(content, f"{name}-{period}.{form}", TYPES[form])
