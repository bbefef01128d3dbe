"""The faces that documents embed: where they are, which characters they have, and what is done about the others."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from appraisal.errors import Finding, RefusedError

if TYPE_CHECKING:
    from typst import Fonts

FOLDER = Path(__file__).parent / "fonts"
FACES = ("AppraisalSong-Regular", "AppraisalSong-Bold", "AppraisalHei-Regular", "AppraisalFang-Regular")
GETA = "〓"
"""What printers set where they have no type for a character."""
_UNSEEN = (
    frozenset(range(0x20)) | frozenset(range(0x7F, 0xA0)) | frozenset({0x200B, 0x200D, 0xFE0E, 0xFE0F, 0xFEFF, 0xAD})
)
_LINE_END = ord("\n")
_STRANGE = re.compile("[" + "".join(map(chr, sorted(_UNSEEN - {_LINE_END}))) + "]")


@cache
def shipped_faces() -> tuple[Path, ...]:
    """Return the files of the faces; RefusedError P001 where the installation has lost one."""
    files = tuple(FOLDER / f"{name}.ttf" for name in FACES)
    lost = [path.name for path in files if not path.is_file()]
    if lost:
        raise RefusedError([Finding(code="P001", args={"files": ", ".join(lost), "folder": "reports/fonts"})])
    return files


@cache
def shipped_characters() -> frozenset[int]:
    """Return the characters that every text face of the project has."""
    from fontTools.ttLib import TTFont  # noqa: PLC0415  a third of a second

    found = [set(TTFont(path, lazy=True).getBestCmap()) for path in shipped_faces()]
    return frozenset(set.intersection(*found))


@cache
def fonts(*, system: bool) -> Fonts:
    """Return what a compiler sets with: the project's faces, and with `system` the machine's own behind them."""
    from typst import Fonts  # noqa: PLC0415

    shipped_faces()
    return Fonts(include_system_fonts=system, include_embedded_fonts=False, font_paths=[str(FOLDER)])


def rare(texts: Iterable[str]) -> str:
    """Return the visible characters of texts that the project's faces do not have, each once, in order."""
    used = {ord(c) for c in set().union(*map(set, texts))} - _UNSEEN
    return "".join(map(chr, sorted(used - shipped_characters())))


@cache
def _system_characters() -> frozenset[int]:
    from fontTools.ttLib import TTFont, TTLibError  # noqa: PLC0415

    found: set[int] = set()
    for face in fonts(system=True).fonts():
        if not face.path or Path(face.path).parent == FOLDER:
            continue
        try:
            found |= set(TTFont(face.path, lazy=True, fontNumber=face.index).getBestCmap() or ())
        except (OSError, TTLibError):  # a file that is gone or broken lends no character
            continue
    return frozenset(found)


def without_a_face(characters: str) -> str:
    """Return those of the rare characters that this machine's fonts do not have either: they would print as boxes."""
    if not characters:
        return ""
    had = _system_characters()
    return "".join(c for c in characters if ord(c) not in had)


def printable(words: str, missing: frozenset[str]) -> str:
    """Return a text without what no font can show: control characters gone, a missing character as 〓."""
    if not missing and not _STRANGE.search(words):
        return words
    return "".join(
        GETA if c in missing else "" if ord(c) in _UNSEEN and c != "\n" else c for c in words.replace("\t", " ")
    )
