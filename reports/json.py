"""Results as JSON: exact decimals as strings, nothing that differs between two runs over the same input."""

from __future__ import annotations

import json
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from appraisal.errors import Lang
from appraisal.model.exact import exact_form, show
from appraisal.model.standing import (
    Assessment,
    Entry,
    Exhibits,
    ItemScore,
    Standing,
    State,
    Swallowed,
    Verdict,
)
from reports.sheet import Table
from reports.wording import joined, said


def number(key: str, value: Fraction) -> dict[str, str]:
    """Return `{key: "98.25"}`, with `key_exact: "3005/56"` beside it where no finite decimal is exact."""
    exact = exact_form(value)
    shown = {key: show(value)}
    return shown if exact is None else {**shown, f"{key}_exact": exact}


def dumps(document: Mapping[str, Any]) -> str:
    """Return the document as text, a line for each key and each element of a list: equal documents give equal bytes."""
    return "{" + ",".join(f"\n {_line(key)}: {_lines(value)}" for key, value in document.items()) + "\n}\n"


def _lines(value: Any) -> str:
    if isinstance(value, list) and value:
        return "[" + ",".join(f"\n  {_line(element)}" for element in value) + "\n ]"
    return _line(value)


def _line(value: Any) -> str:
    """Return a value on one line, which the fast encoder writes; an indented one takes ten times as long."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def assessment_json(assessment: Assessment, lang: Lang = "zh") -> dict[str, Any]:
    """Return the document of `score --format json`."""
    return {
        **receipt_json(assessment),
        "provisional": assessment.provisional,
        "warnings": [
            {"code": w.code, "message": said(w.say, lang), "events": list(w.events), "subject": w.subject}
            for w in assessment.warnings
        ],
        "not_counted": [{"event": n.event, "reason": n.reason} for n in assessment.not_counted],
        **_exhibits(assessment.exhibits, lang),
        "standings": [standing_json(s, lang) for s in sorted(assessment.standings, key=lambda s: s.rank)],
    }


def table_json(table: Table) -> dict[str, Any]:
    """Return a table as rows by the keys of its columns; numbers as exact decimals."""
    keys = [column.key for column in table.columns]
    return {
        "rows": [
            {k: show(cell) if isinstance(cell, Fraction) else cell for k, cell in zip(keys, row, strict=True)}
            for row in table.rows
        ]
    }


def receipt_json(assessment: Assessment) -> dict[str, Any]:
    """Return what the result came from: the same receipt gives the same standings."""
    return {
        "rulebook": assessment.rulebook,
        "rulebook_hash": assessment.rulebook_hash,
        "engine": assessment.engine,
        "period": str(assessment.span),
        "input_hash": assessment.input_hash,
        "known": assessment.known.isoformat() if assessment.known else None,
        "day": assessment.day.isoformat() if assessment.day else None,
        "readings": dict(sorted(assessment.readings.items())),
    }


def head_json(standing: Standing) -> dict[str, Any]:
    """Return whose standing it is, its place and its points."""
    return {
        "subject": standing.name,
        "subject_id": standing.subject,
        "rank": standing.rank,
        "rank_without_veto": standing.rank_without_veto,
        **number("total", standing.total),
        "grade": standing.grade,
        "provisional": standing.provisional,
    }


def standing_json(standing: Standing, lang: Lang = "zh") -> dict[str, Any]:
    """Return one subject's standing with everything behind it."""
    return {
        **head_json(standing),
        "vetoed": standing.vetoed,
        "departments": [
            {"id": d.id, **number("points", d.points), **number("score", d.score)} for d in standing.departments
        ],
        "items": [item_json(item, lang) for item in standing.items],
        **({verdicts_key(standing): [verdict_json(v, lang) for v in standing.verdicts]} if standing.verdicts else {}),
        **_exhibits(standing.exhibits, lang),
    }


def verdicts_key(standing: Standing) -> str:
    """Return what the family calls its verdicts."""
    return Exhibits.verdicts_key if standing.exhibits is None else standing.exhibits.verdicts_key


def _exhibits(exhibits: Exhibits | None, lang: Lang) -> dict[str, Any]:
    return {} if exhibits is None else exhibits.told(lambda say: said(say, lang))


def verdict_json(verdict: Verdict, lang: Lang = "zh") -> dict[str, Any]:
    """Return one condition: how it ended, its figure beside its threshold, and what to supply."""
    return {
        "id": verdict.id,
        "of": verdict.of,
        "outcome": verdict.outcome.value,
        "what": said(verdict.what, lang),
        **_figure("figure", verdict.figure),
        **_figure("threshold", verdict.threshold),
        "clause": verdict.clause,
        "events": list(verdict.events),
        **({"supply": list(verdict.supply)} if verdict.supply else {}),
    }


def _figure(key: str, value: Fraction | str | None) -> dict[str, Any]:
    return number(key, value) if isinstance(value, Fraction) else {key: value}


def item_json(item: ItemScore, lang: Lang = "zh") -> dict[str, Any]:
    """Return one item: its base plus its entries is its score."""
    reason = {} if item.state is State.ASSESSED else {"reason": joined(item.reasons, lang)}
    return {
        "id": item.id,
        "name": item.name,
        **number("points", item.points),
        **number("base", item.base),
        **number("score", item.score),
        "state": item.state.value,
        **reason,
        "entries": [entry_json(entry, lang) for entry in item.entries],
    }


def entry_json(entry: Entry, lang: Lang = "zh") -> dict[str, Any]:
    """Return one line of the ledger."""
    counted = {} if entry.counted is None else number("counted", entry.counted)
    return {
        "clause": entry.clause,
        "events": list(entry.events),
        **number("points", entry.points),
        "reason": said(entry.reason, lang),
        "kind": entry.kind.value,
        "provisional": entry.provisional,
        **counted,
        **({"used_up_by": entry.used_up_by} if entry.used_up_by else {}),
        **({"used_up_events": list(entry.used_up_events)} if entry.used_up_events else {}),
        **({"swallowed": [_swallowed(s) for s in entry.swallowed]} if entry.swallowed else {}),
    }


def _swallowed(part: Swallowed) -> dict[str, str]:
    return {"event": part.event, "clause": part.clause, **number("points", part.points), **number("of", part.of)}
