"""Where results and messages go: results to standard output, words for people to standard error."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from api.language import lang
from api.options import Format, TreeFormat

if TYPE_CHECKING:
    from appraisal.model.edition import Edition
    from appraisal.model.event import Event
    from appraisal.model.standing import Assessment, Standing
    from reports.sheet import Sheet, Table


def tell(words: str) -> None:
    """Say something to the person at the terminal."""
    sys.stderr.write(f"{words}\n")


def show_sheet(sheet: Sheet) -> None:
    """Write a sheet for reading."""
    from reports.terminal import console, write_sheet  # noqa: PLC0415

    write_sheet(sheet, console(), lang())


def show_csv(table: Table) -> None:
    """Write a table as CSV, byte for byte as a file would hold it."""
    from reports.csv import csv_text  # noqa: PLC0415

    sys.stdout.flush()
    data = csv_text(table)
    if hasattr(sys.stdout, "buffer"):
        sys.stdout.buffer.write(data.encode())
        sys.stdout.buffer.flush()
    else:
        sys.stdout.write(data)


def show_standings(assessment: Assessment, edition: Edition, events: dict[str, Event], form: Format) -> None:
    """Write standings in the form asked for."""
    if form is Format.JSON:
        from reports.json import assessment_json, dumps  # noqa: PLC0415

        sys.stdout.write(dumps(assessment_json(assessment, lang())))
        return
    from reports.looks import look_of  # noqa: PLC0415

    if form is Format.CSV:
        show_csv(look_of(edition.rulebook).results(assessment, edition, lang(), items=True))
        return
    from reports.overview import overview_sheet  # noqa: PLC0415

    show_sheet(overview_sheet(assessment, edition, events, lang()))


def show_explanation(
    assessment: Assessment,
    standing: Standing,
    edition: Edition,
    events: dict[str, Event],
    *,
    item: str = "",
    form: TreeFormat = TreeFormat.TABLE,
) -> dict[str, Any]:
    """Write an explanation in the form asked for; also return it as a document."""
    from reports.explainer import Explainer  # noqa: PLC0415
    from reports.explanation import explanation_json, explanation_tree  # noqa: PLC0415
    from reports.json import dumps  # noqa: PLC0415

    about = Explainer(assessment=assessment, standing=standing, edition=edition, events=events, lang=lang())
    document = explanation_json(about, item)
    if form is TreeFormat.JSON:
        sys.stdout.write(dumps(document))
        return document
    from reports.terminal import console  # noqa: PLC0415
    from reports.tree import write_tree  # noqa: PLC0415

    write_tree(explanation_tree(about, item), console())
    return document


def show_table(table: Table, form: Format, *, title: str) -> None:
    """Write one table in the form asked for."""
    if form is Format.CSV:
        show_csv(table)
    elif form is Format.JSON:
        from reports.json import dumps, table_json  # noqa: PLC0415

        sys.stdout.write(dumps(table_json(table)))
    else:
        from reports.sheet import Sheet  # noqa: PLC0415

        show_sheet(Sheet(name=title, title=title, tables=(table,)))


def write_csv(file: Path, table: Table) -> Path:
    """Write a table to a CSV file."""
    from reports.csv import csv_text  # noqa: PLC0415

    file.write_bytes(csv_text(table).encode())
    return file


def write_json(file: Path, document: Mapping[str, Any]) -> Path:
    """Write a document to a JSON file."""
    from reports.json import dumps  # noqa: PLC0415

    file.write_bytes(dumps(document).encode())
    return file
