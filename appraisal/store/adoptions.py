"""Which rulebook version an office uses when: append-only lines, and the bytes of every version ever adopted."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType

from sqlalchemy import Connection, Row, select

from appraisal.errors import Finding, InternalError, RefusedError
from appraisal.model.edition import Edition
from appraisal.model.periods import Period
from appraisal.model.rulebook import Subject
from appraisal.reading.rulebook import parse_rulebook
from appraisal.store.lines import Sealed, canonical, digest
from appraisal.store.rows import ADOPTION, OFFICE, VERSION


@dataclass(frozen=True, kw_only=True)
class Version:
    """A rulebook as files: its own bytes, and those of the source text beside it."""

    file: bytes
    source_name: str
    source: bytes

    @classmethod
    def load(cls, path: Path, edition: Edition) -> Version:
        """Read the files of an edition; they must still be the bytes that the edition was read from."""
        name = edition.rulebook.source.file
        return cls(file=path.read_bytes(), source_name=name, source=(path.parent / name).read_bytes())

    @property
    def hash(self) -> str:
        """What an edition of it calls itself."""
        return _hash(self.file)

    @property
    def source_hash(self) -> str:
        """What an adoption says of the source text."""
        return _hash(self.source)


def _hash(content: bytes) -> str:
    return f"sha256:{sha256(content).hexdigest()}"


@dataclass(frozen=True, kw_only=True)
class Adoption:
    """Binds an office, a rulebook version, a roster and the days on which it is in force.

    `roster` is None where the rulebook's own holds; `readings` names the alternatives chosen.
    """

    office: str
    position: int
    rulebook: str
    hash: str
    version: int
    valid_from: date
    valid_to: date
    adopted_at: datetime
    roster: tuple[Subject, ...] | None = None
    readings: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def covers(self, when: Period | date) -> bool:
        """Say whether the day, or a day of the period, lies in its range; both ends are included."""
        first, last = (when.first, when.last) if isinstance(when, Period) else (when, when)
        return self.valid_from <= last and first <= self.valid_to


def append(connection: Connection, office: Row[tuple[object, ...]], line: Adoption, version: Version) -> Adoption:
    """Write a line of the chain of adoptions; the caller holds the office's lock and has checked it."""
    version_id = _keep(connection, line.rulebook, version)
    position, previous = office.adoption_position + 1, office.adoption_hash
    roster = None if line.roster is None else [subject.model_dump(mode="json") for subject in line.roster]
    public = canonical(
        {
            "appended": line.adopted_at.isoformat(),
            "hash": line.hash,
            "readings": dict(line.readings),
            "roster": roster,
            "rulebook": line.rulebook,
            "source_hash": version.source_hash,
            "valid_from": line.valid_from.isoformat(),
            "valid_to": line.valid_to.isoformat(),
        }
    )
    seal = digest(previous, public)
    row = {"office_id": line.office, "position": position, "version_id": version_id, "public": public}
    connection.execute(ADOPTION.insert().values(**row, prev_hash=previous, hash=seal))
    head = {"adoption_position": position, "adoption_hash": seal}
    connection.execute(OFFICE.update().where(OFFICE.c.id == line.office).values(**head))
    return _read(line.office, position, version_id, public)


def _keep(connection: Connection, rulebook: str, version: Version) -> int:
    c = VERSION.c
    seals = {"sha256": _hash(version.file), "source_sha256": version.source_hash}
    query = select(c.id).where(c.sha256 == seals["sha256"], c.source_sha256 == seals["source_sha256"])
    kept = connection.execute(query).scalar()
    if kept is not None:
        return int(kept)
    row = {"rulebook": rulebook, "file": version.file, "source_name": version.source_name, "source": version.source}
    return int(connection.execute(VERSION.insert().values(**row, **seals).returning(c.id)).scalar_one())


def load(connection: Connection, office: str) -> tuple[Adoption, ...]:
    """Return every line of an office's chain of adoptions, oldest first."""
    c = ADOPTION.c
    query = select(c.position, c.version_id, c.public).where(c.office_id == office).order_by(c.position)
    return tuple(_read(office, row.position, row.version_id, row.public) for row in connection.execute(query))


