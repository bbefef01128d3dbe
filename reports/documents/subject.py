"""The sheet of one subject: its items, and every entry under its sentence."""

from __future__ import annotations

from dataclasses import replace

from appraisal.model.exact import show
from appraisal.model.standing import Standing
from reports.document import Document, handed_out
from reports.documents.workbook import rank_change, trend
from reports.ledger import ledger_table, rest_tables, verdicts_table
from reports.looks import look_of
from reports.material import Material
from reports.sheet import Paper, Section, Sheet
from reports.standings import items_table, ranked, receipt_line
from reports.wording import span_words


def subject_document(material: Material, subject: str = "") -> Document:
    """Return the sheet of a subject, by its id; those of all subjects by rank where none is named."""
    found = [material.standing(subject)] if subject else ranked(material.assessment)
    sheets = tuple(subject_sheet(standing, material) for standing in found)
    title = f"{material.say('subject_sheets')}　{span_words(material.assessment.span, material.lang)}"
    return handed_out("subject", title, sheets, author=material.imprint.office)


def subject_sheet(standing: Standing, material: Material) -> Sheet:
    """Return one subject in detail."""
    assessment, lang = material.assessment, material.lang
    items = items_table(standing, material.edition, lang)
    columns = tuple(replace(c, merged=True) if c.key == "department" else c for c in items.columns)
    ledger, verdicts = ledger_table([standing], material), verdicts_table([standing], material)
    tables = [table for table in (replace(items, columns=columns), verdicts, ledger) if table.rows]
    tables += rest_tables(material, subject=standing.subject, clauses=_clauses(standing))
    sections = []
    if len(material.stages) > 1:
        sections.append(Section(title=material.say("course"), body=(trend(material, standing.subject),)))
    in_points = look_of(material.edition.rulebook).in_points
    told = {"rank": str(standing.rank), "number": str(len(assessment.standings))}
    place = material.say("place_of", **told) if material.ranked else material.say("place_not_displayed")
    head = [(material.say("meta_state"), material.imprint.state(lang))]
    if standing.grade is not None:
        head.append((material.say("col_grade"), standing.grade))
    if in_points:
        head += [(material.say("col_total"), show(standing.total)), (material.say("col_rank"), place)]
    if in_points and material.before is not None:
        head.append((material.say("col_rank_change"), rank_change(standing, material)))
    code = ((material.say("meta_code"), material.imprint.code),) if material.imprint.code else ()
    return Sheet(
        name=standing.name,
        title=f"{standing.name}　{span_words(assessment.span, lang)}",
        meta=(*head, *receipt_line(assessment, lang), *code),
        tables=tuple(tables),
        sections=tuple(sections),
        notes=tuple(_notes(standing, material, empty=not (ledger.rows or verdicts.rows))),
        paper=Paper(mark=material.imprint.mark(lang)),
    )


def _clauses(standing: Standing) -> frozenset[str]:
    """Return the parts of the rulebook that moved points of this subject: how those are read stands on its sheet."""
    touched = [item for item in standing.items if any(entry.points for entry in item.entries)]
    return frozenset({*(i.id for i in touched), *(e.clause for i in touched for e in i.entries if e.points)})


def _notes(standing: Standing, material: Material, *, empty: bool) -> list[str]:
    notes = [material.say("no_entries")] if empty else []
    if material.ranked and standing.rank != standing.rank_without_veto:
        notes.append(material.say("note_veto", subject=standing.name, rank=str(standing.rank_without_veto)))
    if standing.provisional:
        notes.append(material.say("note_provisional"))
    return [*notes, material.say("note_sums")] if standing.items else notes
