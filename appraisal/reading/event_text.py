"""Text files of events: which encoding, which separator, and the records of a CSV with their lines."""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import TextIOWrapper
from pathlib import Path
from typing import TextIO

from appraisal.errors import Finding, Place
from appraisal.reading.cells import BLANKS
from appraisal.reading.event_columns import Form
from appraisal.reading.event_table import Layout, Source, header, looks_like_header, rows_of

_BLOCK = 1 << 20
_LINE_END = re.compile(rb"[\r\n]")
_PLAUSIBLE = 0.8  # of the characters beyond ASCII, how many stand in the everyday set of GB2312
_SEPARATORS = (",", ";", "\t")
_UTF32 = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@dataclass(frozen=True)
class Decoded:
    """How a text file is to be opened; or what is wrong with it as a whole."""

    encoding: str = ""
    fault: Finding | None = None


def decode(path: Path) -> Decoded:
    """Find how a file is encoded: UTF-8, UTF-16 with its mark, or GB18030 where that reads like Chinese."""
    name = str(path)
    with path.open("rb") as stream:
        start = stream.read(4)
    if start.startswith(_UTF32):
        return Decoded(fault=_wrong(name, 1))
    if start.startswith(_UTF16):
        bad = _first_bad(path, "utf-16")
        return Decoded(encoding="utf-16") if bad is None else Decoded(fault=_wrong(name, 1))
    long = _long_line(path)
    if long is not None:
        return Decoded(fault=long)
    bad = _first_bad(path, "utf-8")
    if bad is None:
        return Decoded(encoding="utf-8-sig")
    if _first_bad(path, "gb18030") is None and _reads_like_chinese(path):
        return Decoded(encoding="gb18030")
    return Decoded(fault=_wrong(name, bad))


def _wrong(file: str, line: int) -> Finding:
    return Finding(code="E005", place=Place(file=file, line=line))


def _blocks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK):
            yield block


def _long_line(path: Path) -> Finding | None:
    """Refuse a line that fills a whole block: no table looks like that, and reading it could take all memory."""
    line = 1
    for block in _blocks(path):
        if len(block) == _BLOCK and not _LINE_END.search(block):
            return Finding(code="E007", place=Place(file=str(path), line=line))
        line += block.count(b"\n")
    return None


def _first_bad(path: Path, encoding: str) -> int | None:
    """Return the line of the first byte that this encoding does not know; None if all is well."""
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    line = 1
    for block in _blocks(path):
        try:
            decoder.decode(block)
        except UnicodeDecodeError as error:
            return line + error.object[: error.start].count(b"\n")
        line += block.count(b"\n")
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return line
    return None


def _reads_like_chinese(path: Path) -> bool:
    decoder = codecs.getincrementaldecoder("gb18030")("strict")
    beyond = everyday = 0
    for block in _blocks(path):
        text = decoder.decode(block)
        ascii_count = len(text.encode("ascii", "ignore"))
        beyond += len(text) - ascii_count
        everyday += (len(text.encode("gb2312", "ignore")) - ascii_count) // 2
    return everyday >= _PLAUSIBLE * beyond


def open_csv(path: Path, faults: list[Finding], form: Form) -> list[Source]:
    """Return the rows of a CSV file as a source; none where it can't be read as a table."""
    decoded = decode(path)
    if decoded.fault is not None:
        faults.append(decoded.fault)
        return []
    before = len(faults)
    layout = Layout(file=str(path), form=form)
    source = Source(layout=layout, size=path.stat().st_size)
    raw = path.open("rb")
    stream = TextIOWrapper(raw, encoding=decoded.encoding, newline="")
    records = _records(stream, _separator(path, decoded.encoding, form), source, faults)
    for line, cells in records:
        if any(cell.strip(BLANKS) for cell in cells):
            layout.line = line
            header(layout, cells, faults)
            width = max(i for i, cell in enumerate(cells, start=1) if cell.strip(BLANKS))
            if layout.broken:
                break
            source.done = raw.tell
            source.rows = rows_of(source, width, records, faults)
            return [source]
    stream.close()
    if len(faults) == before:
        faults.append(Finding(code="E004", place=Place(file=str(path))))
    return []


def _separator(path: Path, encoding: str, form: Form) -> str:
    """Return what separates the header's cells: that with which most of them are known columns."""
    with path.open(encoding=encoding, newline="") as stream:
        first = next((line for line in stream if line.strip(BLANKS)), "")
    scores = {mark: looks_like_header(_cells(first, mark), form) for mark in _SEPARATORS}
    return max(_SEPARATORS, key=lambda mark: (scores[mark], first.count(mark)))


def _cells(line: str, mark: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=mark), [])
    except csv.Error:
        return []


def _records(stream: TextIO, mark: str, source: Source, faults: list[Finding]) -> Iterator[tuple[int, list[str]]]:
    """Yield each record with the line where it starts; a quote that is never closed ends the reading."""
    reader = csv.reader(stream, delimiter=mark, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            stream.close()
            return
        except csv.Error as error:
            source.torn = True
            torn = str(error).startswith(("field larger", "unexpected end"))
            code = "E006" if torn else "E008"
            args = {"last": str(reader.line_num)}
            faults.append(Finding(code=code, place=Place(file=source.layout.file, line=line), args=args))
            if torn:
                stream.close()
                return
            continue
        yield line, cells
