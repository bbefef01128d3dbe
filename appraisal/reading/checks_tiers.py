"""Tiers with gaps, overlaps and bands that no figure reaches, each with a witness."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise

from appraisal.errors import Finding
from appraisal.model.clauses_judged import Grade, Tier, Tiers
from appraisal.model.exact import show
from appraisal.model.inputs import Measure
from appraisal.reading.checks_parts import Book, ClausePart
from appraisal.reading.yaml_places import PathTo

# A cut lies just before a figure (0) or just after it (1), so that every band is a half-open range of cuts.
Cut = tuple[Fraction, int]
START: Cut = (Fraction(0), 0)


def cuts(tier: Tier) -> tuple[Cut, Cut | None]:
    """Return where a band begins and ends; None where it is open above."""
    lower, upper = tier.lower, tier.upper
    begin = START if lower is None else (lower[0], 0 if lower[1] else 1)
    return begin, None if upper is None else (upper[0], 1 if upper[1] else 0)


def figure(value: Fraction, measure: Measure) -> str:
    """Write a figure as people write the measure: a rate in percent."""
    return f"{show(value * 100)}%" if measure is Measure.RATE else show(value)


def between(begin: Cut, end: Cut | None, measure: Measure) -> Fraction:
    """Return a figure between two cuts, a round one where it can be."""
    if begin[1] == 0:
        return begin[0]
    whole = Fraction(1, 100) if measure is Measure.RATE else Fraction(1)
    next_whole = (begin[0] // whole + 1) * whole
    if end is None or next_whole < end[0]:
        return next_whole
    return end[0] if end[1] == 1 else (begin[0] + end[0]) / 2


def _before(a: Cut | None, b: Cut | None) -> bool:
    """Say whether cut a lies before cut b; None lies after all figures."""
    return a is not None and (b is None or a < b)


def tiers(book: Book) -> Iterator[Finding]:
    """Check every clause whose figure falls into bands."""
    for part in book.clauses:
        if isinstance(part.clause, Tiers):
            yield from _forms(book, part, part.clause)
            yield from _cover(book, part, part.clause)


def _forms(book: Book, part: ClausePart, clause: Tiers) -> Iterator[Finding]:
    for n, tier in enumerate(clause.tiers):
        path: PathTo = (*part.path, "tiers", n)
        if (tier.at_least is not None and tier.above is not None) or (
            tier.at_most is not None and tier.below is not None
        ):
            yield book.finding("R134", path, clause=clause.id)
        yield from _give_or_take(book, path, clause.id, tier.deduct, tier.earn)


def _give_or_take(
    book: Book, path: PathTo, clause: str, deduct: Fraction | None, earn: Fraction | None
) -> Iterator[Finding]:
    if (deduct is None) == (earn is None):
        yield book.finding("R133", path, clause=clause)


def words(book: Book) -> Iterator[Finding]:
    """Check what a word in `level` gives or takes."""
    for part in book.clauses:
        if isinstance(part.clause, (Tiers, Grade)):
            for word, level in part.clause.levels.items():
                yield from _give_or_take(book, (*part.path, "levels", word), part.clause.id, level.deduct, level.earn)


def _cover(book: Book, part: ClausePart, clause: Tiers) -> Iterator[Finding]:
    top: Cut | None = None if clause.domain_high is None else (clause.domain_high, 1)
    bands: list[tuple[Cut, Cut | None, PathTo]] = []
    for n, tier in enumerate(clause.tiers):
        begin, end = cuts(tier)
        path: PathTo = (*part.path, "tiers", n)
        if not _before(begin, end):
            yield book.finding("R132", path, clause=clause.id)
            continue
        low, high = max(begin, START), end if top is None or (end is not None and end < top) else top
        if not _before(low, high):
            most = "" if clause.domain_high is None else f" … {figure(clause.domain_high, clause.measure)}"
            yield book.finding("R135", path, clause=clause.id, domain=f"0{most}")
            continue
        bands.append((low, high, path))
    bands.sort(key=lambda band: band[0])
    yield from _seams(book, clause, bands, top)


def _seams(
    book: Book, clause: Tiers, bands: list[tuple[Cut, Cut | None, PathTo]], top: Cut | None
) -> Iterator[Finding]:
    if not bands:
        return
    if bands[0][0] > START:
        yield _gap(book, clause, START, bands[0][0], (bands[0][2],))
    reach = bands[0]
    for _, band in pairwise(bands):
        if _before(reach[1], band[0]) and reach[1] is not None:
            yield _gap(book, clause, reach[1], band[0], (reach[2], band[2]))
        elif _before(band[0], reach[1]):
            end = band[1] if _before(band[1], reach[1]) else reach[1]
            witness = figure(between(band[0], end, clause.measure), clause.measure)
            first, second = sorted((reach[2], band[2]))
            yield book.finding("R131", second, also=(first,), clause=clause.id, witness=witness)
        if _before(reach[1], band[1]):
            reach = band
    if reach[1] is not None and _before(reach[1], top):
        yield _gap(book, clause, reach[1], top, (reach[2],))


def _gap(book: Book, clause: Tiers, begin: Cut, end: Cut | None, around: tuple[PathTo, ...]) -> Finding:
    first, *rest = sorted(around)
    witness = figure(between(begin, end, clause.measure), clause.measure)
    return book.finding("R130", first, also=tuple(rest), clause=clause.id, witness=witness)


CHECKS = (tiers, words)
