"""Limits and overlaps that cannot be applied, and dates that cannot be."""

from __future__ import annotations

from collections.abc import Iterator

from appraisal.errors import Finding
from appraisal.reading.checks_parts import Book, LimitPart
from appraisal.reading.nearest import nearest
from appraisal.reading.yaml_places import PathTo


def limits(book: Book) -> Iterator[Finding]:
    """Check that limits cover clauses or limits of their own item and say how much."""
    for part in book.limits:
        limit = part.limit
        if limit.max_gain is None and limit.max_loss is None:
            yield book.finding("R170", part.path, limit=limit.id)
        if limit.text and limit.line is None:
            yield book.finding("R174", (*part.path, "text"), limit=limit.id)
        if limit.id in book.clause_by_id:
            yield book.finding("R175", (*part.path, "id"), also=(book.clause_by_id[limit.id].path,), limit=limit.id)
        for n, name in enumerate(limit.covers):
            yield from _covered(book, part, n, name)
    yield from _circles(book)
    yield from _crossings(book)


def _covered(book: Book, part: LimitPart, n: int, name: str) -> Iterator[Finding]:
    path: PathTo = (*part.path, "covers", n)
    own = {p.clause.id for p in book.clauses if p.item is part.item} | {m.id for m in part.item.item.limits}
    if name in own:
        return
    elsewhere = book.clause_by_id.get(name)
    if elsewhere is not None:
        yield book.finding(
            "R172",
            path,
            also=(elsewhere.path,),
            limit=part.limit.id,
            name=name,
            item=part.item.item.id,
            other=elsewhere.item.item.id,
        )
    elif not book.known(name, ()):
        yield book.finding("R173", path, limit=part.limit.id, name=name, near=nearest(name, own - {part.limit.id}))


def _within(part: LimitPart, clauses: frozenset[str]) -> tuple[frozenset[str], bool]:
    """Return the clauses that a limit covers, through other limits too, and whether it covers itself."""
    by_id = {limit.id: limit for limit in part.item.item.limits}
    found: set[str] = set()
    seen: set[str] = set()
    open_ids = list(part.limit.covers)
    while open_ids:
        name = open_ids.pop()
        if name in clauses:
            found.add(name)
        elif name in by_id and name not in seen:
            seen.add(name)
            open_ids.extend(by_id[name].covers)
    return frozenset(found), part.limit.id in seen


def _own_clauses(book: Book, part: LimitPart) -> frozenset[str]:
    return frozenset(p.clause.id for p in book.clauses if p.item is part.item)


def _circles(book: Book) -> Iterator[Finding]:
    for part in book.limits:
        if _within(part, _own_clauses(book, part))[1]:
            yield book.finding("R176", (*part.path, "covers"), key=True, limit=part.limit.id)


def _crossings(book: Book) -> Iterator[Finding]:
    """Find two limits, or a limit and a group, of which each holds a part of the other's clauses."""
    budgets: list[tuple[PathTo, str, PathTo, frozenset[str]]] = []
    for part in book.groups:
        inside = frozenset(p.clause.id for p in book.clauses if part.path == p.path[: len(part.path)])
        budgets.append((part.item.path, part.group.id, part.path, inside))
    first_limit = len(budgets)
    for limit in book.limits:
        within, circle = _within(limit, _own_clauses(book, limit))
        if not circle:
            budgets.append((limit.item.path, limit.limit.id, limit.path, within))
    for n in range(first_limit, len(budgets)):
        item, name, path, own = budgets[n]
        for other_item, other_name, other_path, theirs in budgets[:n]:
            shared = own & theirs
            if item == other_item and shared and not (own <= theirs or theirs <= own):
                both = ", ".join(sorted(shared))
                yield book.finding("R171", path, also=(other_path,), first=name, second=other_name, shared=both)


def overlaps(book: Book) -> Iterator[Finding]:
    """Check that an overlap says in one way which clauses it settles."""
    for n, overlap in enumerate(book.scorecard.overlaps):
        together, ranked = bool(overlap.together), bool(overlap.prevails) or bool(overlap.over)
        short = together and len(set(overlap.together)) < 2  # noqa: PLR2004
        halved = ranked and not (overlap.prevails and overlap.over)
        if together == ranked or short or halved or overlap.prevails in overlap.over:
            yield book.finding("R180", ("overlaps", n), overlap=overlap.id)


def one_year(book: Book) -> Iterator[Finding]:
    """Check that the rulebook is valid within one assessment year."""
    first, last = book.rulebook.valid_from, book.rulebook.valid_to
    if first <= last and last.year != first.year:
        yield book.finding("R191", ("valid_to",), also=(("valid_from",),), first=str(first), last=str(last))


CHECKS = (limits, overlaps, one_year)
