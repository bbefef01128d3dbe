"""Energy in standard coal: the coefficients of a document, and what a firm consumed with them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from pydantic import Field

from appraisal.model.exact import Exact
from appraisal.model.spec import Spec


class Fuel(Spec):
    """A kind of energy: its unit, and how many tons of standard coal one unit is."""

    name: str = Field(min_length=1)
    also: tuple[str, ...] = Field(default=(), description="what else people call it")
    unit: str
    coal: Exact = Field(gt=0, description="tons of standard coal for one unit")
    text: str
    line: int = Field(ge=1)


@dataclass(frozen=True)
class Amount:
    """So much of a fuel, and in which unit it was measured."""

    fuel: str
    amount: Fraction
    unit: str


def standard_coal(
    fuels: Mapping[str, Fuel],
    consumed: Iterable[Amount],
    *,
    transformed: Iterable[Amount] = (),
    recovered: Iterable[Amount] = (),
) -> Fraction:
    """Return 综合能源消费量 in tons of standard coal, exactly.

    Without transformation or recovery it is what production consumed; else what was turned into other energy, and
    what was recovered, is taken off. `fuels` by name; KeyError for a fuel that the document has no coefficient for,
    ValueError for one that is measured in another unit than the coefficient.
    """
    return _coal(fuels, consumed) - _coal(fuels, transformed) - _coal(fuels, recovered)


def _coal(fuels: Mapping[str, Fuel], amounts: Iterable[Amount]) -> Fraction:
    total = Fraction(0)
    for one in amounts:
        fuel = fuels[one.fuel]
        if one.unit != fuel.unit:
            raise ValueError(f"{one.fuel} is counted in {fuel.unit}, not in {one.unit}")
        total += fuel.coal * one.amount
    return total
