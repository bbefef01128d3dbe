"""What is in a PDF, read from the file: tags, bookmarks, pages, embedded faces, the mark of a draft, the QR code."""

from __future__ import annotations

import io
import re
import subprocess
import zipfile
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest
import zxingcpp
from pypdf import PdfReader

from appraisal.reading.rulebook import find_rulebook
from reports.bundle.making import make
from reports.bundle.sources import from_files
from reports.catalogue import Wish, exported
from reports.material import Material
from reports.typeface import FACES, FOLDER
from tests.paper.reading_back import opened_by_libreoffice
from tests.programs import program


@pytest.fixture(scope="module")
def sealed(december: Material) -> Material:
    """Return December with the seal of its bundle."""
    path = find_rulebook(december.edition.rulebook.id)
    bundle = make(from_files(path, december.edition, list(december.events.values()), december.assessment))
    return replace(december, imprint=replace(december.imprint, seal=bundle.seal))


@pytest.fixture(scope="module")
def letter(sealed: Material) -> bytes:
    return exported(sealed, Wish(document="notice"), "pdf").data


def texts(data: bytes) -> list[str]:
    return ["".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(data)).pages]


def test_a_letter_is_tagged_in_its_language_with_its_title(letter: bytes) -> None:
    reader = PdfReader(io.BytesIO(letter))
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "zh-CN"
    kinds: set[str] = set()
    waiting = [root["/StructTreeRoot"]]
    while waiting:
        node = waiting.pop().get_object()
        if not isinstance(node, dict):
            continue
        kinds.add(str(node.get("/S", "")))
        below = node.get("/K", [])
        below = below.get_object() if hasattr(below, "get_object") else below
        waiting += below if isinstance(below, list) else [below]
    assert {"/H1", "/P", "/Table", "/TR", "/TH", "/TD"} <= kinds
    assert reader.metadata is not None
    assert reader.metadata.title is not None
    assert "通报" in reader.metadata.title


def test_every_page_says_which_of_how_many_it_is(letter: bytes, sealed: Material) -> None:
    pages = texts(letter)
    assert [re.findall(r"第(\d+)页共(\d+)页", page) for page in pages] == [
        [(str(n), str(len(pages)))] for n in range(1, len(pages) + 1)
    ]
    sheets = texts(exported(sealed, Wish(document="subject"), "pdf").data)
    told = [re.findall(r"第(\d+)页共(\d+)页", page)[0] for page in sheets]
    firsts = [n for n, (number, _) in enumerate(told) if number == "1"]
    assert len(firsts) == len(sealed.assessment.standings)
    for first, after in zip(firsts, [*firsts[1:], len(told)], strict=True):
        assert told[first:after] == [(str(n), str(after - first)) for n in range(1, after - first + 1)]


def test_the_mark_of_a_draft_is_on_every_page_and_on_no_final_one(letter: bytes, sealed: Material) -> None:
    assert all("初稿" in page for page in texts(letter))
    final = replace(sealed, imprint=replace(sealed.imprint, final=True))
    assert not any("初稿" in page for page in texts(exported(final, Wish(document="notice"), "pdf").data))


def test_bookmarks_lead_to_the_sections(letter: bytes) -> None:
    reader = PdfReader(io.BytesIO(letter))

    def titles(entries: list[object]) -> list[str]:
        found: list[str] = []
        for entry in entries:
            found += titles(entry) if isinstance(entry, list) else [str(entry.title)]  # type: ignore[attr-defined]
        return found

    pages = texts(letter)
    marks = titles(reader.outline)
    assert len(marks) > 3
    assert all(any("".join(mark.split()) in page for page in pages) for mark in marks)


def test_faces_are_embedded_as_subsets_and_their_licence_lies_beside(letter: bytes) -> None:
    found: dict[str, int] = {}
    for page in PdfReader(io.BytesIO(letter)).pages:
        for reference in page["/Resources"]["/Font"].values():
            font = reference.get_object()
            inner = font["/DescendantFonts"][0].get_object()["/FontDescriptor"]
            file = next(inner[key] for key in ("/FontFile2", "/FontFile3") if key in inner)
            found[str(font["/BaseFont"])] = len(file.get_object().get_data())
    assert {name.partition("+")[2] for name in found} <= set(FACES)
    assert all(re.fullmatch(r"/[A-Z]{6}\+\w+-\w+", name) for name in found)
    assert sum(found.values()) < 600_000  # the faces themselves have sixteen megabytes
    assert all("SIL OPEN FONT LICENSE" in path.read_text(encoding="utf-8").upper() for path in FOLDER.glob("OFL-*.txt"))
    assert len(list(FOLDER.glob("OFL-*.txt"))) == 2


def scanned(data: bytes, tmp: Path) -> list[str]:
    """Return what a scanner reads off the printed pages."""
    (tmp / "print.pdf").write_bytes(data)
    command = [program("pdftoppm"), "-r", "150", "-gray", str(tmp / "print.pdf"), str(tmp / "page")]
    subprocess.run(command, check=True, timeout=120)
    found = []
    for path in sorted(tmp.glob("page*.pgm")):
        _, size, _, pixels = path.read_bytes().split(b"\n", 3)
        wide, high = map(int, size.split())
        picture = np.frombuffer(pixels, dtype=np.uint8).reshape(high, wide)
        found += [code.text for code in zxingcpp.read_barcodes(picture)]
        path.unlink()
    return found


def test_the_printed_code_is_read_off_the_page_and_leads_to_the_bundle(
    letter: bytes, sealed: Material, tmp_path: Path
) -> None:
    assert sealed.imprint.seal is not None
    assert sealed.imprint.code in "".join(texts(letter))
    assert scanned(letter, tmp_path) == [sealed.imprint.seal.content]
    path = find_rulebook(sealed.edition.rulebook.id)
    bundle = make(from_files(path, sealed.edition, list(sealed.events.values()), sealed.assessment))
    with zipfile.ZipFile(io.BytesIO(bundle.content)) as archive:
        manifest = archive.read("manifest.json")
    assert sealed.imprint.seal.content.lower().endswith(sha256(manifest).hexdigest())


@pytest.mark.slow
def test_the_code_of_the_word_file_is_read_off_its_print(sealed: Material, tmp_path: Path) -> None:
    data = exported(sealed, Wish(document="notice"), "docx").data
    assert sealed.imprint.seal is not None
    assert scanned(opened_by_libreoffice(data, "n.docx", tmp_path), tmp_path) == [sealed.imprint.seal.content]
