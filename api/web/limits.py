"""How many requests someone may send: a bucket for each, which fills again as time goes by. Kept in memory only."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock

_SECONDS = 60.0
_REMEMBERED = 10_000
"""Buckets that are kept; the one not used the longest gives way, and whoever comes back has a full one."""


class Limit:
    """So many requests a minute for each key, which may all come at once; time is told by the caller, in seconds."""

    def __init__(self, per_minute: int) -> None:
        self._most = float(per_minute)
        self._each = _SECONDS / per_minute
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = Lock()

    def take(self, key: str, *, at: float) -> float:
        """Take one request out of a bucket and return 0, or the seconds until there is one again."""
        with self._lock:
            left, since = self._buckets.pop(key, (self._most, at))
            left = min(self._most, left + max(0.0, at - since) / self._each)
            wait = 0.0 if left >= 1 else (1 - left) * self._each
            self._buckets[key] = (left if wait else left - 1, at)
            if len(self._buckets) > _REMEMBERED:
                self._buckets.popitem(last=False)
            return wait
