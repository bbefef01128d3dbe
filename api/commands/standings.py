"""`appraisal standings`: standings from the log in the database."""

from __future__ import annotations

from api.faults import UsageFaultError


def standings() -> None:
    """Write the standings of an office."""
    raise UsageFaultError("C038", what="standings")
