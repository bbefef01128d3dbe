"""The protocol behind which every family of rulebooks judges: what it is handed, and what it hands back.

Which events count, the roster, ranks, warnings about what did not count and the receipt are the same for all families
and stay outside (`assess.py`). A family sees what is on a `Sitting` and nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Protocol

from appraisal.model.edition import Edition
from appraisal.model.event import Event
from appraisal.model.later import Later
from appraisal.model.ledger import Part
from appraisal.model.periods import Span
from appraisal.model.rulebook import Subject
from appraisal.model.standing import DepartmentScore, Exhibits, ItemScore, Verdict, Warn


@dataclass(frozen=True, kw_only=True)
class Sitting:
    """What is judged: the events of a span that count, by date and id; who is judged; duties up to `day`."""

    edition: Edition
    part: Part
    roster: tuple[Subject, ...]
    span: Span
    day: date | None = None

    @property
    def events(self) -> tuple[Event, ...]:
        """The events that count."""
        return self.part.counted

    def by_subject(self) -> dict[str, list[Event]]:
        """Return the events of every subject of the roster by its id."""
        found: dict[str, list[Event]] = {subject.id: [] for subject in self.roster}
        for event in self.events:
            found[event.subject].append(event)
        return found


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """What a family finds of one subject.

    `order` ranks, element by element, descending; empty: the total alone. `last` puts the subject behind all others
    (a veto). `items` and `total` keep the sum law, unless the family gives a total that is no sum (an index).
    """

    subject: Subject
    total: Fraction
    grade: str | None = None
    departments: tuple[DepartmentScore, ...] = ()
    items: tuple[ItemScore, ...] | Later[ItemScore] = ()
    verdicts: tuple[Verdict, ...] = ()
    exhibits: Exhibits | None = None
    provisional: bool = False
    last: bool = False
    order: tuple[Fraction, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Judged:
    """What a family finds of all subjects, in order of the roster; `dense`: a shared rank skips none."""

    judgements: Sequence[Judgement]
    warnings: tuple[Warn, ...] | Later[Warn] = ()
    exhibits: Exhibits | None = None
    dense: bool = False


class Family(Protocol):
    """One way to judge, behind which a family stands."""

    def judge(self, sitting: Sitting) -> Judged:
        """Judge every subject of the sitting; RefusedError where the events cannot be judged at all."""
