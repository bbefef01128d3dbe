"""Walk an office's chains from the first line, and name the first link that does not hold."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, Row, select

from appraisal.errors import Finding
from appraisal.store.lines import Head, digest, genesis, read
from appraisal.store.rows import ADOPTION, EVENT, VERSION

_COPIED = ("subject", "clause", "kind", "counters", "derived_from", "follows")


def findings(connection: Connection, office: Row[Any], anchors: Sequence[Head] = ()) -> Iterator[Finding]:
    """Yield what does not hold: the first broken link, else a cut tail or an anchor not met; adoptions likewise.

    The office's own head is kept apart from the lines, so a tail cut by hand shows; an anchor kept elsewhere (in a
    closing, on paper) shows it even where the head was moved too.
    """
    yield from _events(connection, office, anchors)
    yield from _adoptions(connection, office)


def _events(connection: Connection, office: Row[Any], anchors: Sequence[Head]) -> Iterator[Finding]:
    query = select(EVENT).where(EVENT.c.office_id == office.id).order_by(EVENT.c.position)
    position, previous, last = 0, genesis("events", office.id), ""
    waiting = {(anchor.position, anchor.hash) for anchor in anchors} - {(0, previous)}
    for row in connection.execution_options(yield_per=2000).execute(query):
        if broken := _broken(row, position, previous):
            args = {"office": office.id, "position": str(row.position), "id": row.event_id}
            missing = {"missing": str(position + 1), "after": last or "-"}
            yield Finding(code=broken, args={**args, **missing})
            return
        position, previous, last = row.position, row.hash, row.event_id
        waiting.discard((position, previous))
    if (position, previous) != (office.head_position, office.head_hash):
        told = {"office": office.id, "position": str(position), "id": last or "-", "head": str(office.head_position)}
        yield Finding(code="L035", args=told)
    for place, seal in sorted(waiting):
        told = {"office": office.id, "anchor": str(place), "hash": seal, "position": str(position)}
        yield Finding(code="L036", args=told)


def _broken(row: Row[Any], position: int, previous: str) -> str:
    """Return the code of what does not fit in this line, or nothing."""
    if row.position != position + 1:
        return "L033"
    if row.prev_hash != previous:
        return "L032"
    if row.hash != digest(previous, row.public, row.private_hash):
        return "L030"
    if not _private_holds(row):
        return "L031"
    return "" if _copies_hold(row) else "L034"


def _private_holds(row: Row[Any]) -> bool:
    if row.private is None and row.salt is None:  # erased
        return True
    if row.private is None or row.salt is None:
        return False
    return bool(digest(row.salt, row.private) == row.private_hash)


def _copies_hold(row: Row[Any]) -> bool:
    line = read(row.position, row.public, row.private)
    event = line.event
    told = (event.id, line.rulebook, event.when.year, event.when.month, *(getattr(event, name) for name in _COPIED))
    copies = (row.event_id, row.rulebook, row.year, row.month, *(getattr(row, name) for name in _COPIED))
    return told == copies and line.appended_at.isoformat() == row.appended_at


def _adoptions(connection: Connection, office: Row[Any]) -> Iterator[Finding]:
    query = (
        select(
            ADOPTION, VERSION.c.rulebook, VERSION.c.file, VERSION.c.source, VERSION.c.sha256, VERSION.c.source_sha256
        )
        .join(VERSION, VERSION.c.id == ADOPTION.c.version_id)
        .where(ADOPTION.c.office_id == office.id)
        .order_by(ADOPTION.c.position)
    )
    position, previous = 0, genesis("adoptions", office.id)
    for row in connection.execute(query):
        args = {"office": office.id, "position": str(row.position), "rulebook": row.rulebook}
        holds = (row.position, row.prev_hash, row.hash) == (position + 1, previous, digest(previous, row.public))
        if not holds:
            yield Finding(code="L037", args=args)
            return
        told = json.loads(row.public)
        kept = (row.rulebook, _hash(row.file), _hash(row.source), row.sha256, row.source_sha256)
        if kept != (told["rulebook"], *(told["hash"], told["source_hash"]) * 2):
            yield Finding(code="L038", args={**args, "hash": told["hash"]})
            return
        position, previous = row.position, row.hash
    if (position, previous) != (office.adoption_position, office.adoption_hash):
        args = {"office": office.id, "position": str(position), "head": str(office.adoption_position)}
        yield Finding(code="L039", args=args)


def _hash(content: bytes) -> str:
    return f"sha256:{sha256(content).hexdigest()}"
