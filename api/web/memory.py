"""Keeps the collection of all memory out of requests: it is done while nobody asks.

A server holds whole years of offices in memory, some hundred thousand objects each. To look through all of them for
circles takes half a second, in which nothing is answered; and hardly anything in them ever dies in a circle.
"""

from __future__ import annotations

import gc
import time

_NEVER = 1_000_000_000
_YOUNG, _MIDDLE = 2_000, 10
CALM = 1.0
"""Seconds without a request after which nobody is taken to be waiting."""

PATIENCE = 3600.0
"""Seconds after which it is done whoever waits: what requests leave in circles would pile up."""

WHOLE = 6 * 3600.0
"""Seconds between two looks through everything; those between look at what is new only."""


def hold() -> None:
    """Let the interpreter collect by itself only what is young; what there is now is not looked at again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG, _MIDDLE, _NEVER)


def held() -> bool:
    """Say whether full collections are left to `Tidying`."""
    return gc.get_threshold()[2] == _NEVER


class Tidying:
    """When memory was last collected, and whether it is time again."""

    def __init__(self) -> None:
        self._done = self._whole = time.monotonic()

    def turn(self, last: float) -> None:
        """Collect, unless someone asked just now: at `last`, by the monotonic clock."""
        now = time.monotonic()
        if not held() or (now - last < CALM and now - self._done < PATIENCE):
            return
        if now - self._whole >= WHOLE:
            gc.unfreeze()
            self._whole = now
        gc.collect()
        gc.freeze()
        self._done = now
