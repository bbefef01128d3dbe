"""Exact numbers: points, rates and measures as rationals, read from text and shown as text, never floats."""

from __future__ import annotations

import re
from fractions import Fraction
from functools import lru_cache
from typing import Annotated, Any

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema

_NUMBER = re.compile(r"(?P<sign>[+-]?)(?P<whole>\d{1,15})(?:\.(?P<dec>\d{1,12}))?(?P<percent>\s*[%％])?")
_RATIO = re.compile(r"([+-]?\d{1,15})/(\d{1,15})")
SHOWN_DIGITS = 6


def parse_exact(raw: Any) -> Fraction:
    """Read `0.2`, `80%`, `1/2` or a whole number exactly; ValueError for anything else, floats included."""
    if isinstance(raw, Fraction):
        return raw
    if isinstance(raw, int) and not isinstance(raw, bool):
        return Fraction(raw)
    if not isinstance(raw, str):
        raise ValueError("not_exact")  # noqa: TRY004  pydantic turns ValueError, not TypeError, into an error with a place
    text = raw.strip()
    ratio = _RATIO.fullmatch(text)
    if ratio and int(ratio[2]):
        return Fraction(int(ratio[1]), int(ratio[2]))
    match = _NUMBER.fullmatch(text)
    if not match:
        raise ValueError("not_exact")
    value = Fraction(f"{match['sign']}{match['whole']}.{match['dec'] or 0}")
    return value / 100 if match["percent"] else value


def decimals(value: Fraction) -> int | None:
    """Return how many decimal digits show the value exactly; None when no finite number does."""
    rest, twos, fives = value.denominator, 0, 0
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    return max(twos, fives) if rest == 1 else None


def half_up(value: Fraction, unit: Fraction) -> Fraction:
    """Round to a multiple of the unit, halves away from zero."""
    steps = abs(value) / unit
    whole = (2 * steps.numerator + steps.denominator) // (2 * steps.denominator)
    return (whole if value >= 0 else -whole) * unit


def show(value: Fraction) -> str:
    """Write a number in its shortest decimal form; one without a finite form half-up to six decimals."""
    return _shown(value.numerator, value.denominator)


@lru_cache(maxsize=4096)  # a year writes some hundred amounts, each thousands of times
def _shown(numerator: int, denominator: int) -> str:
    value = Fraction(numerator, denominator)
    digits = decimals(value)
    if digits is None:
        value, digits = half_up(value, Fraction(1, 10**SHOWN_DIGITS)), SHOWN_DIGITS
    if digits == 0:
        return str(value.numerator)
    scaled = abs(value.numerator) * 10**digits // value.denominator
    whole, dec = divmod(scaled, 10**digits)
    text = f"{whole}.{dec:0{digits}d}".rstrip("0").rstrip(".")
    return f"-{text}" if value < 0 and scaled else text


def exact_form(value: Fraction) -> str | None:
    """Write the fraction `a/b` of a number that has no finite decimal form; None for the others."""
    return None if decimals(value) is not None else f"{value.numerator}/{value.denominator}"


Exact = Annotated[
    Fraction,
    BeforeValidator(parse_exact),
    PlainSerializer(show, return_type=str),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "number"},
                {"type": "string", "pattern": r"^[+-]?\d+(\.\d+)?\s*%?$|^[+-]?\d+/\d+$"},
            ],
            "description": "an exact number: 0.2, 80%, 1/2",
        }
    ),
]
