"""A line of the log as bytes: the public and the private part of an event, and the seal that chains them.

    private hash = sha256(salt ‖ private part)
    hash         = sha256(previous hash ‖ public part ‖ private hash)

So the private part and its salt can be erased, and the chain still holds. Parts are canonical JSON, which has no
line feed of its own; a line feed stands between what is hashed together.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from functools import lru_cache
from hashlib import sha256
from typing import Any

from appraisal.model.event import PRIVATE_FACT, Event, Scalar, Status
from appraisal.model.exact import exact_form, show
from appraisal.model.periods import Period

TEXTS = ("subject", "clause", "kind", "matter", "counters", "derived_from", "follows")
_SALT_BYTES = 16
_period = lru_cache(maxsize=1024)(Period.parse)


def canonical(value: object) -> str:
    """Write plain JSON values so that equal values give equal text."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(*parts: str) -> str:
    """Return the sha256 of the parts, a line feed between them."""
    return sha256("\n".join(parts).encode()).hexdigest()


def genesis(chain: str, office: str) -> str:
    """Return what stands before the first line of an office's chain."""
    return digest(chain, office)


@dataclass(frozen=True, kw_only=True)
class Head:
    """The last line of a chain; position 0 is an empty one."""

    position: int
    hash: str


@dataclass(frozen=True, kw_only=True)
class Line:
    """An event at its place in the log: under which rulebook, when appended, and whether its private part is erased."""

    position: int
    rulebook: str
    appended_at: datetime
    event: Event
    erased: bool = False


@dataclass(frozen=True, kw_only=True)
class Sealed:
    """A line of a chain as it may leave the office: its public part, and what holds it in its place without the rest.

    `private_hash` is empty in the chain of adoptions, whose lines have no private part.
    """

    position: int
    public: str
    previous: str
    private_hash: str = ""
    hash: str

    @property
    def holds(self) -> bool:
        """Say whether the seal fits what it seals."""
        parts = [self.previous, self.public, *filter(None, [self.private_hash])]
        return digest(*parts) == self.hash


def write(event: Event, rulebook: str, appended_at: str) -> tuple[str, str]:
    """Return the public and the private part of an event, as canonical JSON."""
    told: dict[str, object] = {name: value for name in TEXTS if (value := getattr(event, name))}
    told["id"] = event.id
    told["date"] = event.date.isoformat()
    if event.period:
        told["period"] = str(event.period)
    if event.status is not Status.NONE:
        told["status"] = event.status.value
    if event.recorded:
        told["recorded"] = event.recorded.isoformat()
    hidden: dict[str, object] = {"note": event.note} if event.note else {}
    open_facts, hidden_facts = _split(event.facts)
    if open_facts:
        told["facts"] = open_facts
    if hidden_facts:
        hidden["facts"] = hidden_facts
    return canonical({"appended": appended_at, "event": told, "rulebook": rulebook}), canonical(hidden)


def _split(facts: Mapping[str, Scalar]) -> tuple[dict[str, object], dict[str, object]]:
    told: dict[str, object] = {}
    hidden: dict[str, object] = {}
    for key, value in facts.items():
        # A number keeps its type: the text "0.5" and the number 0.5 are different facts.
        plain = {"exact": exact_form(value) or show(value)} if isinstance(value, Fraction) else value
        (hidden if key.startswith(PRIVATE_FACT) else told)[key] = plain
    return told, hidden


def read(position: int, public: str, private: str | None) -> Line:
    """Return the line whose parts these are; an erased private part reads as an empty note."""
    outer = json.loads(public)
    told: dict[str, Any] = outer["event"]
    hidden: dict[str, Any] = json.loads(private) if private else {}
    facts = {**told.get("facts", {}), **hidden.get("facts", {})}
    given: dict[str, Any] = {name: told[name] for name in TEXTS if name in told}
    if facts:
        given["facts"] = {k: Fraction(v["exact"]) if isinstance(v, dict) else v for k, v in facts.items()}
    if "recorded" in told:
        given["recorded"] = datetime.fromisoformat(told["recorded"])
    event = Event(
        id=told["id"],
        date=date.fromisoformat(told["date"]),
        period=_period(told["period"]) if "period" in told else None,
        status=Status(told.get("status", "")),
        note=hidden.get("note", ""),
        **given,
    )
    appended = datetime.fromisoformat(outer["appended"])
    return Line(
        position=position, rulebook=outer["rulebook"], appended_at=appended, event=event, erased=private is None
    )


def without_private(event: Event) -> Event:
    """Return the event as it reads once its private part is erased."""
    public, _ = write(event, "", "0001-01-01")
    return read(0, public, None).event


def rows(office: str, events: Sequence[Event], rulebook: str, now: str, head: Head) -> Iterator[dict[str, Any]]:
    """Yield the rows of these events, each sealed onto the one before."""
    previous = head.hash
    salts = os.urandom(_SALT_BYTES * len(events)).hex()
    width = 2 * _SALT_BYTES
    for number, event in enumerate(events):
        public, private = write(event, rulebook, now)
        salt = salts[number * width : (number + 1) * width]
        private_hash = digest(salt, private)
        seal = digest(previous, public, private_hash)
        yield {
            "office_id": office,
            "position": head.position + number + 1,
            "event_id": event.id,
            "rulebook": rulebook,
            "year": event.when.year,
            "subject": event.subject,
            "clause": event.clause,
            "counters": event.counters,
            "derived_from": event.derived_from,
            "follows": event.follows,
            "kind": event.kind,
            "month": event.when.month,
            "appended_at": now,
            "public": public,
            "private": private,
            "salt": salt,
            "private_hash": private_hash,
            "prev_hash": previous,
            "hash": seal,
        }
        previous = seal
