"""The ledger for paper: every entry under its clause's sentence, with the record behind it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from appraisal.model.event import Event
from appraisal.model.standing import Entry, EntryKind, ItemScore, Standing
from reports.material import Material
from reports.sheet import Cell, Kind, Table
from reports.standings import not_counted_table, readings_table
from reports.verdicts import MARKS, figure_words, outcome_words
from reports.wording import column, listed, said


def ledger_table(standings: Iterable[Standing], material: Material, *, items: frozenset[str] | None = None) -> Table:
    """Return every entry of these standings, of all items or of some, a row each; sentences stand once."""
    found = list(standings)
    lang = material.lang
    columns = [
        replace(column("item", lang), merged=True),
        replace(column("clause", lang), merged=True),
        replace(column("sentence", lang), merged=True),
        column("reason", lang),
        column("record", lang),
        column("entry_points", lang, kind=Kind.NUMBER),
        column("counted", lang, kind=Kind.NUMBER),
    ]
    words = sentences(material)
    several = len(found) != 1
    if several:
        columns.insert(0, replace(column("subject", lang), title=noun(material), merged=True))
    rows = [
        (*([standing.name] if several else []), *_row(item, entry, material, words.get(entry.clause, "")))
        for standing in found
        for item in standing.items
        if items is None or item.id in items
        for entry in item.entries
    ]
    return Table(title=material.say("sheet_entries"), columns=tuple(columns), rows=tuple(rows))


def noun(material: Material) -> str:
    """Return what subjects are called."""
    return material.edition.rulebook.subject_noun if material.lang == "zh" else material.say("col_subject")


def _row(item: ItemScore, entry: Entry, material: Material, sentence: str) -> tuple[Cell, ...]:
    # what a cap took stands with the entries that it took it from, so that either column adds up to the score
    own = entry.points if entry.counted is None else entry.counted
    counted = None if entry.kind is EntryKind.CAP else own
    return (
        f"{item.id} {item.name}",
        entry.clause,
        sentence,
        said(entry.reason, material.lang) + _left(entry, material),
        "\n".join(record_words(entry, material)),
        entry.points,
        counted,
    )


def _left(entry: Entry, material: Material) -> str:
    if entry.counted is None or entry.counted == entry.points or not entry.used_up_by:
        return ""
    return material.say("explain_used_up", by=entry.used_up_by)


def sentences(material: Material) -> dict[str, str]:
    """Return the sentence of the document behind every part, verbatim."""
    return {sentence.id: sentence.text for sentence in material.edition.rulebook.sentences()}


def record_words(entry: Entry, material: Material) -> Iterator[str]:
    """Yield the records behind an entry as people know them: date, note, id; those of a cap only by number."""
    if entry.kind is EntryKind.CAP and entry.events:
        yield material.say("records_of_cap", number=str(len(entry.events)))
        return
    for name in entry.events:
        event = material.events.get(name)
        yield name if event is None else event_words(event, material)


def event_words(event: Event, material: Material) -> str:
    """Return a record in one line."""
    origin = material.events.get(event.derived_from)
    note = event.note or (origin.note if origin else "")
    return "　".join(filter(None, (event.date.isoformat(), event.level, event.matter, note, f"[{event.id}]")))


def verdicts_table(standings: Iterable[Standing], material: Material) -> Table:
    """Return every condition of these standings with its figure, its outcome, its sentence and what to hand in."""
    found = list(standings)
    lang, words = material.lang, sentences(material)
    columns = [
        replace(column("of_group", lang), merged=True),
        column("condition", lang),
        column("figure", lang),
        column("threshold", lang),
        column("outcome", lang),
        column("sentence", lang),
        column("supply", lang),
    ]
    several = len(found) != 1
    if several:
        columns.insert(0, replace(column("subject", lang), title=noun(material), merged=True))
    rows = [
        (
            *([standing.name] if several else []),
            verdict.of,
            said(verdict.what, lang),
            figure_words(verdict.figure),
            figure_words(verdict.threshold),
            f"{MARKS[verdict.outcome]} {outcome_words(verdict.outcome, lang)}",
            words.get(verdict.clause, ""),
            listed(verdict.supply, lang),
        )
        for standing in found
        for verdict in standing.verdicts
    ]
    return Table(title=material.say("sheet_verdicts"), columns=tuple(columns), rows=tuple(rows))


def rest_tables(material: Material, *, subject: str = "", clauses: frozenset[str] | None = None) -> Iterator[Table]:
    """Yield what did not count and how the document was read, as far as it concerns a subject or some clauses."""
    assessment = material.assessment
    kept = [
        entry
        for entry in assessment.not_counted
        if (event := material.events.get(entry.event)) is not None
        and (not subject or event.subject == subject)
        and (clauses is None or event.clause in clauses)
    ]
    if kept:
        yield not_counted_table(replace(assessment, not_counted=tuple(kept)), material.events, material.lang)
    wanted = None if clauses is None else [r.id for r in material.edition.rulebook.readings if clauses & set(r.of)]
    readings = readings_table(material.edition, material.lang, only=wanted)
    if readings.rows:
        yield readings
