"""Evidence: files by the hash of their content, beside the database; what they are is read from their first bytes."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from tempfile import NamedTemporaryFile

from sqlalchemy import Connection, select

from appraisal.errors import Finding, RefusedError
from appraisal.store.account_rows import EVIDENCE
from appraisal.store.transactions import Database

LARGEST = 20 * 1024 * 1024
"""Bytes of the largest file."""

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HEADS: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"%PDF-", "application/pdf"),
    (b"BM", "image/bmp"),
    (_OLE, "application/x-ole-storage"),
)
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SUFFIXES = {
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "image/gif": ".gif",
    "image/bmp": ".bmp",
    "image/webp": ".webp",
    "image/heic": ".heic",
    "application/pdf": ".pdf",
    _WORD: ".docx",
    _EXCEL: ".xlsx",
    "application/x-ole-storage": ".doc",
    "application/zip": ".zip",
    "text/plain": ".txt",
    "video/mp4": ".mp4",
    "audio/mpeg": ".mp3",
}
"""Which types are taken, and how a file of one is called."""


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """A file that an office holds: its hash, its media type, its size in bytes."""

    sha256: str
    type: str
    size: int


class EvidenceStore:
    """The files of an installation, in one folder; an office sees those that it was given."""

    def __init__(self, database: Database, folder: Path) -> None:
        self._database = database
        self.folder = folder

    def keep(self, office: str, content: bytes, *, now: datetime, largest: int = LARGEST) -> Evidence:
        """Keep a file and return what names it; the same content again is the same file.

        Refused: empty (O041), too large (O042), of no type that is taken (O043).
        """
        if not content:
            raise RefusedError([Finding(code="O041")])
        if len(content) > largest:
            told = {"size": _megabytes(len(content)), "largest": _megabytes(largest)}
            raise RefusedError([Finding(code="O042", args=told)])
        kind = media_type(content)
        if kind is None:
            raise RefusedError([Finding(code="O043", args={"types": " ".join(dict.fromkeys(SUFFIXES.values()))})])
        found = Evidence(sha256=sha256(content).hexdigest(), type=kind, size=len(content))
        self._write(found.sha256, content)
        self._database.change(lambda c: _note(c, office, found, now))
        return found

    def get(self, office: str, name: str) -> Evidence:
        """Return what an office holds under a hash; anything else is refused (O040)."""
        query = select(EVIDENCE).where(EVIDENCE.c.office_id == office, EVIDENCE.c.sha256 == name)
        with self._database.reading() as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            raise RefusedError([Finding(code="O040", args={"sha256": name[:12]})])
        return Evidence(sha256=row.sha256, type=row.type, size=row.size)

    def content(self, office: str, name: str) -> bytes:
        """Return the bytes of a file that an office holds; a file that is gone or altered is refused (O044)."""
        found = self.get(office, name)
        try:
            content = self.path(found.sha256).read_bytes()
        except FileNotFoundError:
            content = b""
        if sha256(content).hexdigest() != found.sha256:
            raise RefusedError([Finding(code="O044", args={"sha256": name[:12]})])
        return content

    def path(self, name: str) -> Path:
        """Return where a file lies."""
        return self.folder / name[:2] / name

    def check(self) -> tuple[Finding, ...]:
        """Return every file that is gone or altered (O044)."""
        with self._database.reading() as connection:
            names = list(connection.execute(select(EVIDENCE.c.sha256).distinct().order_by(EVIDENCE.c.sha256)).scalars())
        return tuple(Finding(code="O044", args={"sha256": name[:12]}) for name in names if not self._holds(name))

    def _holds(self, name: str) -> bool:
        path = self.path(name)
        return path.is_file() and _hash_file(path) == name

    def _write(self, name: str, content: bytes) -> None:
        """Write a file so that it is whole or not there, and on the disk before the database names it."""
        path = self.path(name)
        if path.is_file() and path.stat().st_size == len(content):
            return
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with NamedTemporaryFile(dir=path.parent, delete=False) as part:
                part.write(content)
                part.flush()
                os.fsync(part.fileno())
            Path(part.name).replace(path)
        except OSError as error:
            raise RefusedError([Finding(code="O045", args={"reason": error.strerror or str(error)})]) from error


def media_type(content: bytes) -> str | None:
    """Return what a file is by its first bytes, whatever it is called; None for what is not taken."""
    for head, kind in _HEADS:
        if content.startswith(head):
            return kind
    if boxed := _riff(content, content[8:12]) or _boxes(content, content[4:8]):
        return boxed
    if content.startswith(b"PK\x03\x04"):
        return _zipped(content)
    if content.startswith(b"ID3") or content[:2] in {b"\xff\xfb", b"\xff\xf3"}:
        return "audio/mpeg"
    return "text/plain" if _is_text(content) else None


def _riff(content: bytes, told: bytes) -> str | None:
    return "image/webp" if content.startswith(b"RIFF") and told == b"WEBP" else None


def _boxes(content: bytes, told: bytes) -> str | None:
    if told != b"ftyp":
        return None
    return "image/heic" if content[8:12] in {b"heic", b"heix", b"mif1", b"msf1"} else "video/mp4"


def _zipped(content: bytes) -> str:
    names = {b"word/": _WORD, b"xl/": _EXCEL}
    return next((kind for part, kind in names.items() if part in content), "application/zip")


def _is_text(content: bytes) -> bool:
    """Say whether it reads as text and could not be taken for a page: no markup at its head."""
    try:
        text = content.decode()
    except UnicodeDecodeError:
        try:
            text = content.decode("gb18030")
        except UnicodeDecodeError:
            return False
    printable = all(c.isprintable() or c in "\t\r\n\ufeff" for c in text)
    return printable and not text.lstrip("\ufeff \t\r\n").startswith("<")


def _note(connection: Connection, office: str, found: Evidence, now: datetime) -> None:
    key = {"office_id": office, "sha256": found.sha256}
    match = (EVIDENCE.c.office_id == office) & (EVIDENCE.c.sha256 == found.sha256)
    if connection.execute(select(EVIDENCE.c.size).where(match)).first() is None:
        told = {"type": found.type, "size": found.size, "kept_at": now.isoformat()}
        connection.execute(EVIDENCE.insert().values(**key, **told))


def _hash_file(path: Path) -> str:
    digest = sha256()
    with path.open("rb") as stream:
        read: Callable[[], bytes] = lambda: stream.read(1 << 20)  # noqa: E731
        for part in iter(read, b""):
            digest.update(part)
    return digest.hexdigest()


def _megabytes(size: int) -> str:
    return f"{size / 1024 / 1024:.1f} MB"
