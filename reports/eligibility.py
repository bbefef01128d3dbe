"""How a selection looks: its rulebook in tables, one part of it, and the results."""

from __future__ import annotations

from collections.abc import Iterator

from appraisal.errors import Lang, text
from appraisal.methods.verdicts import Wording
from appraisal.model.criteria import CriterionSpec
from appraisal.model.edition import Edition
from appraisal.model.eligibility import Eligibility
from appraisal.model.ruling import Ruling, Truth
from appraisal.model.standing import Assessment, Standing
from reports.eligibility_words import bounds_of, demand, evidence_of, options_of, screening_of, unit_of
from reports.rulebooks import head_meta, reading_ids, reading_tables
from reports.sheet import Cell, Column, Kind, Sheet, Table
from reports.standings import ranked, readings_table
from reports.wording import apart, column, listed, said

_SUPPLY_SHOWN = 3


def rulebook_sheet(edition: Edition, lang: Lang) -> Sheet:
    """Return a selection in tables: routes, conditions, the fields of an application with their units, forms."""
    rulebook = edition.as_a(Eligibility)
    tables = (
        _routes(rulebook, lang),
        _criteria(edition, rulebook, lang),
        _fields(rulebook, lang),
        _forms(rulebook, lang),
        readings_table(edition, lang),
    )
    return Sheet(name=rulebook.id, title=rulebook.name, meta=head_meta(edition, lang), tables=tables)


def _routes(rulebook: Eligibility, lang: Lang) -> Table:
    columns = (
        column("route", lang),
        column("grade", lang),
        column("needs", lang),
        column("claimed_by", lang),
        column("sentence", lang),
        column("line", lang, kind=Kind.WHOLE, drop=1),
    )
    rows: list[tuple[Cell, ...]] = [
        (r.id, r.grade, " ".join(r.needs), r.claimed_by, r.text, r.line) for r in rulebook.routes
    ]
    rows.append(("", rulebook.grades.not_met, "", "", text("grade_not_met", lang), None))
    rows.append(("", rulebook.grades.unknown, "", "", text("grade_unknown", lang), None))
    return Table(title=text("sheet_routes", lang), columns=columns, rows=tuple(rows))


def _criteria(edition: Edition, rulebook: Eligibility, lang: Lang) -> Table:
    columns = (
        column("criterion", lang),
        column("sentence", lang),
        column("method", lang),
        column("fields", lang),
        column("readings", lang, drop=1),
        column("line", lang, kind=Kind.WHOLE, drop=2),
    )
    rows: list[tuple[Cell, ...]] = []
    strong: set[int] = set()

    def walk(criterion: CriterionSpec, depth: int) -> None:
        if criterion.children():
            strong.add(len(rows))
        readings = reading_ids(edition.rulebook, criterion.id, lang)
        words = "  " * depth + criterion.id
        asked = " ".join(criterion.fields())
        rows.append((words, criterion.text, demand(rulebook, criterion, lang), asked, readings, criterion.line))
        for child in criterion.children():
            walk(child, depth + 1)

    for criterion in rulebook.criteria:
        walk(criterion, 0)
    return Table(title=text("sheet_criteria", lang), columns=columns, rows=tuple(rows), strong=frozenset(strong))


def _fields(rulebook: Eligibility, lang: Lang) -> Table:
    columns = (
        column("field", lang),
        column("name", lang),
        column("field_kind", lang),
        column("unit", lang),
        column("takes", lang),
        column("evidence", lang, drop=1),
        column("hint", lang, drop=2),
    )
    rows = tuple(
        (
            name,
            Wording(rulebook).input_name(name),
            text(f"field_{field.kind}", lang),
            unit_of(field),
            options_of(field) or bounds_of(field),
            evidence_of(rulebook, field),
            field.hint,
        )
        for name, field in rulebook.field_of.items()
    )
    return Table(title=text("sheet_fields", lang), columns=columns, rows=rows)


def _forms(rulebook: Eligibility, lang: Lang) -> Table:
    columns = (column("form", lang), column("name", lang), column("scope", lang), column("minimum", lang))
    rows = []
    for form in rulebook.forms:
        minima = [m.text for m in rulebook.minima if set(m.options) & set(form.options)]
        rows.append((form.id, form.title, form.scope, " ".join(minima)))
    return Table(title=text("sheet_forms", lang), columns=columns, rows=tuple(rows))


