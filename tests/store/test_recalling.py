"""A question is asked again as soon as anyone has committed, and not before."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from pathlib import Path

import pytest
from making import InSqlite, OnPostgres, codes, made, put
from sqlalchemy import Connection, text

from appraisal.errors import RefusedError
from appraisal.store.log import Log, open_log
from appraisal.store.settings import Settings


class Asking:
    """Asks how many offices there are, and counts how often it was really asked."""

    def __init__(self, log: Log, *, lasting: bool = False) -> None:
        self.log = log
        self.lasting = lasting
        self.times = 0

    def __call__(self) -> int:
        return self.log.database.ask("count", self._asked, lasting=self.lasting)

    def _asked(self, connection: Connection) -> int:
        self.times += 1
        return int(connection.execute(text("SELECT count(*) FROM office")).scalar_one())


class RecallContract:
    """What holds in every database."""

    def test_what_another_connection_commits_is_seen_at_once(self, url: str) -> None:
        with open_log(url) as log, open_log(url) as other:
            asking = Asking(log)
            assert asking() == 0
            other.add_office("o")
            assert asking() == 1
            log.add_office("p")
            assert asking() == 2

    def test_a_setting_that_is_taken_away_is_gone(self, url: str) -> None:
        with open_log(url) as log, open_log(url) as other:
            settings = Settings(log.database)
            assert settings.get("days", 5) == 5
            Settings(other.database).put("days", 7)
            assert settings.get("days", 5) == 7
            Settings(other.database).put("days", None)
            assert settings.get("days", 3) == 3


class TestSqlite(InSqlite, RecallContract):
    """A file."""

    def test_it_is_not_asked_again_while_nothing_changed(self, url: str) -> None:
        with open_log(url) as log:
            log.add_office("o")
            asking = Asking(log)
            assert [asking() for _ in range(5)] == [1] * 5
            assert asking.times == 1

    def test_a_file_that_was_moved_away_is_not_answered_for_and_is_asked_once_it_is_back(self, tmp_path: Path) -> None:
        path, away = tmp_path / "a.db", tmp_path / "b.db"
        with open_log(f"sqlite:///{path}") as log:
            log.add_office("o")
            asking = Asking(log)
            assert asking() == 1
            path.rename(away)
            with pytest.raises(RefusedError) as refused:
                asking()
            assert codes(refused) == ["L015"]
            away.rename(path)
            assert asking() == 1


WATCHED = (
    "INSERT INTO office VALUES ('p', '示例', 0, '', 0, '')",
    "UPDATE office SET name = '示例二' WHERE id = 'o'",
    "UPDATE office SET adoption_position = 1, adoption_hash = 'h' WHERE id = 'o'",
    "INSERT INTO setting VALUES ('', 'days', '7')",
    "UPDATE setting SET value = '8' WHERE key = 'kept'",
    "DELETE FROM setting WHERE key = 'kept'",
    "INSERT INTO account VALUES ('u2', 'b', '示例', '', 0, NULL, '', '', '', '', '', 0, '')",
    "UPDATE account SET disabled_at = '2020-07-01' WHERE id = 'u1'",
    "DELETE FROM held_role",
    "INSERT INTO held_role VALUES ('u1', 'leader', 'o', '', '')",
    "UPDATE held_role SET role = 'group'",
    "INSERT INTO api_token VALUES ('t2', 'h2', 'u1', 'o', '示例', '', '', '', '', '')",
    "UPDATE api_token SET revoked_at = '2020-07-01' WHERE id = 't1'",
    "DELETE FROM api_token",
    "INSERT INTO session VALUES ('s2', 'u1', '', '', '', '', '')",
    "UPDATE session SET expires_at = '2020-07-01' WHERE id = 's1'",
    "DELETE FROM session",
    """INSERT INTO event VALUES ('o', 1, 'e', 'b', 2020, '', '', '', '', '2020-07-01', '{}', '{}', '', '', '', '',
        '@b/2020-03', 'cut_off', 3)""",
)
"""Whatever anybody does by hand to what lasting answers are made of."""

SEEDED = (
    "INSERT INTO office VALUES ('o', '示例', 0, '', 0, '')",
    "INSERT INTO setting VALUES ('', 'kept', '1')",
    "INSERT INTO account VALUES ('u1', 'a', '示例', '', 0, NULL, '', '', '', '', '', 0, '')",
    "INSERT INTO held_role VALUES ('u1', 'officer', 'o', '', '')",
    "INSERT INTO api_token VALUES ('t1', 'h1', 'u1', 'o', '示例', '', '', '', '', '')",
    "INSERT INTO session VALUES ('s1', 'u1', '', '', '', '', '')",
)


class TestLasting(InSqlite):
    """Answers that outlive commits of lines, in a file; someone else changes it with a tool of their own."""

    @pytest.fixture
    def file(self, url: str) -> Iterator[sqlite3.Connection]:
        open_log(url).close()
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)) as connection:
            for statement in SEEDED:
                connection.execute(statement)
            yield connection

    @pytest.mark.parametrize("statement", WATCHED)
    def test_every_change_of_what_they_depend_on_is_seen_at_once(
        self, url: str, file: sqlite3.Connection, statement: str
    ) -> None:
        with open_log(url) as log:
            asking = Asking(log, lasting=True)
            assert [asking(), asking()] == [1, 1]
            file.execute(statement)
            asking()
            assert asking.times == 2

    def test_lines_and_what_goes_with_them_do_not_end_them(self, url: str, file: sqlite3.Connection) -> None:
        with open_log(url) as log:
            lasting, passing = Asking(log, lasting=True), Asking(log)
            for number in range(3):
                put(log, made(f"e{number}"))
                file.execute("INSERT INTO attempt VALUES (?, '', 1)", [str(number)])
                assert (lasting(), passing()) == (1, 1)
            assert (lasting.times, passing.times) == (1, 3)

    def test_a_round_has_one_answer_and_only_its_own_thread(self, url: str, file: sqlite3.Connection) -> None:
        with open_log(url) as log, ThreadPoolExecutor(1) as other:
            asking = Asking(log)
            with log.database.steady():
                assert asking() == 1
                file.execute(WATCHED[0])
                assert asking() == 1
                assert other.submit(asking).result() == 2
            assert asking() == 2

    def test_where_the_count_was_taken_away_everything_is_asked(self, url: str, file: sqlite3.Connection) -> None:
        with open_log(url) as log:
            lasting, passing = Asking(log, lasting=True), Asking(log)
            assert (lasting(), passing()) == (1, 1)
            file.execute("DELETE FROM revision")
            assert [lasting(), passing(), lasting(), passing()] == [1] * 4
            assert (lasting.times, passing.times) == (3, 3)

    def test_a_round_in_a_round_is_the_same_one_and_a_failed_one_is_over(
        self, url: str, file: sqlite3.Connection
    ) -> None:
        with open_log(url) as log:
            asking = Asking(log)
            with suppress(KeyError), log.database.steady():
                assert asking() == 1
                with log.database.steady():
                    file.execute(WATCHED[0])
                    assert asking() == 1
                assert asking() == 1
                raise KeyError
            assert asking() == 2


@pytest.mark.postgres
class TestPostgres(OnPostgres, RecallContract):
    """A server, which is asked each time."""

    def test_it_is_asked_each_time(self, url: str) -> None:
        with open_log(url) as log:
            asking = Asking(log)
            assert [asking() for _ in range(3)] == [0] * 3
            assert asking.times == 3
