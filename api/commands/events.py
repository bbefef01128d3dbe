"""`appraisal log …`: the event log in the database."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from api.faults import DONE, REFUSED, UsageFaultError
from api.language import lang, say
from api.options import DatabaseOption, Format, FormatOption, OfficeOption, RulebookOption

FileArgument = Annotated[Path, typer.Argument(metavar="FILE", help=say("opt_input"))]
AnchorOption = Annotated[str, typer.Option("--anchor", metavar="N:HASH", help=say("opt_anchor"))]
SubjectOption = Annotated[str, typer.Option("--subject", metavar="S", help=say("opt_subject"))]
ClauseOption = Annotated[str, typer.Option("--clause", metavar="C", help=say("opt_clause"))]
LastOption = Annotated[int, typer.Option("--last", metavar="N", min=1, help=say("opt_last"))]


def application() -> typer.Typer:
    """Return the commands about the log."""
    from api.commands.add import add  # noqa: PLC0415

    app = typer.Typer(no_args_is_help=True, add_completion=False)
    app.command("import", help=say("help_log_import"))(import_)
    app.command("add", help=say("help_log_add"))(add)
    app.command("list", help=say("help_log_list"))(list_)
    app.command("verify", help=say("help_log_verify"))(verify)
    return app


def import_(
    file: FileArgument, rulebook: RulebookOption = "", office: OfficeOption = "", db: DatabaseOption = ""
) -> None:
    """Take in a whole file, or nothing of it."""
    from api.intake import take_in  # noqa: PLC0415
    from api.logbook import desk  # noqa: PLC0415
    from api.output import tell  # noqa: PLC0415
    from api.progress import bar  # noqa: PLC0415

    if not file.is_file():
        raise UsageFaultError("C034", path=str(file))
    with desk(db, office, rulebook, make=True) as at, bar() as progress:
        result = take_in(at, [file], progress)
    tell(
        say(
            "log_imported",
            appended=str(result.appended),
            ignored=str(result.ignored),
            position=str(result.head.position),
        )
    )


def list_(
    *,
    subject: SubjectOption = "",
    clause: ClauseOption = "",
    last: LastOption = 50,
    office: OfficeOption = "",
    db: DatabaseOption = "",
    form: FormatOption = Format.TABLE,
) -> None:
    """Write the last lines of the log, those of a subject or a clause."""
    from api.logbook import opened, the_office  # noqa: PLC0415
    from api.output import show_table  # noqa: PLC0415
    from reports.log import log_table, subject_id  # noqa: PLC0415

    with opened(db) as log:
        at = the_office(log, office)
        roster = [s for line in log.adoptions(at) for s in line.roster or log.edition(line).roster]
        chosen = subject_id(roster, subject) if subject else None
        lines = log.lines(at, subject=chosen, clause=clause or None, limit=last)
    show_table(log_table(lines, roster, lang()), form, title=say("title_log", office=at))


def verify(anchor: AnchorOption = "", office: OfficeOption = "", db: DatabaseOption = "") -> int:
    """Check the hash chains; status 1 names the first broken link."""
    from api.logbook import opened, the_office  # noqa: PLC0415
    from api.output import tell  # noqa: PLC0415
    from appraisal.store.lines import Head  # noqa: PLC0415

    position, _, digest = anchor.partition(":")
    if anchor and not (position.isdigit() and digest):
        raise UsageFaultError("C041", word=anchor)
    with opened(db) as log:
        at = the_office(log, office)
        known = Head(position=int(position), hash=digest) if anchor else None
        findings = log.verify(at, anchor=known)
        head = log.head(at)
    for finding in findings:
        tell(finding.render(lang()))
    if findings:
        return REFUSED
    sys.stdout.write(say("log_sound", office=at, position=str(head.position), hash=head.hash) + "\n")
    return DONE
