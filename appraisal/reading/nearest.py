"""The names nearest to one that nobody knows, for remedies."""

from __future__ import annotations

from collections.abc import Iterable

from rapidfuzz import fuzz, process

SHOWN = 4
_LIKE = 45.0


def nearest(name: str, known: Iterable[str]) -> str:
    """Return the most similar known names, best first; the first few of all where none is similar; — where none is known."""
    names = sorted(set(known))
    hits = process.extract(name, names, scorer=fuzz.WRatio, limit=SHOWN, score_cutoff=_LIKE)
    # equal scores are put in a fixed order, so that a message never depends on the order of the file
    best = [hit[0] for hit in sorted(hits, key=lambda hit: (-hit[1], abs(len(hit[0]) - len(name)), hit[0]))]
    if best:
        return ", ".join(best)
    return ", ".join(names[:SHOWN]) + (", …" if len(names) > SHOWN else "") if names else "—"
