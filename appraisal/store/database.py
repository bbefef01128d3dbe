"""Open a database of the log: SQLite in a file, or PostgreSQL; made or brought up to date where needed."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import (
    ArgumentError,
    DatabaseError,
    DataError,
    IntegrityError,
    NotSupportedError,
    OperationalError,
    ProgrammingError,
)

from appraisal.errors import Finding, RefusedError
from appraisal.store import presence
from appraisal.store.rows import EVENT, STEP_TABLE

REVISIONS = ("0001", "0002", "0003", "0004")
"""Every step of `migrations/versions`, oldest first."""

PATIENCE = 120.0
"""How many seconds a writer waits for its turn."""

_MIGRATIONS = Path(__file__).parent / "migrations"
_MIGRATION_LOCK = 0x6170_7072  # one number for all who would bring a PostgreSQL database up to date at once
_DRIVERS = {
    "sqlite": "sqlite+pysqlite",
    "sqlite+pysqlite": "sqlite+pysqlite",
    "postgres": "postgresql+psycopg",
    "postgresql": "postgresql+psycopg",
    "postgresql+psycopg": "postgresql+psycopg",
}
_LOCKED = frozenset({"55P03", "57014"})  # PostgreSQL: lock_not_available, query_canceled

# What we asked was wrong, or a guard of the tables spoke: faults of this program, not of the disk or the server.
_DEFECTS = (DataError, IntegrityError, NotSupportedError, ProgrammingError)


def parse_url(url: str) -> URL:
    """Read a database URL; one of another kind of database is refused."""
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise RefusedError([Finding(code="L002", args={"url": "…", "reason": "not a database URL"})]) from error
    driver = _DRIVERS.get(parsed.drivername)
    if driver is None:
        reason = f"{parsed.drivername}: sqlite, postgresql"
        raise RefusedError([Finding(code="L002", args={"url": _shown(parsed), "reason": reason})])
    return parsed.set(drivername=driver)


def _shown(url: URL) -> str:
    """Return the address as people write it, without its password."""
    return url.set(drivername=url.get_backend_name()).render_as_string(hide_password=True)


def open_database(url: str, *, patience: float = PATIENCE) -> Engine:
    """Return an engine on a database that has today's tables; made or brought up to date where needed."""
    parsed = parse_url(url)
    engine = _engine(parsed, patience)
    try:
        _ready(engine, patience)
    except DatabaseError as error:
        engine.dispose()
        told = {"url": _shown(parsed), "reason": _reason(error)}
        raise RefusedError([_finding("L003") if is_busy(error) else _finding("L002", **told)]) from error
    except RefusedError:
        engine.dispose()
        raise
    return engine


def _reason(error: Exception) -> str:
    return str(getattr(error, "orig", None) or error).strip().splitlines()[0]


def _engine(url: URL, patience: float) -> Engine:
    if url.get_backend_name() == "sqlite":
        presence.make(url.database)
        # A file has room for any number of readers; to wait for one of a few connections would stop the event loop.
        pool = {"max_overflow": -1} if url.database else {}
        engine = create_engine(url, connect_args={"timeout": patience}, **pool)
        presence.watch(engine)
        event.listen(engine, "connect", _sqlite_connect)
        event.listen(engine, "begin", _sqlite_begin)
    else:
        milliseconds = int(patience * 1000)
        # A connection that the server has dropped meanwhile is replaced before it is used.
        lock = {"options": f"-c lock_timeout={milliseconds}"}
        engine = create_engine(url, connect_args=lock, pool_pre_ping=True)
    return engine


def _sqlite_connect(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # transactions begin where `_sqlite_begin` says, not where the driver guesses
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "recursive_triggers=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _sqlite_begin(connection: Connection) -> None:
    writing = connection.get_execution_options().get("writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


def is_busy(error: DatabaseError) -> bool:
    """Say whether another writer held what this one waited for."""
    if getattr(error.orig, "sqlstate", None) in _LOCKED:
        return True
    code = getattr(error.orig, "sqlite_errorcode", 0) & 0xFF
    return code in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """Give a connection inside a transaction that may write; all of it is kept, or nothing."""
    try:
        file = presence.mark(engine)
        with engine.connect().execution_options(writing=True) as connection, connection.begin():
            yield connection
        presence.check(engine, file)
    except _DEFECTS:
        raise
    except DatabaseError as error:
        busy = is_busy(error)
        raise RefusedError([_finding("L003") if busy else _finding("L014", reason=_reason(error))]) from error


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Give a connection that sees the database as it is at its first question, whatever others append meanwhile."""
    options = {"isolation_level": "REPEATABLE READ"} if engine.dialect.name == "postgresql" else {}
    try:
        with engine.connect().execution_options(**options) as connection:
            yield connection
    except _DEFECTS:
        raise
    except DatabaseError as error:
        raise RefusedError([_finding("L015", reason=_reason(error))]) from error


def _finding(code: str, **args: str) -> Finding:
    return Finding(code=code, args=args)


def _ready(engine: Engine, patience: float) -> None:
    """Bring the database up to date; a fresh SQLite file may be busy being made by another process."""
    deadline = time.monotonic() + patience
    while True:
        try:
            if _known_revision(engine) != REVISIONS[-1]:
                with engine.connect().execution_options(writing=True) as connection, connection.begin():
                    _upgrade(connection)
        except OperationalError as error:
            if not is_busy(error) or time.monotonic() > deadline:
                raise
            time.sleep(0.05)  # pragma: no cover  several making one file at once: tested in their own processes
        else:
            return


def _known_revision(engine: Engine) -> str | None:
    with engine.connect() as connection:
        return _revision(connection)


def _revision(connection: Connection) -> str | None:
    """Return the database's step, or None for an empty one; refuse one that this version does not know."""
    inspector = inspect(connection)
    shown = _shown(connection.engine.url)
    tables = set(inspector.get_table_names())
    if STEP_TABLE not in tables:
        clash = sorted(tables & set(EVENT.metadata.tables))
        if clash:
            raise RefusedError([Finding(code="L004", args={"url": shown, "tables": ", ".join(clash)})])
        return None
    found = connection.execute(text(f"SELECT version_num FROM {STEP_TABLE}")).scalar()  # noqa: S608  our own word
    if found is not None and found not in REVISIONS:
        args = {"url": shown, "found": str(found), "known": REVISIONS[-1]}
        raise RefusedError([Finding(code="L001", args=args)])
    return found


def _upgrade(connection: Connection) -> None:
    from alembic import command  # noqa: PLC0415  takes a third of a second, and most openings need no step
    from alembic.config import Config  # noqa: PLC0415

    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATION_LOCK})
    if _revision(connection) == REVISIONS[-1]:
        return  # another process was first
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
