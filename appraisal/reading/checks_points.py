"""Budgets of points that do not add up to their parents."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from appraisal.errors import Finding
from appraisal.model.clauses import Clause, Multiplier, Veto
from appraisal.model.clauses_counted import Amount, Occurrence
from appraisal.model.clauses_duties import Deadline, Quota
from appraisal.model.clauses_judged import Compare, Gap, Grade, Judged, Tiers
from appraisal.model.clauses_scored import Composite, Relative, Score
from appraisal.model.exact import show
from appraisal.model.scorecard import Group, Item
from appraisal.reading.checks_parts import Book, ClausePart, ItemPart
from appraisal.reading.yaml_places import PathTo

SHOWN_TERMS = 12


def _sum(amounts: list[Fraction]) -> str:
    """Write a sum with its terms: `2 + 2 + 1 = 5`."""
    if len(amounts) == 1:
        return show(amounts[0])
    terms = " + ".join(show(amount) for amount in amounts[:SHOWN_TERMS]) + (
        " + …" if len(amounts) > SHOWN_TERMS else ""
    )
    return f"{terms or '0'} = {show(sum(amounts, Fraction(0)))}"


def departments(book: Book) -> Iterator[Finding]:
    """Find departments that do not add up to the total, and items that do not add up to their department."""
    rulebook = book.scorecard
    budgets = [d.points for d in rulebook.departments]
    if book.all_listed(("departments",)) and sum(budgets) != rulebook.points:
        yield book.finding("R120", ("points",), points=show(rulebook.points), sum=_sum(budgets))
    for n, department in enumerate(rulebook.departments):
        path: PathTo = ("departments", n)
        inner = [item.points for item in department.items]
        if book.all_listed((*path, "items")) and sum(inner) != department.points:
            yield book.finding(
                "R121", (*path, "points"), name=department.id, points=show(department.points), sum=_sum(inner)
            )


def groups(book: Book) -> Iterator[Finding]:
    """Find groups that hold more than what they lie in, or less where all scoring clauses lie in groups."""
    for item in book.items:
        yield from _nested(book, item.item, item.path)
    for part in book.groups:
        yield from _nested(book, part.group, part.path)


def _nested(book: Book, holder: Item | Group, path: PathTo) -> Iterator[Finding]:
    inner = [group.points for group in holder.groups]
    if not inner or not book.all_listed((*path, "groups")) or not book.all_listed((*path, "clauses")):
        return
    total, outside = sum(inner), any(_scores(clause) for clause in holder.clauses)
    wrong = total > holder.points or (total != holder.points and not outside)
    if wrong and not (isinstance(holder, Item) and holder.ceiling == "none" and total < holder.points):
        code = "R122" if total > holder.points else "R123"
        yield book.finding(code, (*path, "points"), name=holder.id, points=show(holder.points), sum=_sum(inner))


def _scores(clause: Clause) -> bool:
    return clause.method not in {"fact", "procedure", "heading"}


def weights(book: Book) -> Iterator[Finding]:
    """Find composites whose weights are not one whole."""
    for part in book.clauses:
        if isinstance(part.clause, Composite) and sum(part.clause.parts.values()) != 1:
            terms = " + ".join(show(weight) for weight in part.clause.parts.values())
            total = show(sum(part.clause.parts.values(), Fraction(0)))
            yield book.finding("R124", (*part.path, "parts"), key=True, clause=part.clause.id, sum=f"{terms} = {total}")


def worths(book: Book) -> Iterator[Finding]:
    """Find clauses that are worth more than the group or item that holds them."""
    for part in book.clauses:
        clause = part.clause
        if not isinstance(clause, (Score, Composite, Relative)):
            continue
        holder: Item | Group = part.groups[-1] if part.groups else part.item.item
        room = holder.points + (holder.bonus if isinstance(holder, Item) else 0)
        if clause.worth > room and not (isinstance(holder, Item) and holder.ceiling == "none" and part.item.outside):
            yield book.finding(
                "R125",
                (*part.path, "worth"),
                clause=clause.id,
                worth=show(clause.worth),
                name=holder.id,
                points=show(room),
            )


def earned(book: Book) -> Iterator[Finding]:
    """Find items that start at zero and whose clauses, all at their best, do not come to the item's points."""
    for item in book.items:
        if item.outside or item.item.starts == "full" or item.item.base is not None or not book.whole(item.path):
            continue
        own = [p for p in book.clauses if p.item is item]
        if any(isinstance(p.clause, Judged) and p.clause.full_points > 0 for p in own):
            yield from _earned_by_each(book, item, own)


def _earned_by_each(book: Book, item: ItemPart, own: list[ClausePart]) -> Iterator[Finding]:
    open_ended = any(isinstance(p.clause, (Occurrence, Amount)) and p.clause.sign > 0 for p in own)
    for subject in book.rulebook.subjects:
        best = [
            p.clause.full_points
            for p in own
            if isinstance(p.clause, Judged)
            and p.clause.full_points
            and (not p.clause.applies_to or subject.id in p.clause.applies_to)
        ]
        total = sum(best, Fraction(0))
        if total > item.item.points or (total < item.item.points and not open_ended):
            yield book.finding(
                "R126",
                (*item.path, "points"),
                name=item.item.id,
                points=show(item.item.points),
                sum=_sum(best),
                subject=subject.name,
            )
            return


def bases(book: Book) -> Iterator[Finding]:
    """Find items that begin above their ceiling or below their floor."""
    for part in book.items:
        item = part.item
        if item.base is None:
            continue
        top = item.points + item.bonus
        if (item.ceiling == "points" and item.base > top) or (item.floor == "zero" and item.base < 0):
            yield book.finding("R127", (*part.path, "base"), name=item.id, base=show(item.base), top=show(top))


_TAKES = (Gap, Compare, Quota, Deadline, Veto, Multiplier)
_GIVES = (Composite, Relative, Multiplier)


def moves(clause: Clause) -> tuple[bool, bool]:
    """Return whether a clause can take from its item, and whether it can give."""
    if isinstance(clause, Occurrence):
        takes = clause.deduct is not None or clause.direction == "deduct"
        gives = clause.add is not None or clause.direction == "add"
        return (takes, gives) if takes or gives else (True, True)  # without a direction it is told elsewhere
    if isinstance(clause, Amount):
        return clause.sign < 0, clause.sign > 0
    if isinstance(clause, Score):
        return clause.form == "lose", clause.form == "earn"
    if isinstance(clause, (Tiers, Grade)):
        points = [tier.points for tier in clause.tiers] if isinstance(clause, Tiers) else []
        points += [level.points for level in clause.levels.values()]
        return min(points) < 0, max(points) > 0
    return isinstance(clause, _TAKES), isinstance(clause, _GIVES)


def stuck(book: Book) -> Iterator[Finding]:
    """Find items whose clauses all pull where their score already ends: they could never change anything."""
    for part in book.items:
        item = part.item
        ways = [moves(p.clause) for p in book.clauses if p.item is part and _scores(p.clause)]
        if not ways or not book.whole(part.path):
            continue
        at_bottom = item.floor == "zero" and item.start == 0 and not any(gives for _, gives in ways)
        at_top = (
            item.ceiling == "points" and item.start >= item.points + item.bonus and not any(takes for takes, _ in ways)
        )
        if at_bottom or at_top:
            yield book.finding("R128", part.path, warn=True, name=item.id, start=show(item.start))


CHECKS = (departments, groups, weights, worths, earned, bases, stuck)
