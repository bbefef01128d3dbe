"""Months, years and the spans that a standing is asked for."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

_MONTH = re.compile(r"(\d{4})(?:-|/|年)(\d{1,2})月?")
_QUARTER = re.compile(r"(\d{4})-?[Qq]([1-4])")
_YEAR = re.compile(r"(\d{4})年?")
_THROUGH = re.compile(r"(\d{4})-01\.\.\1-(\d{2})")
MONTHS = 12


class Every(StrEnum):
    """How often something is due: `any` is as it happens."""

    ANY = "any"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"

    @property
    def months(self) -> int:
        """How many months one such period has; 0 for as it happens."""
        return {"any": 0, "month": 1, "quarter": 3, "year": 12}[self.value]


@dataclass(frozen=True, order=True)
class Period:
    """What an event reports on: a month, or a whole year where `month` is 0."""

    year: int
    month: int = 0

    def __post_init__(self) -> None:
        """Refuse a month that does not exist."""
        if not (1 <= self.year <= date.max.year - 1 and 0 <= self.month <= MONTHS):
            raise ValueError(f"no such period: {self.year}-{self.month}")

    @classmethod
    def parse(cls, text: str) -> Period:
        """Read `2020-03` (also `2020/3`, `2020年3月`) or `2020`; ValueError otherwise."""
        if match := _MONTH.fullmatch(text.strip()):
            if not 1 <= int(match[2]) <= MONTHS:
                raise ValueError(text)
            return cls(int(match[1]), int(match[2]))
        if match := _YEAR.fullmatch(text.strip()):
            return cls(int(match[1]))
        raise ValueError(text)

    @classmethod
    def of(cls, day: date) -> Period:
        """Return the month that a day lies in."""
        return cls(day.year, day.month)

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, self.month or 1, 1)

    @property
    def last(self) -> date:
        """Its last day."""
        month = self.month or MONTHS
        return date(self.year, month, monthrange(self.year, month)[1])

    def __str__(self) -> str:
        """`2020-03` or `2020`."""
        return f"{self.year}-{self.month:02d}" if self.month else str(self.year)


class SpanKind(StrEnum):
    """Which view of the year a standing gives."""

    MONTH = "month"
    QUARTER = "quarter"
    THROUGH = "through"
    YEAR = "year"


@dataclass(frozen=True, order=True)
class Span:
    """What a standing is asked for: a month, a quarter, January through a month, or a year with everything due."""

    year: int
    kind: SpanKind
    number: int = 0

    @classmethod
    def parse(cls, text: str) -> Span:
        """Read `2020`, `2020-03`, `2020-Q1` or `2020-01..2020-03`; ValueError otherwise."""
        if match := _THROUGH.fullmatch(text.strip()):
            last = Period.parse(f"{match[1]}-{match[2]}")
            return cls.through(last.year, last.month)
        if match := _QUARTER.fullmatch(text.strip()):
            return cls(int(match[1]), SpanKind.QUARTER, int(match[2]))
        period = Period.parse(text)
        return cls.month(period.year, period.month) if period.month else cls.whole(period.year)

    @classmethod
    def month(cls, year: int, month: int) -> Span:
        """One month."""
        return cls(year, SpanKind.MONTH, month)

    @classmethod
    def through(cls, year: int, month: int) -> Span:
        """January through this month."""
        return cls(year, SpanKind.THROUGH, month)

    @classmethod
    def whole(cls, year: int) -> Span:
        """Return the year, with everything due."""
        return cls(year, SpanKind.YEAR)

    @property
    def months(self) -> range:
        """Its months, counted from 1."""
        match self.kind:
            case SpanKind.MONTH:
                return range(self.number, self.number + 1)
            case SpanKind.QUARTER:
                return range(3 * self.number - 2, 3 * self.number + 1)
            case SpanKind.THROUGH:
                return range(1, self.number + 1)
        return range(1, MONTHS + 1)

    def contains(self, period: Period) -> bool:
        """Say whether an event of this period counts here; a whole year's event counts in the year only."""
        if period.year != self.year:
            return False
        return self.kind is SpanKind.YEAR if not period.month else period.month in self.months

    def whole_periods(self, every: Every) -> tuple[range, ...]:
        """Return the months of each such period that lies wholly inside; a year lies in the year view only."""
        step = every.months
        if not step or (every is Every.YEAR and self.kind is not SpanKind.YEAR):
            return ()
        inside = set(self.months)
        starts = range(1, MONTHS + 1, step)
        return tuple(range(s, s + step) for s in starts if inside.issuperset(range(s, s + step)))

    def __str__(self) -> str:
        """`2020-03`, `2020-Q1`, `2020-01..2020-03` or `2020`."""
        match self.kind:
            case SpanKind.MONTH:
                return f"{self.year}-{self.number:02d}"
            case SpanKind.QUARTER:
                return f"{self.year}-Q{self.number}"
            case SpanKind.THROUGH:
                return f"{self.year}-01..{self.year}-{self.number:02d}"
        return str(self.year)
