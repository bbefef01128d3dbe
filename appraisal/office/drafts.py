"""What someone fills in, as an event: read and checked as a row of a file is, with every fault at once."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from appraisal.errors import Finding, Place, RefusedError
from appraisal.model.edition import Edition
from appraisal.model.event import Event
from appraisal.reading.event_columns import TITLES
from appraisal.reading.events import read_row
from appraisal.store.adoptions import Adoption

FORM = "form"
"""The `file` of the places of what is wrong; the argument `column` holds the Chinese title of the field."""


def draft(adoption: Adoption, edition: Edition, cells: Mapping[str, str], *, known: Collection[str] = ()) -> Event:
    """Read one row, given by the English names of columns; RefusedError carries every fault of it.

    `known` holds the ids that it may counter.
    """
    row = {TITLES.get(name, name): cell.strip() for name, cell in cells.items() if cell.strip()}
    try:
        event = read_row(row, edition, name=FORM, roster=adoption.roster, existing=known)
    except RefusedError as refused:
        found = [replace(f, place=Place(file=FORM), excerpt="", also=()) for f in refused.findings]
        raise RefusedError(found) from refused
    if event is None:
        raise RefusedError([Finding(code="O037")])
    return event
