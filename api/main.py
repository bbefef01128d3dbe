"""The console script `appraisal`: language, command, exit status; everything else is imported late."""

from __future__ import annotations

import io
import os
import re
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from api.faults import DONE, REFUSED, WRONG_USAGE, UsageFaultError, nearest
from api.language import choose, lang, say
from appraisal.errors import RefusedError

if TYPE_CHECKING:
    import typer

_USAGE = {
    "MissingParameter": "C011",
    "NoSuchOption": "C012",
    "BadParameter": "C013",
    "BadChoice": "C014",
    "NoSuchCommand": "C015",
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status: 0 done, 1 refused or a check failed, 2 wrong usage."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="surrogateescape" if stream is sys.stdout else "replace")
    words, unknown = choose(sys.argv[1:] if argv is None else argv, os.environ)
    if unknown is not None:
        return _complain(UsageFaultError("C001", word=unknown).render(lang()))
    try:
        return _run(words)
    except UsageFaultError as fault:
        return _complain(fault.render(lang()))
    except RefusedError as refused:
        report(refused)
        return REFUSED
    except BrokenPipeError:  # the reader, such as `head`, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except OSError as failed:  # a folder that is a file, a disk that is full
        sys.stderr.write(say("C039", path=str(failed.filename or "-"), reason=failed.strerror or str(failed)) + "\n")
        return REFUSED


def _run(words: list[str]) -> int:
    from typer import Abort, Exit  # noqa: PLC0415
    from typer._click.exceptions import UsageError  # noqa: PLC0415  typer keeps its parser's errors there

    if not words or {"--help", "-h"} & set(words) or len(words) == 1:
        _speak_in_help()
    try:
        status = application()(words, prog_name="appraisal", standalone_mode=False)
        sys.stdout.flush()
    except Exit as ended:
        return ended.exit_code
    except Abort:
        return REFUSED
    except UsageError as wrong:
        return _complain(_usage_words(wrong))
    return status if isinstance(status, int) else DONE


def _usage_words(wrong: BaseException) -> str:
    """Return what is wrong with the line in the reader's language; or the parser's own where there is none."""
    context, parameter = getattr(wrong, "ctx", None), getattr(wrong, "param", None)
    help_line = say("C010_help", command=getattr(context, "command_path", "appraisal"))
    own = str(getattr(wrong, "message", "") or wrong)
    name, known = _named(wrong, parameter), list(getattr(wrong, "possibilities", None) or ())
    kind = type(wrong).__name__
    if kind == "NoArgsIsHelpError":
        return own
    if match := re.match(r"No such command '([^']*)'", own):
        name, kind = match[1], "NoSuchCommand"
        known = nearest(name, getattr(getattr(context, "command", None), "commands", ())).split(", ")
    if kind == "BadParameter" and (match := re.search(r"is not one of (.+?)\.?$", own)):
        known, kind = [word.strip("' ") for word in match[1].split(",")], "BadChoice"
    what = say(_USAGE.get(kind, "C010"), name=name, message=own)
    return "\n  ".join(filter(None, [what, say("C012_near", near=", ".join(known)) if known else "", help_line]))


def _named(wrong: BaseException, parameter: object) -> str:
    """Return how the line calls what is wrong: the option as written, or the argument as the help shows it."""
    if getattr(parameter, "param_type_name", "") == "option":
        return str(getattr(parameter, "opts", [""])[0])
    return str(getattr(wrong, "option_name", "") or getattr(parameter, "metavar", "") or getattr(parameter, "name", ""))


def _complain(words: str) -> int:
    sys.stderr.write(f"{words}\n")
    return WRONG_USAGE


def report(refused: RefusedError) -> None:
    """Write every finding, then how many there are."""
    language = lang()
    sys.stderr.write("\n".join(finding.render(language) for finding in refused.findings))
    sys.stderr.write("\n" + say("findings_total", number=str(len(refused.findings))) + "\n")


def application() -> typer.Typer:
    """Return the commands, described in the language of this run."""
    import typer  # noqa: PLC0415

    from api.commands import (  # noqa: PLC0415
        demo,
        events,
        explain,
        export,
        keeping,
        keys,
        recommend,
        rulebook,
        score,
        serve,
        standings,
        survey,
        verify,
    )

    app = typer.Typer(
        help=say("help_appraisal"),
        add_completion=False,
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["--help", "-h"]},
    )
    app.callback()(_root_command())
    app.command("demo", help=say("help_demo"))(demo.demo)
    app.command("score", help=say("help_score"))(score.score)
    app.command("explain", help=say("help_explain"))(explain.explain)
    app.command("recommend", help=say("help_recommend"))(recommend.recommend)
    app.add_typer(rulebook.application(), name="rulebook", help=say("help_rulebook"))
    app.add_typer(events.application(), name="log", help=say("help_log"))
    app.command("standings", help=say("help_standings"))(standings.standings)
    app.command("export", help=say("help_export"))(export.export)
    app.command("serve", help=say("help_serve"))(serve.serve)
    app.command("backup", help=say("help_backup"))(keeping.backup)
    app.command("restore", help=say("help_restore"))(keeping.restore)
    app.command("verify", help=say("help_verify"))(verify.verify)
    app.add_typer(keys.application(), name="keys", help=say("help_keys"))
    app.add_typer(survey.application(), name="survey", help=say("help_survey"))
    return app


def _root_command() -> Callable[..., None]:
    """Return what stands before every command: `--lang`, only shown by help, because `choose` has taken it out."""
    import typer  # noqa: PLC0415

    option = typer.Option("zh", "--lang", metavar="zh|en", envvar="APPRAISAL_LANG", help=say("opt_lang"))

    def root(_: str = option) -> None:
        pass

    return root


def _speak_in_help() -> None:
    """Put the words of help's own into the language of this run; typer has them as constants."""
    from typer import rich_utils  # noqa: PLC0415
    from typer._click import decorators  # noqa: PLC0415

    rich_utils.ARGUMENTS_PANEL_TITLE = say("help_arguments")
    rich_utils.OPTIONS_PANEL_TITLE = say("help_options")
    rich_utils.COMMANDS_PANEL_TITLE = say("help_commands")
    rich_utils.REQUIRED_LONG_STRING = say("help_required")
    rich_utils.DEFAULT_STRING = say("help_default")
    rich_utils.ENVVAR_STRING = say("help_envvar")
    decorators.help_option = _described(decorators.help_option)


def _described(own: Callable[..., Any]) -> Callable[..., Any]:
    """Return what gives a command its `--help`, with words of this run's language for it."""
    original = getattr(own, "original", own)

    def help_option(names: list[str]) -> Callable[[Any], Any]:
        def give(command: Any) -> Any:
            original(names)(command)
            command.params[-1].help = say("help_help")
            command.params[-1].metavar = " "
            return command

        return give

    help_option.original = original  # type: ignore[attr-defined]  # so that a second run does not wrap it again
    return help_option


if __name__ == "__main__":
    sys.exit(main())
