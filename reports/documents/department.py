"""The sheet of a department that supplies information: its items for every subject, and the entries behind them."""

from __future__ import annotations

from dataclasses import replace

from appraisal.model.scorecard import Department
from reports.document import Document, handed_out
from reports.ledger import ledger_table, noun, rest_tables
from reports.material import Material
from reports.sheet import Cell, Column, Kind, Paper, Sheet, Table
from reports.standings import ranked, receipt_line
from reports.wording import column, span_words


def department_document(material: Material, department: str = "") -> Document:
    """Return the sheet of a department; those of all departments where none is named."""
    found = [d for d in material.edition.scorecard.departments if department in {"", d.id}]
    sheets = tuple(department_sheet(d, material) for d in found)
    title = f"{material.say('department_sheets')}　{span_words(material.assessment.span, material.lang)}"
    return handed_out("department", title, sheets, author=material.imprint.office)


def department_sheet(department: Department, material: Material) -> Sheet:
    """Return one department's items: a row a subject, then every entry under its sentence."""
    lang = material.lang
    items = frozenset(item.id for item in department.items)
    clauses = frozenset(c.id for item in department.items for c in item.all_clauses()) | items
    ledger = ledger_table(ranked(material.assessment), material, items=items)
    return Sheet(
        name=department.id,
        title=f"{department.id}　{material.say('department_sheet')}　{span_words(material.assessment.span, lang)}",
        meta=((material.say("meta_state"), material.imprint.state(lang)), *receipt_line(material.assessment, lang)),
        tables=(
            _scores(department, material),
            *([ledger] if ledger.rows else []),
            *rest_tables(material, clauses=clauses),
        ),
        notes=() if ledger.rows else (material.say("no_entries"),),
        paper=Paper(landscape=True, mark=material.imprint.mark(lang)),
    )


def _scores(department: Department, material: Material) -> Table:
    lang = material.lang
    columns = (
        replace(column("subject", lang), title=noun(material)),
        *(Column(title=f"{i.id} {i.name}", key=i.id, kind=Kind.NUMBER) for i in department.items),
        column("score", lang, kind=Kind.NUMBER),
    )
    full = tuple(item.points for item in department.items)
    rows: list[tuple[Cell, ...]] = [(material.say("col_points"), *full, department.points)]
    for standing in ranked(material.assessment):
        scores = {item.id: item.score for item in standing.items}
        total = next(d.score for d in standing.departments if d.id == department.id)
        rows.append((standing.name, *(scores[i.id] for i in department.items), total))
    return Table(title=material.say("sheet_items"), columns=columns, rows=tuple(rows), strong=frozenset({0}))
