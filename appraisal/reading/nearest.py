"""The names nearest to one that nobody knows, for remedies; a suggestion for people, never taken silently."""

from __future__ import annotations

import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from copy import copy

SHOWN = 4
LISTED = 12
_LIKE = 45.0
_WORK = 3_000_000  # comparisons; beyond, neighbours in the alphabet must do


def nearest(name: str, known: Iterable[str]) -> str:
    """Return the most similar known names, best first; the first few of all where none is similar; — where none is."""
    names = sorted(set(known))
    best = _similar(name, names)
    if best:
        return ", ".join(best)
    return ", ".join(names[:SHOWN]) + (", …" if len(names) > SHOWN else "") if names else "—"


def _similar(name: str, names: Sequence[str], scorer: str = "WRatio") -> list[str]:
    from rapidfuzz import fuzz, process  # noqa: PLC0415  only a faulty file needs it

    hits = process.extract(name, names, scorer=getattr(fuzz, scorer), limit=SHOWN, score_cutoff=_LIKE)
    # equal scores are put in a fixed order, so that a message never depends on the order of the file
    return [hit[0] for hit in sorted(hits, key=lambda hit: (-hit[1], abs(len(hit[0]) - len(name)), hit[0]))]


def plain(text: str) -> str:
    """Return the text as it is compared: width and case do not matter, nor do blanks."""
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold()


def _begins_alike(one: str, other: str) -> int:
    return next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


class Nearest:
    """The same for a fixed set of names that is asked often; remembers, because the same slip is made often."""

    def __init__(self, names: Iterable[str], *, suffix: str = "") -> None:
        self._suffix = plain(suffix)  # what nearly all names end with says nothing about which is meant
        self._names = {plain(name).removesuffix(self._suffix): name for name in names}
        self._keys = sorted(self._names)
        self._found: dict[str, str] = {}
        self._work = 0

    def anew(self) -> Nearest:
        """Return the same names with nothing remembered: for one run, where the names are kept for many."""
        made = copy(self)
        made.__dict__.update(_found={}, _work=0)
        return made

    def shown(self, name: str) -> str:
        """Return what to offer for this name, as text: the near ones, else the first of all."""
        key = plain(name).removesuffix(self._suffix)
        if key not in self._found:
            self._found[key] = ", ".join(self._names[k] for k in self._search(key)) or self._first()
        return self._found[key]

    def _first(self) -> str:
        names = list(self._names.values())
        return (", ".join(names[:LISTED]) or "—") + (", …" if len(names) > LISTED else "")

    def _search(self, key: str) -> list[str]:
        if not key or not self._keys:
            return []
        if key in self._names:
            return [key]
        self._work += len(self._keys)
        if self._work > _WORK:
            at = bisect_left(self._keys, key)
            return self._keys[max(0, at - 1) : at + 1]
        near = sorted(_similar(key, self._keys, "ratio"), key=lambda k: -_begins_alike(k, key))
        begun = [k for k in self._keys if k.startswith(key) and k not in near] if len(near) < SHOWN else []
        return [*near, *begun][:SHOWN]
