"""`appraisal keys`: a key pair for signing bundles."""

from __future__ import annotations

import os
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from api.language import say
from appraisal.errors import Finding, RefusedError

NameArgument = Annotated[Path, typer.Argument(metavar="NAME", help=say("opt_key_name"))]


class Algorithm(StrEnum):
    """What a key signs with."""

    ED25519 = "ed25519"
    SM2 = "sm2"


AlgorithmOption = Annotated[Algorithm, typer.Option("--algorithm", help=say("opt_algorithm"))]


def application() -> typer.Typer:
    """Return the commands about keys."""
    app = typer.Typer(no_args_is_help=True)
    app.callback()(lambda: None)
    app.command("make", help=say("help_keys_make"))(make)
    return app


def make(name: NameArgument, *, algorithm: AlgorithmOption = Algorithm.ED25519) -> None:
    """Write NAME.key, which stays secret, and NAME.pub, which everyone may have; neither overwrites a file."""
    from reports.bundle import signing  # noqa: PLC0415

    private, public = (Path(f"{name}{ending}") for ending in (".key", ".pub"))
    there = [Finding(code="B032", args={"path": str(path)}) for path in (private, public) if path.exists()]
    if there:
        raise RefusedError(there)
    pair = signing.make_pair(signing.SM2 if algorithm is Algorithm.SM2 else signing.ED25519)
    try:
        with os.fdopen(os.open(private, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(pair.private)
        public.write_bytes(pair.public)
    except OSError:  # a full disk leaves no half pair
        private.unlink(missing_ok=True)
        public.unlink(missing_ok=True)
        raise
    told = {"private": str(private), "public": str(public), "key": signing.fingerprint(pair.public)}
    sys.stdout.write(say("keys_made", **told) + "\n")
