"""YAML as text with places: every scalar stays the text it is, every part keeps its line and column.

A document is built from the parser's events, so nothing is resolved behind the reader's back: `3.10` is not 3.1 and
`no` is not False. Anchors, merge keys, tags and further documents are refused, repeated keys are faults.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from unicodedata import east_asian_width

import yaml
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)
from yaml.reader import Reader

from appraisal.errors import Finding, Place

PathTo = tuple[str | int, ...]
Loader: Any = getattr(yaml, "CLoader", yaml.Loader)

DEPTH_ALLOWED = 40
SHOWN_WIDTH = 100
_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})


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
    _lines: list[str] = field(default_factory=list)

    @property
    def lines(self) -> list[str]:
        """The lines of the file, split where YAML splits."""
        if not self._lines:
            self._lines = _BREAK.split(self.text)
        return self._lines

    def extent(self, path: PathTo, *, key: bool = False) -> Extent:
        """Return the extent of a part, or of the nearest part around it that the file has."""
        path = self._where_written(path)
        if key and path in self.keys:
            return self.keys[path]
        while path and path not in self.values:
            path = path[:-1]
        return self.values.get(path, Extent(0, 0, 0, 1))

    def _where_written(self, path: PathTo) -> PathTo:
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
        """Return a finding about a part, with its place and excerpt."""
        extent = self.extent(path, key=key)
        return Finding(
            code=code,
            place=Place(file=self.file, line=extent.line + 1, column=extent.column + 1),
            args=args,
            excerpt=excerpt(self.lines, extent),
            severity="warning" if warn else "error",
            also=tuple(self.place(other) for other in also),
        )

    def at(self, path: PathTo) -> Any:
        """Return the data of a part; None if there is none."""
        here = self.data
        for step in path:
            if isinstance(here, dict) and step in here:
                here = here[step]
            elif isinstance(here, list) and isinstance(step, int) and 0 <= step < len(here):
                here = here[step]
            else:
                return None
        return here


def _wide(text: str) -> int:
    return sum(2 if east_asian_width(char) in "WF" else 1 for char in text)


def excerpt(lines: list[str], extent: Extent) -> str:
    """Return up to three lines of the file with ^^^^ under the part; long lines are cut around it."""
    last = max(0, min(extent.line, len(lines) - 1))
    shown = [n for n in range(max(0, last - 2), last + 1) if n == last or lines[n].strip()]
    width = len(str(last + 1))
    line = lines[last] if lines else ""
    end = extent.end_column if extent.end_line == extent.line else len(line.rstrip())
    start, end = extent.column, max(extent.column + 1, min(end, max(len(line.rstrip()), extent.column + 1)))
    cut = _window(line, start)
    out = [f"  {n + 1:>{width}} | {_clip(lines[n], cut if n == last else 0)}" for n in shown]
    before = line[cut:start] if not cut else "…" + line[cut + 1 : start]
    marked = line[start:end] or " "
    room = max(1, SHOWN_WIDTH - _wide(before))
    out.append(f"  {' ' * width} | {' ' * _wide(before)}{'^' * min(max(1, _wide(marked)), room)}")
    return "\n".join(row.rstrip() for row in out)


def _window(line: str, start: int) -> int:
    """Return from which character a line is shown, so that the part is inside what is shown."""
    return 0 if _wide(line[:start]) <= SHOWN_WIDTH - 20 else max(0, start - 20)


def _clip(line: str, cut: int) -> str:
    line = "…" + line[cut + 1 :] if cut else line
    taken = 0
    for index, char in enumerate(line):
        taken += _wide(char)
        if taken > SHOWN_WIDTH:
            return line[:index] + "…"
    return line.rstrip()


def load(raw: bytes, file: str, *, nullable: Callable[[PathTo], bool] = lambda _: False) -> Document:
    """Read a YAML file's bytes; what is wrong with it is in `faults`, and `data` is None where nothing can be read.

    `nullable` says under which paths `~`, `null` or nothing means None; elsewhere they are text.
    """
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return _undecodable(raw, file, error)
    document = Document(file=file, text=text)
    if strange := Reader.NON_PRINTABLE.search(text):
        line, column = _line_column(text, strange.start())
        document.faults.append(_fault(document, "R004", line, column, char=f"U+{ord(strange[0]):04X}"))
        return document
    builder = _Builder(document, nullable)
    try:
        for event in yaml.parse(text, Loader=Loader):
            if not builder.take(event):
                break
    except yaml.MarkedYAMLError as error:
        _syntax(document, error)
        return document
    builder.finish()
    return document


def _line_column(text: str, index: int) -> tuple[int, int]:
    before = _BREAK.split(text[:index])
    return len(before) - 1, len(before[-1])


def _undecodable(raw: bytes, file: str, error: UnicodeDecodeError) -> Document:
    before = raw[: error.start].decode("utf-8-sig", errors="replace")
    document = Document(file=file, text=raw.decode("utf-8-sig", errors="replace"))
    line, column = _line_column(before, len(before))
    document.faults.append(_fault(document, "R003", line, column, byte=f"0x{raw[error.start]:02X}"))
    return document


def _fault(document: Document, code: str, line: int, column: int, **args: str) -> Finding:
    extent = Extent(line, column, line, column + 1)
    return Finding(
        code=code,
        place=Place(file=document.file, line=line + 1, column=column + 1),
        args=args,
        excerpt=excerpt(document.lines, extent),
    )


def _syntax(document: Document, error: yaml.MarkedYAMLError) -> None:
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line, mark.column) if mark else (0, 0)
    line = min(line, len(document.lines) - 1)
    indent = re.match(r"[ \t]*", document.lines[line])
    code = "R006" if indent and "\t" in indent[0] else "R005"
    if code == "R006" and indent:
        column = indent[0].index("\t")
    document.data = None
    document.faults.append(_fault(document, code, line, column, problem=error.problem or str(error)))


@dataclass
class _Open:
    """A mapping or list that is being read."""

    path: PathTo
    holder: dict[str, Any] | list[Any]
    start: Event
    key: str | None = None
    skipping: bool = False


class _Builder:
    """Builds plain data from parser events, without recursion."""

    def __init__(self, document: Document, nullable: Callable[[PathTo], bool]) -> None:
        self.document = document
        self.nullable = nullable
        self.stack: list[_Open] = []
        self.documents = 0
        self.odd = 0  # parts of a key that is itself a mapping or list
        self.found = False

    def take(self, event: Event) -> bool:
        """Take one event; False when there is no use in going on."""
        if isinstance(event, DocumentStartEvent):
            self.documents += 1
            if self.documents > 1:
                self._fault("R009", event)
                return False
        elif isinstance(event, (MappingEndEvent, SequenceEndEvent)):
            self._close(event)
        elif isinstance(event, (ScalarEvent, MappingStartEvent, SequenceStartEvent, AliasEvent)):
            return self._node(event)
        return True

    def finish(self) -> None:
        """Say so if the file holds nothing."""
        if not self.found and not self.document.faults:
            self.document.faults.append(_fault(self.document, "R002", 0, 0))

    def _node(self, event: Event) -> bool:
        if len(self.stack) >= DEPTH_ALLOWED:
            self._fault("R010", event, depth=str(DEPTH_ALLOWED))
            self.document.data = None
            return False
        if getattr(event, "anchor", None):
            self._fault("R008", event, name=event.anchor)
        if getattr(event, "tag", None) is not None:
            self._fault("R011", event, tag=str(event.tag))
        top = self.stack[-1] if self.stack else None
        if top is not None and isinstance(top.holder, dict) and top.key is None:
            return self._key(top, event)
        path = self._next_path(top)
        if isinstance(event, ScalarEvent):
            self._put(top, path, self._scalar(event, path), event)
        elif isinstance(event, MappingStartEvent):
            self.stack.append(_Open(path, {}, event))
        elif isinstance(event, SequenceStartEvent):
            self.stack.append(_Open(path, [], event))
        else:
            self._put(top, path, "", event)
        return True

    def _key(self, top: _Open, event: Event) -> bool:
        if not isinstance(event, ScalarEvent):
            self._fault("R012", event)
            self.document.data = None
            return False
        key = str(event.value)
        path = (*top.path, key)
        top.key = key
        if key == "<<" and not event.style:
            self._fault("R008", event, name=key)
        if isinstance(top.holder, dict) and key in top.holder:
            first = self.document.keys[path]
            place = Place(file=self.document.file, line=first.line + 1, column=first.column + 1)
            self._fault("R007", event, key=key, line=str(place.line))
            top.skipping = True
        else:
            self.document.keys[path] = _extent(event)
        return True

    def _next_path(self, top: _Open | None) -> PathTo:
        if top is None:
            return ()
        if isinstance(top.holder, list):
            return (*top.path, len(top.holder))
        # the value of a repeated key is read and dropped; its paths must not cover the first one's
        return (*top.path, top.key or "", *(("<repeated>",) if top.skipping else ()))

    def _scalar(self, event: ScalarEvent, path: PathTo) -> str | None:
        value = str(event.value)
        return None if not event.style and value in _NULLS and self.nullable(path) else value

    def _put(self, top: _Open | None, path: PathTo, value: Any, start: Event, end: Event | None = None) -> None:
        self.document.values[path] = _extent(start, end)
        if top is None:
            self.found = True
            self.document.data = value
        elif isinstance(top.holder, list):
            top.holder.append(value)
        else:
            if not top.skipping and top.key is not None:
                top.holder[top.key] = value
            top.key, top.skipping = None, False

    def _close(self, event: Event) -> None:
        done = self.stack.pop()
        self._put(self.stack[-1] if self.stack else None, done.path, done.holder, done.start, event)

    def _fault(self, code: str, event: Event, **args: str) -> None:
        extent = _extent(event)
        self.document.faults.append(
            Finding(
                code=code,
                place=Place(file=self.document.file, line=extent.line + 1, column=extent.column + 1),
                args=args,
                excerpt=excerpt(self.document.lines, extent),
            )
        )


def _extent(start: Event, end: Event | None = None) -> Extent:
    first, last = start.start_mark, (end or start).end_mark
    return Extent(first.line, first.column, last.line, last.column)


def walk(data: Any, path: PathTo = ()) -> Iterator[tuple[PathTo, Any]]:
    """Yield every part of plain data with its path, outer parts first."""
    yield path, data
    if isinstance(data, dict):
        for key, value in data.items():
            yield from walk(value, (*path, key))
    elif isinstance(data, list):
        for index, value in enumerate(data):
            yield from walk(value, (*path, index))
