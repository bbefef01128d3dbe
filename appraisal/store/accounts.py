"""Accounts: who may sign in, with which password, holding which roles.

After so many wrong passwords in a row an account waits before it may try again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_hex
from typing import Any

from sqlalchemy import Connection, Row, select
from sqlalchemy.exc import IntegrityError

from appraisal.errors import Finding, RefusedError
from appraisal.model.roles import SEPARATE, Actor, HeldRole, Role, clashes
from appraisal.store.account_rows import ACCOUNT, HELD_ROLE, SESSION, TOKEN
from appraisal.store.passwords import check_password, hashed, is_weak, matches
from appraisal.store.settings import put_value, value_of
from appraisal.store.transactions import Database

LOCK_AFTER = 5
LOCKED_FOR = timedelta(minutes=15)


@dataclass(frozen=True, kw_only=True)
class Account:
    """Someone who may sign in; `must_change`: the password was given by another and is changed first of all."""

    id: str
    login: str
    name: str
    roles: tuple[HeldRole, ...] = ()
    must_change: bool = False
    disabled: bool = False
    locked_until: datetime | None = None
    external: str = ""
    lang: str = ""
    made_at: datetime | None = None
    signed_in_at: datetime | None = None

    @property
    def actor(self) -> Actor:
        """Who acts when this account does."""
        return Actor(id=self.id, name=self.name, roles=self.roles)


class Accounts:
    """The accounts of an installation."""

    def __init__(self, database: Database) -> None:
        self._database = database

    # Finding

    def all(self) -> tuple[Account, ...]:
        """Return every account in the order of the logins."""
        with self._database.reading() as connection:
            return tuple(_accounts(connection))

    def get(self, account_id: str) -> Account:
        """Return an account; an unknown id is refused (O014)."""
        return self._database.ask(
            ("account", account_id), lambda connection: account_of(connection, account_id), lasting=True
        )

    def find(self, login: str) -> Account | None:
        """Return the account of this login, whatever its case."""
        with self._database.reading() as connection:
            return next(iter(_accounts(connection, ACCOUNT.c.login == login.strip().casefold())), None)

    def find_external(self, external: str) -> Account | None:
        """Return the account that is bound to an identity of another sign-in (`issuer|subject`)."""
        with self._database.reading() as connection:
            return next(iter(_accounts(connection, ACCOUNT.c.external == external)), None)

    # Changing

    def add(
        self,
        login: str,
        name: str,
        *,
        now: datetime,
        password: str = "",
        roles: Iterable[HeldRole] = (),
        must_change: bool = True,
        external: str = "",
        lang: str = "",
    ) -> Account:
        """Add an account. Without a password only OIDC leads in.

        Refused: a login that is taken or empty (O013), roles that may not be held together or as they are (O002, O003).
        """
        key = login.strip().casefold()
        if not key or not key.isprintable():
            raise RefusedError([Finding(code="O013", args={"login": login})])
        if password:
            check_password(password, key)
        row = {
            "id": f"u{token_hex(6)}",
            "login": key,
            "name": name.strip() or login.strip(),
            "password": hashed(password) if password else "",
            "must_change": int(must_change and bool(password)),
            "external": external or None,
            "lang": lang,
            "made_at": now.isoformat(),
            "changed_at": now.isoformat(),
            **dict.fromkeys(("disabled_at", "locked_until", "signed_in_at"), ""),
            "failures": 0,
        }
        held = tuple(sorted(set(roles)))

        def act(connection: Connection) -> Account:
            if connection.execute(select(ACCOUNT.c.id).where(ACCOUNT.c.login == key)).first():
                raise RefusedError([Finding(code="O013", args={"login": login})])
            try:
                connection.execute(ACCOUNT.insert().values(**row))
            except IntegrityError as error:
                raise RefusedError([Finding(code="O013", args={"login": login})]) from error
            _require_apart(connection, held, before=())
            _assign(connection, str(row["id"]), held)
            return account_of(connection, str(row["id"]))

        return self._database.change(act)

    def assign(self, account_id: str, roles: Iterable[HeldRole]) -> Account:
        """Give an account exactly these roles; its sessions end, so that no page keeps an old right.

        Roles that may not be held together, or as they are, are refused (O002, O003); taking some away never is.
        """
        held = tuple(sorted(set(roles)))

        def act(connection: Connection) -> Account:
            _require_apart(connection, held, before=account_of(connection, account_id).roles)
            connection.execute(HELD_ROLE.delete().where(HELD_ROLE.c.account_id == account_id))
            _assign(connection, account_id, held)
            connection.execute(SESSION.delete().where(SESSION.c.account_id == account_id))
            return account_of(connection, account_id)

        return self._database.change(act)

    def keep_apart(self, *, apart: bool) -> None:
        """Set whether system, security and audit administration are three people.

        Refused while an account holds roles that would then clash (O004).
        """

        def act(connection: Connection) -> None:
            clashing = [a.login for a in _accounts(connection) if any(f.code == "O002" for f in _apart(a.roles))]
            if apart and clashing:
                raise RefusedError([Finding(code="O004", args={"logins": "、".join(clashing)})])
            put_value(connection, SEPARATE, apart)

        self._database.change(act)

    def set_password(self, account_id: str, password: str, *, now: datetime, must_change: bool) -> None:
        """Set a password (refused if it is too weak: O015); every session and token of the account ends."""
        check_password(password, self.get(account_id).login)
        row = {"password": hashed(password), "must_change": int(must_change), "changed_at": now.isoformat()}

        def act(connection: Connection) -> None:
            _update(connection, account_id, **row, failures=0, locked_until="")
            connection.execute(SESSION.delete().where(SESSION.c.account_id == account_id))
            mine = (TOKEN.c.account_id == account_id) & (TOKEN.c.revoked_at == "")
            connection.execute(TOKEN.update().where(mine).values(revoked_at=now.isoformat()))

        self._database.change(act)

    def disable(self, account_id: str, *, now: datetime) -> None:
        """Shut an account out at once; what it did stays."""

        def act(connection: Connection) -> None:
            _update(connection, account_id, disabled_at=now.isoformat())
            connection.execute(SESSION.delete().where(SESSION.c.account_id == account_id))

        self._database.change(act)

    def enable(self, account_id: str) -> None:
        """Let an account in again, and end its waiting."""
        self._database.change(lambda c: _update(c, account_id, disabled_at="", failures=0, locked_until=""))

    def bind(self, account_id: str, external: str) -> None:
        """Bind an account to an identity of another sign-in (`issuer|subject`); empty: to none."""
        self._database.change(lambda c: _update(c, account_id, external=external or None))

    # Signing in

    def sign_in(self, login: str, password: str, *, now: datetime) -> Account:
        """Return the account that this login and password open.

        Refused: not right (O010, whether the login or the password is wrong), waiting after wrong ones (O011), shut
        out (O012). A wrong one counts; a right one begins the count anew.
        """
        with self._database.reading() as connection:
            row = connection.execute(select(ACCOUNT).where(ACCOUNT.c.login == login.strip().casefold())).one_or_none()
        right = matches(row.password if row is not None else "", password)
        if row is None:
            raise RefusedError([Finding(code="O010")])
        if row.locked_until > now.isoformat():
            until = datetime.fromisoformat(row.locked_until).isoformat(sep=" ", timespec="minutes")
            raise RefusedError([Finding(code="O011", args={"until": until})])
        if not right:
            self._database.change(lambda c: _failed(c, row.id, now))
            raise RefusedError([Finding(code="O010")])
        if row.disabled_at:
            raise RefusedError([Finding(code="O012")])
        if is_weak(row.password):
            same = (ACCOUNT.c.id == row.id) & (ACCOUNT.c.password == row.password)  # not one that was set meanwhile
            stronger = ACCOUNT.update().where(same).values(password=hashed(password))
            self._database.later(lambda c: c.execute(stronger))
        return self.signed_in(row.id, now=now)

    def signed_in(self, account_id: str, *, now: datetime) -> Account:
        """Note that an account signed in (by password or elsewhere); one that is shut out is refused (O012)."""

        def act(connection: Connection) -> Account:
            if account_of(connection, account_id).disabled:
                raise RefusedError([Finding(code="O012")])
            _update(connection, account_id, failures=0, locked_until="", signed_in_at=now.isoformat())
            return account_of(connection, account_id)

        return self._database.change(act)


def _failed(connection: Connection, account_id: str, now: datetime) -> None:
    """Count a wrong password on what the row says now: several may be tried at once."""
    failures = connection.execute(select(ACCOUNT.c.failures).where(ACCOUNT.c.id == account_id)).scalar_one() + 1
    until = (now + LOCKED_FOR).isoformat() if failures >= LOCK_AFTER else ""
    _update(connection, account_id, failures=0 if until else failures, locked_until=until)


def _update(connection: Connection, account_id: str, **values: object) -> None:
    if not connection.execute(ACCOUNT.update().where(ACCOUNT.c.id == account_id).values(**values)).rowcount:
        raise RefusedError([Finding(code="O014", args={"id": account_id})])


def _apart(roles: Sequence[HeldRole]) -> tuple[Finding, ...]:
    return clashes(roles, separate=True)


def _require_apart(connection: Connection, held: Sequence[HeldRole], *, before: Sequence[HeldRole]) -> None:
    """Refuse roles that clash (O002, O003), but for what is left of roles that were held already."""
    separate = value_of(connection, SEPARATE, default=True) is True
    if not set(held) <= set(before) and (findings := clashes(held, separate=separate)):
        raise RefusedError(findings)


def _assign(connection: Connection, account_id: str, roles: Sequence[HeldRole]) -> None:
    for held in roles:
        place = {"office_id": held.office, "department": held.department, "subject": held.subject}
        connection.execute(HELD_ROLE.insert().values(account_id=account_id, role=held.role.value, **place))


def account_of(connection: Connection, account_id: str) -> Account:
    """Return an account as a transaction sees it; an unknown id is refused (O014)."""
    for account in _accounts(connection, ACCOUNT.c.id == account_id):
        return account
    raise RefusedError([Finding(code="O014", args={"id": account_id})])


def _accounts(connection: Connection, scope: Any = None) -> list[Account]:
    query = select(ACCOUNT).order_by(ACCOUNT.c.login)
    rows = connection.execute(query if scope is None else query.where(scope)).all()
    held: dict[str, list[HeldRole]] = {}
    roles = select(HELD_ROLE)
    if scope is not None:
        roles = roles.where(HELD_ROLE.c.account_id.in_([row.id for row in rows]))
    for h in connection.execute(roles):
        role = HeldRole(role=Role(h.role), office=h.office_id, department=h.department, subject=h.subject)
        held.setdefault(h.account_id, []).append(role)
    return [_account(row, held.get(row.id, [])) for row in rows]


def _account(row: Row[Any], held: list[HeldRole]) -> Account:
    return Account(
        id=row.id,
        login=row.login,
        name=row.name,
        roles=tuple(sorted(held)),
        must_change=bool(row.must_change),
        disabled=bool(row.disabled_at),
        locked_until=_moment(row.locked_until),
        external=row.external or "",
        lang=row.lang,
        made_at=_moment(row.made_at),
        signed_in_at=_moment(row.signed_in_at),
    )


def _moment(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
