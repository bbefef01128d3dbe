"""A zip from anywhere to the members of a bundle, in memory and within bounds; nothing is ever written to a disk."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from appraisal.errors import Finding, Place, RefusedError
from reports.bundle.manifest import MANIFEST, NEEDED, SIGNATURE, SOURCE, Manifest, NoManifestError, is_member

MOST_MEMBERS = 16
_FIRST_BYTES = b"PK"
_ENCRYPTED = 0x1


@dataclass(frozen=True, kw_only=True)
class Bounds:
    """How large a bundle may be, in bytes: the file, and all members unpacked."""

    file: int = 256 * 1024 * 1024
    unpacked: int = 256 * 1024 * 1024


def unpack(path: Path, shown: str, bounds: Bounds = Bounds()) -> dict[str, bytes]:
    """Return the members of a bundle by name; RefusedError with everything that keeps it from being one."""
    size = path.stat().st_size
    if size > bounds.file:
        raise RefusedError([Finding(code="B005", place=Place(file=shown), args=_large(size, bounds.file))])
    content = path.read_bytes()
    try:
        archive = zipfile.ZipFile(BytesIO(content))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, UnicodeError):
        cut = content.startswith(_FIRST_BYTES)
        raise RefusedError([Finding(code="B002" if cut else "B001", place=Place(file=shown))]) from None
    with archive:
        findings = list(_unfit(archive, shown, bounds))
        if findings:
            raise RefusedError(findings)
        members = {info.filename: _member(archive, info, shown) for info in archive.infolist()}
    missing = sorted({*NEEDED, MANIFEST} - members.keys())
    if not any(name.startswith(SOURCE) for name in members):
        missing.append(f"{SOURCE}…")
    if missing:
        raise RefusedError(Finding(code="B007", place=Place(file=shown), args={"name": name}) for name in missing)
    return members


def _large(size: int, most: int) -> dict[str, str]:
    return {"size": f"{size / 1024**2:.1f}", "most": f"{most / 1024**2:.0f}"}


def _unfit(archive: zipfile.ZipFile, shown: str, bounds: Bounds) -> Iterator[Finding]:
    """Find what a bundle never has, before anything is unpacked."""
    place = Place(file=shown)
    infos = archive.infolist()
    if len(infos) > MOST_MEMBERS:
        yield Finding(code="B006", place=place, args={"number": str(len(infos)), "most": str(MOST_MEMBERS)})
        return
    seen: set[str] = set()
    for info in infos:
        # The name as the archive has it: the library cuts it at a NUL.
        name = getattr(info, "orig_filename", info.filename)
        if name.casefold() in seen:
            yield Finding(code="B004", place=place, args={"name": _plain(name)})
        elif not is_member(name):
            yield Finding(code="B003", place=place, args={"name": _plain(name)})
        elif info.flag_bits & _ENCRYPTED or info.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
            yield Finding(code="B009", place=place, args={"name": name})
        seen.add(name.casefold())
    total = sum(info.file_size for info in infos)
    if total > bounds.unpacked:
        yield Finding(code="B005", place=place, args=_large(total, bounds.unpacked))


def _plain(name: str) -> str:
    """Return a name that is safe to show."""
    return "".join(c if c.isprintable() else "�" for c in name)[:80]


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, shown: str) -> bytes:
    """Read no more than the member says it holds: what says less than it holds is damaged."""
    try:
        with archive.open(info) as stream:
            content = stream.read(info.file_size + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError):
        content = None
    if content is None or len(content) != info.file_size:
        name = _plain(info.filename)
        raise RefusedError([Finding(code="B010", place=Place(file=shown), args={"name": name})])
    return content


def read_manifest(members: Mapping[str, bytes], shown: str) -> Manifest:
    """Return the manifest; RefusedError where it is none, or of a later format, or names other members."""
    place = Place(file=f"{shown}/{MANIFEST}")
    try:
        manifest = Manifest.parse(members[MANIFEST])
    except NoManifestError as error:
        raise RefusedError([Finding(code="B008" if not error.newer else "B011", place=place)]) from None
    there = members.keys() - {MANIFEST, SIGNATURE}
    extra = [Finding(code="B012", place=place, args={"name": n}) for n in sorted(there - manifest.members.keys())]
    gone = sorted(manifest.members.keys() - there)
    findings = [*extra, *(Finding(code="B007", place=place, args={"name": _plain(n)}) for n in gone)]
    if findings:
        raise RefusedError(findings)
    return manifest
