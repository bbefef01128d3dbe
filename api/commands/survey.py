"""`appraisal survey …`: the sampling desk, the questionnaire, and the report of a customer satisfaction survey."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated

import typer

from api.faults import UsageFaultError
from api.language import lang, say
from api.options import (
    Format,
    FormatOption,
    InputArguments,
    PeriodOption,
    ReadingOption,
    RulebookArgument,
    asked_readings,
    asked_span,
)

if TYPE_CHECKING:
    from fractions import Fraction

    from appraisal.model.edition import Edition
    from appraisal.statistics.sampling import Drawn, Ranked
    from reports.sheet import Sheet

DEFAULT = "customer-satisfaction-2007"
SurveyArgument = Annotated[str, typer.Argument(metavar="RULEBOOK", help=say("opt_rulebook"))]
CustomersOption = Annotated[int, typer.Option("--customers", metavar="N", help=say("opt_customers"))]
ContactOption = Annotated[bool, typer.Option("--contact/--no-contact", help=say("opt_contact"))]
SegmentOption = Annotated[list[str], typer.Option("--segment", metavar="NAME", help=say("opt_segment"))]
BranchOption = Annotated[list[str], typer.Option("--branch", metavar="NAME", help=say("opt_branch"))]
RateOption = Annotated[str, typer.Option("--return-rate", metavar="RATE", help=say("opt_return_rate"))]
SizeOption = Annotated[int, typer.Option("--size", metavar="N", help=say("opt_size"))]
CompaniesOption = Annotated[Path | None, typer.Option("--companies", metavar="FILE", help=say("opt_companies"))]
ShareOption = Annotated[str, typer.Option("--share", metavar="RATE", help=say("opt_share"))]
ClientsOption = Annotated[Path | None, typer.Option("--clients", metavar="FILE", help=say("opt_clients"))]
DrawOption = Annotated[int, typer.Option("--draw", metavar="N", help=say("opt_draw"))]
SeedOption = Annotated[int, typer.Option("--seed", metavar="S", min=0, help=say("opt_seed"))]
SubjectOption = Annotated[str, typer.Option("--subject", metavar="S", help=say("opt_report_subject"))]
OutOption = Annotated[Path | None, typer.Option("--out", "-o", metavar="FILE", help=say("opt_report_out"))]
SentOption = Annotated[int, typer.Option("--sent", metavar="N", min=0, help=say("opt_sent"))]


def application() -> typer.Typer:
    """Return the commands about surveys."""
    app = typer.Typer(no_args_is_help=True, add_completion=False)
    app.command("plan", help=say("help_survey_plan"))(plan)
    app.command("questionnaire", help=say("help_survey_questionnaire"))(questionnaire)
    app.command("report", help=say("help_survey_report"))(report)
    return app


def plan(
    rulebook: SurveyArgument = DEFAULT,
    *,
    customers: CustomersOption = 0,
    contact: ContactOption = False,
    segment: SegmentOption = [],  # noqa: B006  typer copies it
    branch: BranchOption = [],  # noqa: B006
    return_rate: RateOption = "100%",
    size: SizeOption = 0,
    companies: CompaniesOption = None,
    share: ShareOption = "",
    clients: ClientsOption = None,
    draw: DrawOption = 0,
    seed: SeedOption = 1,
    form: FormatOption = Format.TABLE,
) -> None:
    """Say whether to ask everybody or a sample, how many, which companies, and which clients."""
    edition = survey_edition(rulebook)
    from appraisal.methods import sample_plan  # noqa: PLC0415
    from appraisal.model.survey import Survey  # noqa: PLC0415
    from reports.survey_desk import plan_sheet  # noqa: PLC0415

    sampling = edition.as_a(Survey).sampling
    wish = sample_plan.Wish(
        customers=customers or None,
        contact=contact,
        segments=tuple(segment),
        branches=tuple(branch),
        expected=rate(return_rate, "--return-rate"),
        size=size or None,
    )
    found = sample_plan.plan(sampling, wish)
    ranked: tuple[Ranked, ...] = ()
    drawn: tuple[Drawn, ...] = ()
    if companies is not None:
        wanted = rate(share, "--share") if share else None
        ranked = sample_plan.companies(sampling, amounts(companies), wanted)
    if clients is not None:
        drawn = sample_plan.clients(amounts(clients), draw or found.required, seed)
    _show(plan_sheet(edition, found, lang(), ranked=ranked, drawn=drawn), form)


def questionnaire(
    rulebook: SurveyArgument = DEFAULT,
    *,
    reading: ReadingOption = [],  # noqa: B006
    form: FormatOption = Format.TABLE,
) -> None:
    """Write the skeleton of the questionnaire."""
    from reports.survey_desk import questionnaire_sheet  # noqa: PLC0415

    _show(questionnaire_sheet(survey_edition(rulebook, asked_readings(reading)), lang()), form)


def report(
    rulebook: RulebookArgument,
    inputs: InputArguments,
    *,
    subject: SubjectOption = "",
    sent: SentOption = 0,
    period: PeriodOption = "",
    reading: ReadingOption = [],  # noqa: B006
    form: FormatOption = Format.TABLE,
    out: OutOption = None,
) -> None:
    """Write the report of a survey in the structure of the document, of one subject or of all respondents."""
    if out is not None and out.suffix.lower() not in WRITERS:
        raise UsageFaultError("C163", name=out.name)
    edition = survey_edition(rulebook, asked_readings(reading))
    span = asked_span(edition.rulebook, period, "")
    from api.pure import load_events, the_standing  # noqa: PLC0415
    from appraisal.assess import assess  # noqa: PLC0415
    from appraisal.model.survey_figures import SurveyExhibits  # noqa: PLC0415
    from reports.survey_report import Report, survey_report  # noqa: PLC0415

    events = load_events(inputs, edition)
    assessment = assess(edition, events, span if period else edition.rulebook.usual_span(events))
    standing = the_standing(assessment, edition, subject) if subject else None
    if standing is None and len(assessment.standings) == 1:
        standing = assessment.standings[0]
    exhibits = standing.exhibits if standing is not None else assessment.exhibits
    if not isinstance(exhibits, SurveyExhibits):
        raise UsageFaultError("C160")
    told = Report(
        assessment=assessment, edition=edition, exhibits=exhibits, lang=lang(), standing=standing, sent=sent or None
    )
    sheet = survey_report(told)
    if out is None:
        _show(sheet, form)
    else:
        out.write_bytes(WRITERS[out.suffix.lower()](sheet))


def survey_edition(name: str, readings: dict[str, str] | None = None) -> Edition:
    """Return the rulebook of a survey; another one is wrong usage."""
    from api.pure import load_edition  # noqa: PLC0415
    from appraisal.model.survey import Survey  # noqa: PLC0415

    edition = load_edition(name, readings)
    if not isinstance(edition.rulebook, Survey):
        raise UsageFaultError("C161", rulebook=edition.rulebook.id)
    return edition


def rate(word: str, option: str) -> Fraction:
    """Return the rate that an option names."""
    from appraisal.model.exact import parse_exact  # noqa: PLC0415

    try:
        return parse_exact(word)
    except ValueError:
        raise UsageFaultError("C162", word=word, option=option) from None


def amounts(path: Path) -> dict[str, Fraction]:
    """Return the amounts by name of a file; a file that is not there is wrong usage."""
    from appraisal.reading.amounts import read_amounts  # noqa: PLC0415

    if not path.is_file():
        raise UsageFaultError("C034", path=str(path))
    return read_amounts(path)


def _pdf(sheet: Sheet) -> bytes:
    from reports.document import Document  # noqa: PLC0415
    from reports.pdf import pdf  # noqa: PLC0415

    return pdf(Document(name=sheet.name, title=sheet.title, sheets=(sheet,)), lang()).data


def _docx(sheet: Sheet) -> bytes:
    from reports.document import Document  # noqa: PLC0415
    from reports.docx import docx  # noqa: PLC0415

    return docx(Document(name=sheet.name, title=sheet.title, sheets=(sheet,)), lang())


def _xlsx(sheet: Sheet) -> bytes:
    from reports.document import Document  # noqa: PLC0415
    from reports.xlsx import xlsx  # noqa: PLC0415

    return xlsx(Document(name=sheet.name, title=sheet.title, sheets=(sheet,)), lang())


WRITERS: Mapping[str, Callable[[Sheet], bytes]] = MappingProxyType({".pdf": _pdf, ".docx": _docx, ".xlsx": _xlsx})


def _show(sheet: Sheet, form: Format) -> None:
    """Write a sheet for reading, or its tables as CSV (one below the other) or JSON."""
    from api.output import show_csv, show_sheet  # noqa: PLC0415

    if form is Format.TABLE:
        show_sheet(sheet)
        return
    if form is Format.CSV:
        for number, table in enumerate(sheet.all_tables()):
            if number:
                sys.stdout.write("\r\n")
            show_csv(table)
        return
    from reports.json import dumps, table_json  # noqa: PLC0415

    tables = [{"title": table.title, **table_json(table), "notes": list(table.notes)} for table in sheet.all_tables()]
    document = {"title": sheet.title, "opening": list(sheet.opening), "tables": tables, "notes": list(sheet.notes)}
    sys.stdout.write(dumps(document))
