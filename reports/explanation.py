"""One subject's standing as a tree: every point back to the clause's sentence, the arithmetic and the event."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from appraisal.model.exact import show
from appraisal.model.standing import Entry, EntryKind, ItemScore
from reports.explainer import Explainer
from reports.json import entry_json, head_json, item_json, receipt_json
from reports.looks import look_of
from reports.tree import Node, Role, node_json
from reports.verdicts import verdicts_json
from reports.wording import in_force, listed, said, span_words, state_words


def signed(points: Fraction) -> str:
    """Return points with their sign, as people write gains and losses."""
    return f"+{show(points)}" if points > 0 else show(points).replace("-", "−")


def explanation_tree(about: Explainer, item: str = "") -> Node:
    """Return the tree of a standing, or of one of its items."""
    standing, assessment = about.standing, about.assessment
    number_of = str(len(assessment.standings))
    args = {"total": show(standing.total), "rank": str(standing.rank), "number": number_of}
    look = look_of(about.edition.rulebook)
    head = about.say(look.head, subject=standing.name, span=span_words(assessment.span, about.lang), **args)
    if standing.rank != standing.rank_without_veto:
        head += about.say("explain_veto", rank=str(standing.rank_without_veto))
    if standing.provisional:
        head += about.say("explain_provisional")
    if standing.grade is not None:
        head += about.say("explain_grade", grade=standing.grade)
    items = [_item(about, i) for i in standing.items if item in {"", i.id}]
    more = (*look.verdicts(about, item), *look.nodes(about, item))
    return Node(words=head, role=Role.CONCLUSION, children=(*items, *more))


def _item(about: Explainer, item: ItemScore) -> Node:
    points = {"score": show(item.score), "points": show(item.points), "base": show(item.base)}
    words = about.say("explain_item", id=item.id, name=item.name, **points)
    state = state_words(item, about.lang)
    groups = _by_clause(item)
    sums = [sum((entry.points for entry in group), Fraction(0)) for group in groups]
    arithmetic = " ".join([show(item.base), *(_term(points) for points in sums if points)])
    total = [Node(words=f"{arithmetic} = {show(item.score)}")] if groups else []
    told: set[str] = set()  # a reading is written out once in an item
    moved = [_group(about, group, points, told) for group, points in zip(groups, sums, strict=True)]
    return Node(words=f"{words}  {state}".rstrip(), role=Role.CONCLUSION, children=(*moved, *total))


def _by_clause(item: ItemScore) -> list[list[Entry]]:
    """Return the entries of an item, those of one clause together, in their order."""
    groups: dict[tuple[str, bool], list[Entry]] = {}
    for entry in item.entries:
        own = entry.kind in {EntryKind.CLAUSE, EntryKind.MISSING}
        groups.setdefault((entry.clause, own), []).append(entry)
    return list(groups.values())


def _term(points: Fraction) -> str:
    return f"+ {show(points)}" if points > 0 else f"− {show(-points)}"


def _group(about: Explainer, entries: list[Entry], points: Fraction, told: set[str]) -> Node:
    """Return one clause: its points in all, its sentence, each event's arithmetic, and how it is read."""
    first = entries[0]
    rule = first.kind not in {EntryKind.CLAUSE, EntryKind.MISSING}
    counted = sum((e.points if e.counted is None else e.counted for e in entries), Fraction(0))
    words = f"{first.clause}  {signed(points)}"
    if rule:
        words += f"  {said(first.reason, about.lang)}"
    elif counted != points:
        words += about.say("explain_counted", counted=signed(counted))
    lines = _rule_events(about, first) if rule else _lines(about, entries)
    below = (*about.source(first.clause), *lines, *about.readings(first.clause, told))
    return Node(words=words, role=Role.ENTRY, children=below)


def _lines(about: Explainer, entries: list[Entry]) -> Iterator[Node]:
    """Yield a line for each entry with its arithmetic; those without points and with one reason share a line."""
    idle: dict[str, list[str]] = {}
    for entry in entries:
        reason = said(entry.reason, about.lang)
        if entry.points == 0 and entry.events:
            idle.setdefault(reason, []).extend(entry.events)
            continue
        told = [signed(entry.points), reason + _left(about, entry), *(about.event(e) for e in entry.events)]
        if entry.provisional:
            told[0] += about.say("explain_provisional")
        yield Node(words="  ".join(filter(None, told)), role=Role.EVENT if entry.events else Role.NOTE)
    for reason, events in idle.items():
        shown = about.event(events[0]) if len(events) == 1 else listed(events, about.lang)
        yield Node(words=f"0  {reason}  {shown}", role=Role.EVENT)


def _left(about: Explainer, entry: Entry) -> str:
    """Return what caps left of an entry: `0 of 0.5`."""
    if entry.counted is None or entry.counted == entry.points:
        return ""
    told = {"left": show(abs(entry.counted)), "of": show(abs(entry.points))}
    return about.say("explain_left", **told) + _used_up(about, entry)


SHOWN_USERS = 4


def _used_up(about: Explainer, entry: Entry) -> str:
    """Return whose points left nothing for it: the budget, and the first of the events that used it up."""
    if not entry.used_up_by:
        return ""
    users = [name for name in entry.used_up_events if name not in entry.events]
    if not users:
        return about.say("explain_used_up", by=entry.used_up_by)
    code = "explain_used_up_events" if len(users) <= SHOWN_USERS else "explain_used_up_more"
    shown = listed(users[:SHOWN_USERS], about.lang)
    return about.say(code, by=entry.used_up_by, events=shown, count=str(len(users)))


def _rule_events(about: Explainer, entry: Entry) -> Iterator[Node]:
    """Yield the events behind a veto or a decision; what a cap took from each stands with the clauses."""
    if entry.kind is not EntryKind.CAP:
        for name in entry.events:
            yield Node(words=about.event(name), role=Role.EVENT)


def explanation_json(about: Explainer, item: str = "") -> dict[str, Any]:
    """Return the same as one JSON document; `more` is what the family adds to items and verdicts, as its tree."""
    standing = about.standing
    more = [node_json(node) for node in look_of(about.edition.rulebook).nodes(about, item)]
    return {
        **receipt_json(about.assessment),
        **head_json(standing),
        "items": [
            {**item_json(i, about.lang), "entries": [_entry_told(about, e) for e in i.entries]}
            for i in standing.items
            if item in {"", i.id}
        ],
        **verdicts_json(about, item),
        **({"more": more} if more else {}),
    }


def _entry_told(about: Explainer, entry: Entry) -> dict[str, Any]:
    sentence, place = about.cited(entry.clause) or (None, None)
    return {
        **entry_json(entry, about.lang),
        "sentence": sentence,
        "source": place,
        "readings": [
            {"id": r.id, "text": in_force(r, about.edition), "alternatives": {a.id: a.text for a in r.alternatives}}
            for r in about.concerned(entry.clause)
        ],
        "records": [about.events[e].content() for e in entry.events if e in about.events],
    }
