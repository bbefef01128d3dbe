"""The audit trail: who did what to which thing and how it ended, in one chain for the installation."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection, Row, select

from appraisal.errors import Finding
from appraisal.store.account_rows import AUDIT
from appraisal.store.lines import canonical, digest, genesis
from appraisal.store.transactions import Database

_NONE: Mapping[str, str] = MappingProxyType({})
_SEALED = ("at", "actor", "action", "office_id", "target", "outcome", "details")
_LOCK = 0x6170_7061
_LAST = select(AUDIT.c.position, AUDIT.c.hash).order_by(AUDIT.c.position.desc()).limit(1)


@dataclass(frozen=True, kw_only=True)
class Trace:
    """One line: `actor` is the id of an account, `outcome` is `done`, `refused` or `failed`; no personal data."""

    at: datetime
    actor: str
    action: str
    office: str = ""
    target: str = ""
    outcome: str = "done"
    details: Mapping[str, str] = field(default_factory=lambda: _NONE)
    position: int = 0


class Audit:
    """The trail; lines are added and never changed."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def note(self, *traces: Trace) -> None:
        """Add lines to the trail."""
        self._database.change(lambda c: append(c, *traces))

    def lines(
        self,
        *,
        office: str | None = None,
        actor: str | None = None,
        action: str | None = None,
        target: str | None = None,
        before: int | None = None,
        limit: int = 100,
    ) -> tuple[Trace, ...]:
        """Return lines, the latest first: of an office, an account, an action; those before a position."""
        c = AUDIT.c
        query = select(AUDIT).order_by(c.position.desc()).limit(limit)
        asked = ((c.office_id, office), (c.actor, actor), (c.action, action), (c.target, target))
        for column, wanted in asked:
            if wanted is not None:
                query = query.where(column == wanted)
        if before is not None:
            query = query.where(c.position < before)
        with self._database.reading() as connection:
            return tuple(_trace(row) for row in connection.execute(query))

    def verify(self) -> tuple[Finding, ...]:
        """Return the first line whose seal does not hold (O090)."""
        with self._database.reading() as connection:
            return tuple(_broken(connection))


def append(connection: Connection, *traces: Trace) -> None:
    """Add lines inside a change that is under way, so that a deed and its trace are kept together or not at all."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
    last = connection.execute(_LAST).first()
    position, previous = (last.position, last.hash) if last else (0, genesis("audit", ""))
    rows = []
    for trace in traces:
        position += 1
        row = {
            "at": trace.at.isoformat(),
            "actor": trace.actor,
            "action": trace.action,
            "office_id": trace.office,
            "target": trace.target,
            "outcome": trace.outcome,
            "details": canonical(dict(trace.details)),
        }
        seal = _seal(previous, position, row)
        rows.append({"position": position, **row, "prev_hash": previous, "hash": seal})
        previous = seal
    if rows:
        connection.execute(AUDIT.insert(), rows)


def _seal(previous: str, position: int, row: Mapping[str, str]) -> str:
    return digest(previous, str(position), canonical([row[name] for name in _SEALED]))


def _broken(connection: Connection) -> Iterator[Finding]:
    position, previous = 0, genesis("audit", "")
    rows = connection.execution_options(yield_per=2000).execute(select(AUDIT).order_by(AUDIT.c.position))
    for row in rows:
        told = {name: getattr(row, name) for name in _SEALED}
        sealed = _seal(previous, position + 1, told)
        if (row.position, row.prev_hash, row.hash) != (position + 1, previous, sealed):
            yield Finding(code="O090", args={"position": str(row.position)})
            return
        position, previous = row.position, row.hash


def _trace(row: Row[Any]) -> Trace:
    return Trace(
        at=datetime.fromisoformat(row.at),
        actor=row.actor,
        action=row.action,
        office=row.office_id,
        target=row.target,
        outcome=row.outcome,
        details=json.loads(row.details),
        position=row.position,
    )
