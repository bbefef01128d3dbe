"""Backup and restore: every table as lines of JSON and every file of evidence in one zip, whatever the database.

    NAME.zip ── manifest.json    the step of the tables, when it was made, the sha256 of each member
             ├── tables/*.jsonl  one line a row; bytes in base64
             └── files/<sha256>  evidence

A backup is one moment of the database. What ends by itself (sessions, counted tries)
is left out. A restore goes into an empty database, of either kind, in one transaction; it checks every member first.
"""

from __future__ import annotations

import base64
import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Integer, Table, func, select, text

from appraisal.errors import Finding, RefusedError
from appraisal.store.account_rows import ATTEMPT, EVIDENCE, REVISION, SESSION
from appraisal.store.database import REVISIONS, open_database, reading, writing
from appraisal.store.lines import canonical
from appraisal.store.rows import EVENT

_PASSING = {SESSION, ATTEMPT, REVISION}
TABLES = tuple(table for table in EVENT.metadata.sorted_tables if table not in _PASSING)
"""The tables that a backup holds, those that others refer to first."""

_MANIFEST = "manifest.json"
_ROWS = 500
_PART = 1 << 20


@dataclass(frozen=True, kw_only=True)
class Backup:
    """What a backup holds: rows by table, and files."""

    made_at: str
    rows: dict[str, int]
    files: int


class _Member:
    """A member of the zip being written; knows its hash at the end."""

    def __init__(self, archive: zipfile.ZipFile, name: str) -> None:
        self._stream = archive.open(name, "w", force_zip64=True)
        self._digest = sha256()

    def write(self, data: bytes) -> None:
        self._digest.update(data)
        self._stream.write(data)

    def close(self) -> str:
        self._stream.close()
        return self._digest.hexdigest()


def backup(engine: Engine, files: Path, target: Path, *, now: datetime) -> Backup:
    """Write a backup of everything to a file that is not there yet; whole, or not at all.

    Refused: the file exists or cannot be written (O080), evidence is missing (O044).
    """
    if target.exists():
        raise RefusedError([Finding(code="O080", args={"path": str(target), "reason": "File exists"})])
    part = target.with_name(f"{target.name}.part")
    try:
        with (
            zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive,
            reading(engine) as connection,
        ):
            made = _written(archive, connection, files, now)
        part.replace(target)
    except OSError as error:
        raise RefusedError(
            [Finding(code="O080", args={"path": str(target), "reason": error.strerror or str(error)})]
        ) from error
    finally:
        part.unlink(missing_ok=True)
    return made


def _written(archive: zipfile.ZipFile, connection: Connection, files: Path, now: datetime) -> Backup:
    members: dict[str, str] = {}
    rows: dict[str, int] = {}
    for table in TABLES:
        name = f"tables/{table.name}.jsonl"
        member, count = _Member(archive, name), 0
        for line in _lines(connection, table):
            member.write(line)
            count += 1
        members[name], rows[table.name] = member.close(), count
    kept = list(connection.execute(select(EVIDENCE.c.sha256).distinct().order_by(EVIDENCE.c.sha256)).scalars())
    for name in kept:
        members[f"files/{name}"] = _copied(archive, files / name[:2] / name, name)
    told = {"format": 1, "step": REVISIONS[-1], "made_at": now.isoformat(), "rows": rows, "members": members}
    archive.writestr(_MANIFEST, json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True))
    return Backup(made_at=now.isoformat(), rows=rows, files=len(kept))


def _lines(connection: Connection, table: Table) -> Iterator[bytes]:
    query = select(table).order_by(*table.primary_key.columns)
    for row in connection.execution_options(yield_per=2000).execute(query).mappings():
        told = {
            key: {"base64": base64.b64encode(value).decode()} if isinstance(value, (bytes, memoryview)) else value
            for key, value in row.items()
        }
        yield canonical(told).encode() + b"\n"


