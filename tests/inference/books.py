"""Small rulebooks and incidents for the tests of inference. 示例."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from appraisal.model.edition import Edition
from appraisal.model.event import Event
from appraisal.model.scorecard import Scorecard

LEVELS = ("市", "区")
CLAUSES = tuple(f"K-{n}" for n in range(1, 7))  # K-1 … K-5 deduct, K-6 is a bonus


def clause(name: str) -> dict[str, Any]:
    """Return a clause that knows the levels 市 and 区, and needs none."""
    direction = "add" if name == "K-6" else "deduct"
    return {
        "id": name,
        "text": "示例",
        "line": "1",
        "method": "occurrence",
        direction: "0.1",
        "levels": dict.fromkeys(LEVELS, "0.2"),
    }


def edition(
    *,
    kinds: Sequence[Mapping[str, Any]] = (),
    rules: Sequence[Mapping[str, Any]] = (),
    clauses: Iterable[Mapping[str, Any]] = (),
    **more: Any,
) -> Edition:
    """Return an edition of one item with six clauses and the inference given."""
    inference = {"kinds": list(kinds), "rules": list(rules)}
    for part in ("joins", "repeats"):
        inference[part] = list(more.pop(part, ()))
    book = {
        "format": "1",
        "id": "sample",
        "family": "scorecard",
        "name": "示例办法",
        "valid_from": "2020-01-01",
        "valid_to": "2020-12-31",
        "source": {"file": "source.txt", "title": "示例"},
        "points": "10",
        "subjects": [{"id": "S1", "name": "示例社区"}],
        "departments": [
            {
                "id": "示例科",
                "points": "10",
                "items": [
                    {
                        "id": "K",
                        "name": "示例项",
                        "points": "10",
                        "clauses": [*map(clause, CLAUSES), *clauses],
                    }
                ],
            }
        ],
        "inference": inference,
        **more,
    }
    return Edition(rulebook=Scorecard.model_validate(book), hash="sha256:0")


def kind(name: str = "ticket", **facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return a kind of incident with these facts."""
    return {"id": name, "name": "示例线索", "facts": facts}


def rule(name: str, *when: Mapping[str, Any], kind: str = "ticket", clause: str = "K-1", **then: Any) -> dict[str, Any]:
    """Return an inference rule."""
    return {"id": name, "kind": kind, "when": list(when), "then": {"clause": clause, **then}}


def incident(name: str, kind: str = "ticket", *, subject: str = "S1", **facts: Any) -> Event:
    """Return a raw incident of March 2020."""
    return Event(id=name, date=date(2020, 3, 9), subject=subject, kind=kind, facts=facts)


def event(name: str, clause: str, *, subject: str = "S1", matter: str = "", day: int = 1, month: int = 3) -> Event:
    """Return an event that names its clause."""
    return Event(id=name, date=date(2020, month, day), subject=subject, clause=clause, matter=matter)
