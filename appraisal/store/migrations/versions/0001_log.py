"""The log: offices, kept rulebook versions, adoptions, events; and the triggers that refuse to change them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
LINKED = "counters <> '' OR derived_from <> ''"
FIXED = (
    "office_id position event_id rulebook year subject clause counters derived_from appended_at public private_hash "
    "prev_hash hash"
).split()


def text(name: str, *, nullable: bool = False, key: bool = False) -> sa.Column[str]:
    return sa.Column(name, TEXT, nullable=nullable, primary_key=key)


def upgrade() -> None:
    op.create_table(
        "office",
        text("id", key=True),
        text("name"),
        sa.Column("head_position", sa.Integer, nullable=False),
        text("head_hash"),
        sa.Column("adoption_position", sa.Integer, nullable=False),
        text("adoption_hash"),
    )
    op.create_table(
        "rulebook_version",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        text("rulebook"),
        text("sha256"),
        sa.Column("file", sa.LargeBinary, nullable=False),
        text("source_name"),
        text("source_sha256"),
        sa.Column("source", sa.LargeBinary, nullable=False),
        sa.UniqueConstraint("sha256", "source_sha256"),
    )
    op.create_table(
        "adoption",
        sa.Column("office_id", TEXT, sa.ForeignKey("office.id"), primary_key=True),
        sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("version_id", sa.Integer, sa.ForeignKey("rulebook_version.id"), nullable=False),
        text("public"),
        text("prev_hash"),
        text("hash"),
    )
    op.create_table(
        "event",
        sa.Column("office_id", TEXT, sa.ForeignKey("office.id"), primary_key=True),
        sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
        text("event_id"),
        text("rulebook"),
        sa.Column("year", sa.Integer, nullable=False),
        text("subject"),
        text("clause"),
        text("counters"),
        text("derived_from"),
        text("appended_at"),
        text("public"),
        text("private", nullable=True),
        text("salt", nullable=True),
        text("private_hash"),
        text("prev_hash"),
        text("hash"),
        sqlite_with_rowid=False,
    )
    op.create_index("event_of_id", "event", ["office_id", "event_id"], unique=True)
    op.create_index("event_of_year", "event", ["office_id", "rulebook", "year"])
    op.create_index("event_of_clause", "event", ["office_id", "clause", "subject"])
    linked = sa.text(LINKED)
    op.create_index("event_linked", "event", ["office_id"], sqlite_where=linked, postgresql_where=linked)
    {"sqlite": sqlite_guards, "postgresql": postgresql_guards}[op.get_bind().dialect.name]()


def sqlite_guards() -> None:
    refuse = "BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END"
    same = " AND ".join(f"NEW.{name} IS OLD.{name}" for name in FIXED)
    erasing = f"{same} AND NEW.private IS NULL AND NEW.salt IS NULL"
    op.execute(f"CREATE TRIGGER event_no_update BEFORE UPDATE ON event WHEN NOT ({erasing}) {refuse}")
    for table in ("adoption", "rulebook_version"):
        op.execute(f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} {refuse}")
    for table in ("adoption", "rulebook_version", "event", "office"):
        op.execute(f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {refuse}")
    # INSERT OR REPLACE deletes without asking the delete trigger, so the insertion itself is refused.
    taken = {
        "event": ("position", "event_id"),
        "adoption": ("position",),
    }
    for table, names in taken.items():
        for name in names:  # a trigger each: one condition with OR would read the whole office for every line
            match = f"office_id = NEW.office_id AND {name} = NEW.{name}"
            when = f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {match})"
            op.execute(f"CREATE TRIGGER {table}_no_replace_{name} BEFORE INSERT ON {table} {when} {refuse}")
    match = "id = NEW.id OR (sha256 = NEW.sha256 AND source_sha256 = NEW.source_sha256)"
    when = f"WHEN EXISTS (SELECT 1 FROM rulebook_version WHERE {match})"
    op.execute(f"CREATE TRIGGER rulebook_version_no_replace BEFORE INSERT ON rulebook_version {when} {refuse}")


def postgresql_guards() -> None:
    same = " AND ".join(f"NEW.{name} IS NOT DISTINCT FROM OLD.{name}" for name in FIXED)
    op.execute(
        "CREATE FUNCTION log_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ "
        "BEGIN RAISE EXCEPTION 'the log is append-only' USING ERRCODE = 'restrict_violation'; END $$"
    )
    op.execute(
        "CREATE FUNCTION event_only_erase() RETURNS trigger LANGUAGE plpgsql AS $$ "
        f"BEGIN IF {same} AND NEW.private IS NULL AND NEW.salt IS NULL THEN RETURN NEW; END IF; "
        "RAISE EXCEPTION 'the log is append-only' USING ERRCODE = 'restrict_violation'; END $$"
    )
    op.execute(
        "CREATE TRIGGER event_no_update BEFORE UPDATE ON event FOR EACH ROW EXECUTE FUNCTION event_only_erase()"
    )
    for table in ("adoption", "rulebook_version"):
        op.execute(
            f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION log_refuse()"
        )
    for table in ("adoption", "rulebook_version", "event", "office"):
        op.execute(
            f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION log_refuse()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} EXECUTE FUNCTION log_refuse()"
        )
