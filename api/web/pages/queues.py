"""Appeals, applications for bonuses and decision records: what waits for whom, and what is through."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from api.web.guard import Guard
from api.web.pages.deeds import allowed
from api.web.showing import shows
from api.web.views.deeds import effect_view
from api.web.views.queues import Queue, Waiting, waiting
from api.web.visit import Visit
from appraisal.model.periods import Span
from appraisal.model.steps import Step
from appraisal.office.appeals import open_appeals
from appraisal.office.consequence import what_if, withdrawn
from appraisal.office.desk import Desk
from appraisal.office.months import span_of
from appraisal.office.rights import Action
from appraisal.office.workflow import Case, State
from appraisal.office.yearbook import Yearbook

router = APIRouter(include_in_schema=False)
Reader = Annotated[Visit, Depends(Guard(Action.READ_EVENTS))]
SHOWN = 50
"""How many of those that are through a page shows, the latest first."""

OPEN_CLAIMS = frozenset({State.DECLARED, State.REVIEWED, State.RETURNED})
CLAIM_STEPS = frozenset({Step.DECLARED, Step.REVIEWED, Step.RETURNED, Step.DECLINED, Step.CONFIRMED})


class _At:
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

    def cases(self) -> Iterable[Case]:
        """Yield the cases of the year that are seen, the latest first."""
        for line in reversed(self.book.entries):
            case = self.book.case(line.event.id)
            if self.sees(case):
                yield case

    def place(self, case: Case) -> dict[str, str]:
        """Return the department and the subject of a case."""
        return {"department": self.book.department(case.entry), "subject": case.entry.subject}

    def show(self, case: Case) -> Waiting:
        """Return a case as a queue shows it, with what may be done."""
        return waiting(case, self.book, self.names, allowed(self.visit, case, self.place(case)))


def _page(visit: Visit, key: str, waits: Iterable[Waiting], through: Iterable[Waiting]) -> Response:
    done = tuple(through)
    queue = Queue(key=key, waiting=tuple(waits), through=done[:SHOWN], through_total=len(done))
    may = {"may_declare": visit.reach(Action.DECLARE) is not None, "may_decide": visit.reach(Action.DECIDE) is not None}
    return visit.show("queue.html", {"queue": queue, **may})


def _opened(visit: Visit) -> _At | None:
    picker = visit.picker
    return None if picker is None else _At(visit, picker.rulebook, picker.span.year)


@router.get("/appeals")
def appeals(visit: Reader) -> Response:
    """Show the open appeals by days left, each with what withdrawing the entry would change, and those ruled on."""
    at = _opened(visit)
    if at is None:
        return visit.show("nothing.html", {})
    day = visit.now.date()
    waits = []
    for one in open_appeals(at.desk, at.rulebook, at.book.year, day=day):
        if not at.sees(one.case):
            continue
        event = one.case.entry
        spans = tuple(dict.fromkeys([span_of(event.when), Span.whole(event.when.year)]))
        change = withdrawn(event, now=visit.now)
        effects = what_if(at.desk, at.rulebook, at.book.year, [change], spans=spans, day=day)
        moved = effect_view(effects, event.subject, visit.lang, ranked=lambda s: shows(visit, at.rulebook, s))
        deeds = allowed(visit, one.case, at.place(one.case))
        waits.append(waiting(one.case, at.book, at.names, deeds, days_left=one.days_left, moved=moved))
    through = (at.show(c) for c in at.cases() if c.appeal and c.state not in {State.APPEALED, State.ANSWERED})
    return _page(visit, "appeals", waits, through)


@router.get("/claims")
def applications(visit: Reader) -> Response:
    """Show the applications for bonuses that are under way, and those that are through."""
    at = _opened(visit)
    if at is None:
        return visit.show("nothing.html", {})
    found = [c for c in at.cases() if any(step in CLAIM_STEPS for step, _ in c.steps)]
    under_way = [c for c in found if c.state in OPEN_CLAIMS]
    return _page(visit, "claims", map(at.show, under_way), (at.show(c) for c in found if c.state not in OPEN_CLAIMS))


@router.get("/decisions")
def decisions(visit: Reader) -> Response:
    """Show the entries that wait for a decision, and the decision records that others rest on."""
    at = _opened(visit)
    if at is None:
        return visit.show("nothing.html", {})
    found = list(at.cases())
    waits = (at.show(c) for c in found if c.state is State.UNDECIDED)
    through = (at.show(c) for c in found if any(step is Step.DECIDED for step, _ in c.steps))
    return _page(visit, "decisions", waits, through)
