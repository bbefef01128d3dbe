"""Judgements from a computed grid; entries, every point under a clause and its events, are made when looked at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property, partial

import numpy as np

from appraisal.grid import Grid
from appraisal.methods.columns import Ints
from appraisal.methods.family import Judgement
from appraisal.methods.sheet import Due, Why
from appraisal.model.clauses import Multiplier, Veto
from appraisal.model.exact import show
from appraisal.model.later import Later
from appraisal.model.periods import Period
from appraisal.model.rulebook import Subject
from appraisal.model.standing import (
    DepartmentScore,
    Entry,
    EntryKind,
    ItemScore,
    Say,
    State,
    Swallowed,
)
from appraisal.sentences import Line, Sentences
from appraisal.tally.budget import Bound


@dataclass
class Draft:
    """An entry in the making: what caps may still take back from it, and its place in time."""

    entry: Entry
    when: tuple[int, str]
    left: Fraction


def judgements(grid: Grid, roster: Sequence[Subject], cell: int = 0) -> tuple[Judgement, ...]:
    """Return the judgement of every subject in one cell, in order of the roster; the grid must have kept its lines."""
    lines, provisional = _Lines(grid), grid.provisional()
    places = [grid.place(s, cell) for s in range(len(roster))]
    return tuple(
        _judgement(lines, subject, place, provisional=bool(provisional[place]))
        for subject, place in zip(roster, places, strict=True)
    )


class _Lines:
    """The kept lines of a grid by place and item, sorted when the first of them is looked at."""

    def __init__(self, grid: Grid) -> None:
        self.grid = grid
        self.sentences = Sentences(grid)

    @cached_property
    def _sorted(self) -> tuple[Ints, Ints]:
        """Every line (row, clause, points, why, detail), and its place and item as one number; sorted by that."""
        parts, plan = self.grid.sheet.lines, self.grid.plan
        if not parts:
            return np.empty((0, 5), dtype=np.int64), np.empty(0, dtype=np.int64)
        columns = [(p.row, p.clause, p.points, p.why, p.detail, p.place) for p in parts]
        row, clause, points, why, detail, place = (np.concatenate(one) for one in zip(*columns, strict=True))
        key = place * len(plan.items) + plan.item_of[clause]
        order = np.argsort(key, kind="stable")
        return np.stack([row, clause, points, why, detail], axis=1)[order], key[order]

    def of(self, number: int, place: int) -> list[Line]:
        """Return the lines of an item at a place."""
        table, key = self._sorted
        wanted = place * len(self.grid.plan.items) + number
        start, stop = np.searchsorted(key, [wanted, wanted + 1])
        return [(row[0], row[1], row[2], row[3], row[4]) for row in table[start:stop].tolist()]


def _judgement(lines: _Lines, subject: Subject, place: int, *, provisional: bool) -> Judgement:
    grid = lines.grid
    back, scores = grid.plan.scale.back, grid.tally.score[:, place]
    departments = tuple(
        DepartmentScore(id=d.id, points=d.points, score=back(int(scores[list(numbers)].sum())))
        for d, numbers in zip(grid.plan.edition.scorecard.departments, grid.plan.items_of, strict=True)
    )
    return Judgement(
        subject=subject,
        total=back(int(grid.tally.total[place])),
        provisional=provisional,
        departments=departments,
        items=Later(partial(_items, lines, place)),
        last=bool(grid.sheet.last[place]),
    )


def _items(lines: _Lines, place: int) -> tuple[ItemScore, ...]:
    grid = lines.grid
    items = [_item(lines, number, place) for number in range(len(grid.plan.items))]
    if grid.tally.total_veto is not None and grid.sheet.zeroed_total[place]:
        items.append(_total_veto(grid, place, grid.plan.scale.back(int(grid.tally.total_veto[place]))))
    return tuple(items)


def _item(lines: _Lines, number: int, place: int) -> ItemScore:
    grid = lines.grid
    item, state = grid.plan.items[number], grid.item_states[number][place]
    return ItemScore(
        id=item.id,
        name=item.name,
        points=item.points,
        base=item.start,
        score=grid.plan.scale.back(int(grid.tally.score[number, place])),
        state=state,
        reasons=tuple(_reasons(grid, number, place, state)),
        entries=Later(partial(_entries, lines, number, place)),
    )


def _entries(lines: _Lines, number: int, place: int) -> tuple[Entry, ...]:
    grid = lines.grid
    drafts = [_draft(grid, lines.sentences, line) for line in lines.of(number, place)]
    drafts.sort(key=lambda d: (grid.plan.words.clause_of[d.entry.clause], d.when))
    return tuple(_capped(grid, number, place, drafts))


def _draft(grid: Grid, sentences: Sentences, line: Line) -> Draft:
    row, k, units, why, detail = line
    clause, points = grid.plan.words.clauses[k], grid.plan.scale.back(units)
    event = sentences.event(row)
    kind = EntryKind.MISSING if why in {Why.NOT_DUE, Why.PENDING} else EntryKind.CLAUSE
    entry = Entry(
        clause=clause.id,
        kind=kind,
        points=points,
        reason=sentences.say(line),
        events=(event.id,) if event else (),
        provisional=clause.for_now(event.level if event else "") and points != 0,
        counted=points,
    )
    month = detail % 100 if why == Why.QUOTA else detail if why == Why.NEVER else 12
    return Draft(entry, (event.date.toordinal(), event.id) if event else _month_end(grid, month), points)


def _month_end(grid: Grid, month: int) -> tuple[int, str]:
    return Period(grid.frame.view.year, month).last.toordinal(), ""


def _capped(grid: Grid, number: int, place: int, drafts: list[Draft]) -> Iterator[Entry]:
    """Yield the entries of an item: its lines, each with what caps left of it, then caps, multiplier and veto."""
    tree, item = grid.trees[number], grid.plan.items[number]
    caps: list[Entry] = []
    for bound in tree.bounds:
        _bound(grid, number, place, bound, drafts, caps)
    trim = _trim(grid, number, f"item:{item.id}", place)
    if trim:
        floor, ceiling = tree.floor or Fraction(0), tree.ceiling if tree.ceiling is not None else item.points
        lost = {"name": item.name, "points": show(item.points), "over": show(abs(trim))}
        used_up = item.starts == "full" and floor == 0
        code = ("S040" if used_up else "S042") if trim > 0 else "S043"
        told = lost if code == "S040" else {**lost, "points": show(floor if trim > 0 else ceiling)}
        caps.append(_take_back(trim, item.id, Say(code, told), drafts, item.name))
    for draft in drafts:
        yield replace(draft.entry, counted=draft.left)
    yield from caps
    yield from _effects(grid, number, place)


def _bound(grid: Grid, number: int, place: int, bound: Bound, drafts: list[Draft], caps: list[Entry]) -> None:
    for inner in bound.inner:
        _bound(grid, number, place, inner, drafts, caps)
    trim = _trim(grid, number, f"bound:{bound.id}", place)
    if trim:
        told = {"name": bound.name, "points": show(_size(bound, trim)), "over": show(abs(trim))}
        names = set(bound.all_clauses())
        mine = [draft for draft in drafts if draft.entry.clause in names]
        caps.append(_take_back(trim, bound.id, Say("S040" if trim > 0 else "S041", told), mine, bound.name))


def _size(bound: Bound, trim: Fraction) -> Fraction:
    edge = bound.low if trim > 0 else bound.high
    return bound.points if edge is None else abs(edge)


def _trim(grid: Grid, number: int, key: str, place: int) -> Fraction:
    found = grid.tally.trims.get((number, key))
    return Fraction(0) if found is None else grid.plan.scale.back(int(found[place]))


def _take_back(trim: Fraction, name: str, say: Say, drafts: list[Draft], used_up_by: str) -> Entry:
    """Take a cap's trim from the latest events first: the earliest ones have used the budget up."""
    rest, sign = abs(trim), -1 if trim > 0 else 1
    swallowed: list[Swallowed] = []
    hit: list[Draft] = []
    for draft in sorted(drafts, key=lambda d: d.when, reverse=True):
        own = draft.left * sign
        if not rest or own <= 0:
            continue
        part = min(own, rest)
        draft.left -= part * sign
        rest -= part
        hit.append(draft)
        event = draft.entry.events[0] if draft.entry.events else ""
        swallowed.append(Swallowed(event=event, clause=draft.entry.clause, points=part, of=abs(draft.entry.points)))
    users = [d for d in sorted(drafts, key=lambda d: d.when) if d.left * sign > 0]
    names = tuple(dict.fromkeys(event for d in users for event in d.entry.events))
    for draft in hit:
        draft.entry = replace(draft.entry, used_up_by=used_up_by, used_up_events=names)
    events = tuple(sorted({s.event for s in swallowed if s.event}))
    return Entry(clause=name, kind=EntryKind.CAP, points=trim, reason=say, events=events, swallowed=tuple(swallowed))


