"""Which counted events belong together: possible double charges, and the n-th occurrence in a month. Warnings only.

Candidates are narrowed before the engine sees them, so that normally it gets a few facts, or is not started at all.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain, combinations, zip_longest
from operator import attrgetter
from types import MappingProxyType
from typing import Any

from appraisal.errors import Finding, InternalError, RefusedError
from appraisal.inference.driver import WATCH, Answers, Order, Watch, WorkerDiedError, run_together
from appraisal.model.clauses import Clause, Veto
from appraisal.model.clauses_counted import Amount, Occurrence
from appraisal.model.clauses_judged import Compare, Gap, Grade, Tiers
from appraisal.model.conditions import Join, Repeat
from appraisal.model.edition import Edition
from appraisal.model.event import Event
from appraisal.model.periods import Period
from appraisal.model.scorecard import Overlap, Scorecard
from appraisal.model.standing import Say, Warn

FACTS = 1_000  # kept in one engine; each costs memory and slows the next
PAIRS = 200  # of clauses: 256 rules on one condition overflow the engine
LANES = 4  # engines at work at once
MONTHS = 400  # of one engine, each a session of its own: at 1,025 the engine fails

Pair = tuple[str, str]
Wanted = Mapping[Pair, tuple[Join, ...]]


@dataclass(frozen=True)
class Matter:
    """What several clauses say about one matter of one subject, and which joins ask about which two of them."""

    subject: str
    matter: str
    events: Mapping[str, tuple[str, ...]]
    wanted: Wanted


@dataclass(frozen=True)
class Month:
    """The first n events of one clause, subject and month, where a repeat asks for n."""

    repeat: Repeat
    subject: str
    period: str
    clause: str
    events: tuple[str, ...]


@dataclass
class Session:
    """What one disposable engine is asked: its rules, its messages, and what each message is about."""

    rules: dict[str, Any] = field(default_factory=dict)
    messages: list[str] = field(default_factory=list)
    about: list[tuple[Matter | Month, str]] = field(default_factory=list)

    def add(self, about: Matter | Month, clause: str, facts: Mapping[str, str | int], *, stays: bool) -> None:
        """Add one message; numbers and ids are the engine's own, small and in sequence."""
        number = len(self.messages)
        text = json.dumps({"id": number, "n": number, **facts}, separators=(",", ":"))
        self.messages.append(f"+{text}" if stays else text)
        self.about.append((about, clause))


def joins(edition: Edition, events: Iterable[Event], *, watch: Watch = WATCH) -> tuple[Warn, ...]:
    """Return the warnings about counted events that belong together, whatever their order."""
    inference = edition.scorecard.inference
    if not inference.joins and not inference.repeats:
        return ()
    told = sorted(events, key=attrgetter("date", "id"))
    matters = _matters(edition.scorecard, told) if inference.joins else []
    months = list(_months(inference.repeats, told))
    parts = [months[start : start + MONTHS] for start in range(0, len(months), MONTHS)]
    sessions = [_session(some, others) for some, others in zip_longest(_chunks(matters), parts, fillvalue=())]
    with ThreadPoolExecutor(LANES) as lanes:  # each waits for a process of its own
        asked = lanes.map(lambda session: list(_asked(session, watch)), sessions)
        found = list(chain.from_iterable(asked))
    return tuple(sorted(found, key=lambda warn: (warn.code, warn.subject, warn.events, sorted(warn.say.args.items()))))


def charges(clause: Clause) -> bool:
    """Say whether an event under a clause can cost points."""
    if isinstance(clause, Occurrence):
        return clause.sign < 0
    if isinstance(clause, Amount):
        return clause.direction == "deduct"
    if isinstance(clause, (Tiers, Grade)):
        bands = [tier.points for tier in clause.tiers] if isinstance(clause, Tiers) else []
        return any(points < 0 for points in (*bands, *(level.points for level in clause.levels.values())))
    return isinstance(clause, (Gap, Compare, Veto))


