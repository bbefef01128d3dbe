"""The ids of a log as a collection that is asked, not loaded."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from appraisal.store.log import Log


class KnownIds(Collection[str]):
    """Which ids an office's log has: membership is one question, and only listing them reads them all."""

    def __init__(self, log: Log, office: str) -> None:
        self._log, self._office = log, office

    def __contains__(self, event_id: object) -> bool:
        return isinstance(event_id, str) and bool(self._log.known_ids(self._office, [event_id]))

    def __iter__(self) -> Iterator[str]:
        return iter(event.id for event in self._log.events(self._office))

    def __len__(self) -> int:
        return self._log.head(self._office).position
