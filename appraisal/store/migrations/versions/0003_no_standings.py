"""Standings are worked out from the log whenever they are asked for: the table of derived ones goes."""

from __future__ import annotations

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Drop the table; nothing in it was not in the log."""
    op.drop_table("standings")
