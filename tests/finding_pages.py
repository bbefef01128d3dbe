"""The pages of findings, held to what the program says; both ways in which they are written."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import Path

from appraisal.errors import Finding, RefusedError, messages

PAGES = Path(__file__).parents[1] / "docs" / "findings"


def codes(pattern: str) -> list[str]:
    """Return the codes of the catalogue that match whole."""
    return sorted(code for code in messages() if re.fullmatch(pattern, code))


def refused(act: Callable[[], object]) -> Finding:
    """Return the only finding for which this is refused."""
    try:
        act()
    except RefusedError as error:
        (finding,) = error.findings
        return finding
    raise AssertionError("nothing was refused")


def expected_text(findings: Iterable[Finding]) -> str:
    """Return findings as an `.expected.txt` has them: all in Chinese, an empty line, all in English."""
    found = tuple(findings)
    told = ["\n".join(finding.render(lang) for finding in found) for lang in ("zh", "en")]
    return "\n\n".join(told) + "\n"


def assert_page_tells(code: str, expected: Path | None) -> None:
    """Hold that a page has a title, a remedy and, where there is an example, what is expected of it."""
    page = (PAGES / f"{code}.md").read_text(encoding="utf-8")
    assert page.startswith(f"# {code}: ")
    assert "**Remedy.**" in page
    if expected is not None:
        for told in expected.read_text(encoding="utf-8").strip().split("\n\n"):
            assert told in page


def assert_brought_about(scenarios: Iterable[str], letter: str) -> None:
    """Hold that the scenarios bring about every code of a letter, and that there is a page for each and no other."""
    assert set(scenarios) == set(codes(rf"{letter}\d{{3}}"))
    assert set(scenarios) == {page.stem for page in PAGES.glob(f"{letter}*.md")}


def assert_page_shows(code: str, zh: str, en: str) -> None:
    """Hold that a page shows these words to the letter in both languages, and nothing else in its boxes."""
    page = (PAGES / f"{code}.md").read_text(encoding="utf-8")
    assert page.startswith(f"# {code} ")
    assert re.findall(r"```text\n(.*?)\n```", page, re.DOTALL) == [zh, en]
    assert "## Remedy" in page
