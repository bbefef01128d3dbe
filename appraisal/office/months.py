"""A month (or the year) of an office: its stages, what each department reported, exceptions, blockers, closing.

开放 → 截止 → 初稿 → 公示与申诉 → 复核 → 定稿 → 归档. Everything is a line of the log that follows the one before;
the first follows a root, which is only a name.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from appraisal.errors import Finding, RefusedError
from appraisal.model.event import Event, Scalar
from appraisal.model.periods import Period, Span
from appraisal.model.roles import Role
from appraisal.model.steps import Step, thread
from appraisal.office.desk import Desk
from appraisal.office.rights import RIGHTS, Action
from appraisal.office.workflow import MOVES, Move, Stage, stage_after
from appraisal.store.adoptions import Adoption
from appraisal.store.checks import ROOT, overtaken

APPEAL_DAYS = 5
"""How many days appeals are taken after a month is displayed, where the office sets nothing (`appeal_days`)."""


@dataclass(frozen=True, kw_only=True)
class Report:
    """What a department said of its month: how many entries; `now` is how many there are by the log."""

    department: str
    entries: int | None
    now: int
    line: Event | None = None

    @property
    def stands(self) -> bool:
        """Whether it was said, and is still so."""
        return self.entries == self.now


@dataclass(frozen=True, kw_only=True)
class LateEntry:
    """A named exception: this department may enter for this period until that day, for this reason."""

    line: Event
    department: str
    until: date
    revoked: bool = False

    def holds(self, department: str, day: date) -> bool:
        """Say whether it lets a department enter on a day."""
        return not self.revoked and department == self.department and day <= self.until


@dataclass(frozen=True, kw_only=True)
class Month:
    """Where a month stands: its stage, the lines that brought it there, reports and exceptions."""

    rulebook: str
    period: Period
    stage: Stage
    lines: tuple[Event, ...] = ()
    reports: Mapping[str, Report] = field(default_factory=dict)
    exceptions: tuple[LateEntry, ...] = ()
    appeal_days: int = APPEAL_DAYS

    @property
    def last(self) -> str:
        """What a next move names as the line that it was made on."""
        return self.lines[-1].id if self.lines else root(self.rulebook, self.period)

    @property
    def closed(self) -> bool:
        """Whether it is final: it does not move any more."""
        return self.stage in {Stage.FINAL, Stage.ARCHIVED}

    @property
    def official(self) -> bool:
        """Whether its pages and files say 正式; else 初稿."""
        return self.closed

    def since(self, step: Step) -> Event | None:
        """Return the last line of this step after the month was last opened; None where there is none."""
        for line in reversed(self.lines):
            if line.kind == step:
                return line
            if line.kind == Step.REOPENED:
                return None
        return None

    @property
    def appeals_until(self) -> date | None:
        """The last day of appeals; None before it is displayed."""
        line = self.since(Step.DISPLAYED)
        return line.known_at.date() + timedelta(days=self.appeal_days) if line else None

    @property
    def closed_on(self) -> date | None:
        """The day on which it was closed."""
        line = self.since(Step.CLOSED)
        return line.known_at.date() if line else None

    def moves(self) -> tuple[Move, ...]:
        """Return the moves that its stage allows, whoever makes them."""
        return tuple(move for move in MOVES if self.stage in move.stages)


def root(rulebook: str, period: Period, department: str = "") -> str:
    """Return the name that the first line of a month, or of a department's month, follows."""
    return f"{ROOT}{rulebook}/{period}" + (f"/{department}" if department else "")


def is_published(lines: Iterable[Event]) -> bool:
    """Say whether the lines of a month published it, and nothing opened it again."""
    last = [line.kind for line in lines if line.kind in {Step.PUBLISHED, Step.REOPENED}]
    return last[-1:] == [Step.PUBLISHED]


def month(desk: Desk, rulebook: str, period: Period) -> Month:
    """Return where a month stands."""
    book = desk.house.yearbook(desk.office.id, rulebook, period.year)
    lines = tuple(thread(root(rulebook, period), book.after))
    days = desk.house.settings.get("appeal_days", APPEAL_DAYS, scope=f"office/{desk.office.id}")
    return Month(
        rulebook=rulebook,
        period=period,
        stage=stage_after(lines),
        lines=lines,
        reports=_reports(desk, rulebook, period),
        exceptions=_exceptions(desk, rulebook, period),
        appeal_days=days if isinstance(days, int) else APPEAL_DAYS,
    )


def _reports(desk: Desk, rulebook: str, period: Period) -> dict[str, Report]:
    book = desk.house.yearbook(desk.office.id, rulebook, period.year)
    found = {}
    for department in book.edition.scorecard.departments:
        said = list(thread(root(rulebook, period, department.id), book.after))
        last = said[-1] if said else None
        entries = last.facts.get("entries") if last else None
        found[department.id] = Report(
            department=department.id,
            entries=entries if isinstance(entries, int) else None,
            now=book.held.get((period, department.id), 0),
            line=last,
        )
    return found


