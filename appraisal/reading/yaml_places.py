"""A file as plain data with places: every part keeps its line and column, and findings show them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from unicodedata import east_asian_width

from appraisal.errors import Finding, Place

PathTo = tuple[str | int, ...]

SHOWN_WIDTH = 100
_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")


def broken_lines(text: str) -> list[str]:
    """Split a text into lines where YAML does."""
    return _BREAK.split(text)


class Extent(NamedTuple):
    """Where a part begins and ends, counted from 0; the end is exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int


@dataclass
class Document:
    """Plain data (text, lists, mappings) and the extent of every part by its path."""

    file: str
    text: str
    data: Any = None
    values: dict[PathTo, Extent] = field(default_factory=dict)
    keys: dict[PathTo, Extent] = field(default_factory=dict)
    redirects: dict[PathTo, PathTo] = field(default_factory=dict)
    faults: list[Finding] = field(default_factory=list)
    unread: set[PathTo] = field(default_factory=set)
    _lines: list[str] = field(default_factory=list)

    @property
    def lines(self) -> list[str]:
        """The lines of the file, split where YAML splits."""
        if not self._lines:
            self._lines = broken_lines(self.text)
        return self._lines

    def extent(self, path: PathTo, *, key: bool = False) -> Extent:
        """Return the extent of a part, or of the nearest part around it that the file has."""
        path = self.written(path)
        if key and path in self.keys:
            return self.keys[path]
        while path and path not in self.values:
            path = path[:-1]
        return self.values.get(path, Extent(0, 0, 0, 1))

    def written(self, path: PathTo) -> PathTo:
        """Return where a part stands in the file: a patched parameter in its patch, a shifted entry where it was."""
        for length in range(len(path), 0, -1):
            if path[:length] in self.redirects:
                return self.redirects[path[:length]] + path[length:]
        return path

    def place(self, path: PathTo, *, key: bool = False) -> Place:
        """Return `file:line:column` of a part."""
        extent = self.extent(path, key=key)
        return Place(file=self.file, line=extent.line + 1, column=extent.column + 1)

    def finding(
        self,
        code: str,
        path: PathTo,
        *,
        key: bool = False,
        also: tuple[PathTo, ...] = (),
        warn: bool = False,
        **args: str,
    ) -> Finding:
        """Return a finding about a part, with its place and excerpt; `key` points at the part's key."""
        return self.finding_with(code, path, args, key=key, also=also, warn=warn)

    def finding_with(
        self,
        code: str,
        path: PathTo,
        args: Mapping[str, str],
        *,
        key: bool = False,
        also: tuple[PathTo, ...] = (),
        warn: bool = False,
    ) -> Finding:
        """Return a finding about a part, the arguments of its message in one mapping."""
        extent = self.extent(path, key=key)
        return Finding(
            code=code,
            place=Place(file=self.file, line=extent.line + 1, column=extent.column + 1),
            args=args,
            excerpt=excerpt(self.lines, extent, tuple(self.extent(other) for other in also)),
            severity="warning" if warn else "error",
            also=tuple(self.place(other) for other in also),
        )

    def at(self, path: PathTo) -> Any:
        """Return the data of a part; None if there is none."""
        here = self.data
        for step in path:
            if not has(here, step):
                return None
            here = here[step]
        return here

    def is_unread(self, path: PathTo) -> bool:
        """Say whether a part was not read, because of a fault that has been told already."""
        return any(path[: len(unread)] == unread for unread in self.unread)


def has(holder: Any, step: str | int) -> bool:
    """Say whether plain data has this key or entry."""
    if isinstance(holder, dict):
        return step in holder
    return isinstance(holder, list) and isinstance(step, int) and 0 <= step < len(holder)


def _wide(text: str) -> int:
    return sum(2 if east_asian_width(char) in "WF" else 1 for char in text)


def excerpt(lines: list[str], extent: Extent, others: tuple[Extent, ...] = ()) -> str:
    """Return up to three lines of the file with ^^^^ under the part, and those of other parts with ~~~~ under them.

    Long lines are cut around the part.
    """
    last = max(0, min(extent.line, len(lines) - 1))
    marks = {last: [(extent, "^")]}
    for other in others:
        marks.setdefault(other.line, []).append((other, "~"))
    context = {n for n in range(max(0, last - 2), last) if lines[n].strip()}
    shown = sorted(context | set(marks))
    width = len(str(shown[-1] + 1))
    rows: list[str] = []
    for n in shown:
        line = lines[n] if lines else ""
        cut = _window(line, min((part.column for part, _ in marks.get(n, ())), default=0))
        rows.append(f"  {n + 1:>{width}} | {_clip(line, cut)}")
        rows += [f"  {' ' * width} | {_underline(line, part, cut, sign)}" for part, sign in marks.get(n, ())]
    return "\n".join(row.rstrip() for row in rows)


def _underline(line: str, part: Extent, cut: int, sign: str) -> str:
    """Return the signs that stand under a part of a line that is shown from `cut` on."""
    length = len(line.rstrip())
    end = part.end_column if part.end_line == part.line else length
    start, end = part.column, max(part.column + 1, min(end, max(length, part.column + 1)))
    before = line[cut:start] if not cut else "…" + line[cut + 1 : start]
    room = max(1, SHOWN_WIDTH - _wide(before))
    return " " * _wide(before) + sign * min(max(1, _wide(line[start:end])), room)


def _window(line: str, start: int) -> int:
    """Return from which character a line is shown, so that the part is inside what is shown."""
    most = SHOWN_WIDTH - 20
    return 0 if start <= most and _wide(line[:start]) <= most else max(0, start - 20)


def _clip(line: str, cut: int) -> str:
    line = "…" + line[cut + 1 :] if cut else line
    taken = 0
    for index, char in enumerate(line):
        taken += _wide(char)
        if taken > SHOWN_WIDTH:
            return line[:index] + "…"
    return line.rstrip()


def walk(data: Any, path: PathTo = ()) -> Iterator[tuple[PathTo, Any]]:
    """Yield every part of plain data with its path, outer parts first."""
    yield path, data
    if isinstance(data, dict):
        for key, value in data.items():
            yield from walk(value, (*path, key))
    elif isinstance(data, list):
        for index, value in enumerate(data):
            yield from walk(value, (*path, index))
