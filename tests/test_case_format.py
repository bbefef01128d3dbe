"""A file of cases that cannot be read says where and why; what a case tries is counted as a person would."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from oracle.sample import clause, event, rulebook

from appraisal.assess import assess
from appraisal.errors import RefusedError
from appraisal.model.edition import Edition
from appraisal.reading.cases import Case, read_cases
from appraisal.reading.exercised import exercised

HEAD = "rulebook: sample\ncases:\n"
WHOLE = "  - {name: 一, why: 二, span: 2020-03, events: [], expect: {total: 99.6}}\n"


def refused(tmp_path: Path, text: str) -> list[tuple[int, str]]:
    path = tmp_path / "cases.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(RefusedError) as caught:
        read_cases(path)
    return [(finding.place.line if finding.place else 0, finding.render("zh")) for finding in caught.value.findings]


def test_a_case_without_a_reason_is_refused_where_it_stands(tmp_path: Path) -> None:
    ((line, told),) = refused(tmp_path, HEAD + WHOLE + "  - {name: 三, span: 2020-03, events: [], expect: {}}\n")
    assert line == 4
    assert "why" in told


def test_every_fault_is_told_at_once(tmp_path: Path) -> None:
    text = HEAD + WHOLE.replace("99.6", "much") + WHOLE.replace("total", "sum")
    assert [line for line, _ in refused(tmp_path, text)] == [3, 4]


@pytest.mark.parametrize("text", ["", "cases: [", HEAD + "  - {name: 一, name: 二}\n"])
def test_what_is_no_yaml_is_refused(tmp_path: Path, text: str) -> None:
    assert refused(tmp_path, text)


def tried(edition: Edition, told: list[tuple[str, str]], **more: str) -> set[str]:
    """Return what a March in which these clauses happened so often tries."""
    case = Case.model_validate({"name": "x", "why": "y", "span": "2020-03", "events": [], "expect": {}, **more})
    events = [event(f"e{n}", "s1", name, count=int(count)) for n, (name, count) in enumerate(told)]
    return exercised(edition, case, events, assess(edition, events, case.asked(edition), day=date(2021, 12, 31)))


def nested() -> Edition:
    inner = {"id": "IN", "name": "内", "points": "1", "clauses": [clause("A-1", "occurrence", deduct="0.5")]}
    outer = {"id": "OUT", "name": "外", "points": "3", "groups": [inner]}
    return rulebook(
        {"id": "A", "groups": [outer], "clauses": [clause("A-2", "occurrence", deduct="1")]},
        {
            "id": "B",
            "starts": "zero",
            "clauses": [clause("B-1", "occurrence", add="1"), clause("B-2", "occurrence", deduct="1")],
            "limits": [{"id": "B-cap", "covers": ["B-2"], "max_loss": "2"}],
        },
    )


def test_a_budget_is_reached_when_its_clauses_use_it_up() -> None:
    below = {"cap:A:not_reached", "cap:IN:not_reached", "cap:OUT:not_reached"}
    assert {name for name in tried(nested(), [("A-1", "1")]) if name.startswith("cap")} == below
    at = {"cap:A:not_reached", "cap:IN:reached", "cap:OUT:not_reached"}
    assert {name for name in tried(nested(), [("A-1", "2")]) if name.startswith("cap")} == at
    assert "cap:A:reached" in tried(nested(), [("A-2", "5")])


def test_an_earning_item_reaches_its_ceiling_and_a_limit_its_most() -> None:
    assert "cap:B:not_reached" in tried(nested(), [("B-1", "4")])
    assert "cap:B:reached" in tried(nested(), [("B-1", "5")])
    assert "cap:B-cap:not_reached" in tried(nested(), [("B-1", "5"), ("B-2", "1")])
    assert "cap:B-cap:reached" in tried(nested(), [("B-1", "5"), ("B-2", "2")])


def test_what_is_not_yet_confirmed_tries_nothing() -> None:
    case = Case.model_validate({"name": "x", "why": "y", "span": "2020-03", "events": [], "expect": {}})
    pending = [event("e1", "s1", "A-1", status="pending"), event("e2", "s1", "", counters="e1")]
    assert exercised(nested(), case, pending, assess(nested(), pending, case.asked(nested()))) == set()
