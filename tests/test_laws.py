"""The laws of the assessment as properties: sums, order, repetition, withdrawal, time, caps, independence."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from oracle.sample import clause, event, houjiatang, rulebook
from strategies.events import days, logs, moments, spans
from strategies.rulebooks import editions, occurrence

from appraisal.assess import assess
from appraisal.model.clauses import Multiplier, Veto
from appraisal.model.clauses_counted import Amount, Occurrence
from appraisal.model.clauses_scored import Relative, Score
from appraisal.model.edition import Edition
from appraisal.model.event import Event, Status
from appraisal.model.periods import Span
from appraisal.model.scorecard import Item
from appraisal.model.standing import Assessment, EntryKind

QUICK = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
YEAR = Span.whole(2020)
LATE = datetime.fromisoformat("2021-12-31T12:00:00")


@st.composite
def documents(draw: st.DrawFn) -> tuple[Edition, list[Event]]:
    """Draw a rulebook, the document's own among them, and a log of it."""
    if draw(st.integers(0, 2)):
        edition = draw(editions())
        return edition, draw(logs(edition))
    items = draw(st.lists(st.sampled_from(list(houjiatang().scorecard.items())), min_size=1, max_size=5))
    names = [c.id for item in items for c in item.all_clauses()]
    return houjiatang(), draw(logs(houjiatang(), clauses=names))


def totals(found: Assessment) -> dict[str, Fraction]:
    return {standing.subject: standing.total for standing in found.standings}


def scores(found: Assessment) -> list[object]:
    """Return what people see of the points, without the receipt and the list of what did not count."""
    return [(s.subject, s.rank, s.rank_without_veto, s.total, s.provisional, s.items) for s in found.standings]


@QUICK
@given(made=documents(), span=spans, day=days)
def test_a_total_is_the_sum_of_its_entries(made: tuple[Edition, list[Event]], span: Span, day: date | None) -> None:
    edition, log = made
    sizes = {d.id: [i.id for i in d.items] for d in edition.scorecard.departments}
    inside = {name for names in sizes.values() for name in names}
    for standing in assess(edition, log, span, day=day).standings:
        by_id = {item.id: item for item in standing.items}
        for item in standing.items:
            assert item.base + sum(entry.points for entry in item.entries) == item.score
        assert sum(item.score for item in standing.items) == standing.total
        for department in standing.departments:
            assert department.score == sum(by_id[name].score for name in sizes[department.id])
        beside = sum(item.score for item in standing.items if item.id not in inside)  # a veto of the total too
        assert sum(department.score for department in standing.departments) + beside == standing.total


@QUICK
@given(made=documents(), span=spans, data=st.data())
def test_neither_order_nor_repetition_matters(
    made: tuple[Edition, list[Event]], span: Span, data: st.DataObject
) -> None:
    edition, log = made
    shuffled = data.draw(st.permutations([*log, *log[:3]]))
    assert repr(assess(edition, shuffled, span)) == repr(assess(edition, log, span))


@QUICK
@given(made=documents(), span=spans, data=st.data())
def test_a_withdrawal_restores_exactly(made: tuple[Edition, list[Event]], span: Span, data: st.DataObject) -> None:
    edition, log = made
    more = data.draw(logs(edition, max_size=6))
    # what is new stands by itself, so that its withdrawal leaves no trace in the old
    news = [replace(e, id=f"new-{e.id}", counters="", derived_from="", status=Status.NONE) for e in more]
    news = [e for e in news if edition_clause(edition, e).inputs().one_per.value == "any"]
    gone = [Event(id=f"w-{e.id}", date=e.date, subject=e.subject, status=Status.WITHDRAWN, counters=e.id) for e in news]
    assert scores(assess(edition, [*log, *news, *gone], span)) == scores(assess(edition, log, span))


def edition_clause(edition: Edition, logged: Event) -> Occurrence:
    (found,) = [c for c in edition.scorecard.clauses() if c.id == logged.clause]
    return found  # type: ignore[return-value]


