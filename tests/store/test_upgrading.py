"""A database of the first step is brought up to date with what it holds; a server that was away is used again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from making import NOW, InSqlite, OnPostgres, codes, made
from sqlalchemy import Connection, create_engine, text

import appraisal
from appraisal.errors import RefusedError
from appraisal.model.periods import Period
from appraisal.store.backup import backup, restore
from appraisal.store.database import parse_url
from appraisal.store.lines import Head, genesis, rows
from appraisal.store.log import open_log
from appraisal.store.writer import Writer

NEW = ("follows", "kind", "month")
EVENTS = [
    made("e1", kind="bulletin", period=Period(2020, 2), note="示例"),
    made("e2", date=date(2020, 11, 3)),
    made("e3", period=Period(2020)),
]


def at_first_step(url: str) -> None:
    """Make a database as the first version did, with an office and three lines."""
    engine = create_engine(parse_url(url))
    config = Config()
    config.set_main_option("script_location", str(Path(appraisal.__file__).parent / "store" / "migrations"))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        start = Head(position=0, hash=genesis("events", "o"))
        lines = list(rows("o", EVENTS, "small", NOW.isoformat(), start))
        head = {"p": lines[-1]["position"], "h": lines[-1]["hash"], "a": genesis("adoptions", "o")}
        connection.execute(text("INSERT INTO office VALUES ('o', '示例街道', :p, :h, 0, :a)"), head)
        for line in lines:
            old = {key: value for key, value in line.items() if key not in NEW}
            names = ", ".join(old)
            marks = ", ".join(f":{key}" for key in old)
            connection.execute(text(f"INSERT INTO event ({names}) VALUES ({marks})"), old)  # noqa: S608
    engine.dispose()


class UpgradeContract:
    """What holds in every database."""

    def test_what_was_there_is_there_and_sealed_as_before(self, url: str) -> None:
        at_first_step(url)
        with open_log(url) as log:
            assert log.events("o") == EVENTS
            assert log.verify("o") == ()  # the new columns hold what the lines say
            log.append("o", [made("s1", clause="", kind="reviewed", follows="e1")], rulebook="small", now=NOW)
            assert [e.id for e in log.related("o", ["e1"])] == ["e1", "s1"]
            assert log.verify("o") == ()
            for statement in ("UPDATE event SET kind = 'x'", "DELETE FROM event"):
                with pytest.raises(Exception, match="append-only"), log._engine.begin() as connection:
                    connection.execute(text(statement))


class TestSqlite(InSqlite, UpgradeContract):
    """A file of the first step."""


@pytest.mark.postgres
class TestPostgres(OnPostgres, UpgradeContract):
    """A server's database of the first step, and what only a server does."""

    def test_a_server_that_was_away_is_said_and_used_again(self, url: str) -> None:
        with open_log(url) as log:
            log.add_office("o")
            writer = log.database.writer = Writer(log.database.engine)
            log.append("o", [made("e1")], rulebook="small", now=NOW)
            with log._engine.begin() as connection:  # every other connection is cut, as in a restart
                cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
                connection.execute(text(f"{cut} AND datname = current_database()"))
            log.append("o", [made("e2")], rulebook="small", now=NOW)

            def cut_in_the_middle(connection: Connection) -> None:
                connection.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))

            with pytest.raises(RefusedError) as refused:
                writer.change(cut_in_the_middle)
            assert codes(refused) == ["L014"]
            log.append("o", [made("e3")], rulebook="small", now=NOW)
            assert [e.id for e in log.events("o")] == ["e1", "e2", "e3"]
            assert log.verify("o") == ()
            writer.close()

    def test_a_backup_moves_from_a_server_to_a_file_and_back(
        self, postgres_server: Callable[[], str], tmp_path: Path
    ) -> None:
        first, last, file = postgres_server(), postgres_server(), f"sqlite:///{tmp_path / 'moved.db'}"
        with open_log(first) as log:
            log.add_office("o", "示例街道")
            log.append("o", EVENTS, rulebook="small", now=NOW)
            backup(log.database.engine, tmp_path, tmp_path / "one.zip", now=NOW)
        restore(tmp_path / "one.zip", file, tmp_path)
        with open_log(file) as log:
            assert (log.events("o"), log.verify("o")) == (EVENTS, ())
            backup(log.database.engine, tmp_path, tmp_path / "two.zip", now=NOW)
        restore(tmp_path / "two.zip", last, tmp_path)
        with open_log(last) as log:
            assert (log.events("o"), log.verify("o")) == (EVENTS, ())
            log.append("o", [made("e4")], rulebook="small", now=NOW)
