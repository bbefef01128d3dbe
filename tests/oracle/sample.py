"""Short ways to write events and rulebooks in a test."""

from __future__ import annotations

from datetime import date, datetime
from functools import cache
from hashlib import sha256
from typing import Any

from appraisal.model.edition import Edition
from appraisal.model.event import Event, Status
from appraisal.model.exact import parse_exact
from appraisal.model.periods import Period
from appraisal.model.scorecard import Scorecard
from appraisal.reading.rulebook import find_rulebook, read_rulebook

HEAD = {
    "format": "1",
    "id": "sample",
    "family": "scorecard",
    "name": "示例考核办法",
    "valid_from": "2020-01-01",
    "valid_to": "2020-12-31",
    "source": {"file": "source.txt", "title": "示例"},
}
"""How an invented rulebook begins."""


@cache
def houjiatang(**readings: str) -> Edition:
    """Return the rulebook of the document, with some readings changed."""
    return read_rulebook(find_rulebook("houjiatang-2020"), readings=readings)


def event(name: str, subject: str, clause: str, day: str = "2020-03-09", **told: Any) -> Event:
    """Return one event; numbers as text, dates in their plain form."""
    facts = {
        key: parse_exact(told[key]) if key in {"value", "benchmark"} else told[key]
        for key in ("count", "level", "part", "value", "benchmark")
        if key in told
    }
    return Event(
        id=name,
        date=date.fromisoformat(day),
        subject=subject,
        clause=clause,
        period=Period.parse(told["period"]) if "period" in told else None,
        matter=told.get("matter", ""),
        status=Status(told.get("status", "")),
        note=told.get("note", ""),
        recorded=datetime.fromisoformat(told["recorded"]) if "recorded" in told else None,
        counters=told.get("counters", ""),
        derived_from=told.get("derived_from", ""),
        facts=facts,
    )


def rulebook(*items: dict[str, Any], subjects: int = 3, **more: Any) -> Edition:
    """Return a rulebook of these items in one department, for the subjects s1, s2 and so on."""
    total = sum(parse_exact(item.get("points", "5")) for item in items)
    data = {
        **HEAD,
        "points": total,
        "subjects": [{"id": f"s{n}", "name": f"示例{n}"} for n in range(1, subjects + 1)],
        "departments": [
            {"id": "示例部门", "points": total, "items": [{"points": "5", "name": "示例"} | i for i in items]}
        ],
        **more,
    }
    made = Scorecard.model_validate(data)
    digest = sha256(made.model_dump_json().encode()).hexdigest()
    return Edition(rulebook=made, hash=f"sha256:{digest}")


def clause(name: str, method: str, **parameters: Any) -> dict[str, Any]:
    """Return a clause as data; `again` and the like as they stand in a rulebook."""
    return {"id": name, "text": "示例", "line": 1, "method": method, **parameters}