@QUICK
@given(made=documents(), span=spans, known=moments, data=st.data())
def test_what_is_recorded_later_changes_no_earlier_knowledge(
    made: tuple[Edition, list[Event]], span: Span, known: datetime | None, data: st.DataObject
) -> None:
    edition, log = made
    assume(known is not None)
    later = [
        replace(e, id=f"late-{e.id}", counters=data.draw(st.sampled_from(["", *(o.id for o in log)])), recorded=LATE)
        for e in data.draw(logs(edition, max_size=6))
    ]
    before, after = (assess(edition, some, span, known=known) for some in (log, [*log, *later]))
    assert scores(before) == scores(after)
    assert (before.warnings, before.not_counted) == (after.warnings, after.not_counted)


@QUICK
@given(made=documents(), span=spans)
def test_a_day_after_everything_is_no_day(made: tuple[Edition, list[Event]], span: Span) -> None:
    edition, log = made
    assert scores(assess(edition, log, span, day=date(2021, 12, 31))) == scores(assess(edition, log, span))


@QUICK
@given(made=documents(), span=spans, day=days)
def test_ranks_follow_from_totals(made: tuple[Edition, list[Event]], span: Span, day: date | None) -> None:
    edition, log = made
    standings = assess(edition, log, span, day=day).standings
    for one in standings:
        better = {
            other.subject: other.total
            for other in standings
            if (not other.vetoed, other.total) > (not one.vetoed, one.total)
        }
        dense = edition.scorecard.ranking.ties == "dense"
        ahead = {(s.vetoed, s.total) for s in standings if s.subject in better} if dense else better
        assert one.rank == 1 + len(ahead)


@QUICK
@given(made=documents(), span=spans, day=days)
def test_no_item_leaves_its_bounds(made: tuple[Edition, list[Event]], span: Span, day: date | None) -> None:
    edition, log = made
    items = {item.id: item for item in edition.scorecard.items()}
    for standing in assess(edition, log, span, day=day).standings:
        for found in (f for f in standing.items if f.id in items):
            item = items[found.id]
            if item.floor == "zero":
                assert found.score >= 0
            if item.ceiling == "points":
                assert found.score <= item.points + item.bonus


@QUICK
@given(made=documents(), span=spans, day=days)
def test_a_cap_takes_back_no_more_than_there_was(
    made: tuple[Edition, list[Event]], span: Span, day: date | None
) -> None:
    edition, log = made
    for standing in assess(edition, log, span, day=day).standings:
        for entry in (e for item in standing.items for e in item.entries):
            if entry.kind is EntryKind.CLAUSE and entry.counted is not None:
                assert abs(entry.counted) <= abs(entry.points)
                assert entry.counted * entry.points >= 0
            for part in entry.swallowed:
                assert 0 <= part.points <= part.of


@QUICK
@given(edition=editions(occurrence()), data=st.data())
def test_a_year_does_not_know_its_months(edition: Edition, data: st.DataObject) -> None:
    assume(not any(isinstance(c, Multiplier) for c in edition.scorecard.clauses()))
    # what counts again, or once with a figure of its own, goes by date: such clauses are left out
    dated = (c.again or c.per == "value" for c in edition.scorecard.clauses() if isinstance(c, Occurrence))
    assume(not any(dated))
    log = data.draw(logs(edition))
    moved = [replace(e, date=data.draw(st.dates(date(2020, 1, 1), date(2020, 12, 31))), period=None) for e in log]
    assert totals(assess(edition, moved, YEAR)) == totals(assess(edition, log, YEAR))


def test_a_year_is_not_the_sum_of_its_months() -> None:
    # 9 x 0.5 in January and again in February: 4 points of CG-A are lost once, not twice; 6 - 4
    log = [event(f"e{m}", "ziyuan", "CG-A2", f"2020-0{m}-09", count=9) for m in (1, 2)]
    for span in (Span.month(2020, 1), Span.month(2020, 2), Span.through(2020, 2), YEAR):
        (standing,) = [s for s in assess(houjiatang(), log, span).standings if s.subject == "ziyuan"]
        assert standing.items[0].score == 2


