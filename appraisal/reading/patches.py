"""Readings as patches: another way to read the document changes named parameters before the rulebook is checked."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from appraisal.errors import Finding, Place
from appraisal.reading.nearest import nearest
from appraisal.reading.yaml_places import Document, PathTo, walk

STATED = "stated"
TARGETS = ("clauses", "items", "limits", "overlaps", "parts")
FIXED = ("id", "text", "line", "lines", "clauses", "groups", "limits", "items")
_PATCH_SET = 7


def in_patch(path: PathTo) -> bool:
    """Say whether a path lies inside `set` of a patch, where nothing means that a parameter is taken away."""
    return (
        len(path) >= _PATCH_SET
        and path[0] == "readings"
        and path[2] == "alternatives"
        and path[4] == "patch"
        and path[6] == "set"
    )


@dataclass
class Parts:
    """Where the parts that a patch can name stand in a document."""

    clauses: dict[str, PathTo] = field(default_factory=dict)
    items: dict[str, PathTo] = field(default_factory=dict)
    groups: dict[str, PathTo] = field(default_factory=dict)
    limits: dict[str, PathTo] = field(default_factory=dict)
    overlaps: dict[str, PathTo] = field(default_factory=dict)
    parts: dict[str, PathTo] = field(default_factory=dict)

    def named(self, kind: str) -> dict[str, PathTo]:
        """Return the parts of one kind by id."""
        found: dict[str, PathTo] = getattr(self, kind)
        return found

    def has(self, name: str) -> bool:
        """Say whether any part has this id."""
        return any(name in self.named(kind) for kind in (*TARGETS, "groups"))


def _somewhere(data: Any, name: str) -> bool:
    """Say whether a part with this id stands somewhere unexpected, such as under a misspelt key."""
    return any(path and path[-1] == "id" and value == name for path, value in walk(data))


def parts_of(data: Any) -> Parts:
    """Find the parts of a rulebook's plain data, well-formed or not; the first of a repeated id stands."""
    parts = Parts()
    for path, item in items_of(data):
        _note(parts.items, item, path)
        for limit_path, limit in entries(item, "limits", path):
            _note(parts.limits, limit, limit_path)
        _note_clauses(parts, item, path)
    for path, overlap in entries(data, "overlaps", ()):
        _note(parts.overlaps, overlap, path)
    if isinstance(data, dict) and data.get("family", "scorecard") != "scorecard":
        for path, name in walk(data):
            if path[-1:] == ("id",) and path[0] != "readings" and isinstance(name, str):
                parts.parts.setdefault(name, path[:-1])
    return parts


def items_of(data: Any) -> Iterator[tuple[PathTo, Any]]:
    """Yield every item of a rulebook's plain data with its path."""
    for department_path, department in entries(data, "departments", ()):
        yield from entries(department, "items", department_path)
    yield from entries(data, "outside", ())


def entries(holder: Any, key: str, path: PathTo) -> Iterator[tuple[PathTo, Any]]:
    """Yield the entries of a list in plain data with their paths; nothing where there is no list."""
    listed = holder.get(key) if isinstance(holder, dict) else None
    if isinstance(listed, list):
        for index, entry in enumerate(listed):
            yield (*path, key, index), entry


def _note(into: dict[str, PathTo], part: Any, path: PathTo) -> None:
    if isinstance(part, dict) and isinstance(part.get("id"), str):
        into.setdefault(part["id"], path)


def _note_clauses(parts: Parts, holder: Any, path: PathTo) -> None:
    for clause_path, clause in entries(holder, "clauses", path):
        _note(parts.clauses, clause, clause_path)
    for group_path, group in entries(holder, "groups", path):
        _note(parts.groups, group, group_path)
        _note_clauses(parts, group, group_path)


@dataclass(frozen=True, kw_only=True)
class Choice:
    """An alternative that a run uses, and where the choice was made (None: asked for by the caller)."""

    reading: int
    alternative: int
    made_at: PathTo | None = None


