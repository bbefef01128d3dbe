"""Recompute a bundle from what it holds, compare byte for byte, and say what differs; no database, no network."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

from appraisal.assess import assess, engine_version
from appraisal.errors import Finding, Place, RefusedError
from appraisal.model.standing import Assessment
from appraisal.reading.rulebook import parse_rulebook
from reports.bundle import locating, opening, signing
from reports.bundle.code import Seal
from reports.bundle.differences import Difference, differences
from reports.bundle.making import bundle_receipt
from reports.bundle.manifest import ADOPTION, EVENTS, MANIFEST, RECEIPT, RESULT, RULEBOOK, SIGNATURE, Manifest, Sum
from reports.bundle.unpacking import read_manifest, unpack
from reports.json import assessment_json, dumps

MOST = 20
"""How many differing fields are named; the rest are counted."""

_ENGINE = "engine"


@dataclass(frozen=True, kw_only=True)
class Verification:
    """What came of verifying a bundle: it holds where there are no findings; remarks change nothing."""

    seal: Seal
    about: Mapping[str, Any]
    head: Mapping[str, Any] | None
    events: int
    has_signature: bool
    signed: signing.Signed | None
    findings: tuple[Finding, ...]
    remarks: tuple[Finding, ...]


def verify(path: Path, *, key: bytes | None = None, key_file: str = "", code: str = "") -> Verification:
    """Verify a bundle: its members, seals and signature, and its result by computing it again.

    `key` is a public key in PEM that it must be signed by, `code` what a notice says. RefusedError where it cannot be
    read as a bundle at all; everything else is a finding.
    """
    shown = path.name
    members = unpack(path, shown)
    manifest = read_manifest(members, shown)
    seal = Seal.of(members[MANIFEST])
    findings: list[Finding] = []
    if code and not seal.fits(code):
        findings.append(Finding(code="B030", args={"written": code, "own": seal.code}))
    signed = None
    try:
        signed = signing.check(members[MANIFEST], members.get(SIGNATURE), key, key_file)
    except RefusedError as refused:
        findings += refused.findings
    findings += [finding for name in manifest.members for finding in _changed(name, members, manifest, shown)]
    found = _recomputed(members, shown)
    return Verification(
        seal=seal,
        about=manifest.about,
        head=found.head,
        events=found.events,
        has_signature=SIGNATURE in members,
        signed=signed,
        findings=tuple(_causes(findings, found.findings)),
        remarks=tuple(found.remarks),
    )


def _changed(name: str, members: Mapping[str, bytes], manifest: Manifest, shown: str) -> Iterator[Finding]:
    """Find where a member is not what the manifest seals, and what stood there where that can be known."""
    content, told = members[name], manifest.members[name]
    if Sum.of(content).sha256 == told.sha256:
        return
    for change in islice(locating.changes(content, told), MOST):
        place = Place(file=f"{shown}/{name}", line=change.first)
        if change.before or change.after:
            yield Finding(code="B014", place=place, args=_exchanged(change))
        elif change.last:
            yield Finding(code="B013", place=place, args={"first": str(change.first), "last": str(change.last)})
        else:
            yield Finding(code="B038", place=place, args={"first": str(change.first)})


def _causes(changed: list[Finding], follow: list[Finding]) -> Iterator[Finding]:
    """Yield what was changed, then what does not hold because of it; not the seal of a line that is named already."""
    yield from changed
    lines = {finding.place for finding in changed if finding.code == "B014"}
    yield from (finding for finding in follow if finding.code != "B016" or finding.place not in lines)


def _exchanged(change: locating.Change) -> dict[str, str]:
    """Return what stood in a line and what stands there now: the field of an event, else the line."""
    try:
        one = next(differences(json.loads(change.before), json.loads(change.after)))
    except (ValueError, StopIteration, RecursionError):
        return {"field": "", "expected": change.before.strip(), "found": change.after.strip()}
    return {"field": f"{one.place} ", "expected": one.recorded, "found": one.found}


@dataclass(kw_only=True)
class _Found:
    """What recomputing found."""

    findings: list[Finding]
    remarks: list[Finding]
    head: Mapping[str, Any] | None = None
    events: int = 0


def _recomputed(members: Mapping[str, bytes], shown: str) -> _Found:
    found = _Found(findings=[], remarks=[])
    try:
        line = opening.adopted(members[ADOPTION], shown)
        asked = opening.asked(members[RECEIPT], shown)
    except RefusedError as refused:
        found.findings += refused.findings
        return found
    read = opening.lines(members[EVENTS], line.rulebook, shown)
    found.events, found.head = len(read.events), asked.told.get("log")
    found.findings += [*opening.rulebook_findings(members, line, shown), *read.findings, *_beyond(read, asked, shown)]
    if any(finding.code == "B015" for finding in read.findings):
        return found
    try:
        edition = parse_rulebook(members[RULEBOOK], f"{shown}/{RULEBOOK}", readings=line.readings)
        assessment = assess(edition, read.events, asked.span, known=asked.known, day=asked.day, roster=line.roster)
    except RefusedError as refused:
        found.findings += [Finding(code="B031", place=Place(file=shown)), *refused.findings]
        return found
    _compare(members, asked, assessment, shown, found)
    return found


def _beyond(read: opening.Lines, asked: opening.Asked, shown: str) -> Iterator[Finding]:
    """Find lines that the log did not have when the receipt was written."""
    head = asked.told.get("log")
    if not isinstance(head, dict):
        return
    position, seal = head.get("position"), head.get("hash")
    for number, event, line in read.seals:
        later = not isinstance(position, int) or line.position > position
        if later or (line.position == position and line.hash != seal):
            args = {"id": event, "position": str(line.position), "head": str(position)}
            yield Finding(code="B037", place=Place(file=f"{shown}/{EVENTS}", line=number), args=args)


def _compare(members: Mapping[str, bytes], asked: opening.Asked, ours: Assessment, shown: str, found: _Found) -> None:
    """Compare receipt and result with those computed again."""
    recorded = asked.told.get(_ENGINE)
    if recorded != ours.engine and isinstance(recorded, str):
        found.remarks.append(_remark("B040", recorded=recorded, here=engine_version()))
        ours = replace(ours, engine=recorded)
    more = {name: asked.told.get(name) for name in ("lang", "office", "log", "state")}
    told = list(differences(dict(asked.told), bundle_receipt(ours, more)))
    found.findings += _named(told, "B029", f"{shown}/{RECEIPT}")
    again = dumps(assessment_json(ours, asked.lang)).encode()
    if again == members[RESULT]:
        return
    place = f"{shown}/{RESULT}"
    try:
        document = json.loads(members[RESULT])
    except (ValueError, RecursionError):
        found.findings.append(Finding(code="B018", place=Place(file=place)))
        return
    statistics = ours.exhibits is not None or any(standing.exhibits is not None for standing in ours.standings)
    seen = {one.place for one in told}
    findings, remarks = compare_documents(document, json.loads(again), place, seen, statistics=statistics)
    found.findings += findings
    found.remarks += remarks


def compare_documents(
    recorded: Mapping[str, Any],
    again: Mapping[str, Any],
    place: str,
    told: AbstractSet[str] = frozenset(),
    *,
    statistics: bool = False,
) -> tuple[list[Finding], list[Finding]]:
    """Return what differs between two results whose bytes do, and remarks on floats as near as machines are.

    What is `told` already (fields of the receipt) is left out.
    """
    try:
        all_ = list(differences(recorded, again, statistics=statistics))
    except RecursionError:  # nested deeper than anything that this program writes
        return [Finding(code="B018", place=Place(file=place))], []
    if not all_:
        return [Finding(code="B036", place=Place(file=place))], []
    near = [one for one in all_ if one.near]
    real = [one for one in all_ if not one.near and one.place not in told]
    remarks = [_remark("B041", number=str(len(near)))] if near else []
    return list(_named(real, "B027", place)), remarks


def _named(all_: list[Difference], code: str, file: str) -> Iterator[Finding]:
    for one in all_[:MOST]:
        args = {"field": one.place, "recorded": one.recorded, "found": one.found}
        yield Finding(code=code, place=Place(file=file), args=args)
    if len(all_) > MOST:
        yield Finding(code="B028", place=Place(file=file), args={"number": str(len(all_) - MOST)})


def _remark(code: str, **args: str) -> Finding:
    return Finding(code=code, severity="warning", args=args)
