"""The facts of an incident, checked against what its kind declares before anything reaches the engine."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from appraisal.errors import Finding
from appraisal.model.conditions import FactSpec, Kind
from appraisal.model.event import Event, Scalar

LARGEST = 2**53
TEXT_BYTES = 60_000
COLUMNS = ("level", "part", "count", "value", "benchmark", "matter", "note")

Fact = str | int | None


class UnfitError(Exception):
    """A fact that is not what its kind declares; carries the code of the finding and its arguments."""

    def __init__(self, code: str, **args: str) -> None:
        self.code = code
        self.fields = args
        super().__init__(code)


def facts_of(incident: Event, kind: Kind) -> tuple[Mapping[str, Fact], list[Finding]]:
    """Return the declared facts of an incident, None for a number that is absent, and what is wrong with them."""
    facts: dict[str, Fact] = {}
    findings: list[Finding] = []
    for name, spec in kind.facts.items():
        try:
            facts[name] = _fact(_raw(incident, name), spec)
        except UnfitError as unfit:
            args = {"incident": incident.id, "kind": kind.id, "fact": name, **unfit.fields}
            findings.append(Finding(code=unfit.code, args=args))
    return facts, findings


def _raw(incident: Event, name: str) -> Scalar:
    if name == "matter":
        return incident.matter
    if name == "note":
        return incident.note
    if name == "count":
        return incident.count
    return incident.facts.get(name, "")


def _fact(raw: Scalar, spec: FactSpec) -> Fact:
    if raw == "":
        if spec.needed == "true":
            raise UnfitError("I102")
        raw = spec.default
    return _whole(raw) if spec.type == "whole" else _text(raw, spec)


def _whole(raw: Scalar) -> int | None:
    if raw == "":
        return None
    if isinstance(raw, str):
        body = raw.removeprefix("-")
        number = int(raw) if body.isascii() and body.isdigit() and len(body) <= len(str(LARGEST)) else None
    elif isinstance(raw, Fraction) and raw.denominator == 1:
        number = raw.numerator
    else:
        number = raw if isinstance(raw, int) and not isinstance(raw, bool) else None
    if number is None:
        raise UnfitError("I104", value=str(raw)[:40])
    if abs(number) > LARGEST:
        raise UnfitError("I105", value=str(number), limit=str(LARGEST))
    return number


def _text(raw: Scalar, spec: FactSpec) -> str:
    if not isinstance(raw, str):
        raise UnfitError("I106", value=str(raw)[:40], limit=str(TEXT_BYTES))
    try:
        size = len(raw.encode())
    except UnicodeEncodeError as error:  # half of a surrogate pair
        raise UnfitError("I106", value=ascii(raw)[:40], limit=str(TEXT_BYTES)) from error
    if size > TEXT_BYTES:
        raise UnfitError("I106", value=f"{raw[:20]}…", limit=str(TEXT_BYTES))
    if spec.words and raw and raw not in spec.words:
        raise UnfitError("I103", value=raw[:40], words="、".join(spec.words))
    return raw
