"""Parameters of a clause that contradict each other or leave something unsaid."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from appraisal.errors import Finding
from appraisal.model.clauses import Clause, Fact, Multiplier, Veto
from appraisal.model.clauses_counted import Amount, Occurrence
from appraisal.model.clauses_duties import Quota
from appraisal.model.clauses_judged import Grade, Judged, Tiers
from appraisal.model.clauses_scored import Composite, Score
from appraisal.model.exact import show
from appraisal.model.periods import Every
from appraisal.reading.checks_parts import Book, ClausePart
from appraisal.reading.source_text import printed
from appraisal.reading.yaml_places import PathTo


def occurrences(book: Book) -> Iterator[Finding]:
    """Check that an occurrence says what it costs, in one way."""
    for part in book.clauses:
        clause = part.clause
        if not isinstance(clause, Occurrence):
            continue
        yield from _direction(book, part, clause)
        for word, level in clause.levels.items():
            path: PathTo = (*part.path, "levels", word)
            if (level.amount is None) == (level.times is None):
                yield book.finding("R142", path, clause=clause.id, level=word)
            elif level.times is not None and clause.amount is None:
                yield book.finding("R143", path, clause=clause.id, level=word)
        if clause.again is not None and clause.once:
            yield book.finding("R145", (*part.path, "again"), clause=clause.id)


def _direction(book: Book, part: ClausePart, clause: Occurrence) -> Iterator[Finding]:
    given = [name for name in ("deduct", "add") if getattr(clause, name) is not None]
    by_level = clause.direction is not None and bool(clause.levels)
    if len(given) > 1 or (not given and not by_level):
        yield book.finding("R140", part.path, clause=clause.id, given=", ".join(given) or "—")
    elif given and clause.direction not in {None, given[0]}:
        yield book.finding(
            "R141", (*part.path, "direction"), clause=clause.id, given=given[0], direction=str(clause.direction)
        )


def signs(book: Book) -> Iterator[Finding]:
    """Find negative points: a deduction is a positive number under `deduct`."""
    for part in book.clauses:
        for path, amount in _amounts(part):
            if amount is not None and amount < 0:
                yield book.finding("R144", path, clause=part.clause.id, amount=show(amount))


def _amounts(part: ClausePart) -> Iterator[tuple[PathTo, Fraction | None]]:
    clause, path = part.clause, part.path
    match clause:
        case Occurrence():
            yield (*path, "deduct"), clause.deduct
            yield (*path, "add"), clause.add
            yield from (((*path, "levels", word), level.amount) for word, level in clause.levels.items())
            yield from (((*path, "levels", word), level.times) for word, level in clause.levels.items())
            yield (*path, "again"), None if clause.again is None else clause.again.times
        case Amount():
            yield (*path, "least"), clause.least
        case Tiers() | Grade():
            for n, tier in enumerate(clause.tiers if isinstance(clause, Tiers) else ()):
                yield from (((*path, "tiers", n, key), getattr(tier, key)) for key in ("deduct", "earn"))
            for word, level in clause.levels.items():
                yield from (((*path, "levels", word, key), getattr(level, key)) for key in ("deduct", "earn"))
        case Composite():
            yield from (((*path, "parts", name), weight) for name, weight in clause.parts.items())
        case Quota():
            yield (*path, "deduct_each"), clause.deduct_each
            yield (*path, "deduct_once"), clause.deduct_once
        case _:
            return


def amounts(book: Book) -> Iterator[Finding]:
    """Find officers' amounts that no number can satisfy."""
    for part in book.clauses:
        clause = part.clause
        if not isinstance(clause, Amount):
            continue
        if clause.step is not None and clause.step <= 0:
            yield book.finding(
                "R148",
                (*part.path, "step"),
                clause=clause.id,
                least=show(clause.least),
                most="—",
                step=show(clause.step),
            )
        elif clause.most is not None:
            step = clause.step or Fraction(0)
            largest = clause.most // step * step if step else clause.most
            if largest < clause.least or largest <= 0:
                yield book.finding(
                    "R148",
                    (*part.path, "most"),
                    clause=clause.id,
                    least=show(clause.least),
                    most=show(clause.most),
                    step=show(step),
                )


