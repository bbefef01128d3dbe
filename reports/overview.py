"""The sheet that a person reads first: the ranking, and below it as much of the rest as a screen bears."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from appraisal.errors import Lang, text
from appraisal.model.edition import Edition
from appraisal.model.event import Event
from appraisal.model.standing import Assessment
from reports.looks import look_of
from reports.sheet import Sheet, Table
from reports.standings import not_counted_table, ranking_sheet, warnings_table

MOST_ROWS = 10


def overview_sheet(assessment: Assessment, edition: Edition, events: Mapping[str, Event], lang: Lang) -> Sheet:
    """Return the ranking, and the first warnings (rare ones before frequent ones) and events not counted."""
    results = look_of(edition.rulebook).results(assessment, edition, lang)
    ranking = ranking_sheet(assessment, edition, lang, results)
    often = Counter(warning.code for warning in assessment.warnings)
    rare_first = replace(assessment, warnings=tuple(sorted(assessment.warnings, key=lambda w: often[w.code])))
    more = (warnings_table(rare_first, lang), not_counted_table(assessment, events, lang))
    tables = tuple(_first_rows(table, lang) for table in more if table.rows)
    return replace(ranking, tables=(*ranking.tables, *tables))


def _first_rows(table: Table, lang: Lang) -> Table:
    if len(table.rows) <= MOST_ROWS:
        return table
    title = text("first_rows", lang, title=table.title, shown=str(MOST_ROWS), all=str(len(table.rows)))
    return replace(table, title=title, rows=table.rows[:MOST_ROWS])
