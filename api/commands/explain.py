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
    from api.output import show_explanation  # noqa: PLC0415
    from api.pure import Order, assessed_files, checked_names, the_standing  # noqa: PLC0415

    asked = {"period": period, "through": through, "known": known, "day": day}
    order = Order(rulebook=rulebook, inputs=inputs, reading=reading, **asked)
    run = assessed_files(order, lambda edition: checked_names(edition, subject, item))
    standing = the_standing(run.assessment, run.edition, subject)
    show_explanation(run.assessment, standing, run.edition, run.events, item=item, form=form)
