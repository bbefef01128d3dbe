"""What waits for whoever asks: by the action that ends the wait, for the to-dos and the count in the navigation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from api.web.faults import MissingError
from appraisal.errors import RefusedError
from appraisal.office.rights import Action
from appraisal.office.workflow import State
from appraisal.office.yearbook import Yearbook

if TYPE_CHECKING:
    from api.web.visit import Visit


@dataclass(frozen=True, kw_only=True)
class Wait:
    """A kind of wait: the action that ends it, the states that wait for it, and the page where it is done."""

    key: str
    action: Action
    states: frozenset[State]
    path: str


WAITS = (
    Wait(key="answer", action=Action.ANSWER_APPEAL, states=frozenset({State.APPEALED}), path="/appeals"),
    Wait(key="rule", action=Action.RULE_APPEAL, states=frozenset({State.APPEALED, State.ANSWERED}), path="/appeals"),
    Wait(key="review", action=Action.REVIEW, states=frozenset({State.DECLARED}), path="/claims"),
    Wait(key="decide", action=Action.DECIDE, states=frozenset({State.UNDECIDED}), path="/decisions"),
    Wait(key="confirm", action=Action.CONFIRM, states=frozenset({State.REVIEWED}), path="/claims"),
    Wait(key="declare", action=Action.DECLARE, states=frozenset({State.RETURNED}), path="/claims"),
)


def waits(visit: Visit, book: Yearbook) -> Iterator[tuple[Wait, int]]:
    """Yield every kind of wait that whoever asks may end, with how many entries wait, as far as the right reaches."""
    for wait in WAITS:
        if visit.reach(wait.action) is None:
            continue
        departments, subjects = visit.bounds(wait.action)
        found = Counter(
            state
            for event, state in book.under_way
            if (subjects is None or event.subject in subjects)
            and (departments is None or book.department(event) in departments)
        )
        yield wait, sum(found[state] for state in wait.states)


def waiting(visit: Visit) -> int:
    """Return how many entries wait for whoever asks, in the year that is picked; none where that cannot be said."""
    if not any(visit.reach(wait.action) for wait in WAITS):
        return 0
    try:
        picker = visit.picker
        if picker is None:
            return 0
        book = visit.house.installation.yearbook(visit.office_id, picker.rulebook, picker.span.year)
    except (RefusedError, MissingError):  # the page says so itself
        return 0
    return sum(count for _, count in waits(visit, book))