def _matters(rulebook: Scorecard, events: Sequence[Event]) -> list[Matter]:
    """Return the matters under two clauses or more between which neither the rulebook nor a join's limits decide."""
    charging = {clause.id for clause in rulebook.clauses() if charges(clause)}
    settled = {pair for overlap in rulebook.overlaps if overlap.active for pair in _settled(overlap)}
    found: dict[tuple[str, str], dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for event in events:
        if event.matter and event.clause in charging:
            found[event.subject, event.matter][event.clause].append(event.id)
    matters = []
    for key, told in sorted(found.items()):
        pairs = [pair for pair in combinations(sorted(told), 2) if pair not in settled]
        covering = {pair: tuple(join for join in rulebook.inference.joins if _covers(join, pair)) for pair in pairs}
        wanted = {pair: those for pair, those in covering.items() if those}
        if wanted:
            matters.append(Matter(*key, {clause: tuple(ids) for clause, ids in told.items()}, wanted))
    return matters


def _settled(overlap: Overlap) -> Iterator[Pair]:
    """Yield every two clauses, in order, between which an overlap of the rulebook already decides."""
    yield from combinations(sorted(overlap.together), 2)
    for over in overlap.over:
        yield min(overlap.prevails, over), max(overlap.prevails, over)


def _covers(join: Join, pair: Pair) -> bool:
    return any(
        (not join.first or one in join.first) and (not join.second or other in join.second)
        for one, other in (pair, pair[::-1])
    )


def _months(repeats: Sequence[Repeat], events: Sequence[Event]) -> Iterator[Month]:
    by_clause: dict[str, list[Event]] = defaultdict(list)
    for event in events if repeats else ():
        by_clause[event.clause].append(event)
    for repeat in repeats:
        found: dict[tuple[str, Period, str], list[str]] = defaultdict(list)
        for event in chain.from_iterable(by_clause[clause] for clause in dict.fromkeys(repeat.clauses)):
            if event.when.month:
                found[event.subject, event.when, event.clause].append(event.id)
        often = [(s, str(when), clause, ids) for (s, when, clause), ids in found.items() if len(ids) >= repeat.times]
        for subject, month, clause, ids in sorted(often):
            yield Month(repeat, subject, month, clause, tuple(ids[: repeat.times]))


def _chunks(matters: Sequence[Matter]) -> Iterator[Sequence[Matter]]:
    """Yield the matters in parts that one engine can hold."""
    part: list[Matter] = []
    pairs: set[Pair] = set()
    facts = 0
    for matter in matters:
        if part and (facts + len(matter.events) > FACTS or len(pairs | matter.wanted.keys()) > PAIRS):
            yield part
            part, pairs, facts = [], set(), 0
        part.append(matter)
        pairs |= matter.wanted.keys()
        facts += len(matter.events)
    if part:
        yield part


def _session(matters: Sequence[Matter], months: Sequence[Month]) -> Session:
    session = Session()
    for first, second in sorted({pair for matter in matters for pair in matter.wanted}):
        # The equality of the two facts stands last: with another comparison there the engine reads past its memory.
        same = {"$and": [{"c": second}, {"g": {"a": "g"}}]}
        session.rules[f"pair {first} {second}"] = {"all": [{"a": {"c": first}}, {"b": same}]}
    for times in sorted({month.repeat.times for month in months}):
        session.rules[f"times {times}"] = {"count": times, "all": [{"m": {"t": times}}]}
    for group, matter in enumerate(matters):
        for clause in sorted(matter.events):
            session.add(matter, clause, {"sid": "0", "c": clause, "g": group}, stays=True)
    for group, month in enumerate(months, start=1):
        for _ in month.events:
            session.add(month, month.clause, {"sid": str(group), "t": month.repeat.times}, stays=False)
    return session


def _asked(session: Session, watch: Watch) -> Iterator[Warn]:
    """Put a session to an engine of its own and yield what its answers say."""
    rules = json.dumps(session.rules, ensure_ascii=False)
    for _, numbers in chain.from_iterable(_answers(rules, tuple(session.messages), watch)):
        told = [session.about[number] for number in numbers]
        about = told[0][0]
        if any(other is not about for other, _ in told):
            raise InternalError(f"the engine joined what does not belong together: {told}")
        if isinstance(about, Month):
            yield _repeated(about)
        else:
            yield from _doubled(about, (told[0][1], told[1][1]))


@lru_cache(maxsize=64)
def _answers(rules: str, messages: tuple[str, ...], watch: Watch) -> tuple[Answers, ...]:
    """Return an engine's answers. They depend on nothing else, so the same question is not asked twice."""
    try:
        return tuple(run_together(Order(rules=json.loads(rules), watch=watch), messages))
    except WorkerDiedError as death:
        raise RefusedError([Finding(code="I202", args={"why": str(death)})]) from death


def _doubled(matter: Matter, clauses: Pair) -> Iterator[Warn]:
    pair = (min(clauses), max(clauses))
    ids = tuple(sorted({one for clause in pair for one in matter.events[clause]}))
    for join in matter.wanted.get(pair, ()):
        args = {"matter": matter.matter, "first": pair[0], "second": pair[1], "warn": join.warn}
        yield Warn(code="W101", subject=matter.subject, events=ids, say=Say("W101", MappingProxyType(args)))


def _repeated(month: Month) -> Warn:
    args = {
        "period": month.period,
        "clause": month.clause,
        "times": str(month.repeat.times),
        "warn": month.repeat.warn,
    }
    return Warn(code="W102", subject=month.subject, events=month.events, say=Say("W102", MappingProxyType(args)))
