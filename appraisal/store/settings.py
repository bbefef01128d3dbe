"""Settings of the installation, of an office, or of an account: JSON values by scope and key."""

from __future__ import annotations

import json

from sqlalchemy import Connection, select

from appraisal.store.account_rows import SETTING
from appraisal.store.transactions import Database

Plain = str | int | bool | None | list["Plain"] | dict[str, "Plain"]


_UNSET: list[Plain] = []
"""Stands for what nobody set: no value that was read is this very list."""


class Settings:
    """What is set; the scope is empty (the installation), `office/ID` or `account/ID`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, key: str, default: Plain = None, *, scope: str = "") -> Plain:
        """Return a setting, or the default where nothing is set."""
        found = self._database.ask(
            ("setting", scope, key), lambda connection: value_of(connection, key, _UNSET, scope=scope), lasting=True
        )
        return default if found is _UNSET else found

    def all(self, scope: str = "") -> dict[str, Plain]:
        """Return every setting of a scope."""
        query = select(SETTING.c.key, SETTING.c.value).where(SETTING.c.scope == scope).order_by(SETTING.c.key)
        with self._database.reading() as connection:
            return {row.key: json.loads(row.value) for row in connection.execute(query)}

    def put(self, key: str, value: Plain, *, scope: str = "") -> None:
        """Set a value; None takes the setting away."""
        self._database.change(lambda connection: put_value(connection, key, value, scope=scope))


def value_of(connection: Connection, key: str, default: Plain = None, *, scope: str = "") -> Plain:
    """Return a setting as a transaction sees it, or the default where nothing is set."""
    query = select(SETTING.c.value).where(SETTING.c.scope == scope, SETTING.c.key == key)
    found = connection.execute(query).scalar()
    return default if found is None else json.loads(found)


def put_value(connection: Connection, key: str, value: Plain, *, scope: str = "") -> None:
    """Set a value within a transaction; None takes the setting away."""
    connection.execute(SETTING.delete().where((SETTING.c.scope == scope) & (SETTING.c.key == key)))
    if value is not None:
        told = json.dumps(value, ensure_ascii=False, sort_keys=True)
        connection.execute(SETTING.insert().values(scope=scope, key=key, value=told))
