"""Everything that can be wrong in a rulebook, gathered: shape, cross-checks, readings and the source text."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Protocol

from appraisal.errors import Finding
from appraisal.model.rulebook import Rulebook
from appraisal.reading import checks_head
from appraisal.reading.checks_parts import Book
from appraisal.reading.checks_shape import typed
from appraisal.reading.checks_source import source_checks
from appraisal.reading.desks import desk_of
from appraisal.reading.patches import STATED, apply, choices, entries
from appraisal.reading.pruning import pruned
from appraisal.reading.source_text import SourceText
from appraisal.reading.yaml_places import Document, PathTo

_NONE: Mapping[str, str] = MappingProxyType({})


class Trouble(Protocol):
    """What a check from outside reading says: a code, the path inside the rulebook, and the message's arguments."""

    @property
    def code(self) -> str:
        """The finding's code."""

    @property
    def path(self) -> PathTo:
        """The path of the part inside the rulebook."""

    @property
    def args(self) -> Mapping[str, str]:
        """The arguments of the message."""


MoreChecks = Sequence[Callable[[Rulebook], Iterable[Trouble]]]


def inspect(document: Document, more: MoreChecks = ()) -> tuple[list[Finding], Book | None]:
    """Check a document's shape and everything across it; the book is what could be read of it."""
    rulebook, findings, faults = typed(document)
    if rulebook is not None:
        book = Book(document=document, rulebook=rulebook)
        troubles = [trouble for check in more for trouble in check(rulebook)]
        findings += [document.finding_with(t.code, t.path, t.args) for t in troubles]
    else:
        found = _readable_rest(document, faults)
        if found is None:
            return findings, None
        book = found
    checks = (*checks_head.CHECKS, *desk_of(book.rulebook).checks)
    findings += [finding for check in checks for finding in check(book)]
    return findings, book


def _readable_rest(document: Document, faults: Sequence[PathTo]) -> Book | None:
    rest = pruned(document, faults)
    if rest is None:
        return None
    thin, left_out, lost_ids = rest
    rulebook, _, _ = typed(thin)
    if rulebook is None:
        return None
    return Book(document=thin, rulebook=rulebook, left_out=left_out, lost_ids=lost_ids)


def inspect_all(document: Document, folder: Path, more: MoreChecks = ()) -> list[Finding]:
    """Check a document as it stands, its source text, and what each alternative of its readings makes of it."""
    chosen, _, wrong = choices(document, _NONE)
    patched, misses = apply(document, chosen)
    findings, book = inspect(patched, more)
    findings = [*document.faults, *wrong, *misses, *findings]
    if book is not None:
        findings += _source(book, folder)
    known = {_key(finding) for finding in findings}
    for reading, way, at in _ways(document):
        for finding in _under(document, reading, way, more):
            if _key(finding) not in known:
                known.add(_key(finding))
                findings.append(replace(finding, also=(*finding.also, document.place(at))))
    return sorted(findings, key=lambda finding: finding.sort_key)


def _key(finding: Finding) -> tuple[object, ...]:
    return (finding.code, finding.place, *sorted(finding.args.items()))


def _ways(document: Document) -> Iterator[tuple[str, str, PathTo]]:
    """Yield each way to read each reading that the file does not use itself."""
    for path, reading in entries(document.data, "readings", ()):
        if not isinstance(reading, dict) or not isinstance(reading.get("id"), str):
            continue
        use = reading.get("use", STATED)
        if use != STATED:
            yield reading["id"], STATED, (*path, "use")
        for way_path, way in entries(reading, "alternatives", path):
            if isinstance(way, dict) and isinstance(way.get("id"), str) and way["id"] != use:
                yield reading["id"], way["id"], way_path


def _under(document: Document, reading: str, way: str, more: MoreChecks) -> list[Finding]:
    chosen, _, _ = choices(document, {reading: way})
    patched, misses = apply(document, chosen)
    return [*misses, *inspect(patched, more)[0]]


def _source(book: Book, folder: Path) -> Iterator[Finding]:
    name = book.rulebook.source.file
    at: PathTo = ("source", "file")
    try:
        if Path(name).name != name:
            raise FileNotFoundError(name)
        text = (folder / name).read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError, ValueError):
        yield book.finding("R230", at, file=name)
        return
    yield from source_checks(book, SourceText.of(text))
