"""Sheets from an assessment: the ranking, one subject in detail, what did not count, how the document was read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from fractions import Fraction

from appraisal.errors import Lang, text
from appraisal.model.edition import Edition
from appraisal.model.event import Event
from appraisal.model.exact import show
from appraisal.model.scorecard import Scorecard
from appraisal.model.standing import Assessment, Entry, ItemScore, Standing, State
from reports.sheet import Cell, Column, Kind, Sheet, Table
from reports.wording import column, in_force, listed, said, span_words, state_words

_HASH_SHOWN = 12


def receipt_line(assessment: Assessment, lang: Lang) -> tuple[tuple[str, str], ...]:
    """Return what the result came from, short enough for one line."""
    known = assessment.known.isoformat(sep=" ", timespec="minutes") if assessment.known else ""
    parts = (
        ("meta_rulebook", assessment.rulebook),
        ("meta_hash", assessment.rulebook_hash.removeprefix("sha256:")[:_HASH_SHOWN]),
        ("meta_input", assessment.input_hash.removeprefix("sha256:")[:_HASH_SHOWN]),
        ("meta_known", known),
        ("meta_day", assessment.day.isoformat() if assessment.day else ""),
        ("meta_readings", " ".join(f"{k}={v}" for k, v in sorted(assessment.readings.items()))),
        ("meta_engine", assessment.engine),
    )
    return tuple((text(code, lang), value) for code, value in parts if value)


def ranking_sheet(assessment: Assessment, edition: Edition, lang: Lang, table: Table | None = None) -> Sheet:
    """Return the ranking: a row a subject, its departments and what stands outside the total beside it.

    `table` stands in its place where a family shows its results otherwise.
    """
    table = table or ranking_table(assessment, edition, lang)
    state = text("provisional" if assessment.provisional else "complete", lang)
    title = f"{edition.rulebook.name}  {span_words(assessment.span, lang)}  {state}"
    return Sheet(
        name=text("sheet_ranking", lang),
        title=title,
        meta=receipt_line(assessment, lang),
        tables=(table,),
        notes=tuple(_notes(assessment, lang)),
    )


def ranking_table(assessment: Assessment, edition: Edition, lang: Lang, *, items: bool = False) -> Table:
    """Return one row a subject; with `items` also a column for each item."""
    rulebook = edition.rulebook
    inside, outside = _places(assessment, edition)
    budgets = assessment.standings[0].departments if assessment.standings else ()
    vetoed = any(s.vetoed or s.rank != s.rank_without_veto for s in assessment.standings)
    graded = any(s.grade is not None for s in assessment.standings)
    pending = any(s.provisional for s in assessment.standings)
    columns = [
        column("rank", lang, kind=Kind.WHOLE),
        replace(column("subject", lang), title=rulebook.subject_noun) if lang == "zh" else column("subject", lang),
        column("total", lang, kind=Kind.NUMBER),
    ]
    if vetoed:
        columns.append(column("rank_without_veto", lang, kind=Kind.WHOLE))
    if graded:
        columns.append(column("grade", lang))
    columns += [Column(title=d.id, key=d.id, kind=Kind.NUMBER, drop=2) for d in budgets]
    columns += [Column(title=name, key=i, kind=Kind.NUMBER, drop=1) for i, name in outside.items()]
    if items:
        columns += [Column(title=f"{i} {name}", key=i, kind=Kind.NUMBER, drop=3) for i, name in inside.items()]
    if pending or items:
        columns.append(column("pending", lang))

    def row(standing: Standing) -> tuple[Cell, ...]:
        scores = {item.id: item.score for item in standing.items}
        cells: list[Cell] = [standing.rank, standing.name, standing.total]
        cells += [standing.rank_without_veto] if vetoed else []
        cells += [standing.grade] if graded else []
        cells += [d.score for d in standing.departments]
        cells += [scores.get(i) for i in outside]
        cells += [scores.get(i) for i in inside] if items else []
        waiting = [item.id for item in standing.items if item.state is State.PENDING]
        words = listed(waiting, lang) or (text("provisional", lang) if standing.provisional else "")
        return (*cells, *([words] if pending or items else []))

    rows = tuple(row(standing) for standing in ranked(assessment))
    return Table(columns=tuple(columns), rows=rows)


def _places(assessment: Assessment, edition: Edition) -> tuple[dict[str, str], dict[str, str]]:
    """Return the items inside the total and outside of it, each by id with its name."""
    if isinstance(edition.rulebook, Scorecard):
        inside = {i.id: i.name for d in edition.rulebook.departments for i in d.items}
        return inside, {i.id: i.name for i in edition.rulebook.outside}
    return {item.id: item.name for standing in assessment.standings[:1] for item in standing.items}, {}


def ranked(assessment: Assessment) -> list[Standing]:
    """Return the standings by rank; those that share one stay in the order of the roster."""
    return sorted(assessment.standings, key=lambda standing: standing.rank)


def _notes(assessment: Assessment, lang: Lang) -> Iterable[str]:
    if not assessment.standings:
        yield text("note_nobody", lang)
    for standing in ranked(assessment):
        if standing.vetoed:
            yield text("note_veto", lang, subject=standing.name, rank=str(standing.rank_without_veto))
    if assessment.provisional:
        yield text("note_provisional", lang)
    if assessment.not_counted:
        yield text("note_not_counted", lang, number=str(len(assessment.not_counted)))


def warnings_table(assessment: Assessment, lang: Lang) -> Table:
    """Return what people must look at; it moves no points."""
    columns = (
        column("code", lang),
        column("subject", lang, drop=1),
        column("warning", lang),
        column("events", lang, drop=2),
    )
    names = {s.subject: s.name for s in assessment.standings}
    rows = tuple(
        (w.code, names.get(w.subject, w.subject), said(w.say, lang), listed(w.events, lang))
        for w in assessment.warnings
    )
    return Table(title=text("sheet_warnings", lang), columns=columns, rows=rows)


def not_counted_table(assessment: Assessment, events: Mapping[str, Event], lang: Lang) -> Table:
    """Return the events of the span that do not count, and why."""
    columns = (
        column("event", lang),
        column("date", lang),
        column("subject", lang),
        column("clause", lang),
        column("why", lang),
        column("note", lang, drop=1),
    )
    names = {s.subject: s.name for s in assessment.standings}
    rows = []
    for entry in assessment.not_counted:
        event = events[entry.event]
        subject = names.get(event.subject, event.subject)
        why = text(f"why_{entry.reason}", lang)
        rows.append((event.id, event.date.isoformat(), subject, event.clause or event.kind, why, event.note))
    return Table(title=text("sheet_not_counted", lang), columns=columns, rows=tuple(rows))


def items_table(standing: Standing, edition: Edition, lang: Lang) -> Table:
    """Return every item of one subject: points, score, why it is not fully judged; departments where there are any."""
    departments = edition.rulebook.departments if isinstance(edition.rulebook, Scorecard) else ()
    department = {i.id: d.id for d in departments for i in d.items}
    columns = (
        column("department", lang, drop=1),
        column("item", lang),
        column("points", lang, kind=Kind.NUMBER),
        column("score", lang, kind=Kind.NUMBER),
        column("state", lang),
    )
    rows = tuple(
        (department.get(i.id, text("outside", lang)), f"{i.id} {i.name}", i.points, i.score, state_words(i, lang))
        for i in standing.items
    )
    first = 0 if departments else 1
    return Table(title=text("sheet_items", lang), columns=columns[first:], rows=tuple(row[first:] for row in rows))


def entries_table(standings: Iterable[Standing], events: Mapping[str, Event], lang: Lang) -> Table:
    """Return the ledger: every line that moved a point, a row for each event behind it."""
    columns = (
        column("subject", lang, drop=1),
        column("item", lang),
        column("clause", lang),
        column("entry_points", lang, kind=Kind.NUMBER),
        column("counted", lang, kind=Kind.NUMBER, drop=2),
        column("reason", lang),
        column("events", lang, drop=2),
        column("note", lang, drop=3),
    )
    rows = tuple(
        _entry_row(standing, item, entry, events, lang)
        for standing in standings
        for item in standing.items
        for entry in item.entries
    )
    return Table(title=text("sheet_entries", lang), columns=columns, rows=rows)


def _entry_row(
    standing: Standing, item: ItemScore, entry: Entry, events: Mapping[str, Event], lang: Lang
) -> tuple[Cell, ...]:
    known = [events[e] for e in entry.events if e in events]
    notes = listed(dict.fromkeys(e.note for e in known if e.note), lang)
    shown: tuple[str, str, str, Fraction, Fraction | None] = (
        standing.name,
        item.id,
        entry.clause,
        entry.points,
        entry.counted,
    )
    return (*shown, said(entry.reason, lang), listed(entry.events, lang), notes)


def readings_table(edition: Edition, lang: Lang, only: Iterable[str] | None = None) -> Table:
    """Return how the unclear places of the document are read, and how else they could be."""
    columns = (
        column("reading", lang),
        column("of", lang),
        column("question", lang),
        column("in_force", lang),
        column("else", lang, drop=1),
    )
    wanted = None if only is None else set(only)
    rows = tuple(
        (
            r.id,
            listed(r.of, lang),
            r.question,
            in_force(r, edition),
            "；".join(f"{a.id}: {a.text}" for a in r.alternatives),
        )
        for r in edition.rulebook.readings
        if wanted is None or r.id in wanted
    )
    return Table(title=text("sheet_readings", lang), columns=columns, rows=rows)


def subject_sheet(
    assessment: Assessment, standing: Standing, edition: Edition, events: Mapping[str, Event], lang: Lang
) -> Sheet:
    """Return one subject in detail: its items and the ledger behind them."""
    title = f"{standing.name}  {span_words(assessment.span, lang)}"
    place = text("place_of", lang, rank=str(standing.rank), number=str(len(assessment.standings)))
    meta = (
        (text("col_total", lang), show(standing.total)),
        (text("col_rank", lang), place),
        *receipt_line(assessment, lang),
    )
    tables = (items_table(standing, edition, lang), entries_table([standing], events, lang))
    return Sheet(name=text("sheet_detail", lang), title=title, meta=meta, tables=tables)
