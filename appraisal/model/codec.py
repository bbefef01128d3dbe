"""An assessment as bytes and back, without loss: canonical JSON of what is not a default, numbers as fractions."""

from __future__ import annotations

import json
from functools import cache

from pydantic import TypeAdapter

from appraisal.model.standing import Assessment


@cache
def _adapter() -> TypeAdapter[Assessment]:
    return TypeAdapter(Assessment)


def encode(assessment: Assessment) -> bytes:
    """Return the assessment as canonical JSON: equal assessments give equal bytes."""
    # Read-only mappings are written as what they are, mappings; the serializer would warn of each.
    plain = _adapter().dump_python(assessment, mode="json", exclude_defaults=True, fallback=dict, warnings=False)
    return json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def decode(document: bytes) -> Assessment:
    """Return the assessment whose bytes these are; ValueError where they are not one's."""
    return _adapter().validate_json(document)
