"""What reading does differently for each family, listed by hand: cross-checks, headings, what cases must exercise.

A desk's functions are handed rulebooks of its own family only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from appraisal.model.event import Event
from appraisal.model.rulebook import Rulebook
from appraisal.model.standing import Assessment
from appraisal.reading import (
    application_whole,
    checks_eligibility,
    checks_limits,
    checks_methods,
    checks_names,
    checks_points,
    checks_questionnaire,
    checks_survey,
    checks_tiers,
    questionnaire_whole,
    targets,
    targets_eligibility,
    targets_questionnaire,
)
from appraisal.reading.application_rows import ApplicationRows
from appraisal.reading.checks_parts import Check
from appraisal.reading.questionnaire_rows import AnswerRows
from appraisal.reading.row_forms import Across, RowForm
from appraisal.reading.survey_rows import SurveyRows
from appraisal.reading.yaml_places import PathTo


def _nothing(_: Any) -> Iterable[tuple[str, str]]:
    return ()


def _unnamed(_: Any) -> Iterable[tuple[PathTo, str, str]]:
    return ()


def _no_across(_: Any, __: Sequence[Event]) -> Iterable[Across]:
    return ()


@dataclass(frozen=True, kw_only=True)
class Desk:
    """What reading knows about one family.

    `checks` come after those of the head. `headings` yields what names lines of the source besides sentences.
    `targets` names what cases must exercise, `exercised` which of it a case does. `rows` is how a row of an input file
    becomes an event; None is the table of events of a scorecard. `across` is what is wrong among rows. `named` yields
    words that must stand in lines of the source: the path of the part, the lines, the words.
    """

    checks: tuple[Check, ...]
    targets: Callable[[Any], set[str]]
    exercised: Callable[[Any, list[Event], Assessment], set[str]]
    headings: Callable[[Any], Iterable[tuple[str, str]]] = _nothing
    rows: Callable[[Any], RowForm] | None = None
    across: Callable[[Any, Sequence[Event]], Iterable[Across]] = _no_across
    named: Callable[[Any], Iterable[tuple[PathTo, str, str]]] = _unnamed


DESKS: Mapping[str, Desk] = MappingProxyType(
    {
        "scorecard": Desk(
            checks=(
                *checks_names.CHECKS,
                *checks_points.CHECKS,
                *checks_tiers.CHECKS,
                *checks_methods.CHECKS,
                *checks_limits.CHECKS,
            ),
            headings=targets.headings,
            targets=targets.targets,
            exercised=targets.exercised,
        ),
        "eligibility": Desk(
            checks=checks_eligibility.CHECKS,
            headings=targets_eligibility.headings,
            targets=targets_eligibility.targets,
            exercised=targets_eligibility.exercised,
            rows=ApplicationRows,
            across=application_whole.across,
            named=targets_eligibility.named,
        ),
        "survey": Desk(
            checks=checks_survey.CHECKS,
            headings=checks_survey.headings,
            targets=checks_survey.targets,
            exercised=checks_survey.exercised,
            rows=SurveyRows,
        ),
        "questionnaire": Desk(
            checks=checks_questionnaire.CHECKS,
            targets=targets_questionnaire.targets,
            exercised=targets_questionnaire.exercised,
            rows=AnswerRows,
            across=questionnaire_whole.across,
        ),
    }
)


def desk_of(rulebook: Rulebook) -> Desk:
    """Return the desk of a rulebook's family."""
    return DESKS[rulebook.family]
