"""A rulebook without its unreadable parts, so that one mistyped number does not hide what else is wrong."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from appraisal.reading.checks_shape import keys_at
from appraisal.reading.yaml_places import Document, PathTo, walk


def pruned(document: Document, faults: Iterable[PathTo]) -> tuple[Document, frozenset[PathTo], frozenset[str]] | None:
    """Leave out the parts that hold a fault; None where a fault lies in no part that can be left out.

    Returns the document, the paths (as written) of what was left out, and the ids and names that went with it.
    """
    cut = {_entry(path, document) for path in faults} | {_entry(path, document) for path in document.unread}
    if () in cut:
        return None
    thin = Document(file=document.file, text=document.text, values=document.values, keys=document.keys)
    thin.data = _copy(document, thin, cut, (), ())
    lost = frozenset(document.written(path) for path in cut)
    parts = [(where, value) for path in cut for where, value in walk(document.at(path)) if isinstance(value, str)]
    return thin, lost, frozenset(value for where, value in parts if where and where[-1] in {"id", "name"})


def _entry(path: PathTo, document: Document) -> PathTo:
    """Return the innermost clause, item, limit … that a path lies in; nothing if it lies in none.

    An unknown key of a part that holds other parts is left out alone.
    """
    holder = len(path) == 1 or (len(path) > 1 and isinstance(path[-2], int) and path[-3] in _HOLDERS)
    if holder and isinstance(path[-1], str) and path[-1] not in set(keys_at(document.data, path[:-1])):
        return path
    for length in range(len(path), 1, -1):
        if isinstance(path[length - 1], int) and path[length - 2] in _PARTS:
            return path[:length]
    return ()


_HOLDERS = {"departments", "items", "groups", "outside", "subjects", "readings", "passages"}
_PARTS = {
    "subjects",
    "departments",
    "items",
    "groups",
    "clauses",
    "limits",
    "outside",
    "overlaps",
    "readings",
    "passages",
    "kinds",
    "rules",
    "joins",
    "repeats",
}


def _copy(document: Document, thin: Document, drops: set[PathTo], old: PathTo, new: PathTo) -> Any:
    written = document.written(old)
    if written != new:
        thin.redirects[new] = written
    here = document.at(old)
    if isinstance(here, dict):
        kept_keys = [key for key in here if (*old, key) not in drops]
        return {key: _copy(document, thin, drops, (*old, key), (*new, key)) for key in kept_keys}
    if isinstance(here, list):
        kept = [n for n in range(len(here)) if (*old, n) not in drops]
        return [_copy(document, thin, drops, (*old, n), (*new, place)) for place, n in enumerate(kept)]
    return here
