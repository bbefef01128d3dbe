"""What can be wrong in the head of any rulebook, whatever its family: dates, subjects, readings."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator

from appraisal.errors import Finding
from appraisal.reading.checks_parts import Book
from appraisal.reading.yaml_places import PathTo

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def dates(book: Book) -> Iterator[Finding]:
    """Check that the dates are written as days, the first before the last."""
    for key in ("valid_from", "valid_to"):
        written = str(book.document.at((key,)))
        if not _DAY.fullmatch(written):  # a bare number would be taken for seconds since 1970
            yield book.finding("R032", (key,), key_name=key, found=written)
    first, last = book.rulebook.valid_from, book.rulebook.valid_to
    if last < first:
        yield book.finding("R190", ("valid_to",), also=(("valid_from",),), first=str(first), last=str(last))


def repeated_ids(book: Book) -> Iterator[Finding]:
    """Find subjects and readings that share an id, and alternatives of one reading that do."""
    rulebook = book.rulebook
    yield from twice(book, "subjects", [(("subjects", n), s.id) for n, s in enumerate(rulebook.subjects)])
    yield from twice(book, "readings", [(("readings", n), r.id) for n, r in enumerate(rulebook.readings)])
    for n, reading in enumerate(rulebook.readings):
        ways = [(("readings", n, "alternatives", i), way.id) for i, way in enumerate(reading.alternatives)]
        yield from twice(book, f"{reading.id}: alternatives", ways)
        for path, name in ways:
            if name == "stated":
                yield book.finding("R107", (*path, "id"), reading=reading.id)


def twice(book: Book, sort: str, parts: Iterable[tuple[PathTo, str]]) -> Iterator[Finding]:
    """Find an id of one sort that stands twice."""
    first: dict[str, PathTo] = {}
    for path, name in parts:
        if name in first:
            yield book.finding("R100", (*path, "id"), also=((*first[name], "id"),), sort=sort, name=name)
        else:
            first[name] = path


def repeated_names(book: Book) -> Iterator[Finding]:
    """Find two subjects that answer to the same name."""
    owner: dict[str, tuple[str, PathTo]] = {}
    for n, subject in enumerate(book.rulebook.subjects):
        path: PathTo = ("subjects", n)
        places = [(subject.name, (*path, "name"))]
        places += [(alias, (*path, "aliases", i)) for i, alias in enumerate(subject.aliases)]
        places += [(subject.id, (*path, "id"))]
        for name, where in places:
            other = owner.setdefault(name, (subject.id, where))
            if other[0] != subject.id:
                yield book.finding("R101", where, also=(other[1],), name=name, first=other[0], second=subject.id)


def readings_of(book: Book, names: Collection[str]) -> Iterator[Finding]:
    """Find readings of parts that the rulebook does not have."""
    for n, reading in enumerate(book.rulebook.readings):
        for i, name in enumerate(reading.of):
            yield from book.unknown("R106", ("readings", n, "of", i), name, {"*", *names}, reading=reading.id)


CHECKS = (dates, repeated_ids, repeated_names)
