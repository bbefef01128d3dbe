"""Sentences and headings that do not stand in the source text where the rulebook says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from appraisal.errors import Finding
from appraisal.model.exact import show
from appraisal.model.scorecard import Scorecard
from appraisal.reading.checks_parts import Book
from appraisal.reading.desks import desk_of
from appraisal.reading.source_text import SourceText, bounds, printed
from appraisal.reading.yaml_places import PathTo


def source_checks(book: Book, source: SourceText) -> Iterator[Finding]:
    """Check every sentence, heading and passage against the source text."""
    if isinstance(book.rulebook, Scorecard):
        yield from _scorecard(book, source)
    else:
        for sentence in book.rulebook.sentences():
            for text, line in ((sentence.text, sentence.line), *sentence.rest):
                yield from _sentence(book, source, sentence.where, text, line)
        for path, lines, name in desk_of(book.rulebook).named(book.rulebook):
            yield from _heading(book, source, _Heading(path=path, lines=lines, name=name, points=None))
    yield from _passages(book, source)


def _scorecard(book: Book, source: SourceText) -> Iterator[Finding]:
    for clause in book.clauses:
        yield from _sentence(book, source, clause.path, clause.clause.text, clause.clause.line)
    for limit in book.limits:
        if limit.limit.text and limit.limit.line is not None:
            yield from _sentence(book, source, limit.path, limit.limit.text, limit.limit.line)
    for item in book.items:
        if item.item.lines is not None:
            points = None if item.outside else item.item.points
            heading = _Heading(path=(*item.path, "lines"), lines=item.item.lines, name=item.item.name, points=points)
            yield from _heading(book, source, heading)
    for group in book.groups:
        if group.group.line is not None:
            inner = group.group
            where: PathTo = (*group.path, "line")
            heading = _Heading(path=where, lines=str(inner.line), name=inner.name, points=inner.points)
            yield from _heading(book, source, heading)
    for n, department in enumerate(book.scorecard.departments):
        if department.lines is not None:
            path: PathTo = ("departments", n, "lines")
            heading = _Heading(path=path, lines=department.lines, name=department.id, points=department.points)
            yield from _heading(book, source, heading)


def _sentence(book: Book, source: SourceText, path: PathTo, text: str, line: int) -> Iterator[Finding]:
    if line > source.line_count:
        yield book.finding("R231", (*path, "line"), line=str(line), lines=str(source.line_count))
    elif not source.find(text, line):
        found = source.lines_with(text)
        where = ", ".join(str(n) for n in found[:4])
        if where:
            yield book.finding("R232", (*path, "line"), line=str(line), where=where)
        else:
            same, differs = _agreement(source, text, line)
            yield book.finding("R233", (*path, "text"), line=str(line), same=same, differs=differs)


def _agreement(source: SourceText, text: str, line: int) -> tuple[str, str]:
    """Return how far a sentence follows its line, and what the line says where it leaves it."""
    wanted, there = printed(text), source.line(line)
    length, at = 0, 0
    for start in range(len(there)):
        n = 0
        while n < len(wanted) and start + n < len(there) and there[start + n] == wanted[n]:
            n += 1
        if n > length:
            length, at = n, start
    same = wanted[max(0, length - 10) : length]
    return same or "—", there[at + length : at + length + 10] or "—"


@dataclass(frozen=True, kw_only=True)
class _Heading:
    """What lines of the source must say: a name and, where it stands there, its points."""

    path: PathTo
    lines: str
    name: str
    points: Fraction | None


def _heading(book: Book, source: SourceText, heading: _Heading) -> Iterator[Finding]:
    first, last = bounds(heading.lines)
    if first > last or last > source.line_count:
        yield book.finding("R231", heading.path, line=heading.lines, lines=str(source.line_count))
        return
    span = source.span(first, last)
    there = source.chars[span.start : span.stop]
    shown = there[:40] or "—"
    if not _names(there, heading.name):
        yield book.finding("R234", heading.path, name=heading.name, line=heading.lines, there=shown)
    elif heading.points is not None:
        points = show(heading.points)
        if not re.search(rf"(?<![\d.]){re.escape(points)}(?!\d|\.\d)", there):
            yield book.finding("R235", heading.path, name=heading.name, points=points, line=heading.lines, there=shown)


def _names(there: str, name: str) -> bool:
    """Say whether lines name a part; a cell that the document leaves empty names nothing and contradicts nothing.

    What the rulebook adds in brackets to tell equal names apart is not looked for, nor punctuation between the lines.
    """
    words = _WORDS.sub("", there)
    wanted = _WORDS.sub("", name.partition("（")[0])
    return wanted in words or not _PLAIN.search(there)


# what stands between the words of a name: punctuation, which line ends swallow
_WORDS = re.compile(r"[、，,；;：:（）()]")
# a word: anything but the points and the letter of the category
_PLAIN = re.compile(r"[^\d.A-Za-z]")


def _passages(book: Book, source: SourceText) -> Iterator[Finding]:
    for n, passage in enumerate(book.rulebook.passages):
        path: PathTo = ("passages", n)
        first, last = bounds(passage.lines)
        if first > last or last > source.line_count:
            yield book.finding("R231", (*path, "lines"), line=passage.lines, lines=str(source.line_count))
        elif passage.text and not any(source.find(passage.text, line) for line in range(first, last + 1)):
            same, differs = _agreement(source, passage.text, first)
            yield book.finding("R233", (*path, "text"), line=passage.lines, same=same, differs=differs)
