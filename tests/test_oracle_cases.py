"""Every hand-calculated case of every scorecard, by the oracle: two readers of one document must agree."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from oracle.sample import event
from oracle.scorecard import oracle

from appraisal.model.exact import parse_exact
from appraisal.model.periods import Span
from appraisal.reading.rulebook import read_rulebook

FILES = sorted(Path(__file__).parents[1].glob("rulebooks/*/cases/*.yaml"))


def cases() -> Iterator[Any]:
    for path in FILES:
        for case in yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)["cases"]:  # noqa: S506  text only
            raw = any("clause" not in row for row in case.get("events", [{}]))
            if not raw and "refused" not in case["expect"]:  # inferring and refusing are not the oracle's business
                yield pytest.param(path.parents[1] / "rulebook.yaml", case, id=f"{path.stem}: {case['name']}")


@pytest.mark.parametrize(("path", "case"), list(cases()))
def test_the_oracle_finds_what_the_case_expects(path: Path, case: dict[str, Any]) -> None:
    edition = read_rulebook(path, readings=case.get("readings", {}))
    ids = {name: s.id for s in edition.roster for name in (s.name, s.id, *s.aliases)}
    wanted = {ids[name] for name in case.get("roster", ids)}
    default = ids[case.get("subject", next(s.name for s in edition.roster if s.id in wanted))]
    events = []
    for n, row in enumerate(case["events"]):
        told = {"id": f"e{n}", "subject": default, **row}
        subject, day = ids.get(told.pop("subject"), default), told.pop("date")
        if "count" in told:
            told["count"] = int(told["count"])
        events.append(event(told.pop("id"), subject, told.pop("clause"), day, **told))
    span = Span.parse(case["span"]) if "span" in case else Span.through(*map(int, case["through"].split("-")))
    found = oracle(
        edition,
        events,
        span,
        day=date.fromisoformat(case["day"]) if "day" in case else None,
        known=parse_moment(case.get("known")),
        roster=tuple(s for s in edition.roster if s.id in wanted),
    )
    expected = case["expect"]
    for name, told in {default: expected, **expected.get("by_subject", {})}.items():
        result = found[ids.get(name, name)]
        for item, points in told.get("items", {}).items():
            assert result.items[item].score == parse_exact(points), item
        for item, state in told.get("states", {}).items():
            assert result.items[item].state.value == state, item
        for field in ("total", "rank", "rank_without_veto"):
            if field in told:
                assert getattr(result, field) == parse_exact(told[field])
        clauses = {name: points for item in result.items.values() for name, points in item.clauses.items()}
        for clause, points in told.get("entries", {}).items():
            if clause in clauses:
                assert clauses[clause] == parse_exact(points), clause


def parse_moment(text: str | None) -> Any:
    return None if text is None else datetime.fromisoformat(text)
