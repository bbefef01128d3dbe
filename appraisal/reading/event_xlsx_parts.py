"""What the values of a workbook don't show: which cells are formulas or errors, told from the sheet's XML."""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from posixpath import join, normpath
from typing import IO
from xml.parsers import expat
from zipfile import BadZipFile, ZipFile, ZipInfo

MOST_BYTES = 2 << 30
MOST_CELLS = 40_000_000  # between A1 and the farthest cell: the reader of values holds them all
_BLOCK = 1 << 20
_OVERLAP = 512
_DOCTYPE = b"<!DOCTYPE"
_SUSPECT = re.compile(rb"<(?:\w+:)?f[\s/>]|t\s*=\s*[\"']e[\"']")
_FAR = re.compile(rb"\br\s*=\s*[\"']\s*(?:[A-Za-z]{2,9}\d|[A-Za-z]{0,9}\d{6})")
_PLACE = re.compile(rb"\br\s*=\s*[\"']\s*([A-Za-z]{0,9})(\d{1,18})")
_LARGE = re.compile(rb"ount\s*=\s*[\"']\D{0,9}\d{8}")
_COUNT = re.compile(rb"<[^<>]{0,400}ount\s*=\s*[\"']\D{0,9}(\d{8,18})")
_CELL = re.compile(r"([A-Z]{1,3})(\d{1,7})")
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
DAMAGE = (
    BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    LookupError,
    NotImplementedError,
    RuntimeError,
    struct.error,
    ValueError,
)


Start = Callable[[str, dict[str, str]], None]


class DamagedError(Exception):
    """The workbook can't be read: the code of the finding, and the farthest cell where that is what is wrong."""

    def __init__(self, code: str, cell: str = "") -> None:
        self.code = code
        self.cell = cell
        super().__init__(code)


@dataclass
class Parts:
    """The sheets of a workbook by name, and where their XML lies."""

    paths: dict[str, str] = field(default_factory=dict)


def look_inside(path: Path) -> Parts:
    """Return where the sheets of a workbook lie; DamagedError if it is none, is locked, or would fill the memory."""
    with path.open("rb") as stream:
        start = stream.read(8)
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        raise DamagedError("E013")
    if not start.startswith(b"PK"):
        raise DamagedError("E012")
    try:
        with ZipFile(path) as archive:
            if any(info.flag_bits & 1 for info in archive.infolist()):
                raise DamagedError("E013")
            if sum(info.file_size for info in archive.infolist()) > MOST_BYTES:
                raise DamagedError("E017")
            _refuse_traps(archive)
            parts = Parts(paths=_sheets(archive))
            for info in archive.infolist():
                if info.filename in parts.paths.values() or "sheets/" in info.filename:
                    _refuse_far_cells(archive, info)
            return parts
    except (*DAMAGE, expat.ExpatError) as error:
        raise DamagedError("E012") from error


def _refuse_traps(archive: ZipFile) -> None:
    """Refuse what no spreadsheet program writes: a document type, or a count for which memory would be set aside."""
    for info in archive.infolist():
        if not info.filename.lower().endswith((".xml", ".rels")):
            continue
        with archive.open(info) as part:
            for block in _overlapping(part):
                counts = _COUNT.findall(block) if _LARGE.search(block) else ()
                if _DOCTYPE in block or any(int(count) > MOST_CELLS for count in counts):
                    raise DamagedError("E017")


def _refuse_far_cells(archive: ZipFile, info: ZipInfo) -> None:
    """Refuse a sheet with a cell so far away that all the empty ones before it would fill the memory."""
    with archive.open(info) as part:
        if not any(_FAR.search(block) for block in _overlapping(part)):
            return
    rows = columns = 1
    with archive.open(info) as part:
        for block in _overlapping(part):
            for letters, digits in set(_PLACE.findall(block)):
                rows = max(rows, int(digits))
                columns = max(columns, _column(letters.decode().upper()))
    if rows * columns > MOST_CELLS:
        raise DamagedError("E024", f"{column_letters(columns)}{rows}")


def _sheets(archive: ZipFile) -> dict[str, str]:
    """Return the path of each sheet's XML by the sheet's name."""
    targets: dict[str, str] = {}
    found: dict[str, str] = {}

    def relation(name: str, attributes: dict[str, str]) -> None:
        if _local(name) == "Relationship":
            target = attributes.get("Target", "")
            targets[attributes.get("Id", "")] = normpath(join("/xl", target)).lstrip("/")

    def sheet(name: str, attributes: dict[str, str]) -> None:
        if _local(name) == "sheet":
            link = next((v for k, v in attributes.items() if k == _RELATION or k.endswith("}id")), "")
            if link in targets:
                found[attributes.get("name", "")] = targets[link]

    _parse(archive, "xl/_rels/workbook.xml.rels", relation)
    _parse(archive, "xl/workbook.xml", sheet)
    return found


def _local(name: str) -> str:
    return name.rpartition("}")[2]


def _parser(start: Start) -> expat.XMLParserType:
    parser = expat.ParserCreate(namespace_separator="}")
    parser.buffer_text = True

    def refuse(*_: object) -> None:
        raise DamagedError("E017")

    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = start
    return parser


def _parse(archive: ZipFile, part: str, start: Start) -> None:
    with archive.open(part) as stream:
        _parser(start).ParseFile(stream)


def computed_cells(path: Path, part: str) -> dict[tuple[int, int], str]:
    """Return the cells, by row and column from 1, that hold a formula (`f`) or an error value (`e`)."""
    try:
        with ZipFile(path) as archive:
            with archive.open(part) as stream:
                if not any(_SUSPECT.search(block) for block in _overlapping(stream)):
                    return {}
            with archive.open(part) as stream:
                return _computed(stream)
    except (*DAMAGE, expat.ExpatError) as error:
        raise DamagedError("E012") from error


def _overlapping(stream: IO[bytes]) -> Iterator[bytes]:
    tail = b""
    while block := stream.read(_BLOCK):
        yield tail + block
        tail = block[-_OVERLAP:]


def _computed(stream: IO[bytes]) -> dict[tuple[int, int], str]:
    found: dict[tuple[int, int], str] = {}
    at = (0, 0)

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal at
        kind = _local(name)
        if kind == "row":
            at = (_whole(attributes.get("r")) or at[0] + 1, 0)
        elif kind == "c":
            match = _CELL.fullmatch(attributes.get("r", ""))
            at = (int(match[2]), _column(match[1])) if match else (at[0], at[1] + 1)
            if attributes.get("t") == "e":
                found[at] = "e"
        elif kind == "f":
            found[at] = "f"

    _parser(start).ParseFile(stream)
    return found


def _whole(text: str | None) -> int:
    return int(text) if text and text.isdigit() else 0


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def column_letters(number: int) -> str:
    """Return what a spreadsheet calls a column: 1 is A, 27 is AA."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
