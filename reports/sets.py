"""Files that leave together: every document of a period, of a year with its months, or of one community's own."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from types import MappingProxyType

from reports.archive import fixed_entry
from reports.catalogue import Exported, Wish, exported, offered
from reports.document import Progress, in_turn, silent
from reports.material import Material

Files = Mapping[str, tuple[str, str]]
EVERYTHING: Files = MappingProxyType(
    {
        "workbook.xlsx": ("workbook", "xlsx"),
        "notice.docx": ("notice", "docx"),
        "notice.pdf": ("notice", "pdf"),
        "levels.pdf": ("levels", "pdf"),
        "report.pdf": ("report", "pdf"),
        "report.docx": ("report", "docx"),
        "recommendation.docx": ("recommendation", "docx"),
        "recommendation.pdf": ("recommendation", "pdf"),
        "subjects.pdf": ("subject", "pdf"),
        "departments.pdf": ("department", "pdf"),
        "closing.pdf": ("closing", "pdf"),
        "ranking.csv": ("workbook", "csv"),
        "standings.json": ("workbook", "json"),
    }
)
"""The files of a period, each a document in its usual format."""
OF_A_SUBJECT: Files = MappingProxyType(
    {
        "sheet.pdf": ("subject", "pdf"),
        "sheet.docx": ("subject", "docx"),
        "sheet.xlsx": ("subject", "xlsx"),
        "entries.csv": ("subject", "csv"),
        "standing.json": ("subject", "json"),
    }
)
"""What a subject may have of its own."""
OF_A_DEPARTMENT: Files = MappingProxyType(
    {
        "department.pdf": ("department", "pdf"),
        "department.docx": ("department", "docx"),
        "department.xlsx": ("department", "xlsx"),
        "entries.csv": ("department", "csv"),
    }
)
"""What a department may have of its own."""


_ANY = Wish()


@dataclass(frozen=True, kw_only=True)
class Part:
    """One period's files: in which folder, what they are made from, whose they are."""

    folder: str
    material: Material
    wish: Wish = _ANY

    def files(self) -> Files:
        """Return the files that there are, by name."""
        own = OF_A_SUBJECT if self.wish.subject else OF_A_DEPARTMENT if self.wish.department else EVERYTHING
        there = set(offered(self.material)) - (set() if self.wish.month else {"closing"})
        return {name: made for name, made in own.items() if made[0] in there}


def files_of(parts: Sequence[Part], progress: Progress = silent) -> dict[str, Exported]:
    """Return every file of these periods by its name; what `progress` raises ends the work."""
    jobs = {
        f"{part.folder}/{name}" if part.folder else name: partial(
            exported, part.material, replace(part.wish, document=document), form
        )
        for part in parts
        for name, (document, form) in part.files().items()
    }
    return dict(zip(jobs, in_turn(jobs.values(), "exporting", progress), strict=True))


def packed(files: Mapping[str, bytes]) -> bytes:
    """Return files as one ZIP: in their order, not compressed, without dates: same files, same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, data in files.items():
            archive.writestr(fixed_entry(name, zipfile.ZIP_STORED), data)
    return out.getvalue()
