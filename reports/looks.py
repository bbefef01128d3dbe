"""How each family's rulebooks and explanations look, listed by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from appraisal.errors import Lang
from appraisal.model.edition import Edition
from appraisal.model.rulebook import Rulebook
from reports.clauses import clause_sheet, rulebook_sheet
from reports.explainer import Explainer
from reports.sheet import Sheet
from reports.tree import Node


def _nothing(_: Explainer, __: str) -> Iterable[Node]:
    return ()


@dataclass(frozen=True, kw_only=True)
class Look:
    """What reports do differently for a family.

    `rulebook` shows a rulebook whole, `part` one part of it by id. `nodes` are what an explanation holds besides items
    and verdicts, of one part or of all.
    """

    rulebook: Callable[[Edition, Lang], Sheet]
    part: Callable[[Edition, str, Lang], Sheet]
    nodes: Callable[[Explainer, str], Iterable[Node]] = _nothing


LOOKS: Mapping[str, Look] = MappingProxyType(
    {
        "scorecard": Look(rulebook=rulebook_sheet, part=clause_sheet),
    }
)


def look_of(rulebook: Rulebook) -> Look:
    """Return how a rulebook of its family looks."""
    return LOOKS[rulebook.family]
