"""Verdicts for people: conditions of the document, met, not met or unknown, in groups, with their sentences."""

from __future__ import annotations

from fractions import Fraction
from itertools import groupby
from typing import Any

from appraisal.errors import Lang, text
from appraisal.model.exact import show
from appraisal.model.standing import Outcome, Verdict
from reports.explainer import Explainer
from reports.json import verdict_json, verdicts_key
from reports.tree import Node, Role
from reports.wording import listed, said

MARKS = {Outcome.MET: "✓", Outcome.NOT_MET: "✗", Outcome.UNKNOWN: "?"}


def outcome_words(outcome: Outcome, lang: Lang) -> str:
    """Return how a condition ended, in words."""
    return text(f"outcome_{outcome.value}", lang)


def figure_words(value: Fraction | str | None) -> str:
    """Return a figure or threshold as people read it."""
    return show(value) if isinstance(value, Fraction) else value or ""


def chosen(about: Explainer, part: str) -> list[Verdict]:
    """Return the verdicts of one part or group; all if none is named."""
    return [v for v in about.standing.verdicts if part in {"", v.id, v.of}]


def verdict_nodes(about: Explainer, part: str = "") -> list[Node]:
    """Return the verdicts as a tree, those of one group together."""
    nodes: list[Node] = []
    told: set[str] = set()
    for group, verdicts in groupby(chosen(about, part), key=lambda v: v.of):
        lines = tuple(verdict_node(about, verdict, told) for verdict in verdicts)
        if group:
            nodes.append(Node(words=group, role=Role.CONCLUSION, children=lines))
        else:
            nodes += lines
    return nodes


def verdict_node(about: Explainer, verdict: Verdict, told: set[str]) -> Node:
    """Return one condition with its figure, sentence, events, what to supply, and readings that are not yet told."""
    words = f"{MARKS[verdict.outcome]} {outcome_words(verdict.outcome, about.lang)}  {said(verdict.what, about.lang)}"
    events = [Node(words=about.event(name), role=Role.EVENT) for name in verdict.events]
    supply = (
        [Node(words=about.say("explain_supply", what=listed(verdict.supply, about.lang)))] if verdict.supply else []
    )
    readings = about.readings(verdict.clause, told) if {r.id for r in about.concerned(verdict.clause)} - told else ()
    below = (*about.source(verdict.clause), *events, *supply, *readings)
    return Node(words=words, role=Role.ENTRY, children=below)


def verdicts_json(about: Explainer, part: str = "") -> dict[str, Any]:
    """Return the same as plain values, each condition with its sentence; nothing where there are no verdicts."""
    found = chosen(about, part)
    if not found:
        return {}
    lines = []
    for verdict in found:
        sentence, place = about.cited(verdict.clause) or (None, None)
        records = [about.events[e].content() for e in verdict.events if e in about.events]
        lines.append({**verdict_json(verdict, about.lang), "sentence": sentence, "source": place, "records": records})
    return {verdicts_key(about.standing): lines}
