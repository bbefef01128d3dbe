"""An assessment as bytes and back, without loss: canonical JSON of what is not a default, numbers as fractions.

What a family shows beside points (`Exhibits`) stands under the name of its type, since a field can only say that there
is one.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from types import MappingProxyType
from typing import Any

from pydantic import TypeAdapter

from appraisal.model.levels import Answers
from appraisal.model.ruling import Screening
from appraisal.model.standing import Assessment, Exhibits, Standing
from appraisal.model.survey_figures import SurveyExhibits

EXHIBITS: Mapping[str, type[Exhibits]] = MappingProxyType(
    {"questionnaire": Answers, "eligibility": Screening, "survey": SurveyExhibits}
)
"""Each family's exhibits, listed by hand; a family that is not here has none."""


@cache
def _adapter(kind: str = "") -> TypeAdapter[Any]:
    """Return what writes and reads the exhibits of a family, or an assessment."""
    return TypeAdapter(EXHIBITS[kind] if kind else Assessment)


def _plain(value: Assessment | Exhibits, kind: str = "") -> Any:
    # Read-only mappings are written as what they are, mappings; the serializer would warn of each.
    return _adapter(kind).dump_python(value, mode="json", exclude_defaults=True, fallback=dict, warnings=False)


def _shown(exhibits: Exhibits | None) -> dict[str, Any]:
    kind = next((name for name, known in EXHIBITS.items() if type(exhibits) is known), "")
    return {"exhibits": {kind: _plain(exhibits, kind)}} if exhibits is not None and kind else {}


def encode(assessment: Assessment) -> bytes:
    """Return the assessment as canonical JSON: equal assessments give equal bytes."""
    plain = _plain(_made(assessment))
    plain |= _shown(assessment.exhibits)
    for standing, told in zip(assessment.standings, plain["standings"], strict=True):
        told.update(_shown(standing.exhibits))
    return json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _made(assessment: Assessment) -> Assessment:
    """Return the assessment with all that is only made when it is looked at, and without its exhibits."""
    standings = (
        replace(
            standing, exhibits=None, items=tuple(replace(item, entries=tuple(item.entries)) for item in standing.items)
        )
        for standing in assessment.standings
    )
    return replace(assessment, exhibits=None, standings=tuple(standings), warnings=tuple(assessment.warnings))


def decode(document: bytes) -> Assessment:
    """Return the assessment whose bytes these are; ValueError where they are not one's."""
    if b'"exhibits"' not in document:
        return _bare(document)
    plain = json.loads(document)
    own = _exhibits(plain)
    each = [_exhibits(told) for told in plain.get("standings", ())]
    assessment = _bare(json.dumps(plain))
    standings = tuple(_with(s, e) for s, e in zip(assessment.standings, each, strict=True))
    return replace(assessment, exhibits=own, standings=standings)


def _bare(document: bytes | str) -> Assessment:
    found: Assessment = _adapter().validate_json(document)
    return found


def _exhibits(told: dict[str, Any]) -> Exhibits | None:
    """Take the exhibits out of what is told of a result; None where there are none, ValueError for an unknown kind."""
    found = told.pop("exhibits", None)
    if not found:
        return None
    ((kind, plain),) = found.items()
    if kind not in EXHIBITS:
        raise ValueError(f"no exhibits {kind}")
    shown: Exhibits = _adapter(kind).validate_json(json.dumps(plain))
    return shown


def _with(standing: Standing, exhibits: Exhibits | None) -> Standing:
    return standing if exhibits is None else replace(standing, exhibits=exhibits)
