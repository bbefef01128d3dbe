"""A document: sheets that leave the office together, each beginning on a page, a worksheet or a section of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from appraisal.errors import AppraisalError
from reports.sheet import Sheet


class CancelledError(AppraisalError):
    """Somebody ended an export that was under way; nothing of it is left."""


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
