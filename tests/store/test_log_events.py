"""What goes into a log comes out of it, once, all or nothing, as it was known: in every database alike."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from making import (
    FULL,
    NOW,
    InSqlite,
    OnPostgres,
    any_event,
    codes,
    made,
    many,
    moments,
    own_office,
    put,
)

from appraisal.errors import RefusedError
from appraisal.model.edition import Edition
from appraisal.model.event import Event
from appraisal.model.ledger import resolve
from appraisal.model.periods import Period
from appraisal.store.log import Log


class EventsContract:
    """What the log keeps and gives back."""

    # What goes in comes out

    def test_an_event_comes_back_as_it_went_in_with_every_field(self, log: Log) -> None:
        event = replace(FULL, counters="e0", follows="e0")
        empty = [f.name for f in fields(Event) if not getattr(event, f.name)]
        assert empty == []  # a new field of Event must be filled above, and so be kept
        put(log, made("e0"), event)
        assert log.events("o")[1] == event
        assert list(log.events("o")[1].facts.items()) != []

    @given(events=st.lists(any_event(), max_size=6, unique_by=lambda e: e.id))
    @many
    def test_any_event_at_all_comes_back_and_the_chain_holds(self, log: Log, events: list[Event]) -> None:
        office = own_office(log)
        put(log, *events, office=office)
        assert log.events(office) == events
        assert log.verify(office) == ()

    def test_text_that_looks_like_a_number_stays_text(self, log: Log) -> None:
        put(log, made("e1", facts={"level": "0.5"}), made("e2", facts={"value": Fraction("0.5")}))
        assert [type(e.facts.get("level", e.facts.get("value"))) for e in log.events("o")] == [str, Fraction]

    # Twice is once; order does not matter

    def test_the_same_again_is_ignored_and_the_log_stays_as_it_is(self, log: Log) -> None:
        first = put(log, FULL)
        again = put(log, FULL, replace(FULL, facts=dict(FULL.facts)), now=NOW + timedelta(days=9))
        assert (first.appended, first.ignored) == (1, 0)
        assert (again.appended, again.ignored, again.head) == (0, 2, first.head)

    def test_a_count_of_one_says_the_same_as_none(self, log: Log) -> None:
        put(log, made("e1", facts={"count": 1}))
        assert put(log, made("e1")).ignored == 1

    @given(data=st.data())
    @many
    def test_any_order_in_any_batches_with_repeats_gives_the_same_events(self, log: Log, data: st.DataObject) -> None:
        events = data.draw(st.lists(any_event(), min_size=1, max_size=6, unique_by=lambda e: e.id))
        counters = [replace(made(f"c-{e.id}"), counters=e.id) for e in events[:2]]
        office = own_office(log)
        for event in data.draw(st.permutations([*events, *events])):
            put(log, event, office=office)
        for part in data.draw(st.permutations([counters, [*counters, *events], counters[:1]])):
            put(log, *part, office=office)
        assert {e.canonical() for e in log.events(office)} == {e.canonical() for e in [*events, *counters]}
        assert log.head(office).position == len(events) + len(counters)
        assert log.verify(office) == ()

    # All or nothing

    def test_one_id_with_two_contents_is_refused_and_nothing_is_appended(self, log: Log) -> None:
        put(log, made("e1"))
        before = log.head("o")
        with pytest.raises(RefusedError) as refused:
            put(log, made("e2"), made("e1", facts={"count": 2}), made("e3"), made("e3", note="别的"))
        assert codes(refused) == ["L005", "L006"]
        assert log.head("o") == before
        assert [e.id for e in log.events("o")] == ["e1"]

    def test_the_same_event_under_another_rulebook_is_another(self, log: Log) -> None:
        put(log, made("e1"))
        with pytest.raises(RefusedError) as refused:
            log.append("o", [made("e1")], rulebook="other", now=NOW)
        assert [(f.code, f.args["columns"]) for f in refused.value.findings] == [("L005", "rulebook")]

    def test_what_fails_in_the_middle_leaves_nothing(self, log: Log) -> None:
        def power_cut(_done: int, _all: int) -> None:
            raise InterruptedError

        before = put(log, made("e0")).head
        with pytest.raises(InterruptedError):
            put(log, *(made(f"e{n}") for n in range(1, 1500)), progress=power_cut)
        assert log.head("o") == before
        assert [e.id for e in log.events("o")] == ["e0"]
        assert put(log, made("e1")).appended == 1
        assert log.verify("o") == ()

    def test_an_event_counters_one_of_the_log_or_of_its_batch_only(self, log: Log) -> None:
        put(log, made("c1", counters="e1"), made("e1"))
        put(log, made("c2", counters="c1"))
        for target in ("nobody", "c3"):
            with pytest.raises(RefusedError) as refused:
                put(log, made("c3", counters=target), made("e4"))
            assert codes(refused) == ["L007"]
        assert log.head("o").position == 3

    def test_a_period_has_one_value_until_it_is_countered(self, log: Log, small: Edition) -> None:
        rate = made("r1", clause="CG-B1", facts={"value": Fraction("0.7")})
        put(log, rate, rules=small.rulebook)
        other = replace(rate, id="r2", date=date(2020, 3, 30), facts={"value": Fraction("0.9")})
        with pytest.raises(RefusedError) as refused:
            put(log, other, rules=small.rulebook)
        assert codes(refused) == ["L008"]
        put(
            log,
            replace(other, id="r3", date=date(2020, 4, 1)),
            replace(other, id="r4", subject="s2"),
            rules=small.rulebook,
        )
        put(log, made("c1", clause="", counters="r1"), other, rules=small.rulebook)
        with pytest.raises(RefusedError) as refused:  # it would hold again beside the second
            put(log, made("c2", clause="", counters="c1"), rules=small.rulebook)
        assert codes(refused) == ["L008"]
        back = [made("c2", clause="", counters="c3"), made("c3", clause="", counters="c1")]
        put(log, *back, rules=small.rulebook)  # the first withdrawal of the withdrawal is withdrawn at once
        assert resolve(log.events("o"), small.rulebook).conflicts == ()

    def test_progress_is_told_to_the_end(self, log: Log) -> None:
        told: list[tuple[int, int]] = []
        put(log, *(made(f"e{n}") for n in range(2500)), progress=lambda done, all_: told.append((done, all_)))
        assert told == [(1000, 2500), (2000, 2500), (2500, 2500)]

    # Known when

    @given(events=st.lists(any_event(), max_size=6, unique_by=lambda e: e.id), moment=moments)
    @many
    def test_what_was_known_then(self, log: Log, events: list[Event], moment: datetime) -> None:
        office = own_office(log)
        put(log, *events, office=office)
        assert log.events(office, known=moment) == [e for e in events if e.known_at <= moment]
        assert log.events(office, known=2) == events[:2]

    def test_a_year_is_read_on_whatever_other_offices_derive(self, log: Log) -> None:
        log.add_office("p")
        put(log, made("e1"))
        first = log.head("o").position
        log.append("p", [made("i1", clause=""), made("i1~r", derived_from="i1")], rulebook="small", now=NOW)
        put(log, made("e2"))
        more = log.year("o", "small", 2020, after=first)
        assert more is not None
        assert [line.event.id for line in more] == ["e2"]
        assert [line.event.id for line in log.year("o", "small", 2020) or ()] == ["e1", "e2"]

    def test_a_year_comes_with_what_counters_its_events_and_what_they_came_from(self, log: Log) -> None:
        put(
            log,
            made("e19", date=date(2019, 5, 1)),
            made("t19", date=date(2019, 12, 31), clause="", kind="bulletin"),
            made("e20", derived_from="t19"),
            made("c21", date=date(2021, 1, 5), clause="", counters="t19"),
            made("d21", date=date(2021, 1, 6), clause="", counters="c21"),
            made("late", date=date(2021, 1, 6), period=Period(2020, 12)),
            made("e21", date=date(2021, 1, 6)),
        )
        assert [e.id for e in log.events("o", year=2020)] == ["t19", "e20", "c21", "d21", "late"]
        assert [e.id for e in log.events("o", year=2020, known=4)] == ["t19", "e20", "c21"]
        assert log.events("o", year=2020, rulebook="other") == []

    def test_lines_are_listed_by_subject_clause_and_moment(self, log: Log) -> None:
        put(log, made("e1"), made("e2", subject="s2"), made("e3", clause="CG-A2"))
        put(log, made("e4"), now=NOW + timedelta(hours=1))
        assert [(x.position, x.event.id, x.appended_at) for x in log.lines("o", limit=2)] == [
            (3, "e3", NOW),
            (4, "e4", NOW + timedelta(hours=1)),
        ]
        assert [x.event.id for x in log.lines("o", subject="s2")] == ["e2"]
        assert [x.event.id for x in log.lines("o", clause="CG-A1", subject="s1")] == ["e1", "e4"]
        assert [x.event.id for x in log.lines("o", since=NOW + timedelta(minutes=1))] == ["e4"]

    # Offices

    def test_offices_share_nothing(self, log: Log) -> None:
        log.add_office("p", "另一示例街道")
        log.add_office("o", "改名无效")
        put(log, made("e1"))
        put(log, made("e1", subject="s2"), office="p")
        assert log.offices() == {"o": "示例街道", "p": "另一示例街道"}
        assert [e.subject for e in log.events("p")] == ["s2"]
        assert log.head("o").hash != log.head("p").hash
        for ask in (log.head, log.events, log.verify, log.adoptions, log.lines):
            with pytest.raises(RefusedError) as refused:
                ask("nobody")
            assert codes(refused) == ["L010"]


class TestSqlite(InSqlite, EventsContract):
    """In a file."""


@pytest.mark.postgres
class TestPostgres(OnPostgres, EventsContract):
    """On a server."""
