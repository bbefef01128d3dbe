"""The one writer: every answer comes after its commit, a refusal takes back only itself, nothing is lost."""

from __future__ import annotations

import signal
import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from making import NOW, InSqlite, OnPostgres, codes, made, python
from sqlalchemy import Connection, text

from appraisal.errors import RefusedError
from appraisal.model.edition import Edition
from appraisal.store.appending import Request
from appraisal.store.log import Log, open_log
from appraisal.store.writer import Writer


def request(*events: object, office: str = "o") -> Request:
    return Request(office=office, events=tuple(events), rulebook="small", now=NOW)  # type: ignore[arg-type]


class WriterContract:
    """What holds in every database."""

    @pytest.fixture
    def writer(self, log: Log):
        log.database.writer = Writer(log.database.engine)
        yield log.database.writer
        log.database.writer.close()

    @pytest.mark.usefixtures("writer")
    def test_many_threads_append_and_the_chain_holds(self, log: Log) -> None:
        log.add_office("p")

        def some(name: str) -> int:
            return sum(
                log.append("op"[n % 2], [made(f"{name}-{n}")], rulebook="small", now=NOW).appended for n in range(20)
            )

        with ThreadPoolExecutor(8) as pool:
            assert sum(pool.map(some, "abcdefgh")) == 160
        assert (log.verify("o"), log.verify("p")) == ((), ())
        assert (log.head("o").position, log.head("p").position) == (80, 80)

    def test_one_group_answers_each_with_its_own(self, log: Log, writer: Writer, small: Edition) -> None:
        rules = small.rulebook
        rate = made("r1", clause="CG-B1", facts={"value": Fraction(7, 10)})
        gate = threading.Event()
        waiting = writer.submit(request(made("e0")))
        hold = ThreadPoolExecutor(1).submit(writer.change, lambda _: gate.wait(5))
        time.sleep(0.05)  # what follows waits together, and so shares one transaction
        asked = [
            request(made("e1"), made("e2")),
            request(made("e1", note="另一件事")),  # an id with other content
            request(made("e1"), made("e2")),  # the same once more
            request(made("c1", clause="", counters="nothing")),
            replace(request(rate), rules=rules),
            replace(request(replace(rate, id="r2")), rules=rules),  # claims the same single value
            request(made("e3"), office="nowhere"),
            request(made("e4")),
        ]
        answers = [writer.submit(one) for one in asked]
        gate.set()
        hold.result()
        told = [a.exception(10).findings[0].code if a.exception(10) else a.result().appended for a in answers]
        assert told == [2, "L005", 0, "L007", 1, "L008", "L010", 1]
        assert waiting.result().appended == 1
        assert [e.id for e in log.events("o")] == ["e0", "e1", "e2", "e4", "r1"]
        assert log.verify("o") == ()

    def test_a_change_that_fails_takes_back_only_itself(self, log: Log, writer: Writer) -> None:
        def rename(name: str):
            def act(connection: Connection) -> None:
                connection.execute(text("UPDATE office SET name = :name WHERE id = 'o'"), {"name": name})
                if name == "坏":
                    raise ValueError(name)

            return act

        with ThreadPoolExecutor(2) as pool:
            good, bad = pool.submit(writer.change, rename("好")), pool.submit(writer.change, rename("坏"))
            with pytest.raises(ValueError, match="坏"):
                bad.result()
            good.result()
        assert log.offices() == {"o": "好"}

    def test_who_changed_is_told_after_the_commit(self, log: Log) -> None:
        seen: list[tuple[frozenset[str], int]] = []
        writer = Writer(log.database.engine, after=lambda offices: seen.append((offices, len(log.events("o")))))
        writer.append(request(made("e1")))
        writer.close()
        assert seen == [(frozenset({"o"}), 1)]  # the new line is there for whoever looks then

    def test_a_closed_writer_keeps_what_it_had_and_takes_no_more(self, log: Log) -> None:
        writer = Writer(log.database.engine)
        had = [writer.submit(request(made(f"e{n}"))) for n in range(300)]
        writer.close()
        assert all(one.result(0).appended == 1 for one in had)
        with pytest.raises(RefusedError) as refused:
            writer.append(request(made("late")))
        assert codes(refused) == ["L018"]
        assert len(log.events("o")) == 300

    def test_who_gives_up_waiting_does_not_stop_it(self, log: Log) -> None:
        writer, gate = Writer(log.database.engine), threading.Event()
        holding = writer.later(lambda _: gate.wait(5))
        given_up = [writer.submit(request(made("e1"))), writer.later(lambda _: None)]
        assert [one.cancel() for one in given_up] == [False, False]
        gate.set()
        assert holding.result(5)
        assert writer.append(request(made("e2"))).head.position == 2
        writer.close()

    def test_whatever_is_taken_while_it_closes_is_answered(self, log: Log) -> None:
        for _ in range(20):
            writer, taken = Writer(log.database.engine), []
            begun = threading.Barrier(3)

            def hand_in(writer: Writer = writer, taken: list[Future[object]] = taken, begun: Any = begun) -> None:
                begun.wait(5)
                with suppress(RefusedError):
                    taken.extend(writer.later(lambda _: None) for _ in range(50))

            with ThreadPoolExecutor(2) as pool:
                pool.submit(hand_in)
                pool.submit(hand_in)
                begun.wait(5)
                writer.close()
            assert {one.result(0) for one in taken} <= {None}