def roundings(book: Book) -> Iterator[Finding]:
    """Find means without a stated rounding: no unit holds them exactly."""
    for part in book.clauses:
        clause = part.clause
        if isinstance(clause, Score) and clause.round is None:
            if clause.several in {"mean", "trimmed_mean"}:
                yield book.finding(
                    "R150", (*part.path, "several"), clause=clause.id, cause=f"several: {clause.several}"
                )
            elif clause.not_applicable == "mean":
                yield book.finding(
                    "R150", (*part.path, "not_applicable"), clause=clause.id, cause="not_applicable: mean"
                )


def frequencies(book: Book) -> Iterator[Finding]:
    """Find duties and findings that never come due."""
    for part in book.clauses:
        clause = part.clause
        if isinstance(clause, Quota) and clause.every is Every.ANY:
            yield book.finding("R153", (*part.path, "every"), clause=clause.id)
        if isinstance(clause, Judged) and clause.required and clause.frequency is Every.ANY:
            yield book.finding("R154", (*part.path, "required"), clause=clause.id)


def bands(book: Book) -> Iterator[Finding]:
    """Check that the rank bands of a multiplier hold each rank of the roster once."""
    seen: dict[PathTo, PathTo] = {}
    for part in book.clauses:
        if not isinstance(part.clause, Multiplier):
            continue
        if part.item.path in seen:
            yield book.finding(
                "R164", part.path, also=(seen[part.item.path],), name=part.item.item.id, clause=part.clause.id
            )
        seen[part.item.path] = part.path
        if book.all_listed(("subjects",)) and book.whole(part.path):
            yield from _ranks(book, part, part.clause, len(book.rulebook.subjects))


def _ranks(book: Book, part: ClausePart, clause: Multiplier, roster: int) -> Iterator[Finding]:
    path: PathTo = (*part.path, "bands")
    next_rank, reach = 1, 0
    order = sorted(range(len(clause.bands)), key=lambda n: (clause.bands[n].first, clause.bands[n].last))
    for n in order:
        band = clause.bands[n]
        if band.first > band.last:
            yield book.finding("R163", (*path, n), clause=clause.id, first=str(band.first), last=str(band.last))
            continue
        if next_rank < band.first and next_rank <= roster:
            yield book.finding(
                "R160", (*path, n), clause=clause.id, ranks=_range(next_rank, min(band.first - 1, roster))
            )
        elif band.first < next_rank:
            both = _range(band.first, min(band.last, next_rank - 1))
            yield book.finding("R161", (*path, n), also=((*path, reach),), clause=clause.id, ranks=both)
        if band.last > roster:
            yield book.finding("R162", (*path, n), clause=clause.id, last=str(band.last), roster=str(roster))
        if band.last >= next_rank:
            next_rank, reach = band.last + 1, n
    if next_rank <= roster:
        yield book.finding("R160", path, key=True, clause=clause.id, ranks=_range(next_rank, roster))


def _range(first: int, last: int) -> str:
    return str(first) if first >= last else f"{first}–{last}"


def wordings(book: Book) -> Iterator[Finding]:
    """Find notes about the wording that the wording does not bear out."""
    for part in book.clauses:
        clause, text = part.clause, printed(part.clause.text)
        for n, typo in enumerate(clause.typos):
            if printed(typo) not in text:
                yield book.finding("R113", (*part.path, "typos", n), clause=clause.id, typo=typo)
        around = book.clause_by_id.get(clause.within)
        if around is not None and (around.clause.id == clause.id or text not in printed(around.clause.text)):
            yield book.finding(
                "R112", (*part.path, "within"), also=(around.path,), clause=clause.id, around=clause.within
            )


def advice(book: Book) -> Iterator[Finding]:
    """Point out clauses without effect on points or ranks whose reason is not told."""
    for part in book.clauses:
        if _idle(part.clause) and not part.clause.gap:
            yield book.finding("R240", part.path, warn=True, clause=part.clause.id)


def _idle(clause: Clause) -> bool:
    match clause:
        case Fact():
            return True
        case Quota():
            return not clause.deduct_each and not clause.deduct_once
        case Veto():
            return clause.zero == "nothing" and clause.rank == "kept"
        case _:
            return False


CHECKS = (occurrences, signs, amounts, roundings, frequencies, bands, wordings, advice)
