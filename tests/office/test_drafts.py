"""One row of a form is read as a row of a file is: the same event, or the same faults."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appraisal.errors import Finding, RefusedError
from appraisal.model.edition import Edition
from appraisal.model.event import Event
from appraisal.office.drafts import draft
from appraisal.reading.event_columns import TITLES
from appraisal.reading.events import read_events
from appraisal.reading.rulebook import find_rulebook, read_rulebook

BOOKS = {
    name: read_rulebook(find_rulebook(name))
    for name in ("houjiatang-2020", "customer-satisfaction-2007", "gd-smart-manufacturing-2024")
}
NAMES = st.sampled_from(
    [
        "id",
        "date",
        "subject",
        "clause",
        "note",
        "matter",
        "counters",
        "status",
        "recorded",
        "period",
        "value",
        "benchmark",
        "level",
        "part",
        "count",
        "kind",
        "X11",
        "date ",
        "编号",
        "x_a",
        "x_",
        "nosuch",
        "Date",
    ]
)
CELLS = st.sampled_from(
    [
        "2020-03-09",
        "2020/3/9",
        "2020年3月9日",
        "2020-02-30",
        "2020-13-01",
        "9999-12-31",
        "1899-01-01",
        "2020-03-09 10:00",
        "２０２０-０３-０９",
        "梓园社区",
        "ziyuan",
        "别处",
        "CG-A1",
        "CG-B1",
        "cg-a1",
        "e1",
        "c1",
        "confirmed",
        "1",
        "-1",
        "0.5",
        "1e5",
        "1/3",
        "a\nb",
        "a\tb",
        "\x00",
        "\u2028",
        "e\u200b1",
        "2020-03",
        "\u3000x ",
        "是",
    ]
)
GOOD = {"id": "e1", "date": "2020-03-09", "subject": "梓园社区", "clause": "CG-A1"}


def read(edition: Edition, cells: dict[str, str], folder: Path) -> Event | list[str]:
    row = {TITLES.get(name, name): cell.strip() for name, cell in cells.items() if cell.strip()}
    file = folder / "form.jsonl"
    file.write_text(json.dumps(row) + "\n", encoding="utf-8")
    try:
        events = read_events([file], edition, existing=["c1"])
    except RefusedError as refused:
        return [told(finding) for finding in refused.findings]
    return events[0] if events else [told(Finding(code="O037"))]


def told(finding: Finding) -> str:
    """Return what is said, but for the places, and for blanks at the ends of a header."""
    return f"{finding.code} {sorted((name, text.strip()) for name, text in finding.args.items())}"


@given(st.sampled_from(sorted(BOOKS)), st.dictionaries(NAMES, CELLS, max_size=5), st.sampled_from([GOOD, {"id": "e1"}]))
def test_a_form_is_read_as_a_file_is(
    tmp_path_factory: pytest.TempPathFactory, book: str, some: dict[str, str], rest: dict[str, str]
) -> None:
    cells, adoption = {**rest, **some}, SimpleNamespace(roster=None)
    found: Any
    try:
        found = draft(adoption, BOOKS[book], cells, known=["c1"])  # type: ignore[arg-type]
    except RefusedError as refused:
        found = [told(finding) for finding in refused.findings]
    expected = read(BOOKS[book], cells, tmp_path_factory.mktemp("form"))
    assert (
        (sorted(found), expected == []) == (sorted(expected), False) if isinstance(found, list) else found == expected
    )


def test_a_row_that_says_nothing_is_refused() -> None:
    """The subject alone, under a rulebook whose rows report targets."""
    edition = BOOKS["gd-smart-manufacturing-2024"]
    with pytest.raises(RefusedError) as refused:
        draft(SimpleNamespace(roster=None), edition, {"id": "e1", "subject": "示例"})  # type: ignore[arg-type]
    assert [finding.code for finding in refused.value.findings] == ["O037"]


def test_half_a_character_is_told_where_it_stands() -> None:
    """Programs can send one in JSON; no file of UTF-8 holds it."""
    with pytest.raises(RefusedError) as refused:
        draft(SimpleNamespace(roster=None), BOOKS["houjiatang-2020"], {**GOOD, "note": "示例\ud800"})  # type: ignore[arg-type]
    assert [finding.code for finding in refused.value.findings] == ["E037"]
