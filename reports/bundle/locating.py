"""Where a member was changed: which lines, and, where one character was exchanged, lost or added, what stood there.

The manifest has a short hash of every few lines. A block that does not fit is tried with each digit in each place; what
then fits the block and, in the end, the hash of the whole member, is what stood there before.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256

from reports.bundle.manifest import BLOCK_LINES, Sum, blocks_of, short_hash

_WORK = 400_000_000  # bytes hashed for one block: about a second
_MOST_TRIED = 3
_DIGITS = b"0123456789"
_LOST = b"0123456789.-"


@dataclass(frozen=True, kw_only=True)
class Change:
    """Lines that differ from what the manifest seals; `before` and `after` where what stood there could be found."""

    first: int
    last: int
    before: str = ""
    after: str = ""


def changes(content: bytes, told: Sum) -> list[Change]:
    """Return where the content differs from what was sealed; at least one where it does."""
    blocks = blocks_of(content)
    bad = [n for n, (block, seal) in enumerate(zip(blocks, told.blocks, strict=False)) if short_hash(block) != seal]
    if len(blocks) != len(told.blocks) or not bad:
        first = bad[0] if bad else min(len(blocks), len(told.blocks))
        return [Change(first=first * BLOCK_LINES + 1, last=0)]
    tried = bad if len(bad) <= _MOST_TRIED else []
    repaired = {n: block for n in tried if (block := _repair(blocks[n], told.blocks[n])) is not None}
    if repaired.keys() == set(bad):
        whole = b"".join(repaired.get(n, block) for n, block in enumerate(blocks))
        if sha256(whole).hexdigest() == told.sha256:
            return [change for n in bad for change in _told(n, repaired[n], blocks[n])]
    return [Change(first=n * BLOCK_LINES + 1, last=n * BLOCK_LINES + blocks[n].count(b"\n")) for n in bad]


def _told(number: int, before: bytes, after: bytes) -> Iterator[Change]:
    """Yield the one line of a block that a character was changed in; all of them if that was a line's end."""
    old, new = before.decode("utf-8", "replace").splitlines(), after.decode("utf-8", "replace").splitlines()
    start = number * BLOCK_LINES + 1
    if len(old) != len(new):
        yield Change(first=start, last=start + len(new) - 1)
        return
    for at, (was, now) in enumerate(zip(old, new, strict=True)):
        if was != now:
            yield Change(first=start + at, last=start + at, before=was, after=now)


def _repair(block: bytes, seal: str) -> bytes | None:
    """Return the block as it was if one digit was exchanged, or one character added or lost; None otherwise."""
    work = 0
    for candidate_of in (_exchanged, _without, _with):
        head = sha256()
        for at in range(len(block) + 1):
            for middle, rest in candidate_of(block, at):
                work += len(block) - at
                if work > _WORK:
                    return None
                whole = head.copy()
                whole.update(middle + block[rest:])
                if whole.hexdigest().startswith(seal):
                    return block[:at] + middle + block[rest:]
            head.update(block[at : at + 1])
    return None


def _exchanged(block: bytes, at: int) -> Iterator[tuple[bytes, int]]:
    there = block[at : at + 1]
    if there in _LOST and there:
        yield from ((bytes([digit]), at + 1) for digit in _DIGITS if bytes([digit]) != there)


def _without(block: bytes, at: int) -> Iterator[tuple[bytes, int]]:
    if at < len(block):
        yield b"", at + 1


def _with(_block: bytes, at: int) -> Iterator[tuple[bytes, int]]:
    yield from ((bytes([digit]), at) for digit in _LOST)