def _copied(archive: zipfile.ZipFile, path: Path, name: str) -> str:
    if not path.is_file():
        raise RefusedError([Finding(code="O044", args={"sha256": name[:12]})])
    member = _Member(archive, f"files/{name}")
    with path.open("rb") as stream:
        while data := stream.read(_PART):
            member.write(data)
    if (found := member.close()) != name:
        raise RefusedError([Finding(code="O044", args={"sha256": name[:12]})])
    return found


def restore(source: Path, url: str, files: Path) -> Backup:
    """Bring a backup into an empty database, made where it is not there; all of it, or nothing.

    Refused: it is no backup or damaged (O081), of another step of the tables (O082), the database is not empty (O083).
    """
    try:
        with zipfile.ZipFile(source) as archive:
            told = _checked(archive, source)
            engine = open_database(url)
            try:
                _restored(archive, told, engine, files)
            finally:
                engine.dispose()
    except (OSError, zipfile.BadZipFile, KeyError, ValueError, EOFError) as error:
        raise RefusedError([Finding(code="O081", args={"path": str(source), "reason": str(error)})]) from error
    return Backup(
        made_at=told["made_at"],
        rows=told["rows"],
        files=sum(name.startswith("files/") for name in told["members"]),
    )


def _checked(archive: zipfile.ZipFile, source: Path) -> dict[str, Any]:
    """Return the manifest after every member was found to be what it says."""
    told: dict[str, Any] = json.loads(archive.read(_MANIFEST))
    if told["step"] not in REVISIONS:
        args = {"path": str(source), "found": str(told["step"]), "known": REVISIONS[-1]}
        raise RefusedError([Finding(code="O082", args=args)])
    wrong = [name for name, seal in told["members"].items() if _hash(archive, name) != seal]
    if wrong:
        raise ValueError(", ".join(wrong))
    return told


def _hash(archive: zipfile.ZipFile, name: str) -> str:
    digest = sha256()
    with archive.open(name) as stream:
        while data := stream.read(_PART):
            digest.update(data)
    return digest.hexdigest()


def _restored(archive: zipfile.ZipFile, told: dict[str, Any], engine: Engine, files: Path) -> None:
    tables = {f"tables/{table.name}.jsonl": table for table in TABLES}
    with writing(engine) as connection:
        full = [t.name for t in TABLES if connection.execute(select(func.count()).select_from(t)).scalar()]
        if full:
            raise RefusedError([Finding(code="O083", args={"tables": ", ".join(full)})])
        for name in (name for name in tables if name in told["members"]):
            _fill(archive, name, tables[name], connection)
        for name in told["members"]:
            if name.startswith("files/"):
                _put(archive, name, files)


def _fill(archive: zipfile.ZipFile, name: str, table: Table, connection: Connection) -> None:
    rows: list[dict[str, Any]] = []
    with archive.open(name) as stream:
        for line in stream:
            rows.append({k: _value(v) for k, v in json.loads(line).items()})
            if len(rows) == _ROWS:
                connection.execute(table.insert(), rows)
                rows = []
    if rows:
        connection.execute(table.insert(), rows)
    (key, *more) = table.primary_key.columns
    if connection.dialect.name == "postgresql" and not more and isinstance(key.type, Integer) and key.autoincrement:
        serial = f"pg_get_serial_sequence('{table.name}', '{key.name}')"
        most = f"SELECT max({key.name}) FROM {table.name}"  # noqa: S608  our own words
        connection.execute(text(f"SELECT setval({serial}, ({most})) WHERE ({most}) > 0 AND {serial} IS NOT NULL"))


def _value(value: Any) -> Any:
    return base64.b64decode(value["base64"]) if isinstance(value, dict) else value


def _put(archive: zipfile.ZipFile, name: str, files: Path) -> None:
    seal = name.removeprefix("files/")
    if len(seal) != len(sha256().hexdigest()) or not seal.isalnum():
        raise ValueError(name)
    path = files / seal[:2] / seal
    path.parent.mkdir(parents=True, exist_ok=True)
    with archive.open(name) as stream, path.open("wb") as out:
        while data := stream.read(_PART):
            out.write(data)
