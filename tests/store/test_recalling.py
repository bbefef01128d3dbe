"""A question is asked again as soon as anyone has committed, and not before."""

from __future__ import annotations

from pathlib import Path

import pytest
from making import InSqlite, OnPostgres, codes
from sqlalchemy import Connection, text

from appraisal.errors import RefusedError
from appraisal.store.log import Log, open_log
from appraisal.store.settings import Settings


class Asking:
    """Asks how many offices there are, and counts how often it was really asked."""

    def __init__(self, log: Log) -> None:
        self.log = log
        self.times = 0

    def __call__(self) -> int:
        return self.log.database.ask("count", self._asked)

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


@pytest.mark.postgres
class TestPostgres(OnPostgres, RecallContract):
    """A server, which is asked each time."""

    def test_it_is_asked_each_time(self, url: str) -> None:
        with open_log(url) as log:
            asking = Asking(log)
            assert [asking() for _ in range(3)] == [0] * 3
            assert asking.times == 3
