"""What the cases of a scorecard must exercise, which of it a case does, and where the headings of its source stand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction

from appraisal.model.clauses_judged import Tiers
from appraisal.model.event import Event
from appraisal.model.inputs import Measure
from appraisal.model.scorecard import Group, Item, Limit, Scorecard
from appraisal.model.standing import Assessment, EntryKind, ItemScore
from appraisal.reading.checks_tiers import figure


def headings(rulebook: Scorecard) -> Iterator[tuple[str, str]]:
    """Yield departments, items and groups with the lines on which they are named."""
    for department in rulebook.departments:
        if department.lines is not None:
            yield department.id, department.lines
    for item in rulebook.items():
        if item.lines is not None:
            yield item.id, item.lines
        for group in item.all_groups():
            if group.line is not None:
                yield group.id, str(group.line)


def targets(rulebook: Scorecard) -> set[str]:
    """Name what cases must exercise: clauses, words, both sides of every tier's edge, caps."""
    found: set[str] = set()
    for clause in rulebook.clauses():
        inputs = clause.inputs()
        if inputs.loggable:
            found.add(f"clause:{clause.id}")
            found |= {f"level:{clause.id}:{word}" for word in inputs.levels}
        if isinstance(clause, Tiers):
            found |= {f"tier:{clause.id}:{edge}:{side}" for edge in edges(clause) for side in ("on", "off")}
    for name in _capped(rulebook):
        found |= {f"cap:{name}:reached", f"cap:{name}:not_reached"}
    return found


def edges(clause: Tiers) -> list[str]:
    """Return the bounds between the tiers of a clause, as people write the measure; the ends of the range are none."""
    found = set()
    for tier in clause.tiers:
        for bound, belongs in filter(None, (tier.lower, tier.upper)):
            at_start = bound == 0 and belongs and bound == (tier.lower or (None,))[0]
            if not at_start and bound != clause.domain_high:
                found.add(bound)
    return [figure(bound, clause.measure) for bound in sorted(found)]


def _capped(rulebook: Scorecard) -> Iterator[str]:
    for item in rulebook.items():
        if item.floor == "zero" or item.ceiling == "points":
            yield item.id
        yield from (group.id for group in item.all_groups())
        yield from (limit.id for limit in item.limits)


def exercised(rulebook: Scorecard, events: list[Event], assessment: Assessment) -> set[str]:
    """Return which targets a case reaches: clauses, words, edges, caps."""
    return {
        *_inputs(rulebook, events),
        *(target for standing in assessment.standings for target in _caps(rulebook, standing.items)),
    }


def _inputs(rulebook: Scorecard, events: list[Event]) -> Iterator[str]:
    clauses = {clause.id: clause for clause in rulebook.clauses()}
    for event in events:
        clause = clauses.get(event.clause)
        if clause is None or not event.status.counts:
            continue
        yield f"clause:{clause.id}"
        if event.level:
            yield f"level:{clause.id}:{event.level}"
        if isinstance(clause, Tiers) and event.value is not None:
            yield from _edges(clause, event.value)


def _edges(clause: Tiers, value: Fraction) -> Iterator[str]:
    """Yield the edges that a figure tries: the one it lies on, and those just off it where another tier begins."""
    near = Fraction(1, 100) if clause.measure is Measure.RATE else Fraction(1)
    here = [tier.holds(value) for tier in clause.tiers]
    bounds = {bound[0] for tier in clause.tiers for bound in (tier.lower, tier.upper) if bound}
    named = {figure(bound, clause.measure): bound for bound in bounds}
    for name in edges(clause):
        bound = named[name]
        if value == bound:
            yield f"tier:{clause.id}:{name}:on"
        elif abs(value - bound) <= near and here != [tier.holds(bound) for tier in clause.tiers]:
            yield f"tier:{clause.id}:{name}:off"


def _caps(rulebook: Scorecard, scores: Iterable[ItemScore]) -> Iterator[str]:
    items = {item.id: item for item in rulebook.items()}
    for score in scores:
        if score.id not in items or not any(entry.events for entry in score.entries):
            continue  # a veto of the whole total stands beside the items
        item = items[score.id]
        trimmed = {entry.clause for entry in score.entries if entry.kind is EntryKind.CAP}
        if item.floor == "zero" or item.ceiling == "points":
            yield f"cap:{item.id}:{_how(reached=item.id in trimmed or _at_bound(item, score))}"
        points: dict[str, Fraction] = {}
        for entry in score.entries:
            if entry.kind in {EntryKind.CLAUSE, EntryKind.MISSING}:
                points[entry.clause] = points.get(entry.clause, Fraction(0)) + entry.points
        for group in item.all_groups():
            moved = abs(sum((points.get(name, Fraction(0)) for name in _in_group(group)), Fraction(0)))
            if moved:
                yield f"cap:{group.id}:{_how(reached=moved >= group.points)}"
        for limit in item.limits:
            moved, most = _in_limit(item, limit, points)
            if moved:
                yield f"cap:{limit.id}:{_how(reached=moved >= most)}"


def _how(*, reached: bool) -> str:
    return "reached" if reached else "not_reached"


def _at_bound(item: Item, score: ItemScore) -> bool:
    """Say whether the score moved to a bound: down to the floor, or up to the ceiling."""
    top = item.points + item.bonus if item.ceiling == "points" else None
    if item.floor == "zero" and score.score == 0 and (item.start > 0 or top is None):
        return True
    return top is not None and item.start < top and score.score >= top


def _in_group(group: Group) -> Iterator[str]:
    yield from (clause.id for clause in group.clauses)
    for inner in group.groups:
        yield from _in_group(inner)


def _in_limit(item: Item, limit: Limit, points: Mapping[str, Fraction]) -> tuple[Fraction, Fraction]:
    """Return what a limit's clauses moved its way, inner limits trimmed, and the most that it lets through."""
    inner = {other.id: other for other in item.limits}
    gain = limit.max_gain is not None
    most = (limit.max_gain if gain else limit.max_loss) or Fraction(0)
    moved = Fraction(0)
    for name in limit.covers:
        if name in inner:
            moved += min(_in_limit(item, inner[name], points))
        else:
            own = points.get(name, Fraction(0))
            moved += own if gain else -own
    return moved, most
