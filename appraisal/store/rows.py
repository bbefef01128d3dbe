"""The tables of the log, apart from the model: text, whole numbers, bytes; mapped by hand in `lines` and `adoptions`.

    office ── head of its two chains
    ├── event            one line; `public` and `private` are the canonical JSON that the chain seals
    └── adoption         which rulebook version is in force when
        └── rulebook_version   the bytes of the rulebook and of its source, kept for good

The columns beside `public` are copies for searching; reading trusts `public` only, and `log verify` compares them.
"""

from __future__ import annotations

from typing import ClassVar

from sqlalchemy import ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlmodel import SQLModel

from appraisal.store.columns import octets, table_of, whole, words

BY_ID = "event_of_id"
STEP_TABLE = "appraisal_step"  # Alembic's own, under a name that no other program in the same database uses
LINKED = text("(counters <> '' OR derived_from <> '')")
"""Lines that name another; written out: a partial index serves only its own condition. In brackets: it is a part."""

STEPS = text("follows <> ''")
"""Lines of the workflow: one line is followed by one other at most."""

COUNTERS = text("counters <> ''")
KINDS = text("kind <> ''")


class OfficeRow(SQLModel, table=True):
    """A street office, and the heads of its two chains: an anchor outside the chained rows."""

    __tablename__: ClassVar[str] = "office"

    id: str = words(key=True)
    name: str = words()
    head_position: int = whole()
    head_hash: str = words()
    adoption_position: int = whole()
    adoption_hash: str = words()


class VersionRow(SQLModel, table=True):
    """The bytes of a rulebook that was adopted once, and of the source text beside it."""

    __tablename__: ClassVar[str] = "rulebook_version"
    __table_args__ = (UniqueConstraint("sha256", "source_sha256"),)

    id: int = whole(key=True, counts=True)
    rulebook: str = words()
    sha256: str = words()
    file: bytes = octets()
    source_name: str = words()
    source_sha256: str = words()
    source: bytes = octets()


class AdoptionRow(SQLModel, table=True):
    """One line of an office's chain of adoptions."""

    __tablename__: ClassVar[str] = "adoption"

    office_id: str = words(key=True, to="office.id")
    position: int = whole(key=True)
    version_id: int = whole(to="rulebook_version.id")
    public: str = words()
    prev_hash: str = words()
    hash: str = words()


class EventRow(SQLModel, table=True):
    """One line of an office's log."""

    __tablename__: ClassVar[str] = "event"
    __table_args__ = (
        Index(BY_ID, "office_id", "event_id", unique=True),
        ForeignKeyConstraint(["office_id"], ["office.id"]),
        Index("event_of_year", "office_id", "rulebook", "year"),
        Index("event_of_clause", "office_id", "clause", "subject"),
        Index("event_linked", "office_id", sqlite_where=LINKED, postgresql_where=LINKED),
        Index("event_countered", "office_id", "counters", sqlite_where=COUNTERS, postgresql_where=COUNTERS),
        Index("event_of_kind", "office_id", "kind", "year", sqlite_where=KINDS, postgresql_where=KINDS),
        Index("event_followed", "office_id", "follows", unique=True, sqlite_where=STEPS, postgresql_where=STEPS),
        {"sqlite_with_rowid": False},
    )

    office_id: str = words(key=True)
    position: int = whole(key=True)
    event_id: str = words()
    rulebook: str = words()
    year: int = whole()
    subject: str = words()
    clause: str = words()
    counters: str = words()
    derived_from: str = words()
    follows: str = words(default="")
    kind: str = words(default="")
    month: int = whole(default="0")
    appended_at: str = words()
    public: str = words()
    private: str | None = words(none=True)
    salt: str | None = words(none=True)
    private_hash: str = words()
    prev_hash: str = words()
    hash: str = words()


OFFICE = table_of(OfficeRow)
VERSION = table_of(VersionRow)
ADOPTION = table_of(AdoptionRow)
EVENT = table_of(EventRow)
