"""Bundles for tests: from a log and from files, by the small rulebook; and ways to spoil them."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

from appraisal.assess import assess
from appraisal.model.event import Event
from appraisal.model.periods import Span
from appraisal.office.office import Office
from appraisal.reading.rulebook import read_rulebook
from appraisal.store.log import Log
from reports.bundle.making import Bundle, Contents, make, pack
from reports.bundle.manifest import EVENTS, MANIFEST, SIGNATURE, Manifest, Sum
from reports.bundle.signing import Signer
from reports.bundle.sources import from_files, from_office

SMALL = Path(__file__).parents[1] / "rulebooks" / "small" / "rulebook.yaml"
NOW = datetime.fromisoformat("2020-07-01T09:30:00")
Members = dict[str, bytes]


def made(name: str, **told: Any) -> Event:
    return Event(**({"id": name, "date": date(2020, 3, 9), "subject": "s1", "clause": "CG-A1"} | told))


EVENTS_OF_MARCH = (
    made("e1", note="示例：张某来电"),
    made("e2", subject="s2", clause="CG-A2", facts={"level": "不良影响", "count": 1, "x_tel": "示例 139"}),
    made("e3", subject="s3", clause="CG-B1", facts={"value": Fraction("0.72")}),
    made("e4", facts={"count": 3}),
)


def in_log(log: Log, *more: Event) -> Office:
    """Return an office that has adopted the small rulebook and logged the events of March."""
    log.add_office("o", "示例街道")
    office = Office.of(log, "o")
    office.adopt(str(SMALL), now=NOW)
    log.append("o", [*EVENTS_OF_MARCH, *more], rulebook="small", now=NOW)
    return office


def of_log(log: Log, **how: Any) -> Contents:
    return from_office(in_log(log), Span.month(2020, 3), **how)


def of_files(*events: Event) -> Contents:
    edition = read_rulebook(SMALL)
    rows = events or EVENTS_OF_MARCH
    return from_files(SMALL, edition, rows, assess(edition, rows, Span.month(2020, 3)))


def members_of(content: bytes) -> Members:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def written(content: bytes, name: str = "b.zip") -> Path:
    """Write bytes into the current folder, so that messages name no folder of this machine."""
    path = Path(name)
    path.write_bytes(content)
    return path


def resealed(members: Members) -> Members:
    """Return members with a manifest that fits them, as a forger would make it."""
    old = Manifest.parse(members[MANIFEST])
    sums = {name: Sum.of(content) for name, content in members.items() if name not in {MANIFEST, SIGNATURE}}
    return members | {MANIFEST: Manifest(about=old.about, members=sums).to_bytes()}


def exchanged(bundle: Bundle, name: str, old: str, new: str, *, seal: bool = False) -> Path:
    """Write a bundle in which one member reads otherwise; with `seal` the manifest was made to fit."""
    members = members_of(bundle.content)
    assert old.encode() in members[name], (name, old)
    members[name] = members[name].replace(old.encode(), new.encode(), 1)
    return written(pack(resealed(members) if seal else members))


def edited_lines(bundle: Bundle, edit: Callable[[list[dict[str, Any]]], list[dict[str, Any]]]) -> Path:
    """Write a bundle whose events were edited and whose manifest was made to fit."""
    members = members_of(bundle.content)
    rows = edit([json.loads(line) for line in members[EVENTS].splitlines()])
    dumped = (json.dumps(r, ensure_ascii=False, sort_keys=True, separators=(",", ":")) for r in rows)
    members[EVENTS] = "".join(f"{line}\n" for line in dumped).encode()
    return written(pack(resealed(members)))


def signed(contents: Contents, signer: Signer) -> Bundle:
    return make(contents, signer)
