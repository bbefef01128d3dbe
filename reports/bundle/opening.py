"""The members of a bundle read back to what a result is computed from, with what does not hold in them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from pydantic import ValidationError

from appraisal.errors import Finding, Lang, Place, RefusedError
from appraisal.model.event import Event
from appraisal.model.periods import Span
from appraisal.model.rulebook import Subject
from appraisal.reading.rulebook import check_rulebook
from appraisal.store.lines import Sealed, canonical, read, write
from reports.bundle.manifest import ADOPTION, EVENTS, RECEIPT, RULEBOOK, SOURCE

_NO_TIME = "0001-01-01T00:00:00"
_SOURCE_CODES = {"R230", "R231", "R232", "R233", "R234", "R235"}
_BROKEN = (ValueError, KeyError, TypeError, AttributeError, IndexError, ArithmeticError, RecursionError)
_EXACT = re.compile(r"-?\d{1,40}(?:\.\d{1,40}|/\d{1,40})?")


@dataclass(frozen=True, kw_only=True)
class Adopted:
    """What the adoption of a bundle says, and the seal of its line where it comes from a log."""

    rulebook: str
    hash: str
    source_hash: str
    readings: Mapping[str, str]
    roster: tuple[Subject, ...] | None
    seal: Sealed | None


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What the receipt of a bundle says was asked for."""

    span: Span
    known: datetime | None
    day: date | None
    lang: Lang
    told: Mapping[str, Any]


def adopted(content: bytes, shown: str) -> Adopted:
    """Read adoption.json; RefusedError where it cannot be read."""
    try:
        told = json.loads(content)
        seal = told.pop("seal", None)
        roster = told["roster"]
        return Adopted(
            rulebook=str(told["rulebook"]),
            hash=str(told["hash"]),
            source_hash=str(told["source_hash"]),
            readings={str(k): str(v) for k, v in told["readings"].items()},
            roster=None if roster is None else tuple(Subject.model_validate(subject) for subject in roster),
            seal=_sealed(seal, canonical(told)) if seal is not None else None,
        )
    except (*_BROKEN, ValidationError):
        raise _unreadable(shown, ADOPTION) from None


def asked(content: bytes, shown: str) -> Asked:
    """Read receipt.json; RefusedError where it cannot be read."""
    try:
        told = json.loads(content)
        return Asked(
            span=Span.parse(told["period"]),
            known=datetime.fromisoformat(told["known"]) if told["known"] else None,
            day=date.fromisoformat(told["day"]) if told["day"] else None,
            lang="en" if told["lang"] == "en" else "zh",
            told=told,
        )
    except _BROKEN:
        raise _unreadable(shown, RECEIPT) from None


def _sealed(seal: Mapping[str, Any], public: str) -> Sealed:
    return Sealed(
        position=int(seal["position"]),
        public=public,
        previous=str(seal["previous"]),
        private_hash=str(seal.get("private", "")),
        hash=str(seal["hash"]),
    )


def _unreadable(shown: str, member: str) -> RefusedError:
    return RefusedError([Finding(code="B018", place=Place(file=f"{shown}/{member}"))])


@dataclass
class Lines:
    """The events of a bundle, the seals of those that come from a log, and what does not hold."""

    events: list[Event]
    seals: list[tuple[int, str, Sealed]]
    findings: list[Finding]


def lines(content: bytes, rulebook: str, shown: str) -> Lines:
    """Read events.jsonl; every line that cannot be read or whose seal does not fit is a finding."""
    found = Lines(events=[], seals=[], findings=[])
    ids: set[str] = set()
    for number, raw in enumerate(content.decode("utf-8", "replace").splitlines(), start=1):
        place = Place(file=f"{shown}/{EVENTS}", line=number)
        try:
            told = json.loads(raw)
            seal = told.pop("seal", None)
            _plain_numbers(told["event"].get("facts", {}))
            public = canonical({"appended": _NO_TIME} | told)
            event = read(0, public, None).event
            fits = write(event, told["rulebook"], json.loads(public)["appended"])[0] == public
            sealed = _sealed(seal, canonical(told)) if seal is not None else None
        except _BROKEN:
            found.findings.append(Finding(code="B015", place=place))
            continue
        if not fits or event.id in ids or told["rulebook"] != rulebook:
            found.findings.append(Finding(code="B015", place=place))
            continue
        ids.add(event.id)
        found.events.append(event)
        if sealed is not None:
            found.seals.append((number, event.id, sealed))
            if not sealed.holds:
                args = {"id": event.id, "position": str(sealed.position)}
                found.findings.append(Finding(code="B016", place=place, args=args))
    found.findings += _unjoined(found.seals, shown)
    return found


def _plain_numbers(facts: Mapping[str, Any]) -> None:
    """Raise ValueError for a number that is not written out: a short one with an exponent could fill the memory."""
    for value in facts.values():
        if isinstance(value, dict) and not _EXACT.fullmatch(value["exact"]):
            raise ValueError(value)


def _unjoined(seals: list[tuple[int, str, Sealed]], shown: str) -> Iterator[Finding]:
    """Find lines that do not join the one before where they are neighbours in the log, or stand out of order."""
    for (_, before, one), (number, event, other) in pairwise(seals):
        next_to = other.position == one.position + 1
        if other.position <= one.position or (next_to and other.previous != one.hash):
            args = {"id": event, "position": str(other.position), "before": before}
            yield Finding(code="B017", place=Place(file=f"{shown}/{EVENTS}", line=number), args=args)


def rulebook_findings(members: Mapping[str, bytes], line: Adopted, shown: str) -> Iterator[Finding]:
    """Find a rulebook or source that was not adopted, an adoption whose seal does not fit, a source of another book."""
    if line.seal is not None and not line.seal.holds:
        yield Finding(code="B034", place=Place(file=f"{shown}/{ADOPTION}"), args={"position": str(line.seal.position)})
    found = f"sha256:{sha256(members[RULEBOOK]).hexdigest()}"
    if found != line.hash:
        place = Place(file=f"{shown}/{RULEBOOK}")
        yield Finding(code="B019", place=place, args={"expected": line.hash, "found": found})
        return
    (source,) = [name for name in members if name.startswith(SOURCE)]
    found = f"sha256:{sha256(members[source]).hexdigest()}"
    place = Place(file=f"{shown}/{source}")
    if found != line.source_hash:
        yield Finding(code="B026", place=place, args={"expected": line.source_hash, "found": found})
    elif strange := _strange(members[RULEBOOK], source.removeprefix(SOURCE), members[source]):
        first = strange[0]
        args = {**first.args, "number": str(len(strange)), "first": f"@{first.code}"}
        yield Finding(code="B035", place=place, args=args)


def _strange(rulebook: bytes, name: str, source: bytes) -> list[Finding]:
    """Return what the rulebook says of its source that does not stand there."""
    with TemporaryDirectory(prefix="appraisal-") as folder:
        path = Path(folder, RULEBOOK)
        path.write_bytes(rulebook)
        Path(folder, name).write_bytes(source)
        return [finding for finding in check_rulebook(path) if finding.code in _SOURCE_CODES]
