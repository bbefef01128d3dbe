"""A document: sheets that leave the office together, each beginning on a page, a worksheet or a section of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

from reports.sheet import Sheet

Made = TypeVar("Made")
_AT_WORK = 2  # Typst works outside the interpreter's lock, so two cores are used; more would only take memory


Progress = Callable[[str, int, int], None]
"""Told how far a step is (`step_NAME` in the catalogue); what it raises, such as a cancellation, ends the work."""


def silent(_step: str, _done: int, _all: int) -> None:
    """Tell nobody."""


@dataclass(frozen=True, kw_only=True)
class Document:
    """Sheets under one title; `author` is who answers for it, as files carry it in their properties.

    `apart`: the sheets are handed out one by one, so each counts its own pages.
    """

    name: str
    title: str
    sheets: tuple[Sheet, ...]
    author: str = ""
    apart: bool = False


def handed_out(name: str, title: str, sheets: tuple[Sheet, ...], *, author: str) -> Document:
    """Return sheets that are handed out one by one; a single one gives the document its own title."""
    alone = sheets[0].title if len(sheets) == 1 else title
    return Document(name=name, title=alone, sheets=sheets, author=author, apart=True)


def in_turn(jobs: Iterable[Callable[[], Made]], step: str, progress: Progress) -> Iterator[Made]:
    """Yield what jobs make in their order, two at work at a time; what `progress` raises ends those not begun."""
    waiting = list(jobs)
    with ThreadPoolExecutor(max_workers=_AT_WORK) as pool:
        made = [pool.submit(job) for job in waiting]
        try:
            for number, future in enumerate(made):
                progress(step, number, len(made))
                yield future.result()
            progress(step, len(made), len(made))
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
