"""The office: lines that follow others, accounts, sessions, the audit trail, closings, derived standings, notices."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
FIXED = (
    "office_id position event_id rulebook year subject clause counters derived_from follows kind month appended_at public "
    "private_hash prev_hash hash"
).split()
INDEXES = (
    ("event_followed", ["office_id", "follows"], True),
    ("event_countered", ["office_id", "counters"], False),
    ("event_of_kind", ["office_id", "kind", "year"], False),
)
SEALED = ("audit", "closing")

# Each table: its columns (i: whole number, b: bytes, else text), its key, what must be unique, its indexes.
TABLES = {
    "account": (
        "id login name password must_change:i external:n lang made_at changed_at disabled_at locked_until failures:i "
        "signed_in_at",
        ["id"],
        [["login"], ["external"]],
        {},
    ),
    "held_role": (
        "account_id>account.id role office_id department subject",
        ["account_id", "role", "office_id", "department", "subject"],
        [],
        {},
    ),
    "session": (
        "id account_id>account.id csrf made_at seen_at rotated_at expires_at",
        ["id"],
        [],
        {"session_of_account": ["account_id"]},
    ),
    "api_token": (
        "id hash account_id>account.id office_id name scopes made_at expires_at used_at revoked_at",
        ["id"],
        [["hash"]],
        {},
    ),
    "attempt": ("key since tries:i", ["key"], [], {}),
    "setting": ("scope key value", ["scope", "key"], [], {}),
    "audit": (
        "position:i at actor action office_id target outcome details prev_hash hash",
        ["position"],
        [],
        {"audit_of_office": ["office_id", "position"]},
    ),
    "closing": (
        "office_id>office.id rulebook span number:i event_id position:i head_hash sha256 document:b",
        ["office_id", "rulebook", "span", "number"],
        [],
        {},
    ),
    "standings": (
        "office_id>office.id rulebook span version day position:i adoption:i document:b",
        ["office_id", "rulebook", "span"],
        [],
        {},
    ),
    "evidence": ("office_id>office.id sha256 type size:i kept_at", ["office_id", "sha256"], [], {}),
    "notice": (
        "id:i office_id kind once made_at role department subject about",
        ["id"],
        [["office_id", "once"]],
        {"notice_of_office": ["office_id", "id"]},
    ),
    "notice_read": ("account_id office_id notice_id:i", ["account_id", "office_id"], [], {}),
    "webhook": ("id office_id url secret kinds made_at disabled_at", ["id"], [], {}),
    "delivery": (
        "webhook_id>webhook.id notice_id:i state tries:i due_at answer",
        ["webhook_id", "notice_id"],
        [],
        {"delivery_due": ["state", "due_at"]},
    ),
    "request": ("account_id key fingerprint made_at status:i answer", ["account_id", "key"], [], {}),
}


def column(told: str, table: str, key: list[str]) -> sa.Column[Any]:
    name, _, kind = told.partition(":")
    name, _, target = name.partition(">")
    kinds = {"i": sa.Integer, "b": sa.LargeBinary}
    links = [sa.ForeignKey(target)] if target else []
    counts = (table, name) == ("notice", "id")
    return sa.Column(
        name, kinds.get(kind, TEXT), *links, primary_key=name in key, nullable=kind == "n", autoincrement=counts
    )


def upgrade() -> None:
    dialect = op.get_bind().dialect.name
    for name, (columns, key, unique, indexes) in TABLES.items():
        parts = [sa.UniqueConstraint(*names) for names in unique]
        op.create_table(name, *(column(told, name, key) for told in columns.split()), *parts)
        for index, names in indexes.items():
            op.create_index(index, name, names)
    op.execute("DROP TRIGGER event_no_update" + (" ON event" if dialect == "postgresql" else ""))
    for name, kind in (("follows", TEXT), ("kind", TEXT), ("month", sa.Integer)):
        empty = "0" if name == "month" else ""
        op.add_column("event", sa.Column(name, kind, nullable=False, server_default=empty))
    {"sqlite": sqlite, "postgresql": postgresql}[dialect]()
    for index, named, one in INDEXES:
        where = sa.text(f"{named[1]} <> ''")
        op.create_index(index, "event", named, unique=one, sqlite_where=where, postgresql_where=where)


def sqlite() -> None:
    told = "json_extract(public, '$.event.{}')"
    when = f"coalesce({told.format('period')}, {told.format('date')})"
    month = f"coalesce(cast(substr({when}, 6, 2) AS INTEGER), 0)"
    kind = f"coalesce({told.format('kind')}, '')"
    op.execute(f"UPDATE event SET kind = {kind}, month = {month}")
    refuse = "BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END"
    same = " AND ".join(f"NEW.{name} IS OLD.{name}" for name in FIXED)
    erasing = f"{same} AND NEW.private IS NULL AND NEW.salt IS NULL"
    op.execute(f"CREATE TRIGGER event_no_update BEFORE UPDATE ON event WHEN NOT ({erasing}) {refuse}")
    for table in SEALED:
        for how in ("UPDATE", "DELETE"):
            op.execute(f"CREATE TRIGGER {table}_no_{how.lower()} BEFORE {how} ON {table} {refuse}")
    one = {
        "audit": "position = NEW.position",
        "closing": "office_id = NEW.office_id AND rulebook = NEW.rulebook AND span = NEW.span AND number = NEW.number",
    }
    for table, same in one.items():
        when = f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {same})"
        op.execute(f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} {when} {refuse}")
    match = "office_id = NEW.office_id AND follows = NEW.follows"
    when = f"WHEN NEW.follows <> '' AND EXISTS (SELECT 1 FROM event WHERE {match} AND follows <> '')"
    op.execute(f"CREATE TRIGGER event_no_replace_follows BEFORE INSERT ON event {when} {refuse}")


def postgresql() -> None:
    told = "(public::json -> 'event' ->> '{}')"
    when = f"coalesce({told.format('period')}, {told.format('date')})"
    month = f"coalesce(cast(nullif(substr({when}, 6, 2), '') AS INTEGER), 0)"
    op.execute(f"UPDATE event SET kind = coalesce({told.format('kind')}, ''), month = {month}")
    same = " AND ".join(f"NEW.{name} IS NOT DISTINCT FROM OLD.{name}" for name in FIXED)
    op.execute(
        "CREATE OR REPLACE FUNCTION event_only_erase() RETURNS trigger LANGUAGE plpgsql AS $$ "
        f"BEGIN IF {same} AND NEW.private IS NULL AND NEW.salt IS NULL THEN RETURN NEW; END IF; "
        "RAISE EXCEPTION 'the log is append-only' USING ERRCODE = 'restrict_violation'; END $$"
    )
    op.execute(
        "CREATE TRIGGER event_no_update BEFORE UPDATE ON event FOR EACH ROW EXECUTE FUNCTION event_only_erase()"
    )
    for table in SEALED:
        for how in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{how.lower()} BEFORE {how} ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION log_refuse()"
            )
        op.execute(
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} EXECUTE FUNCTION log_refuse()"
        )
