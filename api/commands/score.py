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
    from api.output import show_standings  # noqa: PLC0415
    from api.pure import Order, assessed_files  # noqa: PLC0415

    asked = {"period": period, "through": through, "known": known, "day": day}
    run = assessed_files(Order(rulebook=rulebook, inputs=inputs, reading=reading, **asked))
    show_standings(run.assessment, run.edition, run.events, form)
