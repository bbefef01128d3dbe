"""What an assessment gives: entries, items, standings, and the receipt of the run.

Assessment ── receipt (rulebook, hash, engine, input, known, day), warnings, not counted
├── Exhibits ── what a family shows beside points and verdicts, of all subjects together
└── Standing ── subject, rank, total, grade, provisional
    ├── DepartmentScore
    ├── ItemScore ── base, score, state
    │   └── Entry ── clause, events, points, reason
    ├── Verdict ── outcome, figure, threshold, clause, events
    └── Exhibits ── what a family shows of the subject
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from fractions import Fraction
from types import MappingProxyType
from typing import Any, ClassVar

from appraisal.model.later import Later
from appraisal.model.periods import Span


@dataclass(frozen=True)
class Say:
    """A sentence for people: a message code and its arguments, rendered in the reader's language (`errors.text`)."""

    code: str
    args: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


class State(StrEnum):
    """Whether an item was judged."""

    ASSESSED = "assessed"
    NOT_DUE = "not_due"
    PENDING = "pending"
    NOT_APPLICABLE = "not_applicable"


class EntryKind(StrEnum):
    """What moved the points: a clause's own finding, or a rule about several findings."""

    CLAUSE = "clause"
    MISSING = "missing"  # not due, or pending: what counts meanwhile
    CAP = "cap"
    MULTIPLIER = "multiplier"
    VETO = "veto"


@dataclass(frozen=True, kw_only=True)
class Swallowed:
    """How many of an event's (unsigned) points a cap took back, and how many there were."""

    event: str
    clause: str
    points: Fraction
    of: Fraction


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One line of the ledger: points under a clause (or a limit, group or item), because of which events.

    `counted` is what is left of the points after all caps; None on entries that are not a clause's own. `used_up_by`
    is the budget that had nothing left for it, `used_up_events` those that had used it up, by date, then id.
    """

    clause: str
    kind: EntryKind
    points: Fraction
    reason: Say
    events: tuple[str, ...] = ()
    provisional: bool = False
    counted: Fraction | None = None
    used_up_by: str = ""
    used_up_events: tuple[str, ...] = ()
    swallowed: tuple[Swallowed, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ItemScore:
    """One item of one subject: base plus the entries is the score. Entries may be made when they are looked at."""

    id: str
    name: str
    points: Fraction
    base: Fraction
    score: Fraction
    state: State
    reasons: tuple[Say, ...] = ()
    entries: tuple[Entry, ...] | Later[Entry] = ()


class Outcome(StrEnum):
    """How a condition ended; what is unknown has not failed."""

    MET = "met"
    NOT_MET = "not_met"
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """A line without points: a condition of the document, met, not met or unknown.

    `of` groups verdicts (a level, a domain, an element); `clause` is the part whose sentence is the source; `figure`
    and `threshold` are exact or words; `supply` says which evidence to hand in.
    """

    id: str
    of: str = ""
    outcome: Outcome
    what: Say
    figure: Fraction | str | None = None
    threshold: Fraction | str | None = None
    clause: str = ""
    events: tuple[str, ...] = ()
    supply: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Exhibits:
    """What a family shows beside points and verdicts; each family that does has a type of its own below this one.

    `verdicts_key` is what the family's documents call its verdicts.
    """

    verdicts_key: ClassVar[str] = "verdicts"

    def told(self, say: Callable[[Say], str]) -> dict[str, Any]:
        """Return it as plain JSON values, to stand beside a standing's own or, under the same key, in their place."""
        raise NotImplementedError  # pragma: no cover


@dataclass(frozen=True, kw_only=True)
class DepartmentScore:
    """A department's items added up."""

    id: str
    points: Fraction
    score: Fraction


@dataclass(frozen=True, kw_only=True)
class Warn:
    """Something that people must look at; it moves no points."""

    code: str
    say: Say
    events: tuple[str, ...] = ()
    subject: str = ""


@dataclass(frozen=True, kw_only=True)
class NotCounted:
    """An event of the span that does not count, and why: a status, countered, not_confirmed, no_rule."""

    event: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class Standing:
    """A subject's total and rank for one span, with everything behind it; items may be made when they are looked at."""

    subject: str
    name: str
    rank: int
    rank_without_veto: int
    total: Fraction
    provisional: bool
    departments: tuple[DepartmentScore, ...]
    items: tuple[ItemScore, ...] | Later[ItemScore]
    grade: str | None = None
    vetoed: bool = False
    verdicts: tuple[Verdict, ...] = ()
    exhibits: Exhibits | None = None


@dataclass(frozen=True, kw_only=True)
class Assessment:
    """All standings of one span, and the receipt: the same in gives the same out."""

    rulebook: str
    rulebook_hash: str
    engine: str
    span: Span
    input_hash: str
    known: datetime | None
    day: date | None
    provisional: bool
    standings: tuple[Standing, ...]
    warnings: tuple[Warn, ...] | Later[Warn] = ()
    not_counted: tuple[NotCounted, ...] = ()
    readings: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    exhibits: Exhibits | None = None
