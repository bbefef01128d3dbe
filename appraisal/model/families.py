"""Every family of rulebooks, listed by hand: the word that stands under `family` and the type that it picks."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from appraisal.model.eligibility import Eligibility
from appraisal.model.questionnaire import Questionnaire
from appraisal.model.rulebook import Rulebook
from appraisal.model.scorecard import Scorecard
from appraisal.model.survey import Survey

FAMILIES: Mapping[str, type[Rulebook]] = MappingProxyType(
    {
        "scorecard": Scorecard,
        "eligibility": Eligibility,
        "survey": Survey,
        "questionnaire": Questionnaire,
    }
)
