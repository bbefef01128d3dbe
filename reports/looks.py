"""How each family's rulebooks and explanations look, listed by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Protocol

from appraisal.errors import Lang
from appraisal.model.edition import Edition
from appraisal.model.rulebook import Rulebook
from appraisal.model.standing import Assessment
from reports import eligibility, eligibility_tree, questionnaire
from reports.clauses import clause_sheet, rulebook_sheet
from reports.explainer import Explainer
from reports.sheet import Sheet, Table
from reports.standings import ranking_table
from reports.survey import survey_nodes, survey_part_sheet, survey_sheet
from reports.survey_results import results_table
from reports.tree import Node
from reports.verdicts import verdict_nodes


class Results(Protocol):
    """Makes the table of results: a row a subject; with `items` everything that a file should hold."""

    def __call__(self, assessment: Assessment, edition: Edition, lang: Lang, *, items: bool = False) -> Table:
        """Return the table."""


def _nothing(_: Explainer, __: str) -> Iterable[Node]:
    return ()


@dataclass(frozen=True, kw_only=True)
class Look:
    """What reports do differently for a family.

    `rulebook` shows a rulebook whole, `part` one part of it by id. `results` is the table of all subjects. `head` is
    the code of an explanation's first sentence, `verdicts` shows a subject's verdicts in it, `nodes` what it holds
    besides; both of one part or of all. `in_points`: whether subjects get points and ranks.
    """

    rulebook: Callable[[Edition, Lang], Sheet]
    part: Callable[[Edition, str, Lang], Sheet]
    results: Results = ranking_table
    head: str = "explain_head"
    verdicts: Callable[[Explainer, str], Iterable[Node]] = verdict_nodes
    nodes: Callable[[Explainer, str], Iterable[Node]] = _nothing
    in_points: bool = True


LOOKS: Mapping[str, Look] = MappingProxyType(
    {
        "scorecard": Look(rulebook=rulebook_sheet, part=clause_sheet),
        "eligibility": Look(
            rulebook=eligibility.rulebook_sheet,
            part=eligibility.part_sheet,
            verdicts=eligibility_tree.nodes,
            results=eligibility.results_table,
            head="explain_unit",
            in_points=False,
        ),
        "survey": Look(rulebook=survey_sheet, part=survey_part_sheet, results=results_table, nodes=survey_nodes),
        "questionnaire": Look(
            rulebook=questionnaire.questionnaire_sheet, part=questionnaire.part_sheet, nodes=questionnaire.nodes
        ),
    }
)


def look_of(rulebook: Rulebook) -> Look:
    """Return how a rulebook of its family looks."""
    return LOOKS[rulebook.family]
