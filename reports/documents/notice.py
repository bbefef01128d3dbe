"""The ranking notice (通报) of a month or a year: an official letter with the ranking and its annexes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from appraisal.errors import Finding, RefusedError
from appraisal.model.exact import show
from appraisal.model.standing import EntryKind
from reports.document import Document
from reports.documents.workbook import rank_change, ranking
from reports.ledger import ledger_table, noun, sentences
from reports.material import Material, day_words
from reports.sheet import Cell, Column, Kind, Letter, Paper, Section, Sheet, Table
from reports.standings import ranked
from reports.wording import column, numbered, span_words

_SHOWN_CLAUSES = 5


def notice(material: Material) -> Document:
    """Return the letter with its annexes: ranking, entries.

    RefusedError P010 where a final letter lacks number, signer, date or office, P011 where the result is provisional.
    """
    imprint = material.imprint.checked()
    if imprint.final and material.assessment.provisional:
        raise RefusedError([Finding(code="P011", args={"period": str(material.assessment.span)})])
    letter = notice_letter(material)
    annexes = [_ranking_annex(material), _entries_annex(material)]
    named = tuple(
        replace(sheet, annex=f"{material.say('letter_annex')}{number}") for number, sheet in enumerate(annexes, 1)
    )
    return Document(name="notice", title=letter.title, sheets=(letter, *named), author=imprint.office)


def notice_letter(material: Material) -> Sheet:
    """Return the letter itself."""
    imprint, lang = material.imprint, material.lang
    span, called = span_words(material.assessment.span, lang), noun(material)
    signed = day_words(imprint.date, lang) if imprint.date else ""
    letter = Letter(
        issuer=imprint.office,
        number=imprint.number,
        signer=imprint.signer if imprint.final else "",
        to=imprint.to or material.say("notice_to", noun=called),
        closing=material.say("notice_closing" if imprint.final else "notice_draft_closing"),
        signed=signed,
        annexes=(
            material.say("annex_ranking", span=span, noun=called),
            material.say("annex_entries", span=span, noun=called),
        ),
        copies=imprint.copies,
    )
    code = imprint.seal.block(lang) if imprint.seal else None
    return Sheet(
        name=material.say("notice"),
        title=material.say("notice_title", span=span, noun=called),
        opening=(material.say("notice_opening", span=span, noun=called, rulebook=material.edition.rulebook.name),),
        sections=numbered(_sections(material), lang),
        letter=letter,
        paper=Paper(mark=imprint.mark(lang), code=code),
    )


def _sections(material: Material) -> Iterator[Section]:
    yield Section(title=material.say("notice_overall"), body=tuple(_overall(material)))
    yield Section(title=material.say("notice_ranks"), body=(_short_ranking(material),))
    lost = _losses(material)
    if lost.rows:
        yield Section(title=material.say("notice_losses"), body=(material.say("notice_losses_words"), lost))
    remarks = tuple(_remarks(material))
    if remarks:
        yield Section(title=material.say("notice_remarks"), body=remarks)


def _overall(material: Material) -> Iterator[str]:
    found = ranked(material.assessment)
    counted = len({event for s in found for i in s.items for e in i.entries for event in e.events})
    numbers = {"number": str(len(found)), "noun": noun(material), "events": str(counted)}
    left_out = str(len(material.assessment.not_counted))
    yield material.say("notice_numbers", **numbers, not_counted=left_out)
    if found:
        best, worst = max(found, key=lambda s: s.total), min(found, key=lambda s: s.total)
        told = {"best": best.name, "most": show(best.total), "worst": worst.name, "least": show(worst.total)}
        yield material.say("notice_range" if len(found) > 1 else "notice_one", **told)


def _short_ranking(material: Material) -> Table:
    lang = material.lang
    columns = [
        column("rank", lang, kind=Kind.WHOLE),
        replace(column("subject", lang), title=noun(material)),
        column("total", lang, kind=Kind.NUMBER),
    ]
    if material.before is not None:
        columns.append(column("rank_change", lang))
    rows: list[tuple[Cell, ...]] = []
    for standing in ranked(material.assessment):
        change = [rank_change(standing, material)] if material.before is not None else []
        rows.append((standing.rank, standing.name, standing.total, *change))
    return Table(columns=tuple(columns), rows=tuple(rows))


def _losses(material: Material) -> Table:
    """Return the clauses that took most points of all subjects together."""
    points: dict[str, Fraction] = defaultdict(Fraction)
    subjects: dict[str, set[str]] = defaultdict(set)
    for standing in material.assessment.standings:
        for item in standing.items:
            for entry in item.entries:
                kept = entry.points if entry.counted is None else entry.counted
                if entry.kind is EntryKind.CLAUSE and kept < 0:
                    points[entry.clause] += kept
                    subjects[entry.clause].add(standing.subject)
    words = sentences(material)
    worst = sorted(points, key=lambda clause: (points[clause], clause))[:_SHOWN_CLAUSES]
    columns = (
        column("clause", material.lang),
        column("sentence", material.lang),
        Column(title=material.say("col_subjects_hit", noun=noun(material)), kind=Kind.WHOLE),
        column("counted", material.lang, kind=Kind.NUMBER),
    )
    rows = tuple((clause, words.get(clause, ""), len(subjects[clause]), points[clause]) for clause in worst)
    return Table(columns=columns, rows=rows)


def _remarks(material: Material) -> Iterator[str]:
    for standing in ranked(material.assessment):
        if standing.rank != standing.rank_without_veto and standing.vetoed:
            yield material.say("note_veto", subject=standing.name, rank=str(standing.rank_without_veto))
    waiting = [standing.name for standing in ranked(material.assessment) if standing.provisional]
    if waiting:
        yield material.say("notice_waiting", subjects=material.say("listing").join(waiting))


def _ranking_annex(material: Material) -> Sheet:
    span, called = span_words(material.assessment.span, material.lang), noun(material)
    return replace(ranking(material), title=material.say("annex_ranking", span=span, noun=called))


def _entries_annex(material: Material) -> Sheet:
    span, called = span_words(material.assessment.span, material.lang), noun(material)
    moved = ledger_table(ranked(material.assessment), material)
    place = next(i for i, c in enumerate(moved.columns) if c.key == "entry_points")
    rows = tuple(row for row in moved.rows if row[place])
    return Sheet(
        name=material.say("sheet_detail"),
        title=material.say("annex_entries", span=span, noun=called),
        tables=(replace(moved, title="", rows=rows),),
        notes=(material.say("annex_entries_note"),) if rows else (material.say("no_entries"),),
        paper=Paper(landscape=True, mark=material.imprint.mark(material.lang)),
    )
