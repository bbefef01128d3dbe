"""The options that several commands share, and how their words are read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.faults import UsageFaultError
from api.language import say

if TYPE_CHECKING:
    from appraisal.model.periods import Span
    from appraisal.model.rulebook import Rulebook


class Format(StrEnum):
    """What results look like."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"


class TreeFormat(StrEnum):
    """What an explanation looks like."""

    TABLE = "table"
    JSON = "json"


RulebookArgument = Annotated[str, typer.Argument(metavar="RULEBOOK", help=say("opt_rulebook"))]
InputArguments = Annotated[list[Path], typer.Argument(metavar="INPUT...", help=say("opt_input"))]
PeriodOption = Annotated[str, typer.Option("--period", metavar="P", help=say("opt_period"))]
ThroughOption = Annotated[str, typer.Option("--through", metavar="P", help=say("opt_through"))]
KnownOption = Annotated[str, typer.Option("--known", metavar="T", help=say("opt_known"))]
DayOption = Annotated[str, typer.Option("--day", metavar="D", help=say("opt_day"))]
OfficeDayOption = Annotated[str, typer.Option("--day", metavar="D", help=say("opt_day_office"))]
ReadingOption = Annotated[list[str], typer.Option("--reading", metavar="R=ALT", help=say("opt_reading"))]
FormatOption = Annotated[Format, typer.Option("--format", help=say("opt_format"))]
DatabaseOption = Annotated[str, typer.Option("--db", metavar="URL", envvar="DATABASE_URL", help=say("opt_db"))]
OfficeOption = Annotated[str, typer.Option("--office", metavar="NAME", help=say("opt_office"))]
RulebookOption = Annotated[str, typer.Option("--rulebook", metavar="ID", help=say("opt_rulebook_id"))]


def asked_span(rulebook: Rulebook, period: str, through: str) -> Span:
    """Return the span that --period or --through names; the rulebook's year by default."""
    from appraisal.model.periods import Span, SpanKind  # noqa: PLC0415

    if period and through:
        raise UsageFaultError("C020")
    if not period and not through:
        return rulebook.default_span()
    try:
        span = Span.parse(period or through)
    except ValueError:
        raise UsageFaultError("C021", word=period or through) from None
    if through:
        if span.kind is not SpanKind.MONTH:
            raise UsageFaultError("C022", word=through)
        span = Span.through(span.year, span.number)
    _within(rulebook, span)
    return span


def _within(rulebook: Rulebook, span: Span) -> None:
    first = date(span.year, span.months[0], 1)
    last = date(span.year, span.months[-1], 1)
    if last < rulebook.valid_from.replace(day=1) or first > rulebook.valid_to:
        dates = {"first": rulebook.valid_from.isoformat(), "last": rulebook.valid_to.isoformat()}
        raise UsageFaultError("C023", word=str(span), rulebook=rulebook.id, **dates)


def asked_known(word: str) -> datetime | None:
    """Return the moment that --known names; a bare date means the end of that day."""
    if not word:
        return None
    try:
        if "T" not in word and ":" not in word:
            return datetime.combine(date.fromisoformat(word), time.max)
        moment = datetime.fromisoformat(word)
    except ValueError:
        raise UsageFaultError("C024", word=word) from None
    if moment.tzinfo is not None:  # what is recorded is local time of the office, without a zone
        raise UsageFaultError("C024", word=word)
    return moment


def asked_day(word: str) -> date | None:
    """Return the day that --day names."""
    if not word:
        return None
    try:
        return date.fromisoformat(word)
    except ValueError:
        raise UsageFaultError("C025", word=word) from None


def asked_readings(words: Sequence[str]) -> dict[str, str]:
    """Return which reading is chosen for what: `R03=clip`."""
    chosen: dict[str, str] = {}
    for word in words:
        reading, _, alternative = word.partition("=")
        if not reading or not alternative:
            raise UsageFaultError("C026", word=word)
        chosen[reading.strip()] = alternative.strip()
    return chosen
