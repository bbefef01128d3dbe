"""`appraisal demo`: the whole product in a folder, on a sample year that never happened."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.language import lang, say

if TYPE_CHECKING:
    from socket import socket

    from api.web.settings import DemoAccount
    from appraisal.office.office import Office

DirOption = Annotated[Path, typer.Option("--dir", metavar="DIR", help=say("opt_dir"))]
ServeOption = Annotated[bool, typer.Option("--serve/--no-serve", help=say("opt_serve"))]
PortOption = Annotated[int, typer.Option("--port", metavar="N", min=1, max=65535, help=say("opt_port"))]

RULEBOOK, SUBJECT, ITEM = "houjiatang-2020", "麻园湾社区", "ZH-7"
PERIODS = ("2020-12", "2020")
OFFICE = "示例街道"


def demo(*, folder: DirOption = Path("demo"), serve: ServeOption = True, port: PortOption = 8000) -> None:
    """Load the sample year, print two rankings and an explanation, write them as files, and serve the pages."""
    from api.commands.serve import bound  # noqa: PLC0415
    from api.logbook import at_office, database_url, now, tell_taken  # noqa: PLC0415
    from api.output import tell  # noqa: PLC0415
    from api.progress import bar  # noqa: PLC0415
    from api.pure import rulebook_path  # noqa: PLC0415
    from appraisal.office.office import FIRST  # noqa: PLC0415
    from appraisal.store.log import open_log  # noqa: PLC0415

    at_port = bound("127.0.0.1", port) if serve else None
    folder.mkdir(parents=True, exist_ok=True)
    sample = rulebook_path(RULEBOOK).parent / "sample" / "2020.csv"
    database = folder / "appraisal.db"
    with open_log(database_url(str(database))) as log:
        log.add_office(FIRST, OFFICE)
    with at_office(str(database), "") as at:
        with bar() as step:
            taken = at.import_files(
                [sample], rulebook=RULEBOOK, now=now(), writing=lambda done, all_: step("writing", done, all_)
            )
        tell_taken(taken)
    accounts = _at_work(database, families=serve)
    with at_office(str(database), "") as at:
        written = [file for period in PERIODS for file in _standing(at, period, folder)]
        written += _explanation(at, folder)
    _other_families()
    tell(say("demo_written", files="".join(f"\n  {file}" for file in [database, *written])))
    if at_port is not None:
        _serve(database, at_port, accounts)


_SHOWN = Fraction(1, 100)


def _other_families() -> None:
    """Print one line of each rulebook of another family that has sample inputs beside it."""
    from api.pure import load_edition, rulebook_ids, rulebook_path  # noqa: PLC0415
    from appraisal.assess import assess  # noqa: PLC0415
    from appraisal.model.exact import half_up, show  # noqa: PLC0415
    from appraisal.reading.events import read_events  # noqa: PLC0415

    for name in rulebook_ids():
        samples = sorted((rulebook_path(name).parent / "sample").glob("*.csv"))
        edition = load_edition(name)
        if not samples or edition.rulebook.family == "scorecard":
            continue
        assessment = assess(edition, read_events(samples, edition), edition.rulebook.default_span())
        first = min(assessment.standings, key=lambda standing: standing.rank)
        result = first.grade or show(half_up(first.total, _SHOWN))
        told = {"name": edition.rulebook.name, "subject": first.name, "result": result}
        sys.stdout.write(say("demo_family", number=str(len(assessment.standings)), **told) + "\n")


def _at_work(database: Path, *, families: bool) -> tuple[DemoAccount, ...]:
    """Let the sample year be worked on by an account of each role, where that was not done before."""
    from api.demo_year import demo_year  # noqa: PLC0415
    from api.demonstration import demo_accounts, demo_families  # noqa: PLC0415
    from api.logbook import database_url, now  # noqa: PLC0415
    from appraisal.office.installation import open_installation  # noqa: PLC0415

    with open_installation(database_url(str(database))) as house:
        office = next(iter(house.log.offices()))
        edition = house.log.edition(house.office(office).adopted(RULEBOOK))
        accounts = demo_accounts(house, office, edition, subject=SUBJECT, now=now())
        demo_year(house, office, RULEBOOK, now=now())
        if families:
            demo_families(house, office, now=now())
    return accounts


def _serve(database: Path, at_port: socket, accounts: tuple[DemoAccount, ...]) -> None:
    """Serve the pages on the sample year, with an account of each role, until it is stopped."""
    import os  # noqa: PLC0415
    from dataclasses import replace  # noqa: PLC0415

    from api.commands.serve import run  # noqa: PLC0415
    from api.logbook import database_url  # noqa: PLC0415
    from api.output import tell  # noqa: PLC0415
    from api.web.settings import Settings  # noqa: PLC0415

    url = database_url(str(database))
    tell(say("demo_accounts"))
    for one in accounts:
        tell(say("demo_account", role=say(f"role_{one.role}"), login=one.login, password=one.password))
    run(replace(Settings.of(os.environ), database_url=url, demo=accounts), at_port)


def _standing(at: Office, period: str, folder: Path) -> Iterator[Path]:
    """Print the standings of a period and write them as CSV and JSON."""
    from api.logbook import assessed  # noqa: PLC0415
    from api.output import show_sheet, write_csv, write_json  # noqa: PLC0415
    from reports.json import assessment_json  # noqa: PLC0415
    from reports.standings import entries_table, ranked, ranking_sheet, ranking_table  # noqa: PLC0415

    found = assessed(at, RULEBOOK, period, "")
    show_sheet(ranking_sheet(found.assessment, found.edition, lang()))
    sys.stdout.write("\n")
    table = ranking_table(found.assessment, found.edition, lang(), items=True)
    yield write_csv(folder / f"ranking-{period}.csv", table)
    yield write_csv(folder / f"entries-{period}.csv", entries_table(ranked(found.assessment), found.events, lang()))
    yield write_json(folder / f"standings-{period}.json", assessment_json(found.assessment, lang()))


def _explanation(at: Office, folder: Path) -> Iterator[Path]:
    """Print one explanation and write it as JSON."""
    from api.logbook import assessed  # noqa: PLC0415
    from api.output import show_explanation, write_json  # noqa: PLC0415
    from api.pure import the_standing  # noqa: PLC0415

    found = assessed(at, RULEBOOK, PERIODS[-1], "")
    standing = the_standing(found.assessment, found.edition, SUBJECT)
    document = show_explanation(found.assessment, standing, found.edition, found.events, item=ITEM)
    yield write_json(folder / f"explanation-{PERIODS[-1]}.json", document)