def choices(document: Document, asked: Mapping[str, str]) -> tuple[list[Choice], dict[str, str], list[Finding]]:
    """Return the alternatives in force, those that the caller changed, and what is wrong with the choice."""
    known = {
        reading["id"]: (index, reading)
        for (_, index), reading in ((p[-2:], r) for p, r in entries(document.data, "readings", ()))
        if isinstance(reading, dict) and isinstance(reading.get("id"), str) and isinstance(index, int)
    }
    faults = [
        Finding(code="R060", place=Place(file=document.file), args={"reading": name, "near": nearest(name, known)})
        for name in sorted(asked)
        if name not in known
    ]
    chosen: list[Choice] = []
    changed: dict[str, str] = {}
    for name, (index, reading) in known.items():
        in_file = reading.get("use", STATED)
        use = asked.get(name, in_file)
        if use != in_file:
            changed[name] = use
        if use == STATED:
            continue
        ways = [way.get("id") for _, way in entries(reading, "alternatives", ()) if isinstance(way, dict)]
        made_at: PathTo | None = ("readings", index, "use") if name not in asked else None
        if use in ways:
            chosen.append(Choice(reading=index, alternative=ways.index(use), made_at=made_at))
        else:
            at = made_at or ("readings", index)
            words = ", ".join([STATED, *(way for way in ways if isinstance(way, str))])
            faults.append(document.finding("R061", at, reading=name, use=str(use), words=words))
    return chosen, changed, faults


def apply(document: Document, chosen: list[Choice]) -> tuple[Document, list[Finding]]:
    """Return the document with the alternatives applied in the file's order, and patches that hit nothing."""
    if not chosen:
        return document, []
    patched = Document(
        file=document.file,
        text=document.text,
        data=copy.deepcopy(document.data),
        values=document.values,
        keys=document.keys,
        unread=document.unread,
        redirects=dict(document.redirects),
    )
    parts = parts_of(document.data)
    faults: list[Finding] = []
    for choice in sorted(chosen, key=lambda c: c.reading):
        reading_path: PathTo = ("readings", choice.reading)
        way_path: PathTo = (*reading_path, "alternatives", choice.alternative)
        way = document.at(way_path)
        patched.at(reading_path)["use"] = way["id"]
        for path, patch in entries(way, "patch", way_path):
            faults.extend(_apply_one(patched, parts, path, patch))
    return patched, faults


def _apply_one(document: Document, parts: Parts, path: PathTo, patch: Any) -> Iterator[Finding]:
    changes = patch.get("set") if isinstance(patch, dict) else None
    if not isinstance(changes, dict):
        return  # the typed reader says what is wrong with its shape
    targets, misses = _targets(document, parts, path, patch)
    yield from misses
    for key, value in changes.items():
        source: PathTo = (*path, "set", key)
        if key in FIXED:
            yield document.finding("R064", source, key=True, name=str(key))
            continue
        for target in targets:
            first = document.redirects.get((*target, key))
            if first is not None:  # neither goes first: the author or the caller decides
                owner = str(document.at(target)["id"])
                yield document.finding("R065", source, key=True, also=(first,), owner=owner, name=str(key))
            _set(document, target, str(key), value, source)


def _targets(
    document: Document, parts: Parts, path: PathTo, patch: Mapping[str, Any]
) -> tuple[list[PathTo], list[Finding]]:
    """Return where the parts stand that a patch names, and what it names in vain."""
    targets: list[PathTo] = []
    misses: list[Finding] = []
    names = [(kind, *entry) for kind in TARGETS for entry in entries(patch, kind, path)]
    for kind, name_path, name in names:
        target = parts.named(kind).get(name) if isinstance(name, str) else None
        if target is not None:
            targets.append(target)
        elif isinstance(name, str) and (parts.has(name) or not _somewhere(document.data, name)):
            near = nearest(name, parts.named(kind))
            misses.append(document.finding("R062", name_path, kind=kind, name=name, near=near))
    if not names and set(patch) <= {*TARGETS, "set"}:  # a misspelt parameter is told already
        misses.append(document.finding("R063", path))
    return targets, misses


def _set(document: Document, target: PathTo, key: str, value: Any, source: PathTo) -> None:
    part = document.at(target)
    if value is None:
        part.pop(key, None)
    else:
        part[key] = copy.deepcopy(value)
    document.redirects[*target, key] = source
