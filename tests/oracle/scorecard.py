"""The whole scorecard in plain loops over plain numbers: what the readings say, and nothing about speed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from fractions import Fraction

from appraisal.model.clauses import Clause, Heading, Multiplier, Procedure, Veto
from appraisal.model.clauses_counted import Occurrence
from appraisal.model.edition import Edition
from appraisal.model.event import Event
from appraisal.model.periods import Span
from appraisal.model.rulebook import Subject
from appraisal.model.scorecard import Ranking
from appraisal.model.standing import State
from oracle.clauses import clause_points
from oracle.counted import counted
from oracle.items import ItemResult, item_result, multiplied
from oracle.view import ZERO, View, applies, item_clauses, kept

Found = dict[str, tuple[Fraction, State]]


@dataclass(frozen=True)
class Result:
    """One subject's standing."""

    total: Fraction
    rank: int
    rank_without_veto: int
    provisional: bool
    vetoed: bool
    items: Mapping[str, ItemResult]


def oracle(
    edition: Edition,
    events: Iterable[Event],
    span: Span,
    *,
    known: datetime | None = None,
    day: date | None = None,
    roster: tuple[Subject, ...] | None = None,
) -> dict[str, Result]:
    """Assess every subject of the run over a span."""
    rulebook = edition.rulebook
    clauses = {clause.id: clause for item in rulebook.items() for clause in item_clauses(item)}
    subjects = tuple(subject.id for subject in (edition.roster if roster is None else roster))
    inside: dict[tuple[str, str], list[Event]] = {}
    for event in counted(events, clauses, known):
        if event.subject in subjects and span.contains(event.when):
            inside.setdefault((event.subject, event.clause), []).append(event)
    view = View(rulebook, subjects, inside, span, day)
    items = all_items(view)
    totals, last = {}, set()
    for subject in subjects:
        vetoes = [c for c in clauses.values() if isinstance(c, Veto) and view.of(subject, c.id)]
        total = sum((result.score for result in items[subject].values()), ZERO)
        totals[subject] = ZERO if any(c.zero == "total" for c in vetoes) else total
        if any(c.rank == "last" for c in vetoes):
            last.add(subject)
    with_veto = ranks({s: (s not in last, total) for s, total in totals.items()}, rulebook.ranking)
    without = ranks({s: (True, total) for s, total in totals.items()}, rulebook.ranking)
    return {
        s: Result(totals[s], with_veto[s], without[s], provisional(view, s, items[s], clauses), s in last, items[s])
        for s in subjects
    }


def all_items(view: View) -> dict[str, dict[str, ItemResult]]:
    """Return every item of every subject, vetoes included."""
    results: dict[str, dict[str, ItemResult]] = {subject: {} for subject in view.subjects}
    keep = {subject: kept(view, subject) for subject in view.subjects}
    for item in view.rulebook.items():
        found: dict[str, Found] = {subject: {} for subject in view.subjects}
        for clause in item_clauses(item):
            if isinstance(clause, (Procedure, Heading)):
                continue
            for subject in view.subjects:
                if applies(clause, subject):
                    found[subject][clause.id] = clause_points(view, subject, clause, keep[subject])
        if any(isinstance(c, Multiplier) for c in item_clauses(item)):
            scored = multiplied(view, item, found)
        else:
            scored = {subject: item_result(item, found[subject]) for subject in view.subjects}
        zeroing = [c for c in item_clauses(item) if isinstance(c, Veto) and c.zero == "item"]
        for subject, result in scored.items():
            zeroed = any(view.of(subject, c.id) for c in zeroing)
            results[subject][item.id] = replace(result, score=ZERO) if zeroed else result
    return results


def ranks(totals: Mapping[str, tuple[bool, Fraction]], ranking: Ranking) -> dict[str, int]:
    """Return ranks from the best down; equals share one, and the next is skipped unless ranks are dense."""
    values = list(totals.values())
    better = (lambda mine: len({v for v in values if v > mine})) if ranking.ties == "dense" else None
    return {
        subject: 1 + (better(mine) if better else sum(v > mine for v in values)) for subject, mine in totals.items()
    }


def provisional(view: View, subject: str, items: Mapping[str, ItemResult], clauses: Mapping[str, Clause]) -> bool:
    """Say whether something is pending, or an event counts only for now."""
    if any(result.state is State.PENDING for result in items.values()):
        return True
    levelled = [(e.level, clauses[e.clause]) for e in view.mine(subject) if e.level]
    return any(isinstance(clause, Occurrence) and clause.levels[level].provisional for level, clause in levelled)
