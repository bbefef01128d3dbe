"""Event files to rows of cells, whatever the format: the one door to CSV, JSON lines and workbooks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

from appraisal.errors import Finding, Place
from appraisal.reading.event_columns import EVENTS, Form
from appraisal.reading.event_json import open_jsonl
from appraisal.reading.event_table import Source
from appraisal.reading.event_text import open_csv
from appraisal.reading.event_xlsx import open_xlsx

Opener = Callable[[Path, list[Finding], Form], list[Source]]
FORMATS: Mapping[str, Opener] = MappingProxyType(
    {
        ".csv": open_csv,
        ".tsv": open_csv,
        ".txt": open_csv,
        ".jsonl": open_jsonl,
        ".ndjson": open_jsonl,
        ".xlsx": open_xlsx,
        ".xlsm": open_xlsx,
    }
)


def open_tables(path: Path, faults: list[Finding], form: Form = EVENTS) -> list[Source]:
    """Return a file's rows as sources (a workbook may have several); what is wrong with the file goes to the faults."""
    place = Place(file=str(path))
    try:
        if not path.exists():
            faults.append(Finding(code="E001", place=place))
        elif not path.is_file():
            faults.append(Finding(code="E002", place=place))
        elif (opener := FORMATS.get(path.suffix.lower())) is None:
            args = {"suffix": path.suffix or "—", "known": " ".join(FORMATS)}
            faults.append(Finding(code="E003", place=place, args=args))
        elif path.stat().st_size == 0:
            faults.append(Finding(code="E004", place=place))
        else:
            return opener(path, faults, form)
    except OSError as error:
        faults.append(Finding(code="E011", place=place, args={"reason": error.strerror or "—"}))
    return []
