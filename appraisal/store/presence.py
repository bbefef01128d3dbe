"""An SQLite database stays the file that was opened: one moved away or replaced takes nothing, and is not made anew.

A connection holds on to a file wherever it is moved, even once it is deleted; what it wrote there would be lost. So
each use of a connection asks whether the path still leads to its file.
"""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Engine, event
from sqlalchemy.exc import DisconnectionError, OperationalError

_Mark = tuple[int, int]


def watch(engine: Engine) -> None:
    """Let the connections of an engine use the file at its path, as long as it is the same file; never make one."""
    name = engine.url.database
    if not name or name == ":memory:":
        return

    def connect(_dialect: object, _record: object, arguments: list[Any], options: dict[str, Any]) -> None:
        arguments[0] = f"file:{quote(str(Path(name).absolute()))}?mode=rw"
        options["uri"] = True

    def connected(_connection: object, record: Any) -> None:
        record.info["file"] = _mark(name)

    def taken(_connection: object, record: Any, _proxy: object) -> None:
        if record.info.get("file") != _mark(name):
            raise DisconnectionError  # the pool opens it anew, which says what is wrong

    event.listen(engine, "do_connect", connect)
    event.listen(engine, "connect", connected)
    event.listen(engine, "checkout", taken)


def make(name: str | None) -> None:
    """Make an empty file where there is none; where that cannot be, opening it says why."""
    if name and name != ":memory:":
        try:
            Path(name).touch()
        except OSError:
            return


def check(engine: Engine, before: _Mark | None) -> None:
    """Refuse to call durable what was committed to a file that is no longer at its path."""
    if before is not None and before != (now := mark(engine)):
        gone = sqlite3.OperationalError("the file was moved or replaced" if now else "unable to open database file")
        raise OperationalError("COMMIT", None, gone)


def mark(engine: Engine) -> _Mark | None:
    """Return which file an engine's path leads to; None where there is none, or no file is meant."""
    name = engine.url.database
    if engine.dialect.name != "sqlite" or not name or name == ":memory:":
        return None
    return _mark(name)


def _mark(name: str) -> _Mark | None:
    try:
        found = os.stat(name)  # noqa: PTH116  asked with every request: a Path would take longer than the answer
    except OSError:
        return None
    return found.st_dev, found.st_ino
