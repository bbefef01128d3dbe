"""What every log does, whatever database it lies in: one contract, each database only supplies itself."""

from __future__ import annotations

import random
import signal
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields, replace
from datetime import date, datetime, timedelta
from fractions import Fraction
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from making import NOW, SMALL, adopt, any_event, change, corrected, made, moments, put, python, unguard
from sqlalchemy.exc import DatabaseError

from appraisal.errors import InternalError, RefusedError
from appraisal.model.edition import Edition
from appraisal.model.event import Event, Status
from appraisal.model.ledger import resolve
from appraisal.model.periods import Period
from appraisal.reading.rulebook import read_rulebook
from appraisal.store.adoptions import Version
from appraisal.store.lines import Head, without_private
from appraisal.store.log import Log, open_log
from appraisal.store.rows import EVENT, VERSION

many = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[  # one database for all examples is meant, and one contract for several databases
        HealthCheck.function_scoped_fixture,
        HealthCheck.differing_executors,
        HealthCheck.too_slow,
    ],
)
FULL = made(
    "e1",
    period=Period(2020, 2),
    kind="bulletin",
    matter="甲事",
    status=Status.CONFIRMED,
    note="示例：张某来电",
    recorded=datetime.fromisoformat("2020-03-10T08:00:00.000005"),
    derived_from="t1",
    facts={"count": 1, "level": "不良影响", "value": Fraction(1, 14), "benchmark": Fraction("0.70"), "x_tel": "示例"},
)

_offices = count(1)


def codes(refused: pytest.ExceptionInfo[RefusedError]) -> list[str]:
    return [finding.code for finding in refused.value.findings]


def own_office(log: Log) -> str:
    office = f"o{next(_offices)}"
    log.add_office(office)
    return office


