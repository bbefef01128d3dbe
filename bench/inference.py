"""Incidents classified a second behind all guards, the worker's memory, its start. Run `python bench/inference.py`."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "inference"))

from books import edition, event, incident, kind, rule
from plain import answer

from appraisal.inference import driver
from appraisal.inference.engine import classify
from appraisal.inference.facts import facts_of
from appraisal.inference.joins import joins
from appraisal.inference.plan import checked_plan, message
from appraisal.model.edition import Edition
from appraisal.model.event import Event

RULES = 150
INCIDENTS = 100_000
PAIRED = 2  # of twenty events share a matter
KINDS = ("ticket", "case", "bulletin", "inspection", "media")


def sample() -> Edition:
    """Return a rulebook of 150 rules over five kinds: a topic, a level, a number."""
    rules = []
    for n in range(RULES):
        when = [{"fact": "x_topic", "is": f"事由{n // 3}"}, {"fact": "level", "one_of": ["市", "区"]}]
        number = {"fact": "x_n", "at_least": str(9 - 3 * (n % 3))}
        rules.append(rule(f"r{n}", *when, number, kind=KINDS[n % 5], clause=f"K-{1 + n % 5}", level_from="level"))
    facts = {"x_topic": {}, "level": {"words": ["市", "区", "街道"]}, "x_n": {"type": "whole"}}
    return edition(kinds=[kind(name, **facts) for name in KINDS], rules=rules)


def incidents(many: int) -> list[Event]:
    """Return incidents of which a part falls under a rule."""
    return [
        incident(
            f"i{n}",
            KINDS[n % 5],
            subject=f"S{n % 12}",
            x_topic=f"事由{n * 7 % 60}",
            level=("市", "区", "街道")[n % 3],
            x_n=str(n % 14),
        )
        for n in range(many)
    ]


def peak_of_worker(orders: Sequence[str], book: Edition) -> tuple[float, float]:
    """Return seconds to the worker's first answer, and its peak memory in MB after all messages."""
    started = time.perf_counter()
    made, _ = checked_plan(book.rulebook)
    with driver.Worker(driver.Order(rules=made.definition)) as worker:
        list(worker.ask(orders[:1]))
        first = time.perf_counter() - started
        for start in range(0, len(orders), driver.BATCH):
            list(worker.ask(orders[start : start + driver.BATCH]))
        status = Path(f"/proc/{worker.pid}/status").read_text(encoding="ascii")
    peak = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return first, int(peak.split()[1]) / 1024


def main() -> None:
    """Print the figures."""
    book = sample()
    told = incidents(INCIDENTS)
    begun = time.perf_counter()
    result = classify(book, told)
    took = time.perf_counter() - begun
    print(f"classify: {INCIDENTS:,} incidents, {RULES} rules: {INCIDENTS / took:,.0f} a second ({took:.2f} s)")
    print(f"  {len(result.events):,} events, {len(result.unmatched):,} without a rule, {len(result.quarantined)} aside")
    begun = time.perf_counter()
    by_hand = sum(answer(book, one) is not None for one in told[:5_000])
    print(
        f"  plain Python, rule by rule: {5_000 / (time.perf_counter() - begun):,.0f} a second ({by_hand} of 5,000 hit)"
    )
    kinds = {one.id: one for one in book.scorecard.inference.kinds}
    made, _ = checked_plan(book.rulebook)
    orders = [message(made, one.kind, facts_of(one, kinds[one.kind])[0], n) for n, one in enumerate(told)]
    first, peak = peak_of_worker(orders, book)
    print(f"worker: {first * 1000:.0f} ms to the first answer, {peak:.0f} MB at most")
    begun = time.perf_counter()
    classify(book, told[:1])
    print(f"one incident, start and end of the worker included: {(time.perf_counter() - begun) * 1000:.0f} ms")
    paired = edition(joins=[{"id": "j", "warn": "示例"}])
    log = [
        event(f"e{n}", f"K-{1 + n % 5}", subject=f"S{n // 20 % 12}", matter=f"m{n // 20}" if n % 20 < PAIRED else "")
        for n in range(5_000)
    ]
    begun = time.perf_counter()
    warnings = joins(paired, log)
    print(f"joins: 5,000 events, {len(warnings)} warnings: {(time.perf_counter() - begun) * 1000:.0f} ms")


if __name__ == "__main__":
    main()
