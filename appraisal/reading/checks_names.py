"""Ids that are written twice, and references that name nothing."""

from __future__ import annotations

from collections.abc import Iterator

from appraisal.errors import Finding
from appraisal.model.clauses import Heading, Multiplier
from appraisal.model.clauses_judged import Judged
from appraisal.model.clauses_scored import Composite
from appraisal.reading.checks_head import readings_of, twice
from appraisal.reading.checks_parts import Book, ClausePart
from appraisal.reading.yaml_places import PathTo


def repeated_ids(book: Book) -> Iterator[Finding]:
    """Find ids that two parts of the same sort share."""
    sorts: dict[str, list[tuple[PathTo, str]]] = {
        "clauses": [(p.path, p.clause.id) for p in book.clauses],
        "items": [(p.path, p.item.id) for p in book.items],
        "groups": [(p.path, p.group.id) for p in book.groups],
        "limits": [(p.path, p.limit.id) for p in book.limits],
        "departments": [(("departments", n), d.id) for n, d in enumerate(book.scorecard.departments)],
        "overlaps": [(("overlaps", n), o.id) for n, o in enumerate(book.scorecard.overlaps)],
    }
    for sort, parts in sorts.items():
        yield from twice(book, sort, parts)


def repeated_entries(book: Book) -> Iterator[Finding]:
    """Find lists of ids in which one stands twice."""
    lists: list[tuple[PathTo, tuple[str, ...]]] = [((*p.path, "covers"), p.limit.covers) for p in book.limits]
    lists += [((*p.path, "applies_to"), p.clause.applies_to) for p in book.clauses]
    for n, overlap in enumerate(book.scorecard.overlaps):
        lists += [(("overlaps", n, "together"), overlap.together), (("overlaps", n, "over"), overlap.over)]
    for path, names in lists:
        for n, name in enumerate(names):
            if name in names[:n]:
                yield book.finding("R102", (*path, n), name=name)


def references(book: Book) -> Iterator[Finding]:
    """Find references of clauses, overlaps and readings that name nothing."""
    subjects = [s.id for s in book.rulebook.subjects]
    clauses = list(book.clause_by_id)
    for part in book.clauses:
        for n, name in enumerate(part.clause.applies_to):
            yield from book.unknown("R103", (*part.path, "applies_to", n), name, subjects, clause=part.clause.id)
        if part.clause.within:
            yield from book.unknown("R111", (*part.path, "within"), part.clause.within, clauses, clause=part.clause.id)
        if isinstance(part.clause, Heading) and part.clause.log_under:
            yield from book.unknown("R104", (*part.path, "log_under"), part.clause.log_under, clauses)
        if isinstance(part.clause, Multiplier):
            yield from _multiplier(book, part, part.clause)
    for n, overlap in enumerate(book.scorecard.overlaps):
        where: PathTo = ("overlaps", n)
        for i, name in enumerate(overlap.together):
            yield from book.unknown("R105", (*where, "together", i), name, clauses, overlap=overlap.id)
        for i, name in enumerate(overlap.over):
            yield from book.unknown("R105", (*where, "over", i), name, clauses, overlap=overlap.id)
        if overlap.prevails:
            yield from book.unknown("R105", (*where, "prevails"), overlap.prevails, clauses, overlap=overlap.id)
    names = {*(o.id for o in book.scorecard.overlaps), *clauses, *(p.item.id for p in book.items)}
    names |= {p.limit.id for p in book.limits} | {p.group.id for p in book.groups}
    yield from readings_of(book, names)


def _multiplier(book: Book, part: ClausePart, clause: Multiplier) -> Iterator[Finding]:
    own = [p.clause for p in book.clauses if p.item is part.item]
    judged = [c.id for c in own if isinstance(c, Judged)]
    yield from book.unknown("R108", (*part.path, "after"), clause.after, judged, clause=clause.id)
    parts = [name for c in own if isinstance(c, Composite) and c.id == clause.after for name in c.parts]
    for n, tie in enumerate(clause.tie_breaks):
        where: PathTo = (*part.path, "tie_breaks", n)
        if bool(tie.part) == bool(tie.points):
            yield book.finding("R109", where, clause=clause.id)
        if tie.part and clause.after in judged:  # where `after` is wrong, the part only follows from it
            yield from book.unknown("R110", (*where, "part"), tie.part, parts, clause=clause.id)
        for i, name in enumerate(tie.points):
            yield from book.unknown("R110", (*where, "points", i), name, [c.id for c in own], clause=clause.id)


CHECKS = (repeated_ids, repeated_entries, references)
