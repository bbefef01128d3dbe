"""SM2 with SM3 by the `openssl` program of the machine: the libraries of the product do not offer them."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from appraisal.errors import Finding, RefusedError

_PATIENCE = 30
_ID = "distid:1234567812345678"  # the signer's id that GM/T 0009 takes where none is agreed


@cache
def offered() -> str:
    """Return the path of an `openssl` that knows SM2 and SM3, or nothing."""
    found = shutil.which("openssl")
    if not found:
        return ""
    try:
        _run(found, "genpkey", "-algorithm", "SM2", "-out", "a.pem")
        _run(found, "dgst", "-sm3", "-out", "b", "c", files={"c": b""})
    except (OSError, subprocess.SubprocessError):
        return ""
    return found


def _openssl() -> str:
    found = offered()
    if not found:
        raise RefusedError([Finding(code="B025")])
    return found


def generate() -> bytes:
    """Return a new private key in PEM."""
    return _run(_openssl(), "genpkey", "-algorithm", "SM2", "-out", "key.pem", read="key.pem")


def public_of(private: bytes) -> bytes:
    """Return the public key of a private one, both in PEM."""
    files = {"key.pem": private}
    return _run(_openssl(), "pkey", "-in", "key.pem", "-pubout", "-out", "pub.pem", files=files, read="pub.pem")


def is_private(private: bytes) -> bool:
    """Say whether this is a private SM2 key; also no where the machine does not offer SM2."""
    if not offered() or b"PRIVATE KEY" not in private:
        return False
    try:
        how = ("-in", "key.pem", "-noout", "-text", "-out", "told")
        told = _run(offered(), "pkey", *how, files={"key.pem": private}, read="told")
    except (OSError, subprocess.SubprocessError):
        return False
    return b"SM2" in told.upper()


def sign(private: bytes, content: bytes) -> bytes:
    """Return the signature of some bytes."""
    files = {"key.pem": private, "content": content}
    how = ("-sm3", "-sign", "key.pem", "-sigopt", _ID, "-out", "signature", "content")
    return _run(_openssl(), "dgst", *how, files=files, read="signature")


def verify(public: bytes, signature: bytes, content: bytes) -> bool:
    """Say whether a signature is of these bytes and this key; RefusedError where the machine does not offer SM2."""
    files = {"pub.pem": public, "content": content, "signature": signature}
    how = ("-sm3", "-verify", "pub.pem", "-sigopt", _ID, "-signature", "signature", "content")
    try:
        _run(_openssl(), "dgst", *how, files=files)
    except (OSError, subprocess.SubprocessError):
        return False
    return True


def _run(program: str, *words: str, files: Mapping[str, bytes] | None = None, read: str = "") -> bytes:
    """Run the program in a folder of its own with these files, and return the one that it wrote."""
    with TemporaryDirectory(prefix="appraisal-") as folder:
        for name, content in (files or {}).items():
            path = Path(folder, name)
            path.touch(0o600)
            path.write_bytes(content)
        nothing, command = subprocess.DEVNULL, [program, *words]
        subprocess.run(  # noqa: S603  a fixed program on files of its own
            command, cwd=folder, check=True, timeout=_PATIENCE, capture_output=True, stdin=nothing
        )
        return Path(folder, read).read_bytes() if read else b""
