"""Why a line has its points: a sentence for each line that a method added, from its clause and its event."""

from __future__ import annotations

from fractions import Fraction

from appraisal.errors import InternalError
from appraisal.grid import Grid
from appraisal.methods.duties import due_day
from appraisal.methods.sheet import Why
from appraisal.model.clauses import Clause
from appraisal.model.clauses_counted import Occurrence
from appraisal.model.clauses_duties import Deadline, Quota
from appraisal.model.clauses_judged import Compare, Gap, Tier, Tiers
from appraisal.model.clauses_scored import Composite, Relative, Score
from appraisal.model.event import Event
from appraisal.model.exact import show
from appraisal.model.inputs import Measure
from appraisal.model.periods import MONTHS, Period
from appraisal.model.standing import Say

Line = tuple[int, int, int, int, int]  # row, clause, points, why, detail
HOW = {"mean": "S090", "highest": "S091", "lowest": "S092", "latest": "S093", "trimmed_mean": "S094"}


def figure(value: Fraction | None, measure: Measure) -> str:
    """Write a figure as people do: a rate with its percent sign."""
    if value is None:  # pragma: no cover  the readers have seen that there is one
        raise InternalError("an event without the figure that its clause needs")
    return f"{show(value * 100)}%" if measure is Measure.RATE else show(value)


def band(tier: Tier, measure: Measure) -> str:
    """Write a band as `≥50% <80%`."""
    parts = []
    if tier.lower is not None:
        parts.append(("≥" if tier.lower[1] else ">") + figure(tier.lower[0], measure))
    if tier.upper is not None:
        parts.append(("≤" if tier.upper[1] else "<") + figure(tier.upper[0], measure))
    return " ".join(parts)


def effect(points: Fraction) -> tuple[str, str]:
    """Return the message code and the amount of what a band or word does."""
    if points < 0:
        return "S035", show(-points)
    return ("S036", show(points)) if points else ("S037", "0")


