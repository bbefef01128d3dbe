"""Run the steps on the connection that `database` hands over, inside its transaction."""

from __future__ import annotations

from alembic import context

from appraisal.store.account_rows import ACCOUNT
from appraisal.store.rows import STEP_TABLE

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=ACCOUNT.metadata,
    version_table=STEP_TABLE,
    transactional_ddl=True,  # on SQLite too: `database` begins its transactions explicitly
)
with context.begin_transaction():
    context.run_migrations()
