"""A bundle from what an office has, or from files: the same in gives the same bytes."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from appraisal.errors import Lang, text
from appraisal.model.edition import Edition
from appraisal.model.event import Event
from appraisal.model.standing import Assessment
from appraisal.store.adoptions import Version
from appraisal.store.lines import Head, Sealed, canonical, write
from reports.bundle.code import Seal
from reports.bundle.manifest import (
    ADOPTION,
    EVENTS,
    MANIFEST,
    README,
    RECEIPT,
    RESULT,
    RULEBOOK,
    SIGNATURE,
    SOURCE,
    Manifest,
    Sum,
    pretty,
)
from reports.bundle.signing import Signer
from reports.json import assessment_json, dumps, receipt_json

_TIME = (1980, 1, 1, 0, 0, 0)  # the first that a zip can hold: the same input gives the same bytes
_MODE = 0o644 << 16


@dataclass(frozen=True, kw_only=True)
class Contents:
    """What goes into a bundle. `adoption` and `lines` come from a log; without one they stand for files."""

    edition: Edition
    version: Version
    assessment: Assessment
    adoption: Mapping[str, Any]
    lines: tuple[str, ...]
    office: str = ""
    head: Head | None = None
    state: str = "draft"
    lang: Lang = "zh"


@dataclass(frozen=True, kw_only=True)
class Bundle:
    """A bundle ready to be written, and the seal that stands on the notice of the same result."""

    content: bytes
    seal: Seal

    def signed(self, signer: Signer | None) -> Bundle:
        """Return it with a signature of its manifest; itself where there is no signer."""
        if signer is None:
            return self
        with zipfile.ZipFile(io.BytesIO(self.content)) as archive:
            members = {name: archive.read(name) for name in archive.namelist()}
        members[SIGNATURE] = pretty(signer.sign(members[MANIFEST]))
        return Bundle(content=pack(members), seal=self.seal)


def file_lines(events: Iterable[Event], rulebook: str) -> tuple[str, ...]:
    """Return events that come from files as lines: without what is private, in order of date and id."""
    ordered = sorted({event.id: event for event in events}.values(), key=lambda e: (e.date, e.id))
    return tuple(canonical(_opened(write(event, rulebook, "")[0])) for event in ordered)


def log_lines(sealed: Sequence[Sealed]) -> tuple[str, ...]:
    """Return lines of the log: without what is private, each with what holds it in the chain."""
    return tuple(canonical(json.loads(line.public) | {"seal": seal_json(line)}) for line in sealed)


def _opened(public: str) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(public)
    del told["appended"]
    return told


def seal_json(line: Sealed) -> dict[str, Any]:
    """Return what holds a line in its chain, as a bundle tells it."""
    private = {"private": line.private_hash} if line.private_hash else {}
    return {"position": line.position, "previous": line.previous, **private, "hash": line.hash}


def file_adoption(edition: Edition, version: Version) -> dict[str, Any]:
    """Return the adoption that a run from files amounts to: the rulebook as published, with the readings chosen."""
    return {
        "rulebook": edition.rulebook.id,
        "hash": edition.hash,
        "source_hash": version.source_hash,
        "readings": dict(sorted(edition.readings.items())),
        "roster": None,
        "valid_from": edition.rulebook.valid_from.isoformat(),
        "valid_to": edition.rulebook.valid_to.isoformat(),
    }


def bundle_receipt(assessment: Assessment, contents: Mapping[str, Any]) -> dict[str, Any]:
    """Return the receipt of the run with what only a bundle needs: language, office, place in the log, state."""
    return {**receipt_json(assessment), **contents}


def make(contents: Contents, signer: Signer | None = None) -> Bundle:
    """Return the bundle, signed if there is a signer."""
    members = _members(contents)
    about = {
        "rulebook": contents.edition.rulebook.id,
        "period": str(contents.assessment.span),
        "office": contents.office,
        "state": contents.state,
        "engine": contents.assessment.engine,
    }
    manifest = Manifest(about=about, members={name: Sum.of(content) for name, content in members.items()}).to_bytes()
    members[MANIFEST] = manifest
    return Bundle(content=pack(members), seal=Seal.of(manifest)).signed(signer)


def _members(contents: Contents) -> dict[str, bytes]:
    head = contents.head
    told = {
        "lang": contents.lang,
        "office": contents.office,
        "log": {"position": head.position, "hash": head.hash} if head else None,
        "state": contents.state,
    }
    name = contents.edition.rulebook.name
    readme = text("bundle_readme", "zh", name=name, period=str(contents.assessment.span))
    readme += "\n" + text("bundle_readme", "en", name=name, period=str(contents.assessment.span))
    return {
        README: readme.encode(),
        RULEBOOK: contents.version.file,
        SOURCE + contents.version.source_name: contents.version.source,
        ADOPTION: pretty(contents.adoption),
        EVENTS: "".join(f"{line}\n" for line in contents.lines).encode(),
        RECEIPT: pretty(bundle_receipt(contents.assessment, told)),
        RESULT: dumps(assessment_json(contents.assessment, contents.lang)).encode(),
    }


def pack(members: Mapping[str, bytes]) -> bytes:
    """Return members as a zip: nothing compressed, because what a compressor writes depends on its version."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, content in members.items():
            info = zipfile.ZipInfo(name, _TIME)
            info.create_system, info.external_attr = 3, _MODE  # the same on every system
            archive.writestr(info, content)
    return buffer.getvalue()
