"""A sheet as a page shows it: tables with their words and pictures with theirs, whatever the family."""

from __future__ import annotations

from collections.abc import Iterator

from api.web.found import Chip
from api.web.views.model import View
from api.web.views.runs import Glance
from appraisal.errors import Lang
from appraisal.office.workflow import Stage
from reports.charts.svg import svg_text
from reports.charts.tables import figure_table
from reports.sheet import Kind, Section, Sheet, Table


class TableView(View):
    """A table of words: its heads, whether each column holds figures, its rows, and which of them stand out."""

    title: str
    heads: tuple[str, ...]
    numbers: tuple[bool, ...]
    rows: tuple[tuple[str, ...], ...]
    strong: frozenset[int]
    notes: tuple[str, ...]


class Block(View):
    """A heading with its level, a paragraph, a table, or a picture with its table."""

    level: int = 0
    words: str = ""
    table: TableView | None = None
    picture: str = ""


class SheetView(View):
    """A sheet with its blocks."""

    name: str
    title: str
    meta: tuple[tuple[str, str], ...]
    blocks: tuple[Block, ...]
    notes: tuple[str, ...]


class AssessmentPage(View):
    """A run of a questionnaire, a selection or a survey: every subject with its result; `names` gives their ids."""

    rulebook: str
    name: str
    empty: bool
    provisional: bool
    period: str
    period_name: str
    chip: Chip
    stage: Stage
    may_run: bool
    sheet: SheetView
    names: dict[str, str]


class AssessedPage(View):
    """One subject of a run: every verdict with its sentence and figures, as sheets; `document` is its paper."""

    rulebook: str
    name: str
    subject: str
    document: str
    period: str
    rulebook_name: str
    chip: Chip
    stage: Stage
    glance: Glance
    sheets: tuple[SheetView, ...]


def sheet_view(sheet: Sheet, lang: Lang) -> SheetView:
    """Return a sheet as a page shows it."""
    blocks = [Block(words=words) for words in sheet.opening]
    blocks += [Block(table=table_view(table)) for table in sheet.tables]
    for section in sheet.sections:
        blocks += _section(section, 2, lang)
    return SheetView(name=sheet.name, title=sheet.title, meta=sheet.meta, blocks=tuple(blocks), notes=sheet.notes)


def _section(section: Section, level: int, lang: Lang) -> Iterator[Block]:
    yield Block(level=level, words=section.title)
    for part in section.body:
        if isinstance(part, Section):
            yield from _section(part, min(level + 1, 4), lang)
        elif isinstance(part, str):
            yield Block(words=part)
        elif isinstance(part, Table):
            yield Block(table=table_view(part))
        else:
            beside = figure_table(part, lang)
            yield Block(picture=svg_text(part), table=None if beside is None else table_view(beside))


def table_view(table: Table) -> TableView:
    """Return a table as words."""
    columns = table.columns
    return TableView(
        title=table.title,
        heads=tuple(c.title for c in columns),
        numbers=tuple(c.kind is not Kind.TEXT for c in columns),
        rows=tuple(tuple(c.words(cell) for c, cell in zip(columns, row, strict=True)) for row in table.rows),
        strong=table.strong,
        notes=table.notes,
    )
