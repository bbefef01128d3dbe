"""The log: for each office one append-only chain of events, and one of adoptions.

with open_log("sqlite:///appraisal.db") as log:
    log.add_office("houjiatang", "后街")
    log.append("houjiatang", events, rulebook="houjiatang-2020", now=now)
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Self

from sqlalchemy import Connection, Engine, select

from appraisal.errors import Finding, InternalError, RefusedError
from appraisal.model.edition import Edition
from appraisal.model.event import Event
from appraisal.model.periods import Period
from appraisal.model.rulebook import Rulebook, Subject
from appraisal.store import adoptions, closings, lookup, verify
from appraisal.store.adoptions import Adoption, Version
from appraisal.store.appending import AppendResult, Handed, Progress, Request, append_one, office_row
from appraisal.store.database import PATIENCE, open_database, reading
from appraisal.store.inserting import insert_new
from appraisal.store.lines import Head, Line, Sealed, canonical, genesis, read
from appraisal.store.rows import EVENT, OFFICE
from appraisal.store.transactions import Database


def open_log(url: str, *, patience: float = PATIENCE) -> Log:
    """Open the log in this database; its tables are made or brought up to date where needed."""
    return Log(open_database(url, patience=patience))


class Log:
    """Offices, their adoptions and their events, in one database."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.database = Database(engine)
        self._editions: dict[tuple[int, str], Edition] = {}
        self._adoptions: dict[str, tuple[str, tuple[Adoption, ...]]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the database."""
        self.database.close()

    # Offices

    def offices(self) -> dict[str, str]:
        """Return the name of every office by id."""

        def named(connection: Connection) -> dict[str, str]:
            return {row.id: row.name for row in connection.execute(select(OFFICE).order_by(OFFICE.c.id))}

        return dict(self.database.ask("offices", named, lasting=True))

    def add_office(self, office: str, name: str = "") -> None:
        """Add an office with empty chains; one that exists stays as it is."""
        event_genesis, adoption_genesis = genesis("events", office), genesis("adoptions", office)
        row = {"id": office, "name": name or office, "head_position": 0, "head_hash": event_genesis}

        def act(connection: Connection) -> None:
            adopted = {"adoption_position": 0, "adoption_hash": adoption_genesis}
            connection.execute(insert_new(connection, OFFICE), {**row, **adopted})

        self.database.change(act)

    # Adoptions

    def adopt(
        self,
        office: str,
        edition: Edition,
        version: Version,
        *,
        now: datetime,
        valid_from: date | None = None,
        valid_to: date | None = None,
        roster: Sequence[Subject] | None = None,
    ) -> Adoption:
        """Bind an office to this version of a rulebook, by default for all its validity; later lines supersede."""
        if version.hash != edition.hash:
            raise InternalError(f"these are not the bytes that {edition.rulebook.id} was read from")
        line = Adoption(
            office=office,
            position=0,
            rulebook=edition.rulebook.id,
            hash=edition.hash,
            version=0,
            valid_from=valid_from or edition.rulebook.valid_from,
            valid_to=valid_to or edition.rulebook.valid_to,
            adopted_at=now,
            roster=None if roster is None else tuple(roster),
            readings=dict(edition.readings),
        )

        def act(connection: Connection) -> Adoption:
            row = office_row(connection, office, lock=True)
            adoptions.check(line, edition, adoptions.load(connection, office))
            return adoptions.append(connection, row, line, version)

        return self.database.change(act)

    def adoptions(self, office: str) -> tuple[Adoption, ...]:
        """Return every line of the office's adoptions, oldest first, superseded ones too."""

        def known(connection: Connection) -> tuple[Adoption, ...]:
            seal = str(office_row(connection, office).adoption_hash)
            found = self._adoptions.get(office)
            if found is None or found[0] != seal:
                self._adoptions[office] = found = seal, adoptions.load(connection, office)
            return found[1]

        return self.database.ask(("adoptions", office), known, lasting=True)

    def adoption(self, office: str, when: Period | date, rulebook: str | None = None) -> Adoption:
        """Return the adoption in force at this time; outside every range is refused, never the nearest."""
        return adoptions.in_force(self.adoptions(office), office, when, rulebook)

    def edition(self, adoption: Adoption) -> Edition:
        """Return an adopted rulebook, read from the bytes that were kept."""
        key = (adoption.version, canonical(dict(adoption.readings)))
        if key not in self._editions:
            with reading(self._engine) as connection:
                self._editions[key] = adoptions.edition(connection, adoption)
        return self._editions[key]

    def kept(self, adoption: Adoption) -> tuple[Version, Sealed]:
        """Return the files of an adopted rulebook, and the line that adopted it as it may leave the office."""
        with reading(self._engine) as connection:
            return adoptions.kept(connection, adoption)

    # Events

    def append(
        self,
        office: str,
        events: Iterable[Event],
        *,
        rulebook: str,
        now: datetime,
        rules: Rulebook | None = None,
        progress: Progress | None = None,
    ) -> AppendResult:
        """Append events under the office's lock: all of them, or none with every reason.

        An event that the log has is ignored; one with its id and other content is refused. `rules` says of what
        only one may count.
        """
        request = Request(office=office, events=tuple(events), rulebook=rulebook, now=now, rules=rules)
        return self.request(request, progress=progress)

    def request(self, request: Request, *, progress: Progress | None = None) -> AppendResult:
        """Append what a request asks for, with its traces and notices; all of it, or nothing with every reason."""
        if self.database.writer is not None and progress is None:
            return self.database.writer.append(request)

        def act(connection: Connection) -> AppendResult:
            return append_one(connection, request, progress)

        return self.database.change(act)

    def submit_all(self, handed: Sequence[Handed]) -> None:
        """Take requests without letting anyone wait: each has its answer once it is durable, or refused."""
        if self.database.writer is not None:
            self.database.writer.submit_all(handed)
            return
        for request, answer in handed:
            try:
                answer.set_result(self.request(request))
            except BaseException as error:  # noqa: BLE001  whoever waits is told; the others are none the worse
                answer.set_exception(error)

    def erase(self, office: str, event_id: str) -> None:
        """Erase an event's private part (note and `x_` columns) for good; the chain still holds."""

        def act(connection: Connection) -> None:
            office_row(connection, office, lock=True)
            match = (EVENT.c.office_id == office) & (EVENT.c.event_id == event_id)
            if not connection.execute(EVENT.update().where(match).values(private=None, salt=None)).rowcount:
                raise RefusedError([Finding(code="L012", args={"id": event_id, "office": office})])

        self.database.change(act)

    def head(self, office: str) -> Head:
        """Return the last line of the office's events: what a closing anchors."""
        with reading(self._engine) as connection:
            row = office_row(connection, office)
            return Head(position=row.head_position, hash=row.head_hash)

    def known_ids(self, office: str, ids: Iterable[str] | None = None) -> set[str]:
        """Return which of these ids the log has; all that it has if none are named."""
        with reading(self._engine) as connection:
            return lookup.ids(connection, office, ids)

    def line(self, office: str, event_id: str) -> Line:
        """Return one event with its place; an unknown id is refused."""
        with reading(self._engine) as connection:
            office_row(connection, office)
            for line in lookup.lines_by_id(connection, office, [event_id]):
                return line
        raise RefusedError([Finding(code="L012", args={"id": event_id, "office": office})])

    def events(
        self,
        office: str,
        *,
        rulebook: str | None = None,
        year: int | None = None,
        known: datetime | int | None = None,
    ) -> list[Event]:
        """Return the events in the order of the log: of one rulebook, of one year, known by a moment or a position.

        A year's events come with those that counter them and those that they were derived from, whatever their date.
        """
        with reading(self._engine) as connection:
            office_row(connection, office)
            scope = EVENT.c.office_id == office
            if isinstance(known, int):
                scope &= EVENT.c.position <= known
            chosen = scope
            if rulebook is not None:
                chosen &= EVENT.c.rulebook == rulebook
            if year is not None:
                chosen &= EVENT.c.year == year
            lines = {line.event.id: line for line in lookup.lines_in(connection, chosen)}
            if year is not None:
                linked = lookup.linked(connection, scope, set(lines))
                lines |= {line.event.id: line for line in lookup.lines_by_id(connection, office, sorted(linked))}
        found = [line.event for line in sorted(lines.values(), key=lambda line: line.position)]
        return [e for e in found if e.known_at <= known] if isinstance(known, datetime) else found

    def related(self, office: str, ids: Iterable[str]) -> list[Event]:
        """Return the events of these ids (or that follow these roots) and all that follow or counter them."""
        with reading(self._engine) as connection:
            return [line.event for line in lookup.related(connection, office, ids)]

    def is_followed(self, office: str, name: str) -> bool:
        """Say whether any line follows this one, or this root."""
        return self.database.ask(
            ("followed", office, name), lambda c: bool(lookup.followed(c, office, [name])), lasting=True
        )

    def year(self, office: str, rulebook: str, year: int, *, after: int = 0) -> list[Line] | None:
        """Return the lines of a rulebook's year behind a position, with those of other years that they lead to.

        None where a line behind the position ties this year to others: then the year is to be read whole.
        """
        c = EVENT.c
        mine = (c.rulebook == rulebook) & (c.year == year)
        with reading(self._engine) as connection:
            if after:
                return lookup.read_on(connection, office, rulebook, year, after)
            found = {line.event.id: line for line in lookup.lines_in(connection, (c.office_id == office) & mine)}
            linked = lookup.linked(connection, c.office_id == office, set(found))
            found |= {line.event.id: line for line in lookup.lines_by_id(connection, office, sorted(linked))}
        return sorted(found.values(), key=lambda line: line.position)

    def sealed(self, office: str, ids: Iterable[str]) -> list[Sealed]:
        """Return the lines of these events in the order of the log, without what is private in them."""
        with reading(self._engine) as connection:
            return sorted(lookup.sealed_by_id(connection, office, sorted(ids)), key=lambda line: line.position)

    def lines(
        self,
        office: str,
        *,
        subject: str | None = None,
        clause: str | None = None,
        since: datetime | None = None,
        limit: int | None = None,
    ) -> list[Line]:
        """Return lines in the order of the log: of a subject, a clause, appended since; the last ones up to a limit."""
        c = EVENT.c
        scope = c.office_id == office
        if subject is not None:
            scope &= c.subject == subject
        if clause is not None:
            scope &= c.clause == clause
        if since is not None:
            scope &= c.appended_at >= since.isoformat()
        with reading(self._engine) as connection:
            office_row(connection, office)
            query = select(c.position, c.public, c.private).where(scope).order_by(c.position.desc()).limit(limit)
            return [read(*row) for row in connection.execute(query)][::-1]

    def verify(self, office: str, *, anchor: Head | None = None) -> tuple[Finding, ...]:
        """Return the first broken link of each chain, a cut tail, and kept bytes that are not the adopted ones.

        Every closing is an anchor: the head that it stood on must be in the chain; so must `anchor`, if one is given.
        """
        with reading(self._engine) as connection:
            row = office_row(connection, office)
            anchors = [*closings.anchors(connection, office), *([anchor] if anchor else [])]
            return tuple(verify.findings(connection, row, anchors))
