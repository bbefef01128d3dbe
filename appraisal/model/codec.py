"""An assessment as bytes and back, without loss: canonical JSON of what is not a default, numbers as fractions."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache

from pydantic import TypeAdapter

from appraisal.model.standing import Assessment


@cache
def _adapter() -> TypeAdapter[Assessment]:
    return TypeAdapter(Assessment)


def encode(assessment: Assessment) -> bytes:
    """Return the assessment as canonical JSON: equal assessments give equal bytes."""
    # Read-only mappings are written as what they are, mappings; the serializer would warn of each.
    plain = _adapter().dump_python(_made(assessment), mode="json", exclude_defaults=True, fallback=dict, warnings=False)
    return json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _made(assessment: Assessment) -> Assessment:
    """Return the assessment with everything in it that is only made when it is looked at."""
    standings = (
        replace(standing, items=tuple(replace(item, entries=tuple(item.entries)) for item in standing.items))
        for standing in assessment.standings
    )
    return replace(assessment, standings=tuple(standings), warnings=tuple(assessment.warnings))


def decode(document: bytes) -> Assessment:
    """Return the assessment whose bytes these are; ValueError where they are not one's."""
    return _adapter().validate_json(document)
