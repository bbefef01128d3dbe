"""`appraisal score`: standings from files alone, without a database."""

from __future__ import annotations

from api.options import (
    DayOption,
    Format,
    FormatOption,
    InputArguments,
    KnownOption,
    PeriodOption,
    ReadingOption,
    RulebookArgument,
    ThroughOption,
    asked_day,
    asked_known,
    asked_readings,
    asked_span,
)


def score(
    rulebook: RulebookArgument,
    inputs: InputArguments,
    *,
    period: PeriodOption = "",
    through: ThroughOption = "",
    known: KnownOption = "",
    day: DayOption = "",
    reading: ReadingOption = [],  # noqa: B006  typer copies it
    form: FormatOption = Format.TABLE,
) -> None:
    """Assess the events of some files and write the standings."""
    moment, until, readings = asked_known(known), asked_day(day), asked_readings(reading)
    from api.pure import load_edition, load_events  # noqa: PLC0415

    edition = load_edition(rulebook, readings)
    span = asked_span(edition.rulebook, period, through)
    events = load_events(inputs, edition)
    if not (period or through):
        span = edition.rulebook.usual_span(events)
    from appraisal.assess import assess  # noqa: PLC0415

    assessment = assess(edition, events, span, known=moment, day=until)
    from api.output import show_standings  # noqa: PLC0415

    show_standings(assessment, edition, {event.id: event for event in events}, form)
