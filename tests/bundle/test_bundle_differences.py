"""What differs between two results is named so that people find it; floats may differ as machines do, points never."""

from __future__ import annotations

from typing import Any

import pytest

from reports.bundle.differences import differences


def told(one: Any, other: Any, *, statistics: bool = False) -> list[tuple[str, str, str, bool]]:
    return [(d.place, d.recorded, d.found, d.near) for d in differences(one, other, statistics=statistics)]


def test_standings_are_named_by_subject_items_by_id_entries_by_number() -> None:
    def result(points: str) -> dict[str, Any]:
        item = {"id": "CG", "entries": [{"clause": "CG-A1", "points": "0"}, {"clause": "CG-A1", "points": points}]}
        return {"standings": [{"subject": "梓园社区", "subject_id": "ziyuan", "items": [item]}]}

    assert told(result("-0.5"), result("-0.6")) == [
        ("standings[梓园社区].items[CG].entries[2].points", "-0.5", "-0.6", False)
    ]


def test_a_standing_that_is_missing_does_not_shift_the_others() -> None:
    rows = [{"subject_id": name, "subject": name, "total": "1"} for name in ("甲", "乙", "丙")]
    assert [d[0] for d in told({"s": rows}, {"s": [rows[0], rows[2]]})] == ["s[乙]"]
    assert [d[0] for d in told({"s": [rows[0], rows[2]]}, {"s": rows})] == ["s[乙]"]


def test_another_order_is_a_difference() -> None:
    rows = [{"id": "a"}, {"id": "b"}]
    assert [d[0] for d in told({"s": rows}, {"s": rows[::-1]})] == ["s"]


@pytest.mark.parametrize(
    ("one", "other"), [(1, True), (1, 1.0), ("1", 1), (None, ""), ([], {}), (0, False), ({"a": None}, {})]
)
def test_kinds_are_not_mixed_up(one: Any, other: Any) -> None:
    assert told(one, other)


@pytest.mark.parametrize(
    ("one", "other", "statistics", "near"),
    [
        (0.61, 0.61 + 1e-15, False, True),
        (0.61, 0.6101, False, False),
        ("76.409520489", "76.40952049", True, True),
        ("76.409520489", "76.40952049", False, False),
        ("76.41", "76.42", True, False),
        ("2020", "2021", True, False),
    ],
)
def test_only_what_is_made_of_floats_may_differ_in_the_last_digits(
    one: Any, other: Any, *, statistics: bool, near: bool
) -> None:
    assert [d[3] for d in told(one, other, statistics=statistics)] == [near]


def test_equal_documents_do_not_differ() -> None:
    document = {"a": [1, {"id": "x", "b": None}], "c": 0.5}
    assert told(document, document) == []
