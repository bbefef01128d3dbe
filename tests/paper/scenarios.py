"""How each finding of paper comes about."""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import docx
import pytest

from api.commands.export import _department
from appraisal.errors import Finding, RefusedError
from appraisal.office.workflow import Case, State
from reports import typeface
from reports.catalogue import Wish, document_of
from reports.documents.others import recommendation_document, report_document
from reports.files import write_folder, write_whole
from reports.letter_template import SHIPPED, check_template
from reports.material import Imprint, Material

Scenario = Callable[[Material, pytest.MonkeyPatch], Finding]


def refused(deed: Callable[[], object]) -> Finding:
    """Return the first finding of a deed that is refused."""
    with pytest.raises(RefusedError) as caught:
        deed()
    return caught.value.findings[0]


def template(*words: str, shipped: bool = True) -> bytes:
    """Return the shipped template, or an empty one, with paragraphs added."""
    word = docx.Document(io.BytesIO(SHIPPED.read_bytes())) if shipped else docx.Document()
    for line in words:
        word.add_paragraph(line)
    out = io.BytesIO()
    word.save(out)
    return out.getvalue()


def with_member(name: str, content: bytes) -> bytes:
    """Return the shipped template with a further part."""
    out = io.BytesIO(SHIPPED.read_bytes())
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return out.getvalue()


def no_fonts(_: Material, patch: pytest.MonkeyPatch) -> Finding:
    patch.setattr(typeface, "FOLDER", Path("nowhere"))
    typeface.shipped_faces.cache_clear()
    try:
        return refused(typeface.shipped_faces)
    finally:
        patch.undo()
        typeface.shipped_faces.cache_clear()


def full_disk(_: Material, patch: pytest.MonkeyPatch) -> Finding:
    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    with patch.context() as now:
        now.setattr(os, "fsync", full)
        found = refused(lambda: write_whole(Path("out.pdf"), b"x"))
    assert list(Path().iterdir()) == []
    return found


def a_folder(_: Material, __: pytest.MonkeyPatch) -> Finding:
    Path("out.pdf").mkdir()
    return refused(lambda: write_whole(Path("out.pdf"), b"x"))


def not_empty(_: Material, __: pytest.MonkeyPatch) -> Finding:
    Path("2020").mkdir()
    Path("2020/a").write_text("a")
    return refused(lambda: write_folder(Path("2020"), {"a": b"x"}))


def plain_case(material: Material) -> Case:
    entry = next(event for event in material.events.values() if event.id == "S0001")
    return Case(entry=entry, lines=(), state=State.COUNTS)


def provisional(material: Material) -> Material:
    made = replace(material.assessment, provisional=True)
    return replace(material, assessment=made, imprint=replace(material.imprint, final=True))


def told(code: str, **args: str) -> Scenario:
    """Return what the command says beside its result."""
    return lambda _, __: Finding(code=code, args=args)


def of_template(make: Callable[[], bytes]) -> Scenario:
    """Return the first thing wrong with a template."""
    return lambda _, __: check_template(make(), "letter.docx")[0]


SCENARIOS: dict[str, Scenario] = {
    "P001": no_fonts,
    "P010": lambda _, __: refused(Imprint(final=True, office="示例街道", signer="示例", number="").checked),
    "P011": lambda m, __: refused(lambda: document_of(provisional(m), Wish(document="notice"))),
    "P012": told("P012", period="2020-10", stage="@stage_recheck"),
    "P013": told("P013", field="@imprint_number", published="示例街发〔2020〕13号", given="示例街发〔2020〕99号"),
    "P014": told("P014"),
    "P020": of_template(lambda: b"not a zip"),
    "P021": of_template(lambda: template("{{ title")),
    "P022": of_template(lambda: template("{{ isuer }}")),
    "P023": of_template(lambda: template("{{ title }}", shipped=False)),
    "P024": of_template(lambda: with_member("word/media/big.bmp", bytes(61_000_000))),
    "P025": of_template(lambda: with_member("word/vbaProject.bin", b"x")),
    "P030": full_disk,
    "P031": lambda _, __: refused(lambda: write_whole(Path("2020/out.pdf"), b"x")),
    "P032": a_folder,
    "P033": not_empty,
    "P034": lambda m, __: refused(lambda: document_of(m, Wish(document="letter"))),
    "P035": told("P035", characters="𠮷（U+20BB7）"),
    "P036": told("P036"),
    "P037": lambda m, __: refused(lambda: _department(m.edition, "城管办")),
    "P038": told("P038"),
    "P040": lambda m, __: refused(lambda: document_of(m, Wish(document="ruling", case=plain_case(m)))),
    "P041": lambda m, __: refused(lambda: document_of(m, Wish(document="decision", case=plain_case(m)))),
    "P042": lambda m, __: refused(lambda: document_of(m, Wish(document="closing"))),
    "P043": lambda m, __: refused(lambda: report_document(m)),
    "P044": lambda m, __: refused(lambda: recommendation_document(m)),
}
