"""Files that are written whole or not at all: beside their place first, then put there in one step."""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from shutil import rmtree

from appraisal.errors import Finding, RefusedError

_MODE = 0o666


def write_whole(path: Path, data: bytes) -> Path:
    """Write a file; RefusedError P030, P031 or P032 where the place does not take it, and then nothing is left."""
    with _told(path):
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            Path(name).chmod(_MODE & ~_umask())
            Path(name).replace(path)
        except BaseException:  # a full disk as much as a cancelled export
            with suppress(OSError):
                Path(name).unlink(missing_ok=True)
            raise
    return path


def write_folder(path: Path, files: Mapping[str, bytes]) -> list[Path]:
    """Write a folder that is not there yet, or is empty, whole; RefusedError P030 to P033, and then nothing is left."""
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise RefusedError([Finding(code="P033", args={"path": str(path)})])
    with _told(path):
        beside = Path(tempfile.mkdtemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent))
        try:
            for name, data in files.items():
                (beside / name).parent.mkdir(parents=True, exist_ok=True)
                write_whole(beside / name, data)
            beside.chmod(0o777 & ~_umask())
            beside.replace(path)
        except BaseException:
            rmtree(beside, ignore_errors=True)
            raise
    return [path / name for name in files]


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """Turn what the machine says about a place into words."""
    try:
        yield
    except OSError as wrong:
        full = wrong.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
        absent = isinstance(wrong, FileNotFoundError | NotADirectoryError)
        code = "P030" if full else "P031" if absent else "P032"
        reason = wrong.strerror or str(wrong)
        raise RefusedError([Finding(code=code, args={"path": str(path), "reason": reason})]) from wrong


def _umask() -> int:
    """Return what new files may not be; asking sets it, so it is set back."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
