"""What the commands on the log do alike: open the database, find the office, assess what it has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from api.faults import UsageFaultError, nearest
from api.language import lang, say
from api.options import asked_span
from api.output import tell
from api.pure import rulebook_path
from appraisal.model.edition import Edition
from appraisal.model.event import Event
from appraisal.model.rulebook import Subject
from appraisal.model.standing import Assessment
from appraisal.office.office import Office, Taken
from appraisal.store.log import open_log

DEFAULT_DATABASE = "appraisal.db"


@dataclass(frozen=True, kw_only=True)
class Assessed:
    """Standings from the log with what is needed to show them."""

    edition: Edition
    events: dict[str, Event]
    assessment: Assessment


def now() -> datetime:
    """Return the local time of the office, to the second: when something is recorded."""
    return datetime.now().replace(microsecond=0)  # noqa: DTZ005  what is recorded is local time


def database_url(word: str) -> str:
    """Return the address of a database that is named by path or address."""
    word = word or DEFAULT_DATABASE
    return word if "://" in word else f"sqlite:///{word}"


def require_database(database: str) -> None:
    """Refuse a file that is not there: reading makes no empty database."""
    path = Path(database or DEFAULT_DATABASE)
    if "://" not in str(database) and not path.exists():
        raise UsageFaultError("C043", path=str(path))


@contextmanager
def at_office(database: str, name: str, *, make: bool = False) -> Iterator[Office]:
    """Open the log for one command at the office that is meant; with `make` one that is not there is added."""
    if not make:
        require_database(database)
    with open_log(database_url(database)) as log:
        yield Office.of(log, name, make=make)


def checked_words(office: Office, roster: Iterable[Subject], subject: str, clause: str) -> None:
    """Refuse a subject or clause that nobody knows, where the log has no event of it."""
    names = list(dict.fromkeys(name for s in roster for name in (s.name, *s.aliases, s.id)))
    if subject and names and subject not in names:
        raise UsageFaultError("C035", word=subject, near=nearest(subject, names))
    books = [office.log.edition(line).rulebook for line in office.log.adoptions(office.id)]
    clauses = list(dict.fromkeys(name for book in books for name in book.parts()))
    if clause and clauses and clause not in clauses:
        raise UsageFaultError("C036", word=clause, near=nearest(clause, clauses))


def checked_rulebook(office: Office, word: str) -> str:
    """Return the name of a rulebook that the office has adopted or can; any other word is wrong usage."""
    if not word:
        raise UsageFaultError("C011", name="--rulebook")
    if word not in {line.rulebook for line in office.log.adoptions(office.id)}:
        rulebook_path(word)
    return word


def assessed(
    office: Office, rulebook: str, period: str, through: str, *, known: datetime | None = None, day: date | None = None
) -> Assessed:
    """Assess what the log has for a span."""
    adoption = office.adopted(checked_rulebook(office, rulebook))
    span = asked_span(office.log.edition(adoption).rulebook, period, through)
    adoption, edition = office.edition(span, adoption.rulebook)
    events = {event.id: event for event in office.events(span, adoption)}
    assessment = office.assess(span, rulebook=adoption.rulebook, known=known, day=day)
    return Assessed(edition=edition, events=events, assessment=assessment)


def tell_taken(taken: Taken) -> None:
    """Say what became of events handed in."""
    result = taken.result
    numbers = {"appended": result.appended - len(taken.derived), "ignored": result.ignored}
    tell(say("log_imported", position=str(result.head.position), **{k: str(v) for k, v in numbers.items()}))
    if taken.derived or taken.unmatched:
        tell(say("log_classified", derived=str(len(taken.derived)), unmatched=str(len(taken.unmatched))))
    for _, finding in taken.quarantined:
        tell(finding.render(lang()))
