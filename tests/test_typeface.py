"""The faces that are shipped: what they have, and what happens to characters that no font has."""

from __future__ import annotations

from pathlib import Path

import pytest

from appraisal.errors import RefusedError, messages
from reports import typeface


def test_every_text_of_the_product_can_be_printed_with_the_shipped_faces() -> None:
    words = [entry[lang] for entry in messages().values() for lang in ("zh", "en")]
    root = Path(__file__).parent.parent / "rulebooks"
    words += [path.read_text(encoding="utf-8") for path in root.rglob("*") if path.suffix in {".yaml", ".txt", ".csv"}]
    assert typeface.rare(words) == ""


def test_names_beyond_gb2312_are_covered_and_rarer_ones_are_told() -> None:
    assert typeface.rare(["喆堃旸珺镕祎翀"]) == ""  # of the 8,105, not of GB 2312
    assert typeface.rare(["㐂𠮷社区", "𠮷"]) == "㐂𠮷"
    assert typeface.without_a_face("\U0010fffd") == "\U0010fffd"  # private: no font has it
    assert typeface.without_a_face("") == ""


def test_what_cannot_be_shown_is_a_geta_and_control_characters_are_gone() -> None:
    assert typeface.printable("甲\x07乙\u200b𠮷", frozenset("𠮷")) == "甲乙〓"
    assert typeface.printable("a\nb", frozenset()) == "a\nb"


def test_an_installation_without_its_fonts_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(typeface, "FOLDER", tmp_path)
    typeface.shipped_faces.cache_clear()
    with pytest.raises(RefusedError) as refused:
        typeface.shipped_faces()
    assert [f.code for f in refused.value.findings] == ["P001"]
    monkeypatch.undo()
    typeface.shipped_faces.cache_clear()