class Sentences:
    """The sentences of one grid; `say` needs the rows to carry their events."""

    def __init__(self, grid: Grid) -> None:
        self.grid = grid
        self.plan = grid.plan
        self.columns = grid.frame.columns
        self.year = grid.frame.view.year

    def event(self, row: int) -> Event | None:
        """Return the event of a row; none for a line without one."""
        return self.columns.events[row] if row >= 0 else None

    def say(self, line: Line) -> Say:  # noqa: PLR0911  one sentence a kind of line
        """Return why a line has its points."""
        row, k, units, why, detail = line
        clause, points = self.plan.words.clauses[k], self.plan.scale.back(units)
        event = self.event(row)
        match why:
            case Why.NOT_DUE:
                return Say("S014")
            case Why.PENDING:
                return self._pending(clause, points, event)
            case Why.NOT_APPLICABLE:
                return Say("S016", {"points": show(self._own(clause, points))})
            case Why.QUOTA if isinstance(clause, Quota):
                return self._quota(clause, points, detail)
            case Why.NEVER if isinstance(clause, Deadline):
                return Say("S025", self._due(clause, detail, points))
            case Why.DONE:
                return Say("S026")
            case Why.FACT:
                return Say("S027")
        assert event is not None  # noqa: S101  the lines above are all that have no event
        return self._of_event(clause, event, points, why, detail)

    def _own(self, clause: Clause, points: Fraction) -> Fraction:
        return points + clause.worth if isinstance(clause, Score) and clause.form == "lose" else points

    def _pending(self, clause: Clause, points: Fraction, event: Event | None) -> Say:
        if event is not None:
            return Say("S018", {"part": event.part})
        return Say("S015", {"points": show(self._own(clause, points))})

    def _of_event(self, clause: Clause, event: Event, points: Fraction, why: int, detail: int) -> Say:  # noqa: PLR0911
        match clause:
            case Occurrence():
                return self._occurrence(clause, event, points, why, detail)
            case Score():
                return self._score(clause, event, points, why, detail)
            case Composite():
                marks = {"part": event.part, "marks": show(event.value or Fraction(0))}
                weight = figure(clause.parts[event.part], Measure.RATE)
                return Say("S017", {**marks, "weight": weight, "full": show(clause.full), "worth": show(clause.worth)})
            case Gap():
                target = figure(event.benchmark if clause.target is None else clause.target, clause.measure)
                short = figure(Fraction(detail, self.plan.scale.figure), clause.measure)
                told = {"value": figure(event.value, clause.measure), "target": target, "short": short}
                return Say("S019", {**told, "amount": show(-points)})
            case Compare():
                told = {
                    "value": figure(event.value, clause.measure),
                    "benchmark": figure(event.benchmark, clause.measure),
                }
                return Say("S020" if detail else "S021", {**told, "amount": show(-points)})
            case Relative():
                best = figure(Fraction(detail, self.plan.scale.figure), clause.measure)
                return Say(
                    "S022", {"value": figure(event.value, clause.measure), "best": best, "worth": show(clause.worth)}
                )
            case Deadline():
                month = event.when.month
                return Say("S024", {**self._due(clause, month, points), "date": event.date.isoformat()})
        if why in {Why.TIER, Why.LEVEL}:
            return self._banded(clause, event, points, why, detail)
        return Say("S029" if points > 0 else "S028", {"amount": show(abs(points))})

    def _banded(self, clause: Clause, event: Event, points: Fraction, why: int, detail: int) -> Say:
        code, amount = effect(points)
        told = {"effect": f"@{code}", "amount": amount}
        if why == Why.LEVEL or not isinstance(clause, Tiers):
            return Say("S011", {**told, "level": event.level})
        shown = band(clause.tiers[detail], clause.measure)
        return Say("S010", {**told, "value": figure(event.value, clause.measure), "band": shown})

    def _occurrence(self, clause: Occurrence, event: Event, points: Fraction, why: int, by: int) -> Say:
        other = self.event(by)
        if other is not None:
            told = {"by": other.id, "by_clause": other.clause, "matter": event.matter}
            return Say({Why.ONCE_MATTER: "S005", Why.PREVAILED: "S006"}.get(Why(why), "S007"), told)
        amount = clause.level_amount(event.level) or Fraction(0)
        count = points / amount * clause.sign if amount else Fraction(event.count)
        told = {"unit": clause.unit or "次", "amount": show(amount), "count": show(count), "level": event.level}
        return Say(
            {(-1, False): "S001", (1, False): "S002", (-1, True): "S003", (1, True): "S004"}[
                clause.sign, bool(event.level)
            ],
            told,
        )

    def _score(self, clause: Score, event: Event, points: Fraction, why: int, detail: int) -> Say:
        how = HOW.get(clause.several, "")
        if why == Why.LEFT_OUT:
            return Say("S030", {"how": f"@{how}"})
        marks = Fraction(detail, self.plan.scale.figure)
        own = self._own(clause, points)
        told = {"marks": figure(marks, clause.measure), "full": figure(clause.full, clause.measure)}
        told |= {"worth": show(clause.worth), "points": show(own), "got": show(own), "lost": show(-points)}
        if clause.form == "lose":
            return Say("S013", told)
        return Say("S031", {**told, "how": f"@{how}"}) if how and marks != event.value else Say("S012", told)

    def _quota(self, clause: Quota, points: Fraction, detail: int) -> Say:
        short, months = divmod(detail, 10_000)
        first, last = divmod(months, 100)
        period = self._period(first, last)
        told = {"period": period, "required": str(clause.required_number), "missing": str(short)}
        return Say("S023", {**told, "amount": show(-points)})

    def _period(self, first: int, last: int) -> str:
        if first == last:
            return str(Period(self.year, first))
        return str(self.year) if last - first == MONTHS - 1 else f"{Period(self.year, first)}…{Period(self.year, last)}"

    def _due(self, clause: Deadline, month: int, points: Fraction) -> dict[str, str]:
        due = due_day(clause, self.year, month).isoformat()
        return {"period": str(Period(self.year, month)), "due": due, "amount": show(-points)}
