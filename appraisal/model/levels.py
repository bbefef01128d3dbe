"""What a questionnaire shows beside points and verdicts: its tree, scenarios, levels, the way to the next one.

Answers ── Exhibits of one firm
├── NodeScore      a dimension, topic or question: its mark from 0 to 100, and the points that it gives
├── ScenarioLevel  how far a scenario has come
├── GateResult     a level of the whole with its conditions
└── Way            the cheapest set of answers that reaches the next level
    └── Step
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from appraisal.model.exact import exact_form, show
from appraisal.model.standing import Exhibits, Outcome, Say, Verdict


@dataclass(frozen=True, kw_only=True)
class NodeScore:
    """A node of the tree: `share` of the whole score, `mark` from 0 to 100, `points` = mark × share."""

    id: str
    name: str
    depth: int
    share: Fraction
    mark: Fraction
    points: Fraction
    pending: bool = False


@dataclass(frozen=True, kw_only=True)
class ScenarioLevel:
    """The level of a scenario: the highest with all lower ones met; `met` are the levels whose requirements are met."""

    id: str
    name: str
    starred: bool
    level: int
    met: tuple[int, ...] = ()
    source: str = ""
    pending: bool = False
    events: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class GateResult:
    """A level of the whole and its conditions."""

    id: str
    level: int
    name: str
    title: str
    outcome: Outcome
    verdicts: tuple[Verdict, ...]


@dataclass(frozen=True, kw_only=True)
class Step:
    """One answer to change: from which options or level to which, the points that it brings, the sentences to meet."""

    part: str
    name: str
    before: str
    after: str
    steps: int
    points: Fraction
    cites: tuple[str, ...]
    sentences: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Way:
    """The cheapest way to the next level.

    Cost is the number of steps (one option further, one option more, one scenario a level higher), then the points
    gained, then the number of answers that change. `total` is the score after it.
    """

    gate: str
    steps: int
    points: Fraction
    total: Fraction
    changes: tuple[Step, ...]


@dataclass(frozen=True, kw_only=True)
class Answers(Exhibits):
    """What the answers of one firm come to."""

    tree: tuple[NodeScore, ...]
    scenarios: tuple[ScenarioLevel, ...]
    gates: tuple[GateResult, ...]
    way: Way | None

    def told(self, say: Callable[[Say], str]) -> dict[str, Any]:
        """Return gates, tree, scenarios and what is missing as plain JSON values."""
        return {
            "gates": [_gate(gate, say) for gate in self.gates],
            "tree": [_node(node) for node in self.tree],
            "scenarios": [_scenario(scenario) for scenario in self.scenarios],
            "missing": None if self.way is None else _way(self.way),
        }


def _number(key: str, value: Fraction) -> dict[str, Any]:
    exact = exact_form(value)
    return {key: show(value)} if exact is None else {key: show(value), f"{key}_exact": exact}


def _gate(gate: GateResult, say: Callable[[Say], str]) -> dict[str, Any]:
    return {
        "id": gate.id,
        "level": gate.name,
        "title": gate.title,
        "outcome": gate.outcome.value,
        "met": gate.outcome is Outcome.MET,
        "conditions": [
            {
                "id": verdict.id,
                "outcome": verdict.outcome.value,
                "met": verdict.outcome is Outcome.MET,
                "what": say(verdict.what),
                **_figure("figure", verdict.figure),
                **_figure("threshold", verdict.threshold),
                "clause": verdict.clause,
            }
            for verdict in gate.verdicts
        ],
    }


def _figure(key: str, value: Fraction | str | None) -> dict[str, Any]:
    return _number(key, value) if isinstance(value, Fraction) else {key: value}


def _node(node: NodeScore) -> dict[str, Any]:
    numbers = {**_number("share", node.share), **_number("mark", node.mark), **_number("points", node.points)}
    return {"id": node.id, "name": node.name, "depth": node.depth, **numbers, "pending": node.pending}


def _scenario(scenario: ScenarioLevel) -> dict[str, Any]:
    return {
        "id": scenario.id,
        "name": scenario.name,
        "starred": scenario.starred,
        "level": scenario.level,
        "met": list(scenario.met),
        "source": scenario.source,
        "pending": scenario.pending,
        "events": list(scenario.events),
    }


def _way(way: Way) -> dict[str, Any]:
    return {
        "level": way.gate,
        "steps": way.steps,
        "answers": len(way.changes),
        **_number("points", way.points),
        **_number("total", way.total),
        "changes": [
            {
                "id": step.part,
                "name": step.name,
                "from": step.before,
                "to": step.after,
                "steps": step.steps,
                **_number("points", step.points),
                "clauses": list(step.cites),
                "sentences": list(step.sentences),
            }
            for step in way.changes
        ],
    }