def plain_deductions() -> list[str]:
    """Return the clauses of the document of which one more event can only cost: no bonus, no overlap, no rank."""
    book = houjiatang().rulebook
    tied = {name for o in book.overlaps for name in (*o.together, o.prevails, *o.over)}
    return [
        c.id
        for item in book.items()
        if item.id != "DJ"
        for c in item.all_clauses()
        if isinstance(c, (Occurrence, Amount)) and c.sign < 0 and c.id not in tied
    ]


@QUICK
@given(log=logs(houjiatang()), span=spans, data=st.data())
def test_another_deduction_raises_nobody(log: list[Event], span: Span, data: st.DataObject) -> None:
    (more, *_) = data.draw(logs(houjiatang(), clauses=plain_deductions()).filter(bool))
    more = replace(more, id="new", counters="", derived_from="", status=Status.CONFIRMED)
    before, after = (totals(assess(houjiatang(), some, span)) for some in (log, [*log, more]))
    assert after[more.subject] <= before[more.subject]
    assert {**after, more.subject: 0} == {**before, more.subject: 0}


@QUICK
@given(made=documents(), span=spans, data=st.data())
def test_each_subject_stands_by_itself(made: tuple[Edition, list[Event]], span: Span, data: st.DataObject) -> None:
    edition, log = made

    def relative(item: Item) -> bool:
        return any(isinstance(c, (Multiplier, Relative, Score)) for c in item.all_clauses())

    (subject,) = data.draw(st.permutations(edition.roster))[:1]
    apart = {item.id for item in edition.scorecard.items() if not relative(item)}
    whose = {e.id: e.subject for e in log}
    log = [e for e in log if {whose.get(name, e.subject) for name in (e.counters, e.derived_from)} == {e.subject}]
    mine = [e for e in log if e.subject == subject.id]
    (all_of,) = [s for s in assess(edition, log, span).standings if s.subject == subject.id]
    (alone,) = assess(edition, mine, span, roster=(subject,)).standings
    assert [i for i in alone.items if i.id in apart] == [i for i in all_of.items if i.id in apart]


@QUICK
@given(made=documents(), span=spans)
def test_vetoed_subjects_are_last(made: tuple[Edition, list[Event]], span: Span) -> None:
    edition, log = made
    last = {c.id for c in edition.scorecard.clauses() if isinstance(c, Veto) and c.rank == "last"}
    found = assess(edition, log, span)
    for standing in found.standings:
        if standing.vetoed:
            assert last
            assert all(other.vetoed or other.rank < standing.rank for other in found.standings)


def test_the_same_bytes_whatever_the_seed_of_the_hashes() -> None:
    program = (
        "import sys; sys.path.insert(0, 'bench'); sys.path.insert(0, 'tests')\n"
        "from oracle_time import office_events\n"
        "from oracle.sample import houjiatang\n"
        "from appraisal.assess import assess\n"
        "from appraisal.model.periods import Span\n"
        "from hashlib import sha256\n"
        "found = assess(houjiatang(), office_events(houjiatang(), 600, 1), Span.whole(2020))\n"
        "print(sha256(repr(found).encode()).hexdigest())\n"
    )
    found = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed},
            cwd=Path(__file__).parents[1],
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for seed in ("0", "1", "2")
    }
    assert len(found) == 1


@pytest.mark.parametrize("step", [timedelta(days=0), timedelta(days=1)])
def test_a_correction_replaces_the_first_value(step: timedelta) -> None:
    edition = rulebook(
        {"id": "I", "clauses": [clause("A", "grade", levels={"甲": {"deduct": "1"}, "乙": {"deduct": "2"}})]}
    )
    first = event("e1", "s1", "A", level="甲")
    second = replace(event("e2", "s1", "A", level="乙", counters="e1"), date=first.date + step)

    def left(some: Iterable[Event]) -> Fraction:
        return totals(assess(edition, list(some), YEAR))["s1"]

    assert (left([first]), left([first, second])) == (4, 3)
