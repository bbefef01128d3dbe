"""Sheets of a rulebook itself: its tree of departments, items and clauses, and one clause with all that concerns it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import Enum
from fractions import Fraction
from typing import Any

from appraisal.errors import Lang, text
from appraisal.model.clause_spec import ClauseSpec
from appraisal.model.clauses import Clause
from appraisal.model.edition import Edition
from appraisal.model.exact import exact_form, show
from appraisal.model.scorecard import Department, Item, Scorecard
from reports.rulebooks import head_meta, reading_ids, reading_tables
from reports.sheet import Cell, Kind, Sheet, Table
from reports.wording import column, listed

_COMMON = frozenset({*ClauseSpec.model_fields, "method"}) - {"unit", "frequency", "applies_to", "needs_confirmation"}


def method_words(clause: Clause, lang: Lang) -> str:
    """Return the method of a clause and its parameters as the rulebook's file names them."""
    told = {
        field.alias or name: getattr(clause, name)
        for name, field in type(clause).model_fields.items()
        if name not in _COMMON and getattr(clause, name) != field.get_default(call_default_factory=True)
    }
    parameters = " ".join(f"{key}={_value(value)}" for key, value in told.items())
    return f"{text(f'method_{clause.method}', lang)} {parameters}".strip()


def _value(value: Any) -> str:
    if isinstance(value, Fraction):
        return exact_form(value) or show(value)
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{k}: {_value(v)}" for k, v in value.items()) + "}"
    if isinstance(value, tuple):
        return "[" + ", ".join(_value(v) for v in value) + "]"
    if hasattr(value, "model_fields_set"):
        given = {n: getattr(value, n) for n in type(value).model_fields if n in value.model_fields_set}
        return _value(next(iter(given.values()))) if set(given) == {"amount"} else _value(given)
    return str(value)


def rulebook_sheet(edition: Edition, lang: Lang) -> Sheet:
    """Return a rulebook as a tree in tables: a department, its items in bold, their clauses below them."""
    rulebook = edition.scorecard
    tables = [_department_table(d, edition, lang) for d in rulebook.departments]
    if rulebook.outside:
        tables.append(_items_table(text("outside", lang), rulebook.outside, edition, lang))
    return Sheet(name=rulebook.id, title=rulebook.name, meta=head_meta(edition, lang), tables=tuple(tables))


def _department_table(department: Department, edition: Edition, lang: Lang) -> Table:
    title = text("department_points", lang, name=department.id, points=show(department.points))
    return _items_table(title, department.items, edition, lang)


def _items_table(title: str, items: tuple[Item, ...], edition: Edition, lang: Lang) -> Table:
    columns = (
        column("clause", lang),
        column("points", lang, kind=Kind.NUMBER),
        column("sentence", lang),
        column("method", lang),
        column("readings", lang, drop=1),
        column("line", lang, kind=Kind.WHOLE, drop=2),
    )
    rows: list[tuple[Cell, ...]] = []
    strong: set[int] = set()
    for item in items:
        strong.add(len(rows))
        rows.append(
            (item.id, item.points, item.name, _item_words(item), reading_ids(edition.rulebook, item.id, lang), None)
        )
        rows += [
            (f"  {c.id}", None, c.text, method_words(c, lang), reading_ids(edition.rulebook, c.id, lang), c.line)
            for c in item.all_clauses()
        ]
    return Table(title=title, columns=columns, rows=tuple(rows), strong=frozenset(strong))


def _item_words(item: Item) -> str:
    groups = [f"{g.id} {g.name} {show(g.points)}" for g in item.all_groups()]
    limits = [
        f"{limit.id}: {' '.join(limit.covers)}"
        + (f" ≤ +{show(limit.max_gain)}" if limit.max_gain is not None else "")
        + (f" ≤ −{show(limit.max_loss)}" if limit.max_loss is not None else "")
        for limit in item.limits
    ]
    return "; ".join([*groups, *limits])


def clause_sheet(edition: Edition, name: str, lang: Lang) -> Sheet:
    """Return one clause: its sentence, its method, what an event may say, and how else it could be read."""
    rulebook = edition.scorecard
    clause = rulebook.clause_by_id[name]
    item = next(i for i in rulebook.items() if clause.id in {c.id for c in i.all_clauses()})
    inputs = clause.inputs()
    facts = [
        ("col_sentence", clause.text),
        ("col_line", f"{rulebook.source.file}:{clause.line}"),
        ("col_item", f"{item.id} {item.name} {show(item.points)}"),
        ("col_method", method_words(clause, lang)),
        ("col_levels", listed(inputs.levels, lang)),
        ("col_parts", listed(inputs.parts, lang)),
        ("col_value", inputs.value.measure.value if inputs.value else ""),
        ("col_limits", listed((limit.id for limit in item.limits if clause.id in limit.covers), lang)),
        ("col_overlaps", listed(_overlaps(rulebook, clause.id), lang)),
        ("col_rules", listed((r.id for r in rulebook.inference.rules if r.then.clause == clause.id), lang)),
        ("col_remark", clause.remark),
        ("col_gap", clause.gap),
        ("col_caution", clause.caution),
    ]
    columns = (column("what", lang), column("value_of", lang))
    rows = tuple((text(code, lang), value) for code, value in facts if value)
    tables = [Table(columns=columns, rows=rows), *reading_tables(edition, (clause.id, item.id), lang)]
    return Sheet(name=clause.id, title=f"{rulebook.name}  {clause.id}", tables=tuple(tables))


def _overlaps(rulebook: Scorecard, clause: str) -> Iterator[str]:
    for overlap in rulebook.overlaps:
        if clause in {*overlap.together, overlap.prevails, *overlap.over}:
            yield overlap.id
