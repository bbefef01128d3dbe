"""Keys of requests: kept with the lines that come of them, in one transaction; used again, they do nothing twice."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from making import NOW, InSqlite, OnPostgres, change, codes, made
from sqlalchemy import func, select

from appraisal.errors import RefusedError
from appraisal.model.event import Event
from appraisal.store.account_rows import REQUEST
from appraisal.store.appending import AppendResult, Request
from appraisal.store.audit import Audit, Trace
from appraisal.store.log import Log, open_log
from appraisal.store.requests import Key, Requests
from appraisal.store.writer import Writer


def key(name: str = "k", told: str = "f") -> Key:
    return Key(account="u1", name=name, fingerprint=told)


def asked(*events: Event, under: Key | None = None, office: str = "o", hours: int = 0) -> Request:
    now = NOW + timedelta(hours=hours)
    trace = Trace(at=now, actor="u1", action="submitted", office=office, target=events[0].id)
    return Request(office=office, events=events, rulebook="small", now=now, traces=(trace,), key=under or key())


def keys(log: Log) -> int:
    with log.database.reading() as connection:
        return int(connection.execute(select(func.count()).select_from(REQUEST)).scalar_one())


def told(answer: AppendResult | None, error: BaseException | None) -> object:
    if isinstance(error, RefusedError):
        return error.findings[0].code
    return (answer.appended, answer.ignored) if answer else error


class KeysContract:
    """What holds in every database."""

    def test_a_retry_is_ignored_whatever_its_moment_and_leaves_no_second_trace(self, log: Log) -> None:
        first = log.request(asked(made("e1", recorded=NOW)))
        again = log.request(asked(made("e1", recorded=NOW + timedelta(hours=1)), hours=1))
        assert ((first.appended, first.ignored), (again.appended, again.ignored)) == ((1, 0), (0, 1))
        assert [line.event.recorded for line in log.lines("o")] == [NOW]
        assert len(Audit(log.database).lines()) == 1

    def test_a_key_of_something_else_is_refused_and_nothing_is_appended(self, log: Log) -> None:
        log.request(asked(made("e1")))
        with pytest.raises(RefusedError) as refused:
            log.request(asked(made("e2"), under=key(told="other")))
        assert codes(refused) == ["H029"]
        assert [event.id for event in log.events("o")] == ["e1"]

    def test_what_is_refused_leaves_its_key_free(self, log: Log) -> None:
        with pytest.raises(RefusedError) as refused:
            log.request(asked(made("e1", clause="", counters="nothing")))
        assert (codes(refused), keys(log)) == (["L007"], 0)
        assert log.request(asked(made("e1"), under=key(told="mended"))).appended == 1

    def test_a_key_that_was_noted_before_its_lines_came_takes_them(self, log: Log) -> None:
        """As an older version left it that was killed between the two."""
        Requests(log.database).begin(key(), now=NOW)
        assert log.request(asked(made("e1"))).appended == 1
        assert keys(log) == 1

    def test_one_group_answers_each_as_if_it_came_alone(self, log: Log) -> None:
        log.add_office("p")
        log.request(asked(made("old"), under=key("old")))
        writer, gate = Writer(log.database.engine), threading.Event()
        hold = ThreadPoolExecutor(1).submit(writer.change, lambda _: gate.wait(5))
        time.sleep(0.05)  # what follows waits together, and so shares one transaction
        answers = [
            writer.submit(one)
            for one in (
                asked(made("e1")),
                asked(made("e1", recorded=NOW), hours=1),  # a retry that did not wait for its answer
                asked(made("e2"), under=key(told="other")),
                asked(made("old", recorded=NOW), under=key("old"), hours=1),
                asked(made("w1", clause="", counters="e1"), under=key("w")),
                asked(made("w1", clause="", counters="e1", recorded=NOW), under=key("w"), hours=1),
                asked(made("e1"), office="p", under=key(told="at another office")),
                asked(made("e3"), office="p", under=key("3")),
            )
        ]
        gate.set()
        hold.result()
        found = [told(None if a.exception(10) else a.result(), a.exception()) for a in answers]
        writer.close()
        assert found == [(1, 0), (0, 1), "H029", (0, 1), (1, 0), (0, 1), "H029", (1, 0)]
        assert ([e.id for e in log.events("o")], [e.id for e in log.events("p")]) == (["old", "e1", "w1"], ["e3"])
        assert (log.verify("o"), log.verify("p"), keys(log)) == ((), (), 4)
        assert len(Audit(log.database).lines()) == 4

    def test_what_was_never_asked_is_not_known(self, log: Log) -> None:
        requests = Requests(log.database)
        log.request(asked(made("e1")))
        assert (requests.known(key()), requests.known(key("other"))) == (True, False)
        with pytest.raises(RefusedError) as refused:
            requests.known(key(told="other"))
        assert codes(refused) == ["H029"]


class TestSqlite(InSqlite, KeysContract):
    """A file."""

    def test_a_full_disk_keeps_neither_the_line_nor_the_key(self, url: str) -> None:
        with open_log(url) as log:
            log.add_office("o")
            writer = log.database.writer = Writer(log.database.engine)
            pages = writer.change(lambda c: c.exec_driver_sql("PRAGMA page_count").scalar())
            writer.change(lambda c: c.exec_driver_sql(f"PRAGMA max_page_count = {pages + 2}"))
            some = [asked(made(f"e{n}", note="示例" * 200), under=key(str(n))) for n in range(200)]
            failed = [bool(writer.submit(one).exception(10)) for one in some]
            assert any(failed)
            assert keys(log) == len(log.events("o")) == failed.count(False)
            writer.close()

    def test_a_line_that_someone_took_away_by_force_is_not_called_done(self, url: str) -> None:
        with open_log(url) as log:
            log.add_office("o")
            log.request(asked(made("e1")))
            change(log, "DROP TRIGGER event_no_delete")
            change(log, "DELETE FROM event")
            assert log.request(asked(made("e1"))).ignored == 0
            assert log.verify("o") != ()


@pytest.mark.postgres
class TestPostgres(OnPostgres, KeysContract):
    """A server."""
