"""Annex 3: the units that a city recommends, route by route, in the order of priority that the city gives."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from appraisal.errors import Lang, text
from appraisal.methods.applications import Application, read_application
from appraisal.methods.verdicts import Wording
from appraisal.model.application import Summary
from appraisal.model.edition import Edition
from appraisal.model.eligibility import Eligibility
from appraisal.model.event import Event
from appraisal.model.exact import show
from appraisal.model.ruling import Screening
from appraisal.model.standing import Assessment, Standing
from reports.sheet import Cell, Column, Kind, Sheet, Table
from reports.wording import listed


@dataclass(frozen=True, kw_only=True)
class Line:
    """One unit of a list: its number there, and its cells."""

    standing: Standing
    number: int
    cells: tuple[str, ...]
    priority: Fraction | None


@dataclass(frozen=True, kw_only=True)
class Recommendation:
    """The lists of the summary by title, in order, and the units in none of them."""

    summary: Summary
    lists: Mapping[str, tuple[Line, ...]]
    left_out: tuple[Standing, ...]


def recommend(edition: Edition, assessment: Assessment, events: Mapping[str, Event]) -> Recommendation | None:
    """Put every unit that meets a route into that route's list; None for a rulebook that demands no summary."""
    rulebook = edition.rulebook
    summary = rulebook.summary if isinstance(rulebook, Eligibility) else None
    if summary is None or not isinstance(rulebook, Eligibility):
        return None
    applications = _applications(rulebook, assessment, events)
    by_route: dict[str, list[Standing]] = defaultdict(list)
    for standing in assessment.standings:
        by_route[_route(standing)].append(standing)
    wording = Wording(rulebook)
    lists = {part.title: tuple(_lines(summary, by_route[part.route], applications, wording)) for part in summary.lists}
    named = {part.route for part in summary.lists}
    left_out = tuple(s for s in assessment.standings if _route(s) not in named)
    return Recommendation(summary=summary, lists=lists, left_out=left_out)


def _route(standing: Standing) -> str:
    return standing.exhibits.taken if isinstance(standing.exhibits, Screening) else ""


def _applications(rulebook: Eligibility, assessment: Assessment, events: Mapping[str, Event]) -> dict[str, Application]:
    from appraisal.model.ledger import resolve  # noqa: PLC0415  only this sheet reads the applications again

    by_subject: dict[str, list[Event]] = defaultdict(list)
    for event in resolve(events.values(), rulebook, known=assessment.known).counted:
        if assessment.span.contains(event.when):
            by_subject[event.subject].append(event)
    return {s.subject: read_application(rulebook, by_subject[s.subject]) for s in assessment.standings}


def _lines(
    summary: Summary, standings: list[Standing], applications: Mapping[str, Application], wording: Wording
) -> Iterator[Line]:
    def order(standing: Standing) -> tuple[bool, Fraction, str]:
        priority = _priority(summary, applications[standing.subject])
        return (priority is None, priority or Fraction(0), standing.name)

    for number, standing in enumerate(sorted(standings, key=order), start=1):
        application = applications[standing.subject]
        cells = tuple(_cell(column.field, standing, application, wording) for column in summary.columns)
        yield Line(standing=standing, number=number, cells=cells, priority=_priority(summary, application))


def _priority(summary: Summary, application: Application) -> Fraction | None:
    answer = application.answers.get(summary.priority)
    return answer.value if answer is not None and isinstance(answer.value, Fraction) else None


def _cell(field: str, standing: Standing, application: Application, wording: Wording) -> str:
    answer = application.answers.get(field)
    if answer is None:
        return standing.name if field == wording.unit else ""
    return wording.value(field, answer.value)


def recommendation_sheet(found: Recommendation, city: str, lang: Lang) -> Sheet:
    """Return the summary as annex 3 has it: one table a route, what is not listed below."""
    columns = (
        Column(title=text("summary_number", lang), key="number", kind=Kind.WHOLE),
        *(Column(title=column.title, key=column.field) for column in found.summary.columns),
    )
    tables = tuple(
        Table(title=title, columns=columns, rows=tuple((line.number, *line.cells) for line in lines))
        for title, lines in found.lists.items()
    )
    return Sheet(
        name=text("sheet_recommendation", lang),
        title=found.summary.title,
        meta=(_sender(found, city),),
        tables=tables,
        notes=tuple(_notes(found, lang)),
    )


def _sender(found: Recommendation, city: str) -> tuple[str, str]:
    """Return the line that says which city recommends, its label apart."""
    label, _, words = found.summary.sender.replace("{city}", city or "        ").partition("：")
    return (label, words) if words else ("", label)


def _notes(found: Recommendation, lang: Lang) -> Iterator[str]:
    for lines in found.lists.values():
        without = [line.standing.name for line in lines if line.priority is None]
        if without:
            yield text("summary_no_priority", lang, subjects=listed(without, lang))
        shared: dict[Fraction, list[str]] = defaultdict(list)
        for line in lines:
            if line.priority is not None:
                shared[line.priority].append(line.standing.name)
        for priority, names in shared.items():
            if len(names) > 1:
                told = {"priority": show(priority), "subjects": listed(names, lang)}
                yield text("summary_same_priority", lang, **told)
    for standing in found.left_out:
        yield text("summary_not_listed", lang, subject=standing.name, grade=standing.grade or "")


def recommendation_table(found: Recommendation, lang: Lang) -> Table:
    """Return all lists as one table, with the route in front, for CSV."""
    columns = (
        Column(title=text("summary_of", lang), key="route"),
        Column(title=text("summary_number", lang), key="number", kind=Kind.WHOLE),
        *(Column(title=column.title, key=column.field) for column in found.summary.columns),
    )
    rows: list[tuple[Cell, ...]] = [
        (title, line.number, *line.cells) for title, lines in found.lists.items() for line in lines
    ]
    return Table(columns=columns, rows=tuple(rows))


def recommendation_json(found: Recommendation, city: str) -> dict[str, Any]:
    """Return the same as one JSON document."""
    keys = [column.field for column in found.summary.columns]
    return {
        "title": found.summary.title,
        "from": found.summary.sender.replace("{city}", city),
        "lists": [
            {
                "title": title,
                "rows": [
                    {
                        "number": line.number,
                        **dict(zip(keys, line.cells, strict=True)),
                        "priority": None if line.priority is None else show(line.priority),
                    }
                    for line in lines
                ],
            }
            for title, lines in found.lists.items()
        ],
        "left_out": [{"subject": s.name, "grade": s.grade} for s in found.left_out],
    }
