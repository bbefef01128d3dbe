"""One line of the log, and what its facts may hold.

An event is never changed. A later event counters it (`counters`) or carries it a step further (`follows`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from fractions import Fraction
from functools import cached_property, lru_cache
from types import MappingProxyType

from appraisal.model.exact import exact_form, show
from appraisal.model.periods import Period

Scalar = str | int | Fraction | bool

PRIVATE_FACT = "x_"
"""How the names of an office's own columns begin, where names and telephone numbers may stand."""


ACTOR = f"{PRIVATE_FACT}actor"
"""The fact that says which account made a line: private, so that it leaves the office with no bundle and no site."""


class Status(StrEnum):
    """The step at which a row enters; only the first two can count."""

    NONE = ""
    CONFIRMED = "confirmed"
    DECLARED = "declared"
    REVIEWED = "reviewed"
    PENDING = "pending"
    WITHDRAWN = "withdrawn"

    @property
    def counts(self) -> bool:
        """Whether a row at this step can count at all."""
        return self in {Status.NONE, Status.CONFIRMED}


_month = lru_cache(maxsize=4096)(Period)
_NO_FACTS: Mapping[str, Scalar] = MappingProxyType({})


@dataclass(frozen=True, kw_only=True)
class Event:
    """What happened, to whom, when, under which clause, and when it was recorded.

    `facts` holds what the kind declares: for a scorecard `count` (int), `level`, `part` (text), `value`, `benchmark`
    (exact), and `x_…` (text) as the file gave them. `recorded` is naive local time of the office. A line of the
    workflow `follows` the one it carries a step further (`steps.py`), and its `kind` is the step.
    """

    id: str
    date: date
    subject: str = ""
    period: Period | None = None
    clause: str = ""
    kind: str = ""
    matter: str = ""
    status: Status = Status.NONE
    note: str = ""
    recorded: datetime | None = None
    counters: str = ""
    derived_from: str = ""
    follows: str = ""
    facts: Mapping[str, Scalar] = field(default_factory=lambda: _NO_FACTS)

    @property
    def when(self) -> Period:
        """The period that it belongs to: its own, else the month of its date."""
        return self.period or _month(self.date.year, self.date.month)

    @property
    def known_at(self) -> datetime:
        """The moment it was recorded; by default the start of its date."""
        return self.recorded or datetime.combine(self.date, datetime.min.time())

    @property
    def count(self) -> int:
        """How many times; 1 unless the row says otherwise."""
        count = self.facts.get("count", 1)
        return count if isinstance(count, int) else 1

    @property
    def level(self) -> str:
        """The word of the clause's levels, or nothing."""
        return str(self.facts.get("level", ""))

    @property
    def part(self) -> str:
        """Which component of a composite, or nothing."""
        return str(self.facts.get("part", ""))

    @property
    def value(self) -> Fraction | None:
        """The rate, score or amount, where given."""
        return self._number("value")

    @property
    def benchmark(self) -> Fraction | None:
        """The number to compare with, where given."""
        return self._number("benchmark")

    @cached_property
    def open_line(self) -> str:
        """What is open of the event as one line of canonical JSON; kept, because a log is hashed again and again."""
        return _canonical(self.open_content())

    def _number(self, key: str) -> Fraction | None:
        raw = self.facts.get(key)
        return raw if isinstance(raw, Fraction) else None

    def content(self) -> dict[str, object]:
        """Return what the event says as plain JSON values, nothing empty: rows are the same if this is equal."""
        told: dict[str, object] = {
            "id": self.id,
            "date": self.date.isoformat(),
            "subject": self.subject,
            "period": str(self.period) if self.period else "",
            "clause": self.clause,
            "kind": self.kind,
            "matter": self.matter,
            "status": self.status.value,
            "note": self.note,
            "recorded": self.recorded.isoformat() if self.recorded else "",
            "counters": self.counters,
            "derived_from": self.derived_from,
            "follows": self.follows,
        }
        facts = {key: _plain(value) for key, value in sorted(self.facts.items())}
        if facts.get("count") == 1:  # one is what an empty cell means
            del facts["count"]
        return {key: value for key, value in told.items() if value} | ({"facts": facts} if facts else {})

    def canonical(self) -> str:
        """Return the content as one line of canonical JSON."""
        return _canonical(self.content())

    @property
    def actor(self) -> str:
        """The opaque id of the account that made the line; empty where none did, or where it was erased."""
        return str(self.facts.get(ACTOR) or self.facts.get("actor", ""))  # older lines have it in their open part

    def open_content(self) -> dict[str, object]:
        """Return the content without what is private: the note and the office's own columns."""
        told = self.content()
        told.pop("note", None)
        facts = told.pop("facts", None)
        left = {k: v for k, v in facts.items() if not k.startswith(PRIVATE_FACT)} if isinstance(facts, dict) else {}
        return told | ({"facts": left} if left else {})


def files_of(event: Event) -> tuple[str, ...]:
    """Return what names the files that came with a line: their hashes."""
    return tuple(str(event.facts.get("files", "")).split())


def _canonical(told: Mapping[str, object]) -> str:
    return json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _plain(value: Scalar) -> object:
    return (exact_form(value) or show(value)) if isinstance(value, Fraction) else value


def input_hash(events: Mapping[str, Event] | list[Event] | tuple[Event, ...]) -> str:
    """Return the sha256 over what is open of all events, whatever their order.

    What is private moves no point and may be erased or left out, so it does not count here either.
    """
    rows = events.values() if isinstance(events, Mapping) else events
    return hash_of_lines(sorted({event.open_line for event in rows}))


def hash_of_lines(lines: Sequence[str]) -> str:
    """Return the sha256 over lines that are in order and different, each with its end."""
    digest = hashlib.sha256("".join(f"{line}\n" for line in lines).encode())
    return f"sha256:{digest.hexdigest()}"
