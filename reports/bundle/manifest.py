"""What a bundle holds: the names of its members, and the manifest that seals them.

    bundle (zip, nothing compressed, fixed times)
    ├── README.txt        what this is and how it is verified
    ├── rulebook.yaml     the rulebook, byte for byte as adopted
    ├── source/NAME       the document that the rulebook encodes
    ├── adoption.json     roster, readings, dates; the line of the office's chain of adoptions
    ├── events.jsonl      the events without what is private, one a line; each with its seal in the log
    ├── receipt.json      what the result came from
    ├── result.json       the standings, byte for byte as `score --format json` writes them
    ├── manifest.json     size and sha256 of all members above
    └── signature.json    optional: a signature of manifest.json

The manifest also has a short hash of every few lines, so that a change inside a member can be found.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

FORMAT = "appraisal-bundle"
VERSION = 1
MANIFEST, SIGNATURE = "manifest.json", "signature.json"
README, RULEBOOK, ADOPTION, EVENTS = "README.txt", "rulebook.yaml", "adoption.json", "events.jsonl"
RECEIPT, RESULT = "receipt.json", "result.json"
NEEDED = (README, RULEBOOK, ADOPTION, EVENTS, RECEIPT, RESULT)
SOURCE = "source/"
BLOCK_LINES = 16
_SOURCE_NAME = re.compile(r"source/[\w\-（）()《》〔〕 ][\w.\-（）()《》〔〕 ]{0,99}")
_HASH = re.compile(r"[0-9a-f]{64}")
_SHORT = 16


class NoManifestError(ValueError):
    """These bytes are no manifest; `newer` if they are one of a later version of the format."""

    def __init__(self, *, newer: bool = False) -> None:
        super().__init__("no manifest")
        self.newer = newer


@dataclass(frozen=True, kw_only=True)
class Sum:
    """A member's size in bytes, its sha256, and short hashes of its blocks of lines."""

    size: int
    sha256: str
    blocks: tuple[str, ...] = ()

    @classmethod
    def of(cls, content: bytes) -> Sum:
        """Return the sums of these bytes."""
        hashes = tuple(short_hash(block) for block in blocks_of(content))
        return cls(size=len(content), sha256=sha256(content).hexdigest(), blocks=hashes)


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """The sums of all members, and what the bundle is about."""

    about: Mapping[str, Any]
    members: Mapping[str, Sum]

    def to_bytes(self) -> bytes:
        """Return the manifest as it stands in the bundle."""
        told = {n: {"size": s.size, "sha256": s.sha256, "blocks": list(s.blocks)} for n, s in self.members.items()}
        return pretty({"format": FORMAT, "version": VERSION, **self.about, "members": told})

    @classmethod
    def parse(cls, content: bytes) -> Manifest:
        """Read a manifest; NoManifestError where it is none that this version knows."""
        try:
            told = json.loads(content)
            newer = told["format"] == FORMAT and told["version"] > VERSION
            if (told["format"], told["version"]) != (FORMAT, VERSION):
                raise NoManifestError(newer=newer)
            members = {str(name): _sum(entry) for name, entry in told["members"].items()}
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise error if isinstance(error, NoManifestError) else NoManifestError() from error
        about = {k: v for k, v in told.items() if k not in {"format", "version", "members"}}
        return cls(about=about, members=members)


def _sum(entry: Mapping[str, Any]) -> Sum:
    size, digest, blocks = entry["size"], entry["sha256"], entry["blocks"]
    if not isinstance(size, int) or not _HASH.fullmatch(digest) or not all(isinstance(b, str) for b in blocks):
        raise NoManifestError
    return Sum(size=size, sha256=digest, blocks=tuple(blocks))


def is_member(name: str) -> bool:
    """Say whether a bundle may have a member of this name; none that could lead out of a folder is among them."""
    return name in {*NEEDED, MANIFEST, SIGNATURE} or bool(_SOURCE_NAME.fullmatch(name))


def blocks_of(content: bytes) -> list[bytes]:
    """Return the content cut after every few lines."""
    lines = content.splitlines(keepends=True)
    return [b"".join(lines[at : at + BLOCK_LINES]) for at in range(0, len(lines), BLOCK_LINES)]


def short_hash(block: bytes) -> str:
    """Return the first 64 bits of the sha256 of a block: enough to find it, while the member's own hash decides."""
    return sha256(block).hexdigest()[:_SHORT]


def pretty(document: Mapping[str, Any]) -> bytes:
    """Return a document as JSON for people: a line a key, lists of plain values on one line."""
    text = json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False)
    return (text + "\n").encode()
