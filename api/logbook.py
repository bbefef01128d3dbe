"""What the commands on the log do alike: open the database, find the office and the rulebook that it has adopted."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime

from api.faults import UsageFaultError
from api.options import asked_span
from api.pure import load_edition, rulebook_path
from appraisal.errors import Finding, RefusedError
from appraisal.model.edition import Edition
from appraisal.model.event import Event
from appraisal.model.standing import Assessment
from appraisal.store.adoptions import Version
from appraisal.store.log import Log, open_log

DEFAULT_DATABASE = "appraisal.db"
DEFAULT_OFFICE = "office"


@dataclass(frozen=True, kw_only=True)
class Desk:
    """An open log, the office that is meant, and the edition that it has adopted."""

    log: Log
    office: str
    edition: Edition


def now() -> datetime:
    """Return the local time of the office, to the second: when something is recorded."""
    return datetime.now().replace(microsecond=0)  # noqa: DTZ005  what is recorded is local time


def database_url(word: str) -> str:
    """Return the address of a database that is named by path or address."""
    word = word or DEFAULT_DATABASE
    return word if "://" in word else f"sqlite:///{word}"


@contextmanager
def opened(database: str) -> Iterator[Log]:
    """Open the log for one command."""
    with open_log(database_url(database)) as log:
        yield log


def the_office(log: Log, office: str, *, make: bool = False) -> str:
    """Return the office that is meant: the one named, or the only one; with `make` a first one is added."""
    offices = log.offices()
    if not office and len(offices) > 1:
        raise RefusedError([Finding(code="L011", args={"offices": ", ".join(offices)})])
    chosen = office or next(iter(offices), DEFAULT_OFFICE)
    if make and chosen not in offices:
        log.add_office(chosen)
    return chosen


@contextmanager
def desk(database: str, office: str, rulebook: str, *, make: bool = False) -> Iterator[Desk]:
    """Open the log at an office with the rulebook that it has adopted; with `make` a first one is adopted."""
    if not rulebook:
        raise UsageFaultError("C011", name="--rulebook")
    with opened(database) as log:
        chosen = the_office(log, office, make=make)
        adopted = {line.rulebook: line for line in log.adoptions(chosen)}
        if rulebook in adopted:
            yield Desk(log=log, office=chosen, edition=log.edition(adopted[rulebook]))
            return
        edition = load_edition(rulebook)
        if edition.rulebook.id in adopted:
            yield Desk(log=log, office=chosen, edition=log.edition(adopted[edition.rulebook.id]))
            return
        if not make:
            known = ", ".join(adopted) or "-"
            raise UsageFaultError("C040", office=chosen, rulebook=edition.rulebook.id, known=known)
        log.adopt(chosen, edition, Version.load(rulebook_path(rulebook), edition), now=now())
        yield Desk(log=log, office=chosen, edition=edition)


def standing_of(
    at: Desk, period: str, through: str, *, known: datetime | None = None, day: date | None = None
) -> tuple[dict[str, Event], Assessment]:
    """Assess what the log has for a span; also return the events by id."""
    from appraisal.assess import assess  # noqa: PLC0415  numpy is not needed to append

    span = asked_span(at.edition.rulebook, period, through)
    events = at.log.events(at.office, rulebook=at.edition.rulebook.id, year=span.year)
    return {event.id: event for event in events}, assess(at.edition, events, span, known=known, day=day)
