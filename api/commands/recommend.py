"""`appraisal recommend`: the summary with which a city recommends units, from files or from the log."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.faults import UsageFaultError
from api.language import lang, say
from api.options import (
    DatabaseOption,
    DayOption,
    Format,
    FormatOption,
    KnownOption,
    OfficeOption,
    PeriodOption,
    ReadingOption,
    RulebookArgument,
    asked_day,
    asked_known,
)

if TYPE_CHECKING:
    from appraisal.model.edition import Edition
    from appraisal.model.event import Event
    from appraisal.model.standing import Assessment
    from reports.recommendation import Recommendation

InputArguments = Annotated[list[Path] | None, typer.Argument(metavar="[INPUT...]", help=say("opt_input_or_log"))]
CityOption = Annotated[str, typer.Option("--city", metavar="NAME", help=say("opt_city"))]
OutOption = Annotated[Path | None, typer.Option("-o", "--out", metavar="OUT", help=say("opt_summary_out"))]
SUFFIXES = (".xlsx", ".pdf", ".csv", ".json")


def recommend(
    rulebook: RulebookArgument,
    inputs: InputArguments = None,
    *,
    city: CityOption = "",
    period: PeriodOption = "",
    known: KnownOption = "",
    day: DayOption = "",
    reading: ReadingOption = [],  # noqa: B006  typer copies it
    office: OfficeOption = "",
    db: DatabaseOption = "",
    out: OutOption = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """Write the units that meet a route, in the order of priority that the city gives."""
    from reports.recommendation import recommend as lists  # noqa: PLC0415

    if out is not None and out.suffix.lower() not in SUFFIXES:
        raise UsageFaultError("form_suffix", path=str(out), known=" ".join(SUFFIXES))
    if inputs:
        from api.pure import Order, assessed_files  # noqa: PLC0415

        order = Order(rulebook=rulebook, inputs=inputs, period=period, known=known, day=day, reading=reading)
        run = assessed_files(order)
        edition, assessment, events = run.edition, run.assessment, run.events
    else:
        edition, assessment, events = _from_log(rulebook, period, known, day, office, db)
    found = lists(edition, assessment, events)
    if found is None:
        raise UsageFaultError("no_summary", rulebook=edition.rulebook.id)
    if out is None:
        _show(found, city, form)
    else:
        _write(found, city, out)


def _from_log(
    rulebook: str, period: str, known: str, day: str, office: str, db: str
) -> tuple[Edition, Assessment, dict[str, Event]]:
    moment, until = asked_known(known), asked_day(day)
    from api.logbook import assessed, at_office, now  # noqa: PLC0415

    with at_office(db, office) as at:
        found = assessed(at, rulebook, period, "", known=moment, day=until or now().date())
    return found.edition, found.assessment, found.events


def _show(found: Recommendation, city: str, form: Format) -> None:
    from api.output import show_csv, show_sheet  # noqa: PLC0415
    from reports.json import dumps  # noqa: PLC0415
    from reports.recommendation import (  # noqa: PLC0415
        recommendation_json,
        recommendation_sheet,
        recommendation_table,
    )

    if form is Format.JSON:
        sys.stdout.write(dumps(recommendation_json(found, city)))
    elif form is Format.CSV:
        show_csv(recommendation_table(found, lang()))
    else:
        show_sheet(recommendation_sheet(found, city, lang()))


def _write(found: Recommendation, city: str, out: Path) -> None:
    from api.output import tell, write_csv, write_json  # noqa: PLC0415
    from reports.document import Document  # noqa: PLC0415
    from reports.recommendation import (  # noqa: PLC0415
        recommendation_json,
        recommendation_sheet,
        recommendation_table,
    )

    sheet = recommendation_sheet(found, city, lang())
    document = Document(name=sheet.name, title=sheet.title, sheets=(sheet,))
    match out.suffix.lower():
        case ".csv":
            write_csv(out, recommendation_table(found, lang()))
        case ".json":
            write_json(out, recommendation_json(found, city))
        case ".pdf":
            from reports.pdf import pdf  # noqa: PLC0415

            out.write_bytes(pdf(document, lang()).data)
        case _:
            from reports.xlsx import xlsx  # noqa: PLC0415

            out.write_bytes(xlsx(document, lang()))
    tell(say("form_written", path=str(out)))
