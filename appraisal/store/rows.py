"""The tables of the log, apart from the model: text, whole numbers, bytes; mapped by hand in `lines` and `adoptions`.

    office ── head of its two chains
    ├── event            one line; `public` and `private` are the canonical JSON that the chain seals
    └── adoption         which rulebook version is in force when
        └── rulebook_version   the bytes of the rulebook and of its source, kept for good

The columns beside `public` are copies for searching; reading trusts `public` only, and `log verify` compares them.
"""

from __future__ import annotations

from typing import ClassVar

from sqlalchemy import (
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlmodel import Field, SQLModel

# Times, ids and hashes are compared byte by byte on every server, whatever its locale.
TEXT = Text().with_variant(Text(collation="C"), "postgresql")
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

    id: str = Field(sa_column=Column(TEXT, primary_key=True))
    name: str = Field(sa_column=Column(TEXT, nullable=False))
    head_position: int = Field(sa_column=Column(Integer, nullable=False))
    head_hash: str = Field(sa_column=Column(TEXT, nullable=False))
    adoption_position: int = Field(sa_column=Column(Integer, nullable=False))
    adoption_hash: str = Field(sa_column=Column(TEXT, nullable=False))


class VersionRow(SQLModel, table=True):
    """The bytes of a rulebook that was adopted once, and of the source text beside it."""

    __tablename__: ClassVar[str] = "rulebook_version"
    __table_args__ = (UniqueConstraint("sha256", "source_sha256"),)

    id: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=True))
    rulebook: str = Field(sa_column=Column(TEXT, nullable=False))
    sha256: str = Field(sa_column=Column(TEXT, nullable=False))
    file: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    source_name: str = Field(sa_column=Column(TEXT, nullable=False))
    source_sha256: str = Field(sa_column=Column(TEXT, nullable=False))
    source: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class AdoptionRow(SQLModel, table=True):
    """One line of an office's chain of adoptions."""

    __tablename__: ClassVar[str] = "adoption"

    office_id: str = Field(sa_column=Column(TEXT, ForeignKey("office.id"), primary_key=True))
    position: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    version_id: int = Field(sa_column=Column(Integer, ForeignKey("rulebook_version.id"), nullable=False))
    public: str = Field(sa_column=Column(TEXT, nullable=False))
    prev_hash: str = Field(sa_column=Column(TEXT, nullable=False))
    hash: str = Field(sa_column=Column(TEXT, nullable=False))


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

    office_id: str = Field(sa_column=Column(TEXT, primary_key=True))
    position: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    event_id: str = Field(sa_column=Column(TEXT, nullable=False))
    rulebook: str = Field(sa_column=Column(TEXT, nullable=False))
    year: int = Field(sa_column=Column(Integer, nullable=False))
    subject: str = Field(sa_column=Column(TEXT, nullable=False))
    clause: str = Field(sa_column=Column(TEXT, nullable=False))
    counters: str = Field(sa_column=Column(TEXT, nullable=False))
    derived_from: str = Field(sa_column=Column(TEXT, nullable=False))
    follows: str = Field(sa_column=Column(TEXT, nullable=False, server_default=""))
    kind: str = Field(sa_column=Column(TEXT, nullable=False, server_default=""))
    month: int = Field(sa_column=Column(Integer, nullable=False, server_default="0"))
    appended_at: str = Field(sa_column=Column(TEXT, nullable=False))
    public: str = Field(sa_column=Column(TEXT, nullable=False))
    private: str | None = Field(sa_column=Column(TEXT, nullable=True))
    salt: str | None = Field(sa_column=Column(TEXT, nullable=True))
    private_hash: str = Field(sa_column=Column(TEXT, nullable=False))
    prev_hash: str = Field(sa_column=Column(TEXT, nullable=False))
    hash: str = Field(sa_column=Column(TEXT, nullable=False))


def _table(row: type[SQLModel]) -> Table:
    return SQLModel.metadata.tables[str(row.__tablename__)]


OFFICE = _table(OfficeRow)
VERSION = _table(VersionRow)
ADOPTION = _table(AdoptionRow)
EVENT = _table(EventRow)