def part_sheet(edition: Edition, part: str, lang: Lang) -> Sheet:
    """Return one condition, route or field: its sentence, what it demands, who asks it, and how it is read."""
    rulebook = edition.as_a(Eligibility)
    facts = [(text(code, lang), value) for code, value in _facts(rulebook, part, lang) if value]
    columns = (column("what", lang), column("value_of", lang))
    tables = (Table(columns=columns, rows=tuple(facts)), *reading_tables(edition, (part,), lang))
    return Sheet(name=part, title=f"{rulebook.name}  {part}", tables=tables)


def _facts(rulebook: Eligibility, part: str, lang: Lang) -> Iterator[tuple[str, str]]:
    sentence = next((s for s in rulebook.sentences() if s.id == part), None)
    if sentence is not None:
        yield "col_sentence", sentence.text
        yield "col_line", f"{rulebook.source.file}:{sentence.line}"
    criterion = rulebook.criterion_by_id.get(part)
    if criterion is not None:
        yield "col_method", demand(rulebook, criterion, lang)
        fields = (f"{name} {Wording(rulebook).supply(name)}" for name in criterion.fields())
        yield "col_fields", listed(fields, lang)
        yield "col_parts", listed((child.id for child in criterion.children()), lang)
        yield "col_remark", criterion.remark
    field = rulebook.field_by_id.get(part)
    if field is not None:
        yield "col_name", field.name
        yield "col_field_kind", text(f"field_{field.kind}", lang)
        yield "col_unit", unit_of(field)
        yield "col_takes", options_of(field) or bounds_of(field)
        yield "col_evidence", evidence_of(rulebook, field)
        yield "col_hint", field.hint
        yield "col_inputs", listed((n for n in field.inputs() if n != field.id), lang)
        yield "col_asked_by", listed((c.id for c in rulebook.criterion_by_id.values() if part in c.fields()), lang)
    route = next((r for r in rulebook.routes if r.id == part), None)
    if route is not None:
        yield "col_grade", route.grade
        yield "col_needs", listed(route.needs, lang)


def results_table(assessment: Assessment, edition: Edition, lang: Lang, *, items: bool = False) -> Table:
    """Return one row a unit: its grade, its domain, what it fails and what it has to supply (all with `items`)."""
    rulebook = edition.as_a(Eligibility)
    wording = Wording(rulebook)
    columns = (
        Column(title=rulebook.subject_noun, key="subject") if lang == "zh" else column("subject", lang),
        column("grade", lang),
        Column(title=rulebook.field_by_id[rulebook.chooser].name, key=rulebook.chooser, drop=2),
        column("not_met", lang),
        column("to_supply", lang),
    )
    rows = tuple(
        (
            standing.name,
            standing.grade,
            _chosen(standing, rulebook, wording),
            apart(_failed(standing, rulebook, wording, lang), lang),
            _supply(standing, wording, lang, whole=items),
        )
        for standing in ranked(assessment)
    )
    return Table(columns=columns, rows=rows)


def _chosen(standing: Standing, rulebook: Eligibility, wording: Wording) -> str:
    found = screening_of(standing)
    return wording.value(rulebook.chooser, found.chosen) if found is not None and found.chosen else ""


def _failed(standing: Standing, rulebook: Eligibility, wording: Wording, lang: Lang) -> Iterator[str]:
    """Yield the conditions that decide against a unit, innermost, each with its figure beside its threshold."""
    found = screening_of(standing)
    if found is not None and standing.grade == rulebook.grades.not_met:
        for ruling in (inner for top in found.rulings for inner in _decisive(top)):
            what = wording.what(rulebook.criterion_by_id[ruling.criterion], ruling)
            yield f"{ruling.criterion} {said(what, lang)}"


def _decisive(ruling: Ruling) -> Iterator[Ruling]:
    if ruling.truth is not Truth.NOT_MET:
        return
    inner = [part for outer in ruling.parts for part in _decisive(outer)]
    yield from inner or [ruling]


def _supply(standing: Standing, wording: Wording, lang: Lang, *, whole: bool) -> str:
    found = screening_of(standing)
    names = found.missing if found is not None else ()
    if whole:
        return apart((wording.supply(name) for name in names), lang)
    shown = apart((wording.input_name(name) for name in names[:_SUPPLY_SHOWN]), lang)
    more = text("supply_more", lang, number=str(len(names))) if len(names) > _SUPPLY_SHOWN else ""
    return shown + more