class LogContract:
    """The laws of the log."""

    # What goes in comes out

    def test_an_event_comes_back_as_it_went_in_with_every_field(self, log: Log) -> None:
        event = replace(FULL, counters="e0")
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
        clauses = {clause.id: clause for clause in small.rulebook.clauses()}
        rate = made("r1", clause="CG-B1", facts={"value": Fraction("0.7")})
        put(log, rate, clauses=clauses)
        other = replace(rate, id="r2", date=date(2020, 3, 30), facts={"value": Fraction("0.9")})
        with pytest.raises(RefusedError) as refused:
            put(log, other, clauses=clauses)
        assert codes(refused) == ["L008"]
        put(log, replace(other, id="r3", date=date(2020, 4, 1)), replace(other, id="r4", subject="s2"), clauses=clauses)
        put(log, made("c1", clause="", counters="r1"), other, clauses=clauses)
        with pytest.raises(RefusedError) as refused:  # it would hold again beside the second
            put(log, made("c2", clause="", counters="c1"), clauses=clauses)
        assert codes(refused) == ["L008"]
        back = [made("c2", clause="", counters="c3"), made("c3", clause="", counters="c1")]
        put(log, *back, clauses=clauses)  # the first withdrawal of the withdrawal is withdrawn at once
        assert resolve(log.events("o"), clauses).conflicts == ()

    def test_progress_is_told_to_the_end(self, log: Log) -> None:
        told: list[tuple[int, int]] = []
        put(log, *(made(f"e{n}") for n in range(2500)), progress=lambda done, all_: told.append((done, all_)))
        assert told == [(1000, 2500), (2000, 2500), (2500, 2500)]

    # Never edit

    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE event SET public = '{}'",
            "UPDATE event SET subject = 's2', private = NULL, salt = NULL",
            'UPDATE event SET private = \'{"note":"x"}\'',
            "UPDATE event SET position = position + 10",
            "DELETE FROM event",
            "DELETE FROM office",
            "UPDATE adoption SET public = '{}'",
            "DELETE FROM adoption",
            "UPDATE rulebook_version SET sha256 = 'x'",
            "DELETE FROM rulebook_version",
        ],
    )
    def test_the_database_itself_refuses_to_change_a_line(self, log: Log, small: Edition, statement: str) -> None:
        put(log, FULL)
        adopt(log, small)
        with pytest.raises(DatabaseError, match="append-only"):
            change(log, statement)
        assert log.events("o") == [FULL]
        assert log.verify("o") == ()

    def test_a_private_part_can_be_erased_and_nothing_else(self, log: Log) -> None:
        put(log, FULL, made("e2", note="示例"))
        log.erase("o", "e1")
        told = {k: v for k, v in FULL.facts.items() if k != "x_tel"}
        assert log.events("o") == [replace(FULL, note="", facts=told), made("e2", note="示例")]
        assert log.line("o", "e1").erased
        assert log.verify("o") == ()
        assert put(log, FULL).ignored == 1  # what is gone cannot be compared; the open part is the same
        with pytest.raises(DatabaseError, match="append-only"):
            change(log, "UPDATE event SET private = '{}', salt = 'x' WHERE event_id = 'e1'")
        with pytest.raises(RefusedError) as refused:
            put(log, replace(FULL, subject="s2"))
        assert codes(refused) == ["L005"]

    @given(events=st.lists(any_event(), min_size=1, max_size=5, unique_by=lambda e: e.id), data=st.data())
    @many
    def test_whatever_is_erased_the_chain_holds_and_the_open_part_stays(
        self, log: Log, events: list[Event], data: st.DataObject
    ) -> None:
        office = own_office(log)
        put(log, *events, office=office)
        gone = data.draw(st.sets(st.sampled_from([e.id for e in events])))
        for event_id in gone:
            log.erase(office, event_id)
        assert log.events(office) == [without_private(e) if e.id in gone else e for e in events]
        assert all(
            not e.note and not any(k.startswith("x_") for k in e.facts) for e in log.events(office) if e.id in gone
        )
        assert log.verify(office, anchor=log.head(office)) == ()

    # The chain

    @pytest.mark.parametrize(
        ("column", "value", "code"),
        [
            ("public", "{}", "L030"),
            ("private_hash", "0" * 64, "L030"),
            ("hash", "0" * 64, "L030"),
            ("prev_hash", "0" * 64, "L032"),
            ("private", '{"note":"别的"}', "L031"),
            ("private", None, "L031"),
            ("salt", "00", "L031"),
            ("salt", None, "L031"),
            ("event_id", "e9", "L034"),
            ("rulebook", "other", "L034"),
            ("year", 2019, "L034"),
            ("subject", "s3", "L034"),
            ("clause", "CG-A2", "L034"),
            ("counters", "e1", "L034"),
            ("derived_from", "e1", "L034"),
            ("appended_at", "2020-07-01T09:31:00", "L034"),
        ],
    )
    def test_an_altered_column_is_found_in_its_line(self, log: Log, column: str, value: object, code: str) -> None:
        put(log, *(made(f"e{n}", note="示例") for n in range(1, 6)))
        unguard(log)
        change(log, f"UPDATE event SET {column} = :value WHERE position = 3", value=value)  # noqa: S608  our own words
        (finding,) = log.verify("o")
        assert (finding.code, finding.args["position"]) == (code, "3")

    @given(data=st.data())
    @many
    def test_any_altered_character_of_any_line_is_found_in_its_line(self, log: Log, data: st.DataObject) -> None:
        office = own_office(log)
        put(log, *(made(f"e{n}", note="示例", facts={"x_a": "b"}) for n in range(1, 5)), office=office)
        unguard(log)
        at = data.draw(st.integers(1, 4))
        column = data.draw(st.sampled_from(["public", "private", "salt", "private_hash", "prev_hash", "hash"]))
        with log._engine.connect() as connection:
            row = connection.execute(EVENT.select().where(EVENT.c.office_id == office, EVENT.c.position == at)).one()
            old = row._mapping[column]
        spot = data.draw(st.integers(0, len(old) - 1))
        new = old[:spot] + ("1" if old[spot] == "0" else "0") + old[spot + 1 :]
        where = "WHERE office_id = :office AND position = :at"
        change(log, f"UPDATE event SET {column} = :new {where}", new=new, office=office, at=at)  # noqa: S608
        (finding,) = log.verify(office)
        assert finding.args["position"] == str(at)

    def test_a_line_rewritten_with_its_seal_breaks_the_next_link(self, log: Log) -> None:
        put(log, made("e1"), made("e2"), made("e3"))
        log.add_office("forger")
        put(log, made("e1"), made("e2", facts={"count": 9}), office="forger")
        unguard(log)
        change(log, "DELETE FROM event WHERE office_id = 'o' AND position = 2")
        change(log, "UPDATE event SET office_id = 'o' WHERE office_id = 'forger' AND position = 2")
        (finding,) = log.verify("o")
        assert (finding.code, finding.args["position"]) == ("L032", "2")

    def test_a_deleted_line_is_a_gap(self, log: Log) -> None:
        put(log, *(made(f"e{n}") for n in range(1, 6)))
        unguard(log)
        change(log, "DELETE FROM event WHERE position = 3")
        (finding,) = log.verify("o")
        assert (finding.code, finding.args["missing"], finding.args["after"]) == ("L033", "3", "e2")

    def test_a_cut_tail_shows_and_an_anchor_shows_it_even_where_the_head_was_moved(self, log: Log) -> None:
        head = put(log, made("e1"), made("e2")).head
        anchor = put(log, made("e3")).head
        unguard(log)
        change(log, "DELETE FROM event WHERE position = 3")
        assert [f.code for f in log.verify("o")] == ["L035"]
        change(log, "UPDATE office SET head_position = 2, head_hash = :hash", hash=head.hash)
        assert log.verify("o") == ()
        assert [f.code for f in log.verify("o", anchor=anchor)] == ["L036"]
        assert log.verify("o", anchor=head) == ()

    @pytest.mark.parametrize("left", range(4))
    def test_a_tail_cut_anywhere_shows_against_the_head(self, log: Log, left: int) -> None:
        put(log, *(made(f"e{n}") for n in range(1, 5)))
        unguard(log)
        change(log, "DELETE FROM event WHERE position > :left", left=left)
        (finding,) = log.verify("o")
        assert (finding.code, finding.args["position"], finding.args["head"]) == ("L035", str(left), "4")

    @pytest.mark.parametrize("column", ["head_hash = 'x'", "head_position = 1", "head_position = 3"])
    def test_a_head_altered_by_hand_shows(self, log: Log, column: str) -> None:
        put(log, made("e1"), made("e2"))
        change(log, f"UPDATE office SET {column}")  # noqa: S608  our own words
        assert [f.code for f in log.verify("o")] == ["L035"]

    def test_an_anchor_of_an_earlier_head_holds_as_the_log_grows(self, log: Log) -> None:
        anchors = [log.head("o"), put(log, made("e1")).head, put(log, made("e2"), made("e3")).head]
        assert [log.verify("o", anchor=anchor) for anchor in anchors] == [()] * 3
        assert [f.code for f in log.verify("o", anchor=Head(position=1, hash=anchors[2].hash))] == ["L036"]

    # Known when

    @given(events=st.lists(any_event(), max_size=6, unique_by=lambda e: e.id), moment=moments)
    @many
    def test_what_was_known_then(self, log: Log, events: list[Event], moment: datetime) -> None:
        office = own_office(log)
        put(log, *events, office=office)
        assert log.events(office, known=moment) == [e for e in events if e.known_at <= moment]
        assert log.events(office, known=2) == events[:2]

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

    # Many at once

    def test_many_processes_append_at_once_and_nothing_is_lost(self, log: Log, url: str) -> None:
        workers = [python("appending.py", url, "each", f"w{n}", "25") for n in range(4)]
        for worker in workers:
            _, errors = worker.communicate(timeout=120)
            assert worker.returncode == 0, errors
        assert {e.id for e in log.events("o")} == {f"w{n}-{k}" for n in range(4) for k in range(25)}
        assert log.head("o").position == 100
        assert log.verify("o") == ()

    def test_two_processes_take_in_the_same_events_and_each_is_there_once(self, log: Log, url: str) -> None:
        workers = [python("appending.py", url, "all", "same", "3000") for _ in range(2)]
        told = [worker.communicate(timeout=120) for worker in workers]
        assert [worker.returncode for worker in workers] == [0, 0], told
        assert sorted(out.split()[-1] for out, _ in told) == ["0", "3000"]
        assert log.head("o").position == 3000
        assert log.verify("o") == ()

    def test_a_fresh_database_is_made_once_by_many(self, fresh_url: str) -> None:
        workers = [python("appending.py", fresh_url, "each", f"w{n}", "1") for n in range(4)]
        for worker in workers:
            _, errors = worker.communicate(timeout=120)
            assert worker.returncode == 0, errors
        with open_log(fresh_url) as made_log:
            assert made_log.head("o").position == 4

    def test_a_writer_waits_for_its_turn_and_then_gives_up_with_a_word(self, log: Log, url: str) -> None:
        put(log, made("e1"))

        def hold(_done: int, _all: int) -> None:
            with open_log(url, patience=0.2) as other, pytest.raises(RefusedError) as refused:
                put(other, made("e3"))
            assert codes(refused) == ["L003"]
            assert [e.id for e in log.events("o")] == ["e1"]  # readers see what was kept, and do not wait

        put(log, made("e2"), progress=hold)
        assert [e.id for e in log.events("o")] == ["e1", "e2"]

    def test_threads_of_one_log_append_at_once(self, log: Log) -> None:
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda n: put(log, made(f"e{n}")), range(40)))
        assert log.head("o").position == 40
        assert log.verify("o") == ()

    # Killed in the middle

    @pytest.mark.usefixtures("log")
    def test_a_killed_import_leaves_nothing_or_everything(self, url: str) -> None:
        kill_imports(url, 4)

    @pytest.mark.torture
    @pytest.mark.usefixtures("log")
    def test_hundreds_of_killed_imports_leave_nothing_or_everything(self, url: str) -> None:
        kill_imports(url, 200)

    # Adoptions

    def test_the_date_picks_the_adoption_and_outside_there_is_none(self, log: Log, small: Edition) -> None:
        first = adopt(log, small)
        assert log.adoption("o", Period(2020, 12)) == log.adoption("o", Period(2020), "small") == first
        assert log.adoption("o", date(2020, 12, 31)) == first
        for outside in (date(2021, 1, 1), Period(2019, 12), Period(2021)):
            with pytest.raises(RefusedError) as refused:
                log.adoption("o", outside)
            assert codes(refused) == ["L022"]

    def test_a_correction_adopts_the_whole_year_again_and_the_first_line_stays(self, log: Log, small: Edition) -> None:
        first = adopt(log, small)
        edition, version = corrected()
        with pytest.raises(RefusedError) as refused:
            log.adopt("o", edition, version, now=NOW, valid_from=date(2020, 7, 1))
        assert codes(refused) == ["L021"]
        second = log.adopt("o", edition, version, now=NOW)
        assert log.adoption("o", Period(2020, 1)) == second
        assert log.adoptions("o") == (first, second)
        assert (log.edition(first).hash, log.edition(second).hash) == (small.hash, edition.hash)
        assert log.edition(first) == small
        assert log.verify("o") == ()

    def test_an_adoption_keeps_its_roster_and_its_readings(self, log: Log) -> None:
        edition = read_rulebook(SMALL, readings={"R01": "added"})
        roster = edition.roster[:2]
        line = log.adopt("o", edition, Version.load(SMALL, edition), now=NOW, roster=roster)
        assert log.adoptions("o") == (line,)
        assert (line.roster, dict(line.readings)) == (roster, {"R01": "added"})
        assert log.edition(line) == edition

    def test_a_rulebook_is_read_from_the_bytes_that_were_adopted_or_not_at_all(self, log: Log, small: Edition) -> None:
        _, other = corrected()
        with pytest.raises(InternalError):
            log.adopt("o", small, other, now=NOW)
        line = adopt(log, small)
        unguard(log, "rulebook_version")
        with log._engine.connect().execution_options(writing=True) as connection, connection.begin():
            connection.execute(VERSION.update().values(file=other.file))
        with pytest.raises(InternalError):
            log.edition(line)

    @pytest.mark.parametrize(
        ("table", "statement", "code"),
        [
            ("adoption", "UPDATE adoption SET public = replace(public, '2020-12-31', '2020-12-30')", "L037"),
            ("adoption", "UPDATE adoption SET prev_hash = 'x'", "L037"),
            ("adoption", "DELETE FROM adoption", "L039"),
            ("rulebook_version", "UPDATE rulebook_version SET file = source", "L038"),
            ("rulebook_version", "UPDATE rulebook_version SET source = file", "L038"),
            ("rulebook_version", "UPDATE rulebook_version SET sha256 = 'x'", "L038"),
        ],
    )
    def test_an_altered_adoption_or_rulebook_is_found(
        self, log: Log, small: Edition, table: str, statement: str, code: str
    ) -> None:
        adopt(log, small)
        unguard(log, table)
        change(log, statement)
        assert [f.code for f in log.verify("o")] == [code]


