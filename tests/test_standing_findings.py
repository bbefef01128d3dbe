"""What an assessment refuses or warns of: the smallest run that brings each about, its whole message, its page."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from oracle.sample import clause, event, houjiatang, rulebook

from appraisal.assess import assess
from appraisal.errors import Lang, RefusedError, messages
from appraisal.model.periods import Span
from reports.wording import said

PAGES = Path(__file__).parents[1] / "docs" / "findings"
YEAR = Span.whole(2020)
CODES = sorted(code for code in messages() if re.fullmatch(r"W\d{3}|S10\d", code))


def refused(edition: object, *events: object) -> Callable[[Lang], str]:
    with pytest.raises(RefusedError) as caught:
        assess(edition, events, YEAR)  # type: ignore[arg-type]
    (finding,) = caught.value.findings
    return finding.render


def warned(edition: object, code: str, *events: object) -> Callable[[Lang], str]:
    (warn,) = [w for w in assess(edition, events, YEAR).warnings if w.code == code]  # type: ignore[arg-type]
    return lambda lang: f"{warn.code}  {said(warn.say, lang)}"


def two_values() -> Callable[[Lang], str]:
    return refused(
        houjiatang(),
        event("e1", "ziyuan", "CG-B1", "2020-03-31", value="70%"),
        event("e2", "ziyuan", "CG-B1", "2020-03-31", value="90%"),
    )


def a_stranger() -> Callable[[Lang], str]:
    return refused(rulebook({"id": "I", "clauses": [clause("A", "occurrence", deduct="0.2")]}), event("e1", "s9", "A"))


def too_large() -> Callable[[Lang], str]:
    made = clause("A", "amount", direction="deduct")
    return refused(rulebook({"id": "I", "clauses": [made]}), event("e1", "s1", "A", value="999999999999999.99"))


def double_charge() -> Callable[[Lang], str]:
    return warned(
        houjiatang(),
        "W101",
        event("e1", "ziyuan", "CG-A5", matter="示例事项-夜市"),
        event("e2", "ziyuan", "HB-A8", matter="示例事项-夜市"),
    )


def three_times() -> Callable[[Lang], str]:
    return warned(houjiatang(), "W102", *(event(f"e{n}", "ziyuan", "CG-A2", f"2020-09-0{n}") for n in (1, 2, 3)))


def a_caution() -> Callable[[Lang], str]:
    return warned(houjiatang(), "W201", event("e1", "ziyuan", "ZZ-1", "2020-12-20", value="88"))


def still_open() -> Callable[[Lang], str]:
    return warned(houjiatang(), "W202", event("e1", "ziyuan", "RX-1", level="申诉中"))


def an_unused_rank() -> Callable[[Lang], str]:
    return warned(houjiatang(), "W203", event("e1", "ziyuan", "DJ-7", "2020-12-20", value="3"))


CAUSES: dict[str, Callable[[], Callable[[Lang], str]]] = {
    "S101": two_values,
    "S102": a_stranger,
    "S103": too_large,
    "W101": double_charge,
    "W102": three_times,
    "W201": a_caution,
    "W202": still_open,
    "W203": an_unused_rank,
}


@pytest.mark.parametrize("code", CODES)
def test_the_page_shows_what_a_run_says(code: str) -> None:
    told = CAUSES[code]()
    page = (PAGES / f"{code}.md").read_text(encoding="utf-8")
    for lang in ("zh", "en"):
        assert f"```text\n{told(lang)}\n```" in page, told(lang)


def test_a_rank_within_a_tie_is_used_without_a_warning() -> None:
    made = clause(
        "M", "multiplier", after="C", frequency="year", round="0.01",
        bands=[{"first": 1, "last": 3, "times": "1"}],
    )  # fmt: skip
    composite = clause(
        "C", "composite", parts={"a": "50%", "b": "50%"}, full="100", worth="5", frequency="year", required=True
    )
    edition = rulebook({"id": "I", "starts": "zero", "clauses": [composite, made]})
    marks = [
        event(f"c{n}{part}", f"s{n}", "C", "2020-12-01", part=part, value="80") for n in (1, 2, 3) for part in "ab"
    ]
    decided = [event(f"d{n}", f"s{n}", "M", "2020-12-20", value=str(4 - n)) for n in (1, 2, 3)]
    found = assess(edition, [*marks, *decided], YEAR, day=date(2021, 1, 1))
    assert [w.code for w in found.warnings] == []
    assert {s.subject: s.total for s in found.standings} == dict.fromkeys(("s1", "s2", "s3"), Fraction(4))
