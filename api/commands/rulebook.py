"""`appraisal rulebook …`: the rule author's desk."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from api.faults import DONE, REFUSED, UsageFaultError, nearest
from api.language import lang, say
from api.options import Format, FormatOption, ReadingOption, RulebookArgument, asked_readings

PathArguments = Annotated[list[Path], typer.Argument(metavar="PATH...", help=say("opt_paths"))]
ClauseOption = Annotated[str, typer.Option("--clause", metavar="C", help=say("opt_clause_shown"))]


def application() -> typer.Typer:
    """Return the commands about rulebooks."""
    from api.commands.form import form  # noqa: PLC0415

    app = typer.Typer(no_args_is_help=True, add_completion=False)
    app.command("list", help=say("help_rulebook_list"))(list_)
    app.command("show", help=say("help_rulebook_show"))(show)
    app.command("check", help=say("help_rulebook_check"))(check)
    app.command("schema", help=say("help_rulebook_schema"))(schema)
    app.command("form", help=say("help_rulebook_form"))(form)
    app.command("coverage", help=say("help_rulebook_coverage"))(coverage)
    return app


def list_(form: FormatOption = Format.TABLE) -> None:
    """Write the rulebooks that come with the product."""
    from api.output import show_table  # noqa: PLC0415
    from api.pure import load_edition, rulebook_ids  # noqa: PLC0415
    from reports.rulebooks import rulebooks_table  # noqa: PLC0415

    editions = {name: load_edition(name) for name in rulebook_ids()}
    show_table(rulebooks_table(editions, lang()), form, title=say("title_rulebooks"))


def show(rulebook: RulebookArgument, clause: ClauseOption = "", reading: ReadingOption = []) -> None:  # noqa: B006
    """Write a rulebook, or one clause of it with all that concerns it."""
    from api.output import show_sheet  # noqa: PLC0415
    from api.pure import load_edition  # noqa: PLC0415
    from reports.looks import look_of  # noqa: PLC0415

    edition = load_edition(rulebook, asked_readings(reading))
    look = look_of(edition.rulebook)
    if not clause:
        show_sheet(look.rulebook(edition, lang()))
        return
    parts = list(edition.rulebook.parts())
    if clause not in parts:
        raise UsageFaultError("C036", word=clause, near=nearest(clause, parts))
    show_sheet(look.part(edition, clause, lang()))


def check(paths: PathArguments) -> int:
    """Check rulebook files; status 1 if any has an error."""
    from api.output import tell  # noqa: PLC0415
    from api.pure import rulebook_path  # noqa: PLC0415
    from appraisal.inference.plan import inference_problems  # noqa: PLC0415
    from appraisal.reading.rulebook import check_rulebook  # noqa: PLC0415

    findings = [
        found for path in paths for found in check_rulebook(rulebook_path(str(path)), more=[inference_problems])
    ]
    for finding in findings:
        tell(finding.render(lang()))
    if not findings:
        sys.stdout.write(say("check_clean", number=str(len(paths))) + "\n")
        return DONE
    errors = sum(1 for finding in findings if finding.severity == "error")
    tell(say("check_total", errors=str(errors), warnings=str(len(findings) - errors)))
    return REFUSED if errors else DONE


def schema() -> None:
    """Write the JSON Schema of rulebook files, for completion in editors."""
    from appraisal.reading.schema import schema_text  # noqa: PLC0415

    sys.stdout.write(schema_text())


def coverage(rulebook: RulebookArgument) -> int:
    """Write where the source document went and what the cases exercise; status 1 if text is missing or told twice."""
    from api.cases import exercised_by_cases  # noqa: PLC0415
    from api.output import show_sheet  # noqa: PLC0415
    from api.pure import rulebook_path  # noqa: PLC0415
    from appraisal.reading.coverage import coverage as covered  # noqa: PLC0415
    from reports.coverage import coverage_sheet  # noqa: PLC0415

    path = rulebook_path(rulebook)
    found = covered(path)
    show_sheet(coverage_sheet(rulebook, found, exercised_by_cases(path), lang()))
    return DONE if found.complete else REFUSED