def _effects(grid: Grid, number: int, place: int) -> Iterator[Entry]:
    plan, back = grid.plan, grid.plan.scale.back
    for (n, kind, name), effect in grid.tally.effects.items():
        if n != number:
            continue
        k, points = plan.words.clause_of[name], back(int(effect[place]))
        if kind == "multiplier":
            clause = plan.words.clauses[k]
            rank = int(grid.tally.ranked[k].rank[place])
            if rank and isinstance(clause, Multiplier):
                after = back(int(grid.tally.score[number, place]))
                told = {"rank": str(rank), "times": show(clause.factor(rank)), "before": show(after - points)}
                row = int(grid.sheet.ranked[k].decision_row[place])
                events: tuple[str, ...] = (grid.frame.columns.events[row].id,) if row >= 0 else ()
                say = Say("S050", {**told, "after": show(after)})
                yield Entry(clause=name, kind=EntryKind.MULTIPLIER, points=points, reason=say, events=events)
        elif grid.sheet.zeroed[k][place]:
            last = bool(grid.sheet.last[place])
            events, level = _veto_events(grid, k, place)
            say = Say("S060" if last else "S062", {"level": level})
            yield Entry(clause=name, kind=EntryKind.VETO, points=points, reason=say, events=events)
    yield from _bare_vetoes(grid, number, place)


