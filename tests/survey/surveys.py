"""Surveys for the tests: the even one of the cases, changed cell by cell, and rulebooks changed word by word."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

from appraisal.assess import assess
from appraisal.model.edition import Edition
from appraisal.model.rulebook import Subject
from appraisal.model.standing import Assessment
from appraisal.reading.events import read_events
from appraisal.reading.rulebook import parse_rulebook, read_rulebook, rulebook_folder

HOME = rulebook_folder() / "customer-satisfaction-2007"
BOOK = HOME / "rulebook.yaml"
REFERENCES = Path(__file__).parents[1] / "statistics" / "references"
Rows = list[dict[str, str]]


def even() -> Rows:
    """Return the rows of the even survey."""
    return rows_of(HOME / "cases" / "even.csv")


def rows_of(path: Path) -> Rows:
    """Return the rows of a file."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def changed(column: str, change: Callable[[int, str], str], rows: Rows | None = None) -> Rows:
    """Return rows with one column changed: number and answer to answer."""
    told = even() if rows is None else rows
    return [row | {column: change(number, row.get(column, ""))} for number, row in enumerate(told)]


def written(rows: Rows, path: Path) -> Path:
    """Write rows as a file."""
    columns = list(dict.fromkeys(key for row in rows for key in row))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        writer.writerows(rows)
    return path


@cache
def _edition(readings: tuple[tuple[str, str], ...]) -> Edition:
    return read_rulebook(BOOK, readings=dict(readings))


def edition(**readings: str) -> Edition:
    """Return the rulebook with these readings."""
    return _edition(tuple(sorted(readings.items())))


def rewritten(changes: Mapping[str, str], **readings: str) -> Edition:
    """Return the rulebook with words of its file replaced."""
    text = BOOK.read_text(encoding="utf-8")
    for before, after in changes.items():
        assert before in text, before
        text = text.replace(before, after)
    return parse_rulebook(text.encode(), "rulebook.yaml", readings=readings)


def assessed(book: Edition, *paths: Path, roster: tuple[Subject, ...] | None = None) -> Assessment:
    """Read files and assess them."""
    events = read_events(list(paths), book, roster=roster)
    return assess(book, events, book.rulebook.default_span(), roster=roster)