def _read(office: str, position: int, version: int, public: str) -> Adoption:
    told = json.loads(public)
    roster = told["roster"]
    return Adoption(
        office=office,
        position=position,
        rulebook=told["rulebook"],
        hash=told["hash"],
        version=version,
        valid_from=date.fromisoformat(told["valid_from"]),
        valid_to=date.fromisoformat(told["valid_to"]),
        adopted_at=datetime.fromisoformat(told["appended"]),
        roster=None if roster is None else tuple(Subject.model_validate(subject) for subject in roster),
        readings=MappingProxyType(told["readings"]),
    )


def in_force(lines: Sequence[Adoption], office: str, when: Period | date, rulebook: str | None) -> Adoption:
    """Return the line that holds at this time: of one rulebook the latest one; outside every range is refused."""
    known = [line for line in lines if rulebook in {None, line.rulebook}]
    latest = {line.rulebook: line for line in known if line.covers(when)}
    if len(latest) == 1:
        return next(iter(latest.values()))
    if latest:
        args = {"office": office, "when": str(when), "rulebooks": ", ".join(sorted(latest))}
        raise RefusedError([Finding(code="L023", args=args)])
    raise RefusedError([not_adopted(lines, office, str(when), rulebook)])


def not_adopted(lines: Iterable[Adoption], office: str, when: str, rulebook: str | None) -> Finding:
    """Return the finding that an office has no adoption for a time, with those that it has."""
    ranges = ", ".join(dict.fromkeys(f"{x.rulebook} {x.valid_from}..{x.valid_to}" for x in lines)) or "—"
    return Finding(code="L022", args={"office": office, "when": when, "rulebook": rulebook or "*", "ranges": ranges})


def check(line: Adoption, edition: Edition, earlier: Iterable[Adoption]) -> None:
    """Refuse a range outside the rulebook's validity, and one that would leave two versions in one year."""
    book = edition.rulebook
    args = {"rulebook": book.id, "from": str(line.valid_from), "to": str(line.valid_to)}
    if not book.valid_from <= line.valid_from <= line.valid_to <= book.valid_to:
        allowed = {"valid_from": str(book.valid_from), "valid_to": str(book.valid_to)}
        raise RefusedError([Finding(code="L020", args={**args, **allowed})])
    findings = []
    for year, first, last in _needed(line, book.valid_from, book.valid_to, earlier):
        if not (line.valid_from <= first and last <= line.valid_to):
            needed = {"year": str(year), "first": str(first), "last": str(last)}
            findings.append(Finding(code="L021", args={**args, **needed}))
    if findings:
        raise RefusedError(findings)


def _needed(
    line: Adoption, valid_from: date, valid_to: date, earlier: Iterable[Adoption]
) -> Iterator[tuple[int, date, date]]:
    """Yield the days that the line must cover of each year it touches: within the validity, and what was before."""
    before = [x for x in earlier if x.rulebook == line.rulebook]
    for year in range(line.valid_from.year, line.valid_to.year + 1):
        start, end = date(year, 1, 1), date(year, 12, 31)
        spans = [(valid_from, valid_to), *((x.valid_from, x.valid_to) for x in before)]
        inside = [(max(first, start), min(last, end)) for first, last in spans if first <= end and start <= last]
        yield year, min(first for first, _ in inside), max(last for _, last in inside)


def edition(connection: Connection, adoption: Adoption) -> Edition:
    """Read an adopted rulebook again from the bytes that were kept."""
    c = VERSION.c
    row = connection.execute(select(c.file).where(c.id == adoption.version)).one()
    read = parse_rulebook(bytes(row.file), f"{adoption.rulebook}@{adoption.hash}", readings=adoption.readings)
    if read.hash != adoption.hash:
        raise InternalError(f"the kept bytes of {adoption.rulebook} are not those that were adopted")
    return read


def kept(connection: Connection, adoption: Adoption) -> tuple[Version, Sealed]:
    """Return the files of an adopted rulebook, and the line that adopted it."""
    v, a = VERSION.c, ADOPTION.c
    files = connection.execute(select(v.file, v.source_name, v.source).where(v.id == adoption.version)).one()
    where = (a.office_id == adoption.office) & (a.position == adoption.position)
    line = connection.execute(select(a.public, a.prev_hash, a.hash).where(where)).one()
    version = Version(file=bytes(files.file), source_name=files.source_name, source=bytes(files.source))
    seal = Sealed(position=adoption.position, public=line.public, previous=line.prev_hash, hash=line.hash)
    return version, seal
