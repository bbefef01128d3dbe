"""Whether a rulebook accounts for its whole source text, and what its cases must exercise.

Each printed character of the source belongs to exactly one of: encoded (headings, sentences of clauses and limits),
informational, or a gap with its reason. White space is layout.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from appraisal.errors import Finding, Place, RefusedError
from appraisal.model.rulebook import Rulebook
from appraisal.reading.desks import Desk, desk_of
from appraisal.reading.rulebook import read_rulebook, shown
from appraisal.reading.source_text import SourceText, bounds

ENCODED, INFORMATIONAL, GAP = "encoded", "informational", "gap"


@dataclass(frozen=True, kw_only=True)
class Stretch:
    """A run of characters on one line of the source, and what claims it."""

    place: Place
    text: str
    owners: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Coverage:
    """How the source text is accounted for, in printed characters, and what the cases must exercise."""

    total: int
    counts: Mapping[str, int]
    unaccounted: tuple[Stretch, ...]
    double: tuple[Stretch, ...]
    not_found: tuple[str, ...]
    targets: frozenset[str]

    @property
    def complete(self) -> bool:
        """Whether every character is accounted for, once."""
        return not (self.unaccounted or self.double or self.not_found)


@dataclass(frozen=True)
class _Claim:
    owner: str
    kind: str
    span: range


def coverage(path: Path) -> Coverage:
    """Account for the source text of a rulebook file; RefusedError if either cannot be read."""
    rulebook = read_rulebook(path).rulebook
    source_path = path.parent / rulebook.source.file
    try:
        text = source_path.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        place = Place(file=shown(path))
        raise RefusedError([Finding(code="R230", place=place, args={"file": rulebook.source.file})]) from error
    return account(rulebook, SourceText.of(text), shown(source_path))


def account(rulebook: Rulebook, source: SourceText, file: str) -> Coverage:
    """Account for a source text, character by character."""
    desk = desk_of(rulebook)
    owners: list[list[str]] = [[] for _ in source.chars]
    kinds: list[str] = ["" for _ in source.chars]
    not_found: list[str] = []
    for claim in _claims(rulebook, source, desk):
        if not claim.span:
            not_found.append(claim.owner)
        for at in claim.span:
            owners[at].append(claim.owner)
            kinds[at] = claim.kind
    counts = Counter(kind if len(owner) == 1 else "double" for kind, owner in zip(kinds, owners, strict=True) if owner)
    classes = {name: counts.get(name, 0) for name in (ENCODED, INFORMATIONAL, GAP, "double")}
    stretches = list(_stretches(source, owners, file))
    return Coverage(
        total=len(source.chars),
        counts={**classes, "unaccounted": len(source.chars) - sum(classes.values())},
        unaccounted=tuple(s for s in stretches if not s.owners),
        double=tuple(s for s in stretches if len(s.owners) > 1),
        not_found=tuple(not_found),
        targets=frozenset({*desk.targets(rulebook), *_readings(rulebook)}),
    )


def _readings(rulebook: Rulebook) -> Iterator[str]:
    for reading in rulebook.readings:
        yield f"reading:{reading.id}:stated"
        yield from (f"reading:{reading.id}:{way.id}" for way in reading.alternatives)


def _stretches(source: SourceText, owners: list[list[str]], file: str) -> Iterator[Stretch]:
    start = 0
    for at in range(1, len(owners) + 1):
        ends = at == len(owners) or owners[at] != owners[start] or source.lines[at] != source.lines[start]
        if ends and owners:
            place = Place(file=file, line=source.lines[start], column=source.columns[start])
            yield Stretch(place=place, text=source.chars[start:at], owners=tuple(owners[start]))
            start = at


def _claims(rulebook: Rulebook, source: SourceText, desk: Desk) -> list[_Claim]:
    sentences = _Sentences(source)
    cited = list(rulebook.sentences())
    texts = {sentence.id: sentence.text for sentence in cited}
    claims = [
        _Claim(sentence.id, ENCODED, sentences.take(text, line))
        for sentence in cited
        if sentence.text not in texts.get(sentence.within, "")
        for text, line in ((sentence.text, sentence.line), *sentence.rest)
    ]
    for passage in rulebook.passages:
        first, last = bounds(passage.lines)
        if passage.each:
            claims += [
                _Claim(f"passage {passage.lines}", passage.kind, span)
                for span in sentences.each(passage.text, first, last)
            ]
            continue
        span = sentences.take(passage.text, first, last) if passage.text else source.span(first, last)
        if not passage.text:
            sentences.taken.append(span)
        claims.append(_Claim(f"passage {passage.lines}", passage.kind, span))
    for owner, lines in desk.headings(rulebook):
        first, last = bounds(lines)
        claims.extend(_Claim(owner, ENCODED, span) for n in range(first, last + 1) if (span := sentences.before(n)))
    return claims


class _Sentences:
    """Where sentences stand: equal ones on a line one after the other, each place taken once while there is room."""

    def __init__(self, source: SourceText) -> None:
        self.source = source
        self.taken: list[range] = []

    def take(self, text: str, first: int, last: int | None = None) -> range:
        """Return the place of a sentence that begins on these lines; an empty range if there is none."""
        found = [span for line in range(first, (last or first) + 1) for span in self.source.find(text, line)]
        on_line = [t.stop for t in self.taken if t.start in self.source.span(first)]
        reached = max(on_line, default=0)
        free = [span for span in found if not any(_meet(span, other) for other in self.taken)]
        after = [span for span in free if span.start >= reached]
        place = next(iter([*after, *free, *found]), range(0))
        if place:
            self.taken.append(place)
        return place

    def each(self, text: str, first: int, last: int) -> list[range]:
        """Return every free place of a text on these lines; one empty range if there is none."""
        found = [span for line in range(first, last + 1) for span in self.source.find(text, line)]
        free = [span for span in found if not any(_meet(span, other) for other in self.taken)]
        self.taken += free
        return free or [range(0)]

    def before(self, line: int) -> range:
        """Return what stands on a line before its first sentence: the heading, whole where there is no sentence."""
        span = self.source.span(line)
        starts = [max(taken.start, span.start) for taken in self.taken if _meet(taken, span)]
        return range(span.start, min(starts, default=span.stop))


def _meet(one: range, other: range) -> bool:
    return one.start < other.stop and other.start < one.stop
