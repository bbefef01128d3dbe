"""An SQLite file counts the changes of what is asked for with every request: answers are kept until there is one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

WATCHED = {
    "office": "name, adoption_position, adoption_hash",  # not its head, which every line moves
    "account": "",
    "held_role": "",
    "session": "",
    "api_token": "",
    "setting": "",
}
"""Each table whose changes count, and the columns whose change does; empty: all. Of lines those of the workflow do."""


def upgrade() -> None:
    """Add the number, and what counts it up."""
    number = sa.Column("number", sa.Integer, primary_key=True, nullable=False, autoincrement=False)
    op.create_table("revision", number)
    op.execute("INSERT INTO revision VALUES (0)")
    if op.get_bind().dialect.name != "sqlite":
        return
    count = "BEGIN UPDATE revision SET number = number + 1; END"
    for table, columns in WATCHED.items():
        for how in ("INSERT", "DELETE", f"UPDATE OF {columns}" if columns else "UPDATE"):
            op.execute(f"CREATE TRIGGER {table}_{how.split()[0].lower()}_counts AFTER {how} ON {table} {count}")
    op.execute(f"CREATE TRIGGER event_insert_counts AFTER INSERT ON event WHEN NEW.follows <> '' {count}")
