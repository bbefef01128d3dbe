"""Opening a database: made once, brought up to date, and what is no log is left alone."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Callable
from contextlib import AbstractContextManager, closing
from pathlib import Path
from threading import Timer

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from making import change, made, put
from sqlalchemy import Connection, Engine, event, text
from sqlalchemy.exc import IntegrityError

import appraisal
from appraisal.errors import RefusedError
from appraisal.store import database
from appraisal.store.database import REVISIONS, parse_url, reading, writing
from appraisal.store.log import open_log
from appraisal.store.rows import EVENT, STEP_TABLE

MIGRATIONS = Path(appraisal.__file__).parent / "store" / "migrations"
HOUSE = Path(__file__).parents[2]


def codes(refused: pytest.ExceptionInfo[RefusedError]) -> list[str]:
    return [finding.code for finding in refused.value.findings]


def test_the_steps_end_in_the_tables_of_today(sqlite_url: str) -> None:
    with open_log(sqlite_url) as log, log._engine.connect() as connection:
        assert (
            compare_metadata(MigrationContext.configure(connection, opts={"version_table": STEP_TABLE}), EVENT.metadata)
            == []
        )


def test_every_step_is_listed_in_order() -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    steps = [step.revision for step in ScriptDirectory.from_config(config).walk_revisions()]
    assert tuple(reversed(steps)) == REVISIONS


def test_opening_again_finds_what_was_kept_and_is_durable(sqlite_url: str) -> None:
    with open_log(sqlite_url) as log:
        log.add_office("o")
        put(log, made("e1"))
    with open_log(sqlite_url) as log, log._engine.connect() as connection:
        assert log.events("o") == [made("e1")]
        settings = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
        assert {k: connection.execute(text(f"PRAGMA {k}")).scalar() for k in settings} == settings


def test_a_step_that_fails_leaves_nothing(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    upgrade = command.upgrade

    def fail(*words: object) -> None:
        upgrade(*words)
        raise RuntimeError("power cut")

    with monkeypatch.context() as patched:
        patched.setattr(command, "upgrade", fail)
        with pytest.raises(RuntimeError, match="power cut"):
            open_log(sqlite_url)
    file = sqlite_url.removeprefix("sqlite:///")
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("SELECT name FROM sqlite_master").fetchall() == []
    with open_log(sqlite_url) as log:
        assert log.offices() == {}


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("mysql://user:secret@host/db", "mysql"),
        ("no address", "…"),
        ("sqlite:////nowhere/at/all/log.db", "sqlite:////nowhere/at/all/log.db"),
    ],
)
def test_an_address_that_leads_nowhere(url: str, shown: str) -> None:
    with pytest.raises(RefusedError) as refused:
        open_log(url)
    assert codes(refused) == ["L002"]
    assert shown in str(refused.value)
    assert "secret" not in str(refused.value)


def test_a_server_that_does_not_answer_is_named_without_its_password(tmp_path: Path) -> None:
    with pytest.raises(RefusedError) as refused:
        open_log(f"postgresql://user:secret@/db?host={tmp_path}")
    assert codes(refused) == ["L002"]
    assert "secret" not in str(refused.value)
    assert "user:***@" in str(refused.value)


@pytest.mark.parametrize("name", ["postgres", "postgresql", "postgresql+psycopg"])
def test_postgresql_goes_by_its_plain_names(name: str) -> None:
    assert parse_url(f"{name}://u@h/d").drivername == "postgresql+psycopg"


def test_replacing_a_line_is_refused_like_deleting_it(sqlite_url: str) -> None:
    with open_log(sqlite_url) as log:
        log.add_office("o")
        put(log, made("e1"))
        copy = "INSERT OR REPLACE INTO event SELECT * FROM event"
        with pytest.raises(Exception, match="append-only"):
            change(log, copy)
        assert log.verify("o") == ()


def test_a_database_that_another_holds_is_busy(sqlite_url: str) -> None:
    file = sqlite_url.removeprefix("sqlite:///")
    with closing(sqlite3.connect(file)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(RefusedError) as refused:
            open_log(sqlite_url, patience=0.1)
    assert codes(refused) == ["L003"]


def test_opening_waits_until_another_has_made_the_database(sqlite_url: str) -> None:
    file = sqlite_url.removeprefix("sqlite:///")
    with closing(sqlite3.connect(file, check_same_thread=False)) as other:
        other.execute("BEGIN EXCLUSIVE")
        timer = Timer(0.3, other.rollback)
        timer.start()
        with open_log(sqlite_url, patience=20) as log:
            assert log.offices() == {}
        timer.join()


def test_who_comes_second_makes_nothing(sqlite_url: str) -> None:
    with open_log(sqlite_url) as log:
        log.add_office("o")
        with writing(log._engine) as connection:
            database._upgrade(connection)
        assert log.offices() == {"o": "o"}


@pytest.mark.parametrize("door", [reading, writing])
def test_a_fault_of_the_program_is_not_laid_on_the_disk(
    sqlite_url: str, door: Callable[[Engine], AbstractContextManager[Connection]]
) -> None:
    with open_log(sqlite_url) as log, pytest.raises(IntegrityError), door(log._engine) as connection:
        connection.execute(text("INSERT INTO office (id) VALUES ('o')"))


def test_ids_are_found_by_their_index(sqlite_url: str) -> None:
    """Left to itself SQLite reads the whole office for a long list of ids, and an import grows with its square."""
    with open_log(sqlite_url) as log:
        log.add_office("o")
        asked: list[str] = []
        event.listen(log._engine, "before_cursor_execute", lambda *seen: asked.append(seen[2]))
        log.known_ids("o", [f"e{n}" for n in range(500)])
        with log._engine.connect() as connection:
            numbers = tuple(range(asked[-1].count("?")))
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {asked[-1]}", numbers).one()
    assert "event_of_id (office_id=? AND event_id=?)" in plan.detail


@pytest.mark.slow
def test_an_installed_wheel_makes_its_database(tmp_path: Path) -> None:
    """The wheel carries the steps and the messages: a log is made from it alone."""
    house = tmp_path / "house"  # a copy: building leaves things behind
    shutil.copytree(HOUSE, house, ignore=shutil.ignore_patterns(".*", "build", "demo", "out", "*.egg-info", "tests"))
    build = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation", "-w", str(tmp_path)]
    done = subprocess.run([*build, str(house)], capture_output=True, text=True, check=False, timeout=300)
    if "No module named 'setuptools'" in done.stderr or "BackendUnavailable" in done.stderr:
        pytest.skip("no build tool on this machine")
    assert done.returncode == 0, done.stderr
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "installed")
    script = (
        "from appraisal.store.log import open_log; from appraisal.errors import messages; import appraisal;"
        "print(appraisal.__file__, open_log('sqlite:///log.db').offices(), 'L001' in messages())"
    )
    told = subprocess.run(
        [sys.executable, "-c", script],
        cwd=tmp_path / "installed",
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert told.returncode == 0, told.stderr
    assert told.stdout.split()[-2:] == ["{}", "True"]
    assert "installed" in told.stdout
