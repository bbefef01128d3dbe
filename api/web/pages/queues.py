"""Appeals, applications for bonuses and decision records: what waits for whom, and what is through."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from api.web.guard import Guard
from api.web.pages.deeds import allowed
from api.web.showing import shows
from api.web.views.deeds import Deed, effect_view
from api.web.views.queues import Queue, Waiting, waiting
from api.web.visit import Visit
from appraisal.model.steps import Step
from appraisal.office.appeals import open_appeals
from appraisal.office.consequence import withdrawn, would_change
from appraisal.office.desk import Desk
from appraisal.office.rights import Action
from appraisal.office.workflow import Case, State
from appraisal.office.yearbook import Yearbook

router = APIRouter(include_in_schema=False)
Reader = Annotated[Visit, Depends(Guard(Action.READ_EVENTS))]
SHOWN = 50
"""How many of those that are through a page shows, the latest first."""

OPEN_CLAIMS = frozenset({State.DECLARED, State.REVIEWED, State.RETURNED})
CLAIM_STEPS = frozenset({Step.DECLARED, Step.REVIEWED, Step.RETURNED, Step.DECLINED, Step.CONFIRMED})


def _appealed(case: Case) -> bool:
    return case.appeal is not None


def _applied(case: Case) -> bool:
    return any(step in CLAIM_STEPS for step, _ in case.steps)


def _decided(case: Case) -> bool:
    return case.state is State.UNDECIDED or any(step is Step.DECIDED for step, _ in case.steps)


QUEUES: Mapping[str, tuple[Callable[[Case], bool], frozenset[State]]] = {
    "appeals": (_appealed, frozenset({State.APPEALED, State.ANSWERED})),
    "claims": (_applied, OPEN_CLAIMS),
    "decisions": (_decided, frozenset({State.UNDECIDED})),
}
"""Each queue: which cases belong to it, and in which states they wait; in others they are through."""


class Cases:
    """A queue at work: whose desk, which year's book, the names of those concerned."""

    def __init__(self, visit: Visit, rulebook: str, year: int) -> None:
        house = visit.house.installation
        self.visit = visit
        self.rulebook = rulebook
        self.desk: Desk = house.desk(visit.office_id, visit.actor)
        self.book: Yearbook = house.yearbook(visit.office_id, rulebook, year)
        roster = self.book.adoption.roster
        self.names = {s.id: s.name for s in (roster if roster is not None else self.book.edition.roster)}
        self.departments, self.subjects = visit.bounds(Action.READ_EVENTS)

    def sees(self, case: Case) -> bool:
        """Say whether whoever asks may see an entry."""
        event = case.entry
        if self.subjects is not None and event.subject not in self.subjects:
            return False
        return self.departments is None or self.book.department(event) in self.departments

    def all(self) -> Iterator[Case]:
        """Yield the cases of the year that are seen, the latest first."""
        for line in reversed(self.book.entries):
            case = self.book.case(line.event.id)
            if self.sees(case):
                yield case

    def of(self, key: str) -> tuple[list[Case], list[Case]]:
        """Return the cases of a queue: those that wait, and those that are through."""
        belongs, waits = QUEUES[key]
        found = [case for case in self.all() if belongs(case)]
        return [c for c in found if c.state in waits], [c for c in found if c.state not in waits]

    def days_left(self) -> dict[str, int | None]:
        """Return how many days are left of each open appeal."""
        opened = open_appeals(self.desk, self.rulebook, self.book.year, day=self.visit.now.date())
        return {one.case.entry.id: one.days_left for one in opened}

    def show(self, case: Case) -> Waiting:
        """Return a case as a queue shows it, with what may be done."""
        return waiting(case, self.book, self.names, self._deeds(case))

    def show_appeal(self, case: Case, days_left: int | None) -> Waiting:
        """Return an open appeal with the time that is left, and what withdrawing the entry would change."""
        event, visit = case.entry, self.visit
        effects = would_change(self.desk, self.rulebook, event, withdrawn(event, now=visit.now), now=visit.now)
        moved = effect_view(effects, event.subject, visit.lang, ranked=lambda s: shows(visit, self.rulebook, s))
        return waiting(case, self.book, self.names, self._deeds(case), days_left=days_left, moved=moved)

    def _deeds(self, case: Case) -> Iterator[Deed]:
        place = {"department": self.book.department(case.entry), "subject": case.entry.subject}
        return allowed(self.visit, case, place)


def opened(visit: Visit) -> Cases | None:
    """Return the cases of the rulebook and the year picked; None where nothing is adopted."""
    picker = visit.picker
    return None if picker is None else Cases(visit, picker.rulebook, picker.span.year)


def _page(visit: Visit, key: str) -> Response:
    at = opened(visit)
    if at is None:
        return visit.show("nothing.html", {})
    waits, through = at.of(key)
    if key == "appeals":
        left = at.days_left()
        order = [(left.get(c.entry.id), c) for c in waits]
        order.sort(key=lambda one: (one[0] is None, one[0] or 0, one[1].entry.id))
        shown = tuple(at.show_appeal(case, days) for days, case in order)
    else:
        shown = tuple(map(at.show, waits))
    done = tuple(map(at.show, through[:SHOWN]))
    queue = Queue(key=key, waiting=shown, through=done, through_total=len(through))
    may = {"may_declare": visit.reach(Action.DECLARE) is not None, "may_decide": visit.reach(Action.DECIDE) is not None}
    return visit.show("queue.html", {"queue": queue, **may})


@router.get("/appeals")
def appeals(visit: Reader) -> Response:
    """Show the open appeals by days left, each with what withdrawing the entry would change, and those ruled on."""
    return _page(visit, "appeals")


@router.get("/claims")
def applications(visit: Reader) -> Response:
    """Show the applications for bonuses that are under way, and those that are through."""
    return _page(visit, "claims")


@router.get("/decisions")
def decisions(visit: Reader) -> Response:
    """Show the entries that wait for a decision, and the decision records that others rest on."""
    return _page(visit, "decisions")
