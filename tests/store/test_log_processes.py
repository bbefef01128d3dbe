"""Many processes at one log, and processes that are killed: in every database alike."""

from __future__ import annotations

import random
import signal
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from making import (
    InSqlite,
    OnPostgres,
    codes,
    made,
    put,
    python,
)

from appraisal.errors import RefusedError
from appraisal.store.log import Log, open_log


class ProcessesContract:
    """What holds when several write at once, or one dies."""

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


class TestSqlite(InSqlite, ProcessesContract):
    """In a file."""


@pytest.mark.postgres
class TestPostgres(OnPostgres, ProcessesContract):
    """On a server."""
