"""What the pickers on top hold: rulebook, period and subject, which stay with a browser from page to page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import parse_qsl, quote, urlencode

from api.web import parts
from api.web.faults import MissingError
from api.web.rendering import with_query
from api.web.spans import read_span
from appraisal.errors import Lang
from appraisal.model.periods import MONTHS, Period, Span, SpanKind
from appraisal.model.rulebook import Subject
from appraisal.office.office import Office
from appraisal.store.adoptions import Adoption
from reports.wording import span_words

COOKIE = "pick"


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One line of a picker."""

    id: str
    name: str


@dataclass(frozen=True, kw_only=True)
class Picked:
    """What is chosen, whether it exists or not; `outright`: what the address itself names."""

    rulebook: str = ""
    period: str = ""
    subject: str = ""
    outright: frozenset[str] = frozenset()

    @classmethod
    def of(cls, query: Mapping[str, str], path: Mapping[str, str], cookie: str) -> Picked:
        """Return what the address says, else what this browser chose last."""
        kept = dict(parse_qsl(cookie))
        said = {key: path.get(key) or query.get(key) or kept.get(key, "") for key in ("rulebook", "period")}
        outright = frozenset(key for key in ("rulebook", "period", "subject") if path.get(key) or query.get(key))
        return cls(**said, subject=query.get("subject", kept.get("subject", "")), outright=outright)

    def remembered(self) -> Picked:
        """Return the same as a wish: what is not there gives way."""
        return replace(self, outright=frozenset())

    def cookie(self) -> str:
        """Return what the browser keeps."""
        return urlencode({"rulebook": self.rulebook, "period": self.period, "subject": self.subject})


@dataclass(frozen=True, kw_only=True)
class Picker:
    """The pickers with their choices, and what is chosen of them."""

    rulebooks: tuple[Choice, ...]
    periods: tuple[Choice, ...]
    subjects: tuple[Choice, ...]
    noun: str
    rulebook: str
    period: str
    subject: str

    @property
    def span(self) -> Span:
        """The span chosen."""
        return read_span(self.period)

    def address(self, at: str) -> str:
        """Return the page like the one at this path for what is chosen."""
        chosen = {"rulebook": self.rulebook, "period": self.period}
        if at.startswith("/rankings"):
            return f"/rankings/{quote(self.rulebook)}/{quote(self.period)}"
        if at.startswith("/subjects"):
            if not self.subject:
                return f"/rankings/{quote(self.rulebook)}/{quote(self.period)}"
            return with_query(f"/subjects/{quote(self.subject)}", chosen)
        if at.startswith("/rulebooks/"):
            return f"/rulebooks/{quote(self.rulebook)}"
        if at.startswith("/events"):
            return with_query("/events", {**chosen, "subject": self.subject})
        return at if at.startswith("/") and not at.startswith("//") else "/"


def picker(
    office: Office, picked: Picked, *, today: date, lang: Lang, subjects: frozenset[str] | None = None
) -> Picker | None:
    """Return the pickers of an office; `subjects` bounds those offered. None where no rulebook is adopted.

    What the address names outright and is not there is missing (404); what a browser only remembers gives way.
    """
    every = {line.rulebook: line for line in office.log.adoptions(office.id)}
    if not every:
        return None
    cards = {name: line for name, line in every.items() if parts.card(office.log.edition(line)) is not None}
    other = "rulebook" in picked.outright and picked.rulebook not in cards
    latest = every if other or not cards else cards
    if "rulebook" in picked.outright and picked.rulebook not in latest:
        raise MissingError
    chosen = latest.get(picked.rulebook) or _default(latest.values(), today)
    book = office.log.edition(chosen).rulebook
    roster = [s for s in _roster(chosen, book.subjects) if subjects is None or s.id in subjects]
    periods = list(spans(chosen))
    wanted = _wanted(picked, chosen, today)
    if wanted not in periods:
        periods.insert(0, wanted)
    if "subject" in picked.outright and picked.subject and picked.subject not in {s.id for s in roster}:
        raise MissingError
    return Picker(
        rulebooks=tuple(
            Choice(id=line.rulebook, name=office.log.edition(line).rulebook.name) for line in latest.values()
        ),
        periods=tuple(Choice(id=str(span), name=span_words(span, lang)) for span in periods),
        subjects=tuple(Choice(id=s.id, name=s.name) for s in roster),
        noun=book.subject_noun,
        rulebook=chosen.rulebook,
        period=str(wanted),
        subject=picked.subject if picked.subject in {s.id for s in roster} else "",
    )


def _wanted(picked: Picked, chosen: Adoption, today: date) -> Span:
    """Return the span that is asked for: any that can be read where the address names it."""
    known = {str(span): span for span in spans(chosen)}
    if picked.period in known:
        return known[picked.period]
    if "period" not in picked.outright:
        return _current(chosen, today)
    try:
        return read_span(picked.period)
    except ValueError:
        raise MissingError("H020", period=picked.period) from None


def _roster(adoption: Adoption, own: tuple[Subject, ...]) -> tuple[Subject, ...]:
    return own if adoption.roster is None else adoption.roster


def _default(lines: Iterable[Adoption], today: date) -> Adoption:
    """Return the adoption in force today, else the one that ended last."""
    return max(lines, key=lambda line: (line.covers(today), line.valid_to))


def spans(adoption: Adoption) -> Iterable[Span]:
    """Yield what may be asked for, each year of an adoption: the year, its quarters, its months."""
    for year in range(adoption.valid_to.year, adoption.valid_from.year - 1, -1):
        yield Span.whole(year)
        inside = [m for m in range(1, MONTHS + 1) if adoption.covers(Period(year, m))]
        for quarter in (1, 2, 3, 4):
            if any((m + 2) // 3 == quarter for m in inside):
                yield Span(year, SpanKind.QUARTER, quarter)
        for month in inside:
            yield Span.month(year, month)


def _current(adoption: Adoption, today: date) -> Span:
    """Return this month while the adoption is in force, else its last year."""
    return Span.month(today.year, today.month) if adoption.covers(today) else Span.whole(adoption.valid_to.year)
