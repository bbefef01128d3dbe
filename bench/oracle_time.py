"""How long the plain oracle of the tests takes for what the columnar assessment does: every month, and the year."""

from __future__ import annotations

import random
import sys
import time
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

from appraisal.model.clauses import Clause
from appraisal.model.clauses_duties import Deadline
from appraisal.model.edition import Edition
from appraisal.model.event import Event, Scalar, Status
from appraisal.model.inputs import CountUse
from appraisal.model.periods import Period, Span
from appraisal.model.scorecard import one_value
from appraisal.reading.rulebook import find_rulebook, read_rulebook

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from oracle.scorecard import oracle

YEAR = 2020
OFFICE = 5000
RATES = [Fraction(n, 100) for n in range(40, 101)]


def time_oracle(n_events: int) -> float:
    """Return the seconds that the oracle takes for twelve months and the year over this many events."""
    edition = read_rulebook(find_rulebook("houjiatang-2020"))
    sizes = [OFFICE] * (n_events // OFFICE)
    if n_events % OFFICE:
        sizes.append(n_events % OFFICE)
    offices = [office_events(edition, size, seed) for seed, size in enumerate(sizes)]
    spans = [*(Span.month(YEAR, m) for m in range(1, 13)), Span.whole(YEAR)]
    began = time.perf_counter()
    for events in offices:
        for span in spans:
            oracle(edition, events, span)
    return time.perf_counter() - began


def office_events(edition: Edition, size: int, seed: int) -> list[Event]:
    """Return so many valid events of one office: a year of its subjects under all clauses."""
    dice = random.Random(seed)  # noqa: S311  a sample, not a secret
    clauses = [clause for clause in edition.scorecard.clauses() if clause.inputs().loggable]
    subjects = [subject.id for subject in edition.roster]
    held: set[tuple[str, ...]] = set()
    events: list[Event] = []
    while len(events) < size:
        clause = dice.choice(clauses)
        subject = dice.choice(clause.applies_to or subjects)
        event = one(dice, f"e{len(events)}", clause, subject)
        key = one_value(event, clause.inputs().one_per)
        if key is not None and key in held:
            continue
        if key is not None:
            held.add(key)
        events.append(event)
    return events


def one(dice: random.Random, name: str, clause: Clause, subject: str) -> Event:
    """Return one valid event."""
    inputs = clause.inputs()
    day = date(YEAR, 1, 1) + timedelta(dice.randrange(366))
    facts: dict[str, Scalar] = {}
    if inputs.levels and (inputs.level_needed or dice.random() < 0.2):
        facts["level"] = dice.choice(inputs.levels)
    if inputs.parts:
        facts["part"] = dice.choice(inputs.parts)
    rule = inputs.value
    if rule is not None and not ("level" in facts and inputs.level_for_value):
        high = rule.high if rule.high is not None else Fraction(1)
        facts["value"] = rule.step * dice.randint(1, 3) if rule.step else high * dice.choice(RATES)
    if inputs.benchmark_needed:
        facts["benchmark"] = dice.choice(RATES)
    if inputs.count is CountUse.COUNTED and dice.random() < 0.1:
        facts["count"] = 2
    period = Period.of(day) if isinstance(clause, Deadline) else None
    return Event(
        id=name,
        date=day + timedelta(40) if period else day,
        period=period,
        subject=subject,
        clause=clause.id,
        matter=f"m{dice.randrange(50)}" if dice.random() < 0.3 else "",
        note="示例" if inputs.note_needed else "",
        status=Status.CONFIRMED,
        facts=facts,
    )


if __name__ == "__main__":
    print(f"{time_oracle(int(sys.argv[1]) if len(sys.argv) > 1 else OFFICE):.2f} s")
