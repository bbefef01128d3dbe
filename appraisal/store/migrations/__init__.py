"""The steps by which a database of an older version becomes one of today, run by Alembic when a log is opened."""
