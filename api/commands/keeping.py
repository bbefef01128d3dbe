"""`appraisal backup` and `appraisal restore`: a whole installation in one file, and back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.language import say
from api.options import DatabaseOption

TargetArgument = Annotated[Path, typer.Argument(metavar="FILE", help=say("opt_backup"))]
FilesOption = Annotated[Path | None, typer.Option("--files", metavar="DIR", help=say("opt_files"))]


def backup(target: TargetArgument, *, files: FilesOption = None, db: DatabaseOption = "") -> None:
    """Write everything of a database and its evidence into a new file."""
    from api.logbook import database_url, now, require_database  # noqa: PLC0415
    from appraisal.office.installation import files_beside  # noqa: PLC0415
    from appraisal.store.backup import backup as keep  # noqa: PLC0415
    from appraisal.store.database import open_database  # noqa: PLC0415

    require_database(db)
    url = database_url(db)
    engine = open_database(url)
    try:
        _tell("backup_made", keep(engine, files or files_beside(url), target, now=now()), target)
    finally:
        engine.dispose()


def restore(source: TargetArgument, *, files: FilesOption = None, db: DatabaseOption = "") -> None:
    """Bring a backup into an empty database."""
    from api.logbook import database_url  # noqa: PLC0415
    from appraisal.office.installation import files_beside  # noqa: PLC0415
    from appraisal.store.backup import restore as bring  # noqa: PLC0415

    url = database_url(db)
    _tell("backup_restored", bring(source, url, files or files_beside(url)), source)


def _tell(code: str, made: object, path: Path) -> None:
    from api.output import tell  # noqa: PLC0415
    from appraisal.store.backup import Backup  # noqa: PLC0415

    if isinstance(made, Backup):
        numbers = {"events": str(made.rows.get("event", 0)), "files": str(made.files)}
        tell(say(code, path=str(path), made_at=made.made_at, **numbers))
