"""One command as a person or a script gives it, and what comes of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple


class Done(NamedTuple):
    """The exit status, and what stood on standard output and standard error."""

    status: int
    out: str
    err: str


Run = Callable[..., Done]
