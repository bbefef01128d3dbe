"""A row of a family's own input file to an event: what all such files share; the family reads its own columns."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from appraisal.errors import Finding
from appraisal.model.edition import Edition
from appraisal.model.event import Event, Status
from appraisal.model.periods import Period
from appraisal.model.rulebook import Subject
from appraisal.reading.cells import Wrong, parse_date, parse_period
from appraisal.reading.event_shelf import Shelf, unfit
from appraisal.reading.event_table import Cells
from appraisal.reading.row_forms import RowForm, Told


class FamilyReader(Shelf):
    """Reads rows that the family of the rulebook understands.

    Without a period a row belongs to the rulebook's own span, without a date to the first valid day of its period;
    without an id it is called by what it says, so that the same file read twice is the same events.
    """

    def __init__(
        self, edition: Edition, roster: tuple[Subject, ...] | None, faults: list[Finding], rows: RowForm
    ) -> None:
        super().__init__(edition, roster, faults)
        self._rows = rows
        self._period = Period(self.rulebook.default_span().year)

    def row(self, line: int, cells: Cells, extra: Mapping[str, str]) -> None:
        """Read one row: an event, or faults."""
        of = dict(zip(self._rows.form.names, cells, strict=True))
        told_of = {**of, **extra}
        pure = bool(of["counters"]) and not any(told_of.get(name) for name in self._rows.own)
        wrongs = list(unfit(told_of))
        period, day = self._when(of, wrongs, pure=pure)
        place = self.layouts[-1].place(line, "")
        text = self._rows.whose(told_of, place)
        subject = text if isinstance(text, Wrong) else self.who(text)
        if isinstance(subject, Wrong):
            wrongs += [subject] if text or not pure else []
            subject = of.get("subject", "")
        told = Told(kind="") if pure else self._rows.told(told_of, subject, place)
        if told is None:
            return
        wrongs += told.wrongs
        status, wrong = self.status(of["status"])
        moment, late = self.moment(of["recorded"])
        id_ = of["id"] or _default_id(told, of)
        wrongs += [found for found in (wrong, late) if found is not None]
        if not id_ and not wrongs:
            wrongs.append(Wrong("E030", "id"))
        elif id_ == of["counters"] != "":
            wrongs.append(Wrong("E073", "counters"))
        if wrongs:
            self.refuse(line, wrongs, cells, extra, id_)
            return
        event = Event(
            id=id_,
            date=day,
            subject=subject,
            period=period,
            clause=told.clause,
            kind=told.kind,
            status=Status.WITHDRAWN if pure and status is Status.NONE else status,
            note=of["note"],
            recorded=moment,
            counters=of["counters"],
            facts={**told.facts, **{name: text for name, text in extra.items() if name not in told.facts}},
        )
        if of["id"]:
            self.keep(line, event)
        else:
            self.keep(line, event, twice=self._rows.twice, column=self._rows.own[0])

    def _when(self, of: Mapping[str, str], wrongs: list[Wrong], *, pure: bool) -> tuple[Period, date]:
        """Return the period and the day of a row; both within the rulebook's dates."""
        first, last = self.rulebook.valid_from, self.rulebook.valid_to
        bounds = {"first": first.isoformat(), "last": last.isoformat()}
        found = parse_period(of["period"]) if of["period"] else None
        day = parse_date(of["date"]) if of["date"] else None
        wrongs += [part for part in (found, day) if isinstance(part, Wrong)]
        if isinstance(found, Period):
            period = found
            if period.last < first or period.first > last:
                wrongs.append(Wrong("E047", "period", bounds))
        elif isinstance(day, date) and day.year < date.max.year:  # of which there is no period
            period = Period(day.year)
        else:
            period = self._period
        if isinstance(day, date):
            if day < first or (day > last and not pure):
                wrongs.append(Wrong("E043", "date", bounds))
            return period, day
        return period, min(max(period.first, first), last)


def _default_id(told: Told, of: Mapping[str, str]) -> str:
    """Return what a row without an id is called: by what it says, its period if it names one, and what it corrects."""
    if not told.id:
        return ""
    period = f"@{of['period']}" if of["period"] else ""
    return f"{told.id}{period}" + (f"~{of['counters']}" if of["counters"] else "")
