"""`appraisal explain`: every point of one subject back to the sentence, the arithmetic and the event."""

from __future__ import annotations

from typing import Annotated

import typer

from api.language import say
from api.options import (
    DayOption,
    InputArguments,
    KnownOption,
    PeriodOption,
    ReadingOption,
    RulebookArgument,
    ThroughOption,
    TreeFormat,
    asked_day,
    asked_known,
    asked_readings,
    asked_span,
)

SubjectOption = Annotated[str, typer.Option("--subject", "-s", metavar="S", help=say("opt_subject"))]
ItemOption = Annotated[str, typer.Option("--item", "-i", metavar="I", help=say("opt_item"))]
TreeFormatOption = Annotated[TreeFormat, typer.Option("--format", help=say("opt_format"))]


def explain(
    rulebook: RulebookArgument,
    inputs: InputArguments,
    *,
    subject: SubjectOption,
    item: ItemOption = "",
    period: PeriodOption = "",
    through: ThroughOption = "",
    known: KnownOption = "",
    day: DayOption = "",
    reading: ReadingOption = [],  # noqa: B006  typer copies it
    form: TreeFormatOption = TreeFormat.TABLE,
) -> None:
    """Assess the events of some files and explain one subject's standing."""
    moment, until, readings = asked_known(known), asked_day(day), asked_readings(reading)
    from api.output import show_explanation  # noqa: PLC0415
    from api.pure import checked_names, load_edition, load_events, the_standing  # noqa: PLC0415

    edition = load_edition(rulebook, readings)
    span = asked_span(edition.rulebook, period, through)
    checked_names(edition, subject, item)
    events = load_events(inputs, edition)
    if not (period or through):
        span = edition.rulebook.usual_span(events)
    from appraisal.assess import assess  # noqa: PLC0415

    assessment = assess(edition, events, span, known=moment, day=until)
    standing = the_standing(assessment, edition, subject)
    show_explanation(assessment, standing, edition, {e.id: e for e in events}, item=item, form=form)
