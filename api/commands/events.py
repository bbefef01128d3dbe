"""`appraisal log …`: the event log in the database."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from api.faults import DONE, REFUSED, UsageFaultError
from api.language import lang, say
from api.options import DatabaseOption, Format, FormatOption, OfficeOption, RulebookOption
from appraisal.errors import Finding, RefusedError

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
    file: FileArgument, *, rulebook: RulebookOption = "", office: OfficeOption = "", db: DatabaseOption = ""
) -> None:
    """Take in a whole file, or nothing of it."""
    from api.logbook import at_office, checked_rulebook, now, tell_taken  # noqa: PLC0415
    from api.output import tell  # noqa: PLC0415
    from api.progress import bar  # noqa: PLC0415
    from api.pure import checked_file  # noqa: PLC0415

    checked_file(file)
    advice: list[Finding] = []
    with at_office(db, office, make=True) as at, bar() as step:
        book = checked_rulebook(at, rulebook)
        taken = at.import_files(
            [file],
            rulebook=book,
            now=now(),
            reading=lambda done, all_: step("reading", done, all_),
            writing=lambda done, all_: step("writing", done, all_),
            advice=advice,
        )
    for odd in advice:
        tell(odd.render(lang()))
    tell_taken(taken)


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
    from api.logbook import at_office, checked_words  # noqa: PLC0415
    from api.output import show_table, tell  # noqa: PLC0415
    from reports.log import log_table, subject_id  # noqa: PLC0415

    with at_office(db, office) as at:
        roster = [s for line in at.log.adoptions(at.id) for s in line.roster or at.log.edition(line).roster]
        chosen = subject_id(roster, subject) if subject else None
        lines = at.log.lines(at.id, subject=chosen, clause=clause or None, limit=last)
        if not lines:
            checked_words(at, roster, subject, clause)
            tell(say("log_none"))
    show_table(log_table(lines, roster, lang()), form, title=say("title_log", office=at.id))


def verify(*, anchor: AnchorOption = "", office: OfficeOption = "", db: DatabaseOption = "") -> int:
    """Check the hash chains; status 1 names the first broken link."""
    from api.logbook import at_office  # noqa: PLC0415
    from api.output import tell  # noqa: PLC0415
    from appraisal.office.office import parse_anchor  # noqa: PLC0415

    if anchor:
        try:
            parse_anchor(anchor)
        except RefusedError:
            raise UsageFaultError("C041", word=anchor) from None
    with at_office(db, office) as at:
        findings = at.verify(anchor)
        head = at.log.head(at.id)
    for finding in findings:
        tell(finding.render(lang()))
    if findings:
        return REFUSED
    sys.stdout.write(say("log_sound", office=at.id, position=str(head.position), hash=head.hash) + "\n")
    return DONE
