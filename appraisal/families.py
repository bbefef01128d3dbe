"""Every family's way to judge, listed by hand; a module is imported when the first rulebook of its family is judged."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from appraisal.methods.family import Family


def _scorecard() -> Family:
    from appraisal.scorecard import ScorecardFamily  # noqa: PLC0415

    return ScorecardFamily()


def _eligibility() -> Family:
    from appraisal.methods.eligibility import EligibilityFamily  # noqa: PLC0415

    return EligibilityFamily()


def _survey() -> Family:
    from appraisal.methods.survey import SurveyFamily  # noqa: PLC0415

    return SurveyFamily()


def _questionnaire() -> Family:
    from appraisal.methods.questionnaire import QuestionnaireFamily  # noqa: PLC0415

    return QuestionnaireFamily()


FAMILIES: Mapping[str, Callable[[], Family]] = MappingProxyType(
    {
        "scorecard": _scorecard,
        "eligibility": _eligibility,
        "survey": _survey,
        "questionnaire": _questionnaire,
    }
)


def family_of(name: str) -> Family:
    """Return the way in which rulebooks of a family are judged."""
    return FAMILIES[name]()
