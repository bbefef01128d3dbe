"""`appraisal log …`: the event log in the database."""

from __future__ import annotations

import typer


def application() -> typer.Typer:
    """Return the commands about the log."""
    return typer.Typer(no_args_is_help=True, add_completion=False)
