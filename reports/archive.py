"""Archives that are the same bytes whenever they are made: members in their order, every date 1 January 1980."""

from __future__ import annotations

import io
import zipfile

_DATE = (1980, 1, 1, 0, 0, 0)
_PLAIN_FILE = 0o600 << 16


def fixed_zip(data: bytes) -> bytes:
    """Return a ZIP archive anew with fixed dates and modes."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(fixed_entry(name, zipfile.ZIP_DEFLATED), old.read(name))
    return out.getvalue()


def fixed_entry(name: str, kind: int) -> zipfile.ZipInfo:
    """Return how a member stands in an archive; `kind` is a way of compression of `zipfile`."""
    entry = zipfile.ZipInfo(name, date_time=_DATE)
    entry.compress_type = kind
    entry.external_attr = _PLAIN_FILE
    entry.create_system = 3
    return entry