class TestSqlite(InSqlite, WriterContract):
    """The writer on a file."""


@pytest.mark.postgres
class TestPostgres(OnPostgres, WriterContract):
    """The writer on a server."""


def kill_while_writing(url: str, seconds: float) -> None:
    """Kill a process of many writers at some moment: what it said was kept is there, and the chain holds."""
    child = python("serving.py", url)
    assert child.stdout is not None
    assert child.stdout.readline() == "ready\n"
    time.sleep(seconds)
    child.send_signal(signal.SIGKILL)
    acknowledged = {line.strip() for line in child.stdout if line.endswith("\n")}
    child.wait()
    with open_log(url) as log:
        assert acknowledged <= log.known_ids("o")
        assert log.verify("o") == ()
    assert acknowledged


def test_killed_in_the_middle_of_writes_nothing_acknowledged_is_lost(sqlite_url: str) -> None:
    for round_ in range(3):
        kill_while_writing(sqlite_url, 0.1 + 0.07 * round_)


@pytest.mark.torture
def test_killed_hundreds_of_times_nothing_acknowledged_is_lost(sqlite_url: str) -> None:
    for round_ in range(200):
        kill_while_writing(sqlite_url, 0.05 + 0.013 * (round_ % 40))


def test_another_process_may_write_too(sqlite_url: str) -> None:
    with open_log(sqlite_url) as log:
        log.add_office("o")
        log.database.writer = Writer(log.database.engine)
        other = python("appending.py", sqlite_url, "each", "other", "40")
        for n in range(40):
            log.append("o", [made(f"mine-{n}")], rulebook="small", now=NOW)
        out, err = other.communicate(timeout=120)
        assert (out.strip(), err) == ("40", "")
        assert log.verify("o") == ()
        assert log.head("o").position == 80
        log.database.writer.close()


def test_a_full_disk_is_said_and_nothing_is_half_written(sqlite_url: str) -> None:
    with open_log(sqlite_url) as log:
        log.add_office("o")
        writer = log.database.writer = Writer(log.database.engine)
        pages = writer.change(lambda c: c.exec_driver_sql("PRAGMA page_count").scalar())
        writer.change(lambda c: c.exec_driver_sql(f"PRAGMA max_page_count = {pages + 8}"))
        answers = [writer.submit(request(made(f"e{n}", note="示例" * 50))) for n in range(2000)]
        failed = [error for one in answers if (error := one.exception())]
        kept = len(answers) - len(failed)
        assert {f.code for error in failed if isinstance(error, RefusedError) for f in error.findings} == {"L014"}
        assert "full" in str(failed[0])
        assert len(log.events("o")) == kept
        assert log.verify("o") == ()
        writer.change(lambda c: c.exec_driver_sql("PRAGMA max_page_count = 1000000"))
        assert writer.append(request(made("later"))).appended == 1  # it goes on once there is room
        writer.close()


def test_a_busy_database_is_said_and_the_writer_goes_on(sqlite_url: str) -> None:
    import sqlite3
    from contextlib import closing

    with open_log(sqlite_url, patience=0.2) as log:
        log.add_office("o")
        writer = log.database.writer = Writer(log.database.engine)
        with closing(sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(RefusedError) as refused:
                writer.append(request(made("e1")))
        assert codes(refused) == ["L003"]
        assert writer.append(request(made("e1"))).appended == 1
        writer.close()


def test_moments_of_one_group_stay_their_own(sqlite_url: str) -> None:
    with open_log(sqlite_url) as log:
        log.add_office("o")
        writer = Writer(log.database.engine)
        times = [NOW.replace(minute=n) for n in range(20)]
        told = [writer.submit(replace(request(made(f"e{n}")), now=at)) for n, at in enumerate(times)]
        [one.result() for one in told]
        writer.close()
        assert [line.appended_at for line in log.lines("o")] == times
