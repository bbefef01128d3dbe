"""YAML to plain data with places, nothing resolved behind the reader's back: `3.10` is not 3.1 and `no` is not False.

A document is built from the parser's events: every scalar stays the text it is. Anchors, merge keys, tags and further
documents are refused, repeated keys are faults.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

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
from appraisal.reading.yaml_places import Document, Extent, PathTo, broken_lines, excerpt

Loader: Any = getattr(yaml, "CLoader", yaml.Loader)
DEPTH_ALLOWED = 40
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})


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
    before = broken_lines(text[:index])
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
        if anchor := getattr(event, "anchor", None):
            self._fault("R008", event, name=str(anchor))
        if tag := getattr(event, "tag", None):
            self._fault("R011", event, tag=str(tag))
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
            self.document.unread.add(path)
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
            self.document.unread.add(top.path)
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
    if first is None or last is None:  # pragma: no cover  the parsers always tell
        return Extent(0, 0, 0, 1)
    return Extent(first.line, first.column, last.line, last.column)
