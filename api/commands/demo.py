"""`appraisal demo`: the whole product in a folder."""

from __future__ import annotations

from api.faults import UsageFaultError


def demo() -> None:
    """Load the sample year and show what comes of it."""
    raise UsageFaultError("C038", what="demo")
