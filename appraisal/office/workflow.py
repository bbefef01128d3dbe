"""What may follow what: the workflow as one table of transitions over the log, for entries and for months.

    Case ── an entry and the lines that carry it further; its state is read from them and kept nowhere

An act names the line that its actor saw last (`on`). The log lets one line follow another, so of two people who act
on the same state one is told what the other did.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from appraisal.errors import Finding, RefusedError
from appraisal.model.event import Event, Status
from appraisal.model.ledger import countered
from appraisal.model.steps import STATE_AFTER, Step, followers, step_of, thread
from appraisal.office.rights import Action
from appraisal.store.checks import overtaken


class State(StrEnum):
    """How far an entry has come."""

    COUNTS = "counts"
    DECLARED = "declared"
    REVIEWED = "reviewed"
    RETURNED = "returned"
    DECLINED = "declined"
    CONFIRMED = "confirmed"
    UNDECIDED = "undecided"
    APPEALED = "appealed"
    ANSWERED = "answered"
    RULED = "ruled"
    COUNTERED = "countered"
    SUPERSEDED = "superseded"


@dataclass(frozen=True, kw_only=True)
class Transition:
    """A step that may be taken in some states, by whom has the right, with what it needs.

    `others`: who takes it did not take one of these steps of the same case before.
    """

    step: Step
    states: frozenset[State]
    action: Action
    reason: bool = False
    record: bool = False
    others: frozenset[Step] = frozenset()


def _of(*states: State) -> frozenset[State]:
    return frozenset(states)


_ENTERED = frozenset({Step.SUBMITTED, Step.DECLARED, Step.COUNTERED})
TRANSITIONS: tuple[Transition, ...] = (
    Transition(step=Step.REVIEWED, states=_of(State.DECLARED), action=Action.REVIEW, others=_ENTERED),
    Transition(step=Step.RETURNED, states=_of(State.DECLARED), action=Action.REVIEW, reason=True),
    Transition(step=Step.RETURNED, states=_of(State.REVIEWED), action=Action.CONFIRM, reason=True),
    Transition(step=Step.DECLINED, states=_of(State.DECLARED), action=Action.REVIEW, reason=True),
    Transition(step=Step.DECLINED, states=_of(State.REVIEWED), action=Action.CONFIRM, reason=True),
    Transition(step=Step.DECLARED, states=_of(State.RETURNED), action=Action.DECLARE),
    Transition(
        step=Step.CONFIRMED,
        states=_of(State.REVIEWED),
        action=Action.CONFIRM,
        others=_ENTERED | {Step.REVIEWED},
    ),
    Transition(step=Step.DECIDED, states=_of(State.UNDECIDED), action=Action.DECIDE, record=True),
    Transition(step=Step.APPEALED, states=_of(State.COUNTS, State.CONFIRMED), action=Action.APPEAL, reason=True),
    Transition(step=Step.ANSWERED, states=_of(State.APPEALED), action=Action.ANSWER_APPEAL, reason=True),
    Transition(
        step=Step.RULED,
        states=_of(State.APPEALED, State.ANSWERED),
        action=Action.RULE_APPEAL,
        reason=True,
        others=_ENTERED | {Step.APPEALED, Step.ANSWERED},
    ),
    Transition(
        step=Step.EVIDENCED,
        states=_of(State.COUNTS, State.CONFIRMED, State.UNDECIDED, State.APPEALED, State.ANSWERED),
        action=Action.LOG,
    ),
    Transition(
        step=Step.COUNTERED,
        states=_of(State.COUNTS, State.CONFIRMED, State.UNDECIDED, State.RULED),
        action=Action.COUNTER,
        reason=True,
    ),
    Transition(
        step=Step.COUNTERED,
        states=_of(State.DECLARED, State.REVIEWED, State.RETURNED),
        action=Action.DECLARE,
        reason=True,
    ),
)


@dataclass(frozen=True, kw_only=True)
class Case:
    """An entry with the lines that carried it further, in the order of the links, and how far it has come.

    `last` is the line that a next step names as the one it was taken on; `by` is what countered it, if anything.
    """

    entry: Event
    lines: tuple[Event, ...]
    state: State
    by: str = ""

    @property
    def last(self) -> str:
        """The id of the line whose state this is."""
        return self.lines[-1].id if self.lines else self.entry.id

    @property
    def appeal(self) -> Event | None:
        """The appeal against it, open or ruled on."""
        return next((line for line in reversed(self.lines) if step_of(line) is Step.APPEALED), None)

    @property
    def steps(self) -> tuple[tuple[Step, Event], ...]:
        """Every step with its line, the entry first."""
        return tuple((step_of(line), line) for line in (self.entry, *self.lines))

    def may_follow(self) -> Iterator[Transition]:
        """Yield the transitions that its state allows, whoever takes them."""
        return (t for t in TRANSITIONS if self.state in t.states)


def case_of(entry: Event, events: Iterable[Event]) -> Case:
    """Return the case of an entry among the events of its office that lead to it or follow it."""
    rows = list(events)
    after = followers(rows)
    gone = countered(rows)
    lines = tuple(thread(entry.id, after))
    return Case(entry=entry, lines=lines, state=state_among(entry, lines, gone), by=gone.get(entry.id, ""))


def state_among(entry: Event, lines: tuple[Event, ...], gone: Mapping[str, str]) -> State:
    """Return how far an entry has come by the lines that follow it, and what is countered."""
    if entry.id in gone:
        return State.COUNTERED
    first = {Status.CONFIRMED: State.CONFIRMED, Status.PENDING: State.UNDECIDED, Status.DECLARED: State.DECLARED}
    state = State.REVIEWED if entry.status is Status.REVIEWED else first.get(entry.status, State.COUNTS)
    for line in lines:
        if line.id in gone:
            continue
        if line.clause and not line.counters:
            return State.SUPERSEDED
        if line.kind in STATE_AFTER:
            state = State(STATE_AFTER[line.kind])
        elif line.kind in {Step.APPEALED, Step.ANSWERED, Step.RULED}:
            state = State(line.kind)
    return state


def transition(case: Case, step: Step, actor: str, on: str) -> Transition:
    """Return the transition that this step is, or refuse it.

    Refused: someone acted meanwhile (L017), the state does not allow it (O020), the actor took part before (O021).
    """
    if on != case.last:
        lines = (case.entry, *case.lines)
        seen = next((i for i, line in enumerate(lines) if line.id == on), None)
        if seen is None:
            raise RefusedError([Finding(code="O022", args={"id": case.entry.id})])
        raise RefusedError([overtaken(on, lines[seen + 1])])
    found = next((t for t in case.may_follow() if t.step is step), None)
    told = {"id": case.entry.id, "step": f"@step_{step}"}
    if found is None:
        raise RefusedError([Finding(code="O020", args={**told, "state": f"@state_of_{case.state}"})])
    took_part = [took for took, line in case.steps if took in found.others and line.actor == actor]
    if took_part and actor:
        raise RefusedError([Finding(code="O021", args={**told, "before": f"@step_{took_part[0]}"})])
    return found


class Stage(StrEnum):
    """Where a month stands: 开放, 截止, 初稿, 公示与申诉, 复核, 定稿, 归档."""

    OPEN = "open"
    CUT_OFF = "cut_off"
    DRAFT = "draft"
    DISPLAY = "display"
    RECHECK = "recheck"
    FINAL = "final"
    ARCHIVED = "archived"

    @property
    def displayed(self) -> bool:
        """Whether its ranking is on display, or was: before that it is for who may read drafts only."""
        return self in {Stage.DISPLAY, Stage.RECHECK, Stage.FINAL, Stage.ARCHIVED}


@dataclass(frozen=True, kw_only=True)
class Move:
    """A step that takes a month from one stage to another."""

    step: Step
    stages: frozenset[Stage]
    to: Stage | None
    action: Action
    reason: bool = False


MOVES: tuple[Move, ...] = (
    Move(step=Step.CUT_OFF, stages=frozenset({Stage.OPEN}), to=Stage.CUT_OFF, action=Action.MOVE_MONTH),
    Move(step=Step.DRAFTED, stages=frozenset({Stage.CUT_OFF}), to=Stage.DRAFT, action=Action.MOVE_MONTH),
    Move(step=Step.DISPLAYED, stages=frozenset({Stage.DRAFT}), to=Stage.DISPLAY, action=Action.MOVE_MONTH),
    Move(step=Step.RECHECKED, stages=frozenset({Stage.DISPLAY}), to=Stage.RECHECK, action=Action.MOVE_MONTH),
    Move(step=Step.CLOSED, stages=frozenset({Stage.RECHECK}), to=Stage.FINAL, action=Action.MOVE_MONTH),
    Move(step=Step.PUBLISHED, stages=frozenset({Stage.FINAL}), to=None, action=Action.PUBLISH),
    Move(step=Step.ARCHIVED, stages=frozenset({Stage.FINAL}), to=Stage.ARCHIVED, action=Action.MOVE_MONTH),
    Move(
        step=Step.REOPENED,
        stages=frozenset(Stage) - {Stage.OPEN},
        to=Stage.OPEN,
        action=Action.REOPEN_MONTH,
        reason=True,
    ),
)
"""`to` None: the month stays where it is, and the line is kept."""


def stage_after(lines: Iterable[Event]) -> Stage:
    """Return the stage that the lines of a month brought it to."""
    stage = Stage.OPEN
    moves = {move.step.value: move.to for move in MOVES}
    for line in lines:
        stage = moves.get(line.kind) or stage
    return stage
