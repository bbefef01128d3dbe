"""What judging an application gives: a tree in the shape of the conditions, three-valued, each with its reason."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Any

from appraisal.model.standing import Exhibits, Say

Value = bool | str | Fraction | frozenset[str]


class Truth(StrEnum):
    """How a condition ended. What is unknown has not failed; what does not apply counts neither way."""

    MET = "met"
    NOT_MET = "not_met"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What is known of one field: the value that prevails, the events that say it, and another that they overrule."""

    value: Value
    events: tuple[str, ...] = ()
    verified: bool = False
    overruled: Value | None = None
    overruled_events: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Ruling:
    """One condition of one application.

    `figure` is exact, with `arithmetic` as people write it (`(1200 + 1500 + 1800) / 3`), or a word; `low` and `high`
    bound a figure that is not known exactly. `missing` names the inputs that would decide it.
    """

    criterion: str
    truth: Truth
    figure: Fraction | str | None = None
    threshold: Fraction | str | None = None
    unit: str = ""
    arithmetic: str = ""
    low: Fraction | None = None
    high: Fraction | None = None
    inclusive: bool = True
    events: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    parts: tuple[Ruling, ...] = ()
    because: str = ""

    def walk(self) -> Iterator[Ruling]:
        """Yield it and everything inside it, outer before inner."""
        yield self
        for part in self.parts:
            yield from part.walk()


@dataclass(frozen=True, kw_only=True)
class RouteTaken:
    """How a route ended for one unit; `claimed` is false where the unit does not take it."""

    route: str
    truth: Truth
    claimed: bool = True


@dataclass(frozen=True, kw_only=True)
class Needed:
    """An input that a unit has to supply, as people are told it, with the evidence that the document asks for."""

    input: str
    name: str
    unit: str = ""
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Screening(Exhibits):
    """What a selection shows of one unit: its routes, its conditions as trees, and what it still has to supply.

    `taken` is the route that was met, `chosen` the option by which its conditions were chosen.
    """

    verdicts_key = "criteria"

    routes: tuple[RouteTaken, ...]
    rulings: tuple[Ruling, ...]
    needed: tuple[Needed, ...] = ()
    taken: str = ""
    chosen: str = ""

    @property
    def missing(self) -> tuple[str, ...]:
        """The inputs to supply."""
        return tuple(needed.input for needed in self.needed)

    def told(self, say: Callable[[Say], str]) -> dict[str, Any]:
        """Return routes, what to supply, and the conditions that do not apply, as plain JSON values."""
        del say
        walked = [part for ruling in self.rulings for part in ruling.walk()]
        return {
            "routes": [{"id": r.route, "outcome": r.truth.value, "claimed": r.claimed} for r in self.routes],
            "supply": [
                {"field": n.input, "name": n.name, "unit": n.unit, "evidence": list(n.evidence)} for n in self.needed
            ],
            "not_applicable": [part.criterion for part in walked if part.truth is Truth.NOT_APPLICABLE],
        }
