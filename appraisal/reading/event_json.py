"""JSON lines of events: one object a line, its keys the English or Chinese names of columns, nothing ever a float."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from io import TextIOWrapper
from operator import itemgetter
from pathlib import Path
from typing import TextIO

from appraisal.errors import Finding, Place
from appraisal.reading.cells import BLANKS
from appraisal.reading.event_columns import Form
from appraisal.reading.event_table import NO_EXTRA, Layout, Row, Source
from appraisal.reading.event_text import decode
from appraisal.reading.nearest import nearest

_EXPONENT = 30


def _number(text: str) -> str:
    """Write a JSON number without exponent where that is short; its digits stay as they are."""
    if "e" not in text and "E" not in text:
        return text
    number = Decimal(text)
    return format(number, "f") if abs(number.adjusted()) <= _EXPONENT else text


_DECODER = json.JSONDecoder(object_pairs_hook=tuple, parse_float=_number, parse_int=str, parse_constant=str)


def open_jsonl(path: Path, faults: list[Finding], form: Form) -> list[Source]:
    """Return the objects of a file of JSON lines as a source; none where the file as a whole can't be read."""
    decoded = decode(path)
    if decoded.fault is not None:
        faults.append(decoded.fault)
        return []
    raw = path.open("rb")
    stream = TextIOWrapper(raw, encoding=decoded.encoding, newline="")
    layout = Layout(file=str(path), form=form)
    source = Source(layout=layout, size=path.stat().st_size, done=raw.tell)
    source.rows = _Lines(source, faults).rows(stream)
    return [source]


class _Lines:
    """Reads the objects of one file; remembers each order of keys that it met."""

    def __init__(self, source: Source, faults: list[Finding]) -> None:
        self._source = source
        self._layout = source.layout
        self._faults = faults
        self._shapes: dict[tuple[str, ...], _Shape] = {}
        self._told: set[str] = set()
        self._objects = 0

    def rows(self, stream: TextIO) -> Iterator[Row]:
        """Yield each object as cells in the order of the columns."""
        with stream:
            for line, raw in enumerate(stream, start=1):
                text = raw.strip(BLANKS)
                if not text:
                    continue
                self._objects += 1
                row = self._row(line, raw, text)
                if row is not None:
                    yield row
        if not self._objects:
            self._faults.append(Finding(code="E004", place=Place(file=self._layout.file)))

    def _row(self, line: int, raw: str, text: str) -> Row | None:
        try:
            pairs = _DECODER.decode(text)
        except json.JSONDecodeError as error:
            column = error.colno + len(raw) - len(raw.lstrip(BLANKS))
            self._unreadable("E009", line, column, error=error.msg, at=str(column))
            return None
        except RecursionError:
            self._unreadable("E009", line, 1, error="too deeply nested", at="1")
            return None
        if type(pairs) is not tuple or not pairs:
            self._unreadable("E010", line, 1)
            return None
        keys, values = zip(*pairs, strict=True)
        self._layout.raw = raw
        shape = self._shapes.get(keys)
        if shape is None:
            shape = self._shape(line, keys)
            if shape.good:
                self._shapes[keys] = shape
        self._layout.titles = shape.titles
        if shape.good:
            return self._cells(line, shape, values)
        self._skip(shape, values)
        return None

    def _cells(self, line: int, shape: _Shape, values: tuple[object, ...]) -> Row | None:
        cells = [value.strip(BLANKS) if type(value) is str else self._cell(value) for value in values]
        if None in cells:
            index = cells.index(None)
            place = self._layout.place(line, shape.columns[index])
            self._faults.append(Finding(code="E018", place=place, args={"column": shape.keys[index]}))
            self._skip(shape, values)
            return None
        texts = [cell or "" for cell in cells]
        extra = {name: texts[i] for name, i in shape.free if texts[i]} if shape.free else NO_EXTRA
        texts.append("")
        return line, shape.pick(texts), extra

    @staticmethod
    def _cell(value: object) -> str | None:
        return "" if value is None else None  # true, false, a list or an object is no cell

    def _skip(self, shape: _Shape, values: tuple[object, ...]) -> None:
        """Remember the id of a row that can't be read, so that who names it is not blamed."""
        if "id" in shape.columns:
            self._source.unread.add(str(values[shape.columns.index("id")]))

    def _unreadable(self, code: str, line: int, column: int, **args: str) -> None:
        self._source.torn = True
        self._faults.append(
            Finding(code=code, place=Place(file=self._layout.file, line=line, column=column), args=args)
        )

    def _shape(self, line: int, keys: tuple[str, ...]) -> _Shape:
        """Work out the columns of an order of keys; a key that is wrong is told once, a repeated one each time."""
        columns = tuple(self._layout.form.column_of(key) or "" for key in keys)
        good = True
        for number, (key, column) in enumerate(zip(keys, columns, strict=True)):
            if column and column not in columns[:number]:
                continue
            place = Place(file=self._layout.file, line=line, column=self._layout.raw.rfind(f'"{key}"') + 1)
            if column:
                good = False
                first = keys[columns.index(column)]
                args = {"column": key, "first": first, "name": column}
                self._faults.append(Finding(code="E021", place=place, args=args))
            elif key not in self._told:
                self._told.add(key)
                args = {"column": key, "near": nearest(key, self._layout.form.headers)}
                self._faults.append(Finding(code="E020", place=place, args=args))
            self._layout.doubtful |= not column
        return _Shape(keys, columns, self._layout.form, good=good)


class _Shape:
    """One order of keys: which value belongs to which column."""

    def __init__(self, keys: tuple[str, ...], columns: tuple[str, ...], form: Form, *, good: bool) -> None:
        self.keys = keys
        self.columns = columns
        self.good = good
        self.titles: dict[str, str] = {c: k for c, k in zip(columns, keys, strict=True) if c}
        index: Mapping[str, int] = {c: i for i, c in enumerate(columns)}
        self.pick = itemgetter(*(index.get(name, len(columns)) for name in form.names))
        self.free = [(name, i) for name, i in index.items() if name and name not in form.titles]