def _bare_vetoes(grid: Grid, number: int, place: int) -> Iterator[Entry]:
    """Yield an entry without points for a veto that only moves the rank."""
    for k, clause in grid.plan.vetoes_of[number]:
        if clause.zero != "item":
            events, level = _veto_events(grid, k, place)
            if events:
                say = Say("S063" if clause.rank == "last" else "S027", {"level": level})
                yield Entry(clause=clause.id, kind=EntryKind.VETO, points=Fraction(0), reason=say, events=events)


def _veto_events(grid: Grid, k: int, place: int) -> tuple[tuple[str, ...], str]:
    frame = grid.frame
    rows = frame.row[(frame.clause == k) & (frame.place == place)]
    found = sorted((frame.columns.events[int(r)] for r in rows), key=lambda e: (e.date, e.id))
    return tuple(e.id for e in found), "、".join(dict.fromkeys(e.level or e.clause for e in found))


def _total_veto(grid: Grid, place: int, points: Fraction) -> ItemScore:
    """Return the pseudo-item that holds a veto of the whole total."""
    found = [(k, c) for k, c in grid.plan.each(Veto) if isinstance(c, Veto) and c.zero == "total"]
    for k, clause in found:
        events, level = _veto_events(grid, k, place)
        if events:
            say = Say("S061", {"level": level})
            entry = Entry(clause=clause.id, kind=EntryKind.VETO, points=points, reason=say, events=events)
            zero = Fraction(0)
            return ItemScore(
                id=clause.id, name=level, points=zero, base=zero, score=points, state=State.ASSESSED, entries=(entry,)
            )
    raise AssertionError("a veto without an event")  # pragma: no cover


def _reasons(grid: Grid, number: int, place: int, state: State) -> Iterator[Say]:
    """Yield why an item is not (wholly) assessed, clause by clause."""
    wanted = {State.PENDING: Due.PENDING, State.NOT_DUE: Due.NOT_DUE, State.NOT_APPLICABLE: Due.NOT_APPLICABLE}.get(
        state
    )
    code = {Due.PENDING: "S070", Due.NOT_DUE: "S071", Due.NOT_APPLICABLE: "S072"}
    if wanted is None:
        return
    for k in grid.plan.clauses_of[number]:
        if grid.sheet.state[k, place] == wanted:
            clause = grid.plan.words.clauses[k]
            ranked = grid.tally.ranked.get(k)
            if ranked is not None and wanted is Due.PENDING:
                yield Say("S074" if ranked.tied[place] else "S073", {"clause": clause.id})
            else:
                yield Say(code[wanted], {"clause": clause.id})