def _exceptions(desk: Desk, rulebook: str, period: Period) -> tuple[LateEntry, ...]:
    book = desk.house.yearbook(desk.office.id, rulebook, period.year)
    found = []
    for event in book.steps:
        if event.kind == Step.EXCEPTED and event.follows and event.when == period:
            until = date.fromisoformat(str(event.facts["until"]))
            revoked = any(line.kind == Step.REVOKED for line in thread(event.id, book.after))
            found.append(LateEntry(line=event, department=str(event.facts["for"]), until=until, revoked=revoked))
    return tuple(found)


def require_open(desk: Desk, adoption: Adoption, period: Period, department: str, *, now: datetime) -> tuple[str, ...]:
    """Refuse an entry into a month that takes none any more (O030), unless an exception lets this department (O031).

    Returns what the entry rests on (`Request.onto`), so that none comes in behind a step that is made meanwhile.
    """
    first = root(adoption.rulebook, period)
    if not desk.office.log.is_followed(desk.office.id, first):  # as a rule: the year need not be read for it
        return (first,)
    book = desk.house.yearbook(desk.office.id, adoption.rulebook, period.year)
    lines = tuple(thread(first, book.after))
    stage = stage_after(lines)
    if stage is Stage.OPEN:
        return (lines[-1].id if lines else first,)
    if any(one.holds(department, now.date()) for one in _exceptions(desk, adoption.rulebook, period)):
        return ()
    who = " ".join(f"@role_{role}" for role in Role if Action.EXCEPT in RIGHTS[role])
    told = {"period": str(period), "stage": f"@stage_{stage}", "department": department or "-", "roles": who}
    raise RefusedError([Finding(code="O030", args=told)])


def report(
    desk: Desk, rulebook: str, period: Period, department: str, entries: int, *, on: str = "", now: datetime
) -> Event:
    """End a department's month: so many entries, or none (零报告). A number that is not so is refused (O034)."""
    desk.require(Action.REPORT_MONTH, department=department)
    at = month(desk, rulebook, period)
    known = at.reports.get(department)
    if known is None:
        raise RefusedError([Finding(code="O035", args={"department": department})])
    if known.now != entries:
        told = {"department": department, "said": str(entries), "now": str(known.now), "period": str(period)}
        raise RefusedError([Finding(code="O034", args=told)])
    follows = known.line.id if known.line else root(rulebook, period, department)
    if on and on != follows and known.line is not None:
        raise RefusedError([overtaken(on, known.line)])
    facts = {**desk.signed(Action.REPORT_MONTH), "entries": entries, "department": department}
    event = _line(desk.fresh(Step.REPORTED), Step.REPORTED, period, follows, facts, now=now)
    desk.append([event], rulebook, now=now, action=Step.REPORTED, target=f"{period}/{department}")
    return event


def grant(
    desk: Desk, rulebook: str, period: Period, department: str, *, until: date, reason: str, now: datetime
) -> Event:
    """Let a department enter for a period that takes no entries any more, until a day, for a reason."""
    desk.require(Action.EXCEPT)
    if not reason.strip():
        raise RefusedError([Finding(code="O023", args={"step": f"@step_{Step.EXCEPTED}"})])
    if until < now.date():
        raise RefusedError([Finding(code="O036", args={"until": until.isoformat()})])
    facts: dict[str, Scalar] = {**desk.signed(Action.EXCEPT), "for": department, "until": until.isoformat()}
    name = f"{root(rulebook, period)}/late/{desk.stem}"
    event = _line(desk.fresh(Step.EXCEPTED), Step.EXCEPTED, period, name, facts, now=now, reason=reason)
    desk.append([event], rulebook, now=now, action=Step.EXCEPTED, target=f"{period}/{department}")
    return event


def revoke(desk: Desk, rulebook: str, exception: LateEntry, *, reason: str, now: datetime) -> Event:
    """Take an exception back."""
    desk.require(Action.EXCEPT)
    facts = desk.signed(Action.EXCEPT)
    event = _line(
        desk.fresh(Step.REVOKED), Step.REVOKED, exception.line.when, exception.line.id, facts, now=now, reason=reason
    )
    desk.append([event], rulebook, now=now, action=Step.REVOKED, target=exception.line.id)
    return event


def _line(
    name: str, step: Step, period: Period, follows: str, facts: Mapping[str, Scalar], *, now: datetime, reason: str = ""
) -> Event:
    return Event(
        id=name,
        date=now.date(),
        period=period,
        kind=step.value,
        note=reason.strip(),
        recorded=now,
        follows=follows,
        facts=dict(facts),
    )


def span_of(period: Period) -> Span:
    """Return the span whose standings a month, or a year, closes with."""
    return Span.month(period.year, period.month) if period.month else Span.whole(period.year)
