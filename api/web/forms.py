"""Forms as requests bring them: their texts, and their files, which are kept before anything else is looked at."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from pathlib import PurePath
from typing import Annotated
from zipfile import BadZipFile, ZipFile

from fastapi import Depends, Request
from starlette.datastructures import FormData, UploadFile

from api.web.faults import ForbiddenError
from api.web.views.entry import Choice
from api.web.visit import Visit
from appraisal.errors import Finding, RefusedError
from appraisal.office.rights import Action

CELLS = ("subject", "date", "period", "level", "part", "value", "benchmark", "count", "matter", "note")
"""The fields of a form that are columns of an event table, besides the clause."""

MOST_UNPACKED = 100 * 1024 * 1024
"""What a workbook that is handed in may hold unpacked: more than three million cells of a survey."""

MOST_BYTES = 256 * 1024 * 1024
"""What a request with files may hold in all; each file is bounded by the settings."""

_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_LONGEST_NAME = 80

ACCEPT = ".png,.jpg,.jpeg,.gif,.webp,.heic,.pdf,.docx,.xlsx,.doc,.xls,.zip,.txt,.mp4,.mp3"


async def read_form(request: Request) -> FormData:
    """Read the form of a request; its files lie in temporary files."""
    return await request.form()


Form = Annotated[FormData, Depends(read_form)]


def texts(form: FormData) -> dict[str, str]:
    """Return the fields of a form that hold text; of a field that stands in two places what is filled in."""
    told: dict[str, str] = {}
    for key, value in form.multi_items():
        if isinstance(value, str):
            told[key] = value if value.strip() else told.get(key, value)
    return told


def kept_before(form: FormData) -> tuple[Choice, ...]:
    """Return the files that an earlier try of this form has handed in: hash and name."""
    pairs = [value.partition(":") for value in form.getlist("kept") if isinstance(value, str)]
    return tuple(Choice(id=name, name=words or name[:12]) for name, _, words in pairs if name)


def handed_in(visit: Visit, form: FormData) -> tuple[tuple[Choice, ...], tuple[Finding, ...]]:
    """Keep the files of a form; return them with those of earlier tries, and what is wrong with those not taken."""
    kept = list(kept_before(form))
    findings: list[Finding] = []
    for one in kept:
        visit.house.installation.evidence.get(visit.office_id, one.id)
    for file in form.getlist("files"):
        if isinstance(file, UploadFile) and file.filename:
            if visit.reach(Action.ADD_EVIDENCE) is None:
                raise ForbiddenError("H010", action=f"@action_{Action.ADD_EVIDENCE}", where=visit.office_id)
            try:
                kept.append(keep(visit, file))
            except RefusedError as refused:
                findings += refused.findings
    return tuple(dict.fromkeys(kept)), tuple(findings)


def keep(visit: Visit, file: UploadFile) -> Choice:
    """Keep a file of a form; refused where it is empty, too large, or of no type that is taken."""
    largest = visit.house.settings.upload_mb * 1024 * 1024
    content = file.file.read(largest + 1)
    found = visit.house.installation.evidence.keep(visit.office_id, content, now=visit.now, largest=largest)
    return Choice(id=found.sha256, name=file.filename or found.sha256[:12])


def content_of(form: Mapping[str, object], largest: int) -> tuple[bytes, str]:
    """Return the file of a form and what it is called; none, and one that is too large, are refused."""
    file = form.get("file")
    if not isinstance(file, UploadFile) or not file.filename:
        raise RefusedError([Finding(code="O041")])
    content = file.file.read(largest + 1)
    if len(content) > largest:
        told = {"size": f"> {largest // 1024 // 1024} MB", "largest": f"{largest // 1024 // 1024} MB"}
        raise RefusedError([Finding(code="O042", args=told)])
    if (unpacked := _unpacked(content)) > MOST_UNPACKED:
        told = {"size": f"{unpacked // 1024 // 1024} MB", "largest": f"{MOST_UNPACKED // 1024 // 1024} MB"}
        raise RefusedError([Finding(code="O042", args=told)])
    if content.startswith(_UTF16):
        content = content.decode("utf-16", errors="replace").encode()
    return content, file_name(file.filename)


def _unpacked(content: bytes) -> int:
    """Return how many bytes a packed file, such as a workbook, says that it holds; 0 for any other."""
    try:
        with ZipFile(BytesIO(content)) as packed:
            return sum(one.file_size for one in packed.infolist())
    except (BadZipFile, ValueError, OSError, LookupError, NotImplementedError):
        return 0


def file_name(name: str) -> str:
    """Return the name of a file without folders, and not longer than a page can show."""
    path = PurePath(name.replace("\\", "/"))
    return f"{path.stem[:_LONGEST_NAME]}{path.suffix[:10]}"
