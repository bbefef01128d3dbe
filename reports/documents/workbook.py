"""The workbook of a period: ranking, heat map, every entry, what did not count, how the document was read."""

from __future__ import annotations

from dataclasses import replace

from appraisal.model.standing import Standing
from reports.document import Document
from reports.figures import Bump, Climb, HeatMap, Line, Trend
from reports.ledger import ledger_table, noun, verdicts_table
from reports.looks import look_of
from reports.material import Material
from reports.sheet import Cell, Column, Paper, Section, Sheet, Table
from reports.standings import not_counted_table, ranked, ranking_sheet, readings_table, receipt_line, warnings_table
from reports.wording import column, span_words


def workbook(material: Material) -> Document:
    """Return the sheets of a period together."""
    title = f"{material.edition.rulebook.name}　{span_words(material.assessment.span, material.lang)}"
    judged = any(standing.items for standing in material.assessment.standings)
    sheets = (
        ranking(material),
        *((heat_sheet(material), entries_sheet(material)) if judged else ()),
        *([course_sheet(material)] if len(material.stages) > 1 else []),
        *_more(material),
    )
    return Document(name="workbook", title=title, sheets=sheets, author=material.imprint.office)


def _paper(material: Material) -> Paper:
    return Paper(landscape=True, mark=material.imprint.mark(material.lang))


def _meta(material: Material) -> tuple[tuple[str, str], ...]:
    state = (material.say("meta_state"), material.imprint.state(material.lang))
    code = ((material.say("meta_code"), material.imprint.code),) if material.imprint.code else ()
    return (state, *receipt_line(material.assessment, material.lang), *code)


def ranking(material: Material) -> Sheet:
    """Return the ranking with the change of rank since the period before, where there is one."""
    sheet = ranking_sheet(material.assessment, material.edition, material.lang)
    table = look_of(material.edition.rulebook).results(material.assessment, material.edition, material.lang)
    if material.before is not None and table.columns[0].key == "rank":
        table = _with_changes(table, material)
    return replace(sheet, meta=_meta(material), tables=(table,), paper=_paper(material))


def _with_changes(table: Table, material: Material) -> Table:
    changes = [rank_change(s, material) for s in ranked(material.assessment)]
    columns = (*table.columns[:3], column("rank_change", material.lang), *table.columns[3:])
    rows = tuple((*row[:3], change, *row[3:]) for row, change in zip(table.rows, changes, strict=True))
    return replace(table, columns=columns, rows=rows)


def rank_change(standing: Standing, material: Material) -> str:
    """Return the change of rank since the period before as an arrow and a word."""
    before = material.rank_before(standing.subject)
    if before is None:
        return material.say("rank_new")
    code = "rank_same" if before == standing.rank else "rank_up" if before > standing.rank else "rank_down"
    return material.say(code, number=str(abs(before - standing.rank)))


def heat_map(material: Material) -> HeatMap:
    """Return the score of every item of every subject; an item's colours go from its lowest to its points."""
    found = ranked(material.assessment)
    items = {item.id: item for standing in found for item in standing.items}
    scores = [{item.id: item.score for item in standing.items} for standing in found]
    values = tuple(tuple(row.get(name) for name in items) for row in scores)
    known = [[value for value in measured if value is not None] for measured in zip(*values, strict=True)]
    return HeatMap(
        title=material.say("sheet_heat"),
        rows=tuple(standing.name for standing in found),
        columns=tuple(f"{item.id} {item.name}" for item in items.values()),
        values=values,
        low=tuple(min(column) for column in known),
        high=tuple(max([item.points, *column]) for item, column in zip(items.values(), known, strict=True)),
    )


def heat_sheet(material: Material) -> Sheet:
    """Return the heat map of items and subjects."""
    name = material.say("sheet_heat")
    title = f"{name}　{span_words(material.assessment.span, material.lang)}"
    section = Section(title=material.say("heat_by_item"), body=(heat_map(material),))
    return Sheet(name=name, title=title, meta=_meta(material), sections=(section,), paper=_paper(material))


def course_sheet(material: Material) -> Sheet:
    """Return the course of totals and ranks over the months."""
    title = f"{material.say('course')}　{span_words(material.assessment.span, material.lang)}"
    sections = (
        Section(title=material.say("trend_totals"), body=(trend(material),)),
        Section(title=material.say("bump_ranks"), body=(bump(material),), new_page=True),
    )
    paper = _paper(material)
    return Sheet(name=material.say("page_course"), title=title, meta=_meta(material), sections=sections, paper=paper)


def _stages(material: Material) -> tuple[str, ...]:
    """Return the months so far as a figure names them: its document says of which year."""
    spans = [stage.span for stage in material.stages]
    digits = "02d" if material.lang == "en" else "d"
    told = [{"year": str(span.year), "month": f"{span.number:{digits}}"} for span in spans]
    return tuple(material.say("stage_month", **one) for one in told)


def trend(material: Material, strong: str = "") -> Trend:
    """Return the totals by month, one subject in front; alone where the ranking is not displayed."""
    lines = []
    for standing in ranked(material.assessment):
        if not material.ranked and standing.subject != strong:
            continue
        totals = [{s.subject: s.total for s in stage.standings} for stage in material.stages]
        values = tuple(t.get(standing.subject) for t in totals)
        lines.append(Line(name=standing.name, values=values, strong=standing.subject == strong))
    unit = material.say("unit_points")
    return Trend(title=material.say("trend_totals"), stages=_stages(material), lines=tuple(lines), unit=unit)


def bump(material: Material, strong: str = "") -> Bump:
    """Return the ranks by month."""
    climbs = []
    for standing in ranked(material.assessment):
        ranks = tuple({s.subject: s.rank for s in stage.standings}.get(standing.subject) for stage in material.stages)
        climbs.append(Climb(name=standing.name, ranks=ranks, strong=standing.subject == strong))
    return Bump(title=material.say("bump_ranks"), stages=_stages(material), climbs=tuple(climbs))


def entries_sheet(material: Material) -> Sheet:
    """Return every entry of every subject."""
    name = material.say("sheet_detail")
    title = f"{material.say('sheet_entries')}　{span_words(material.assessment.span, material.lang)}"
    table = replace(ledger_table(ranked(material.assessment), material), title="")
    table = replace(table, columns=tuple(replace(c, merged=False) for c in table.columns))
    if len(material.assessment.standings) == 1:  # a lone subject is named in the rows too
        column_of = Column(title=noun(material), key="subject")
        lone = material.assessment.standings[0].name
        rows: tuple[tuple[Cell, ...], ...] = tuple((lone, *row) for row in table.rows)
        table = replace(table, columns=(column_of, *table.columns), rows=rows)
    return Sheet(name=name, title=title, meta=_meta(material), tables=(table,), paper=_paper(material))


def _more(material: Material) -> tuple[Sheet, ...]:
    lang = material.lang
    span = span_words(material.assessment.span, lang)
    verdicts = verdicts_table(ranked(material.assessment), material)
    tables = {
        "page_verdicts": verdicts,
        "page_not_counted": not_counted_table(material.assessment, material.events, lang),
        "page_readings": readings_table(material.edition, lang),
        "page_warnings": warnings_table(material.assessment, lang),
    }
    return tuple(
        Sheet(
            name=material.say(name),
            title=f"{table.title}　{span}",
            meta=_meta(material),
            tables=(replace(table, title=""),),
            notes=() if table.rows else (material.say("nothing_here"),),
            paper=_paper(material),
        )
        for name, table in tables.items()
        if table.rows or name != "page_verdicts"
    )