def kill_imports(url: str, times: int) -> None:
    """Kill an import at another moment each time; the log has nothing of it, or all, and still holds."""
    size, outcomes = 4000, set()
    for turn in range(times):
        name = f"k{turn}"
        worker = python("appending.py", url, "all", name, str(size), "told")
        assert worker.stdout is not None
        assert worker.stdout.readline() == "1000\n"  # its first thousand is written, and nothing is kept yet
        time.sleep(random.Random(turn).uniform(0, 0.15))  # noqa: S311  any moment does
        worker.send_signal(signal.SIGKILL)
        worker.communicate(timeout=60)
        with open_log(url) as seen:
            count = len(seen.known_ids("o", [f"{name}-{k}" for k in range(size)]))
            assert count in {0, size}
            outcomes.add(count)
            if turn % 20 == 0 or turn == times - 1:
                assert seen.verify("o") == ()
    assert 0 in outcomes


class TestSqlite(LogContract):
    """In a file."""

    @pytest.fixture
    def url(self, tmp_path: Path) -> str:
        return f"sqlite:///{tmp_path / 'log.db'}"

    @pytest.fixture
    def fresh_url(self, tmp_path: Path) -> str:
        return f"sqlite:///{tmp_path / 'fresh.db'}"


@pytest.mark.postgres
class TestPostgres(LogContract):
    """On a server."""

    @pytest.fixture
    def url(self, postgres_server: Callable[[], str]) -> str:
        return postgres_server()

    @pytest.fixture
    def fresh_url(self, postgres_server: Callable[[], str]) -> str:
        return postgres_server()
