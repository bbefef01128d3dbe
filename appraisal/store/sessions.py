"""Who is signed in: sessions of browsers, tokens of programs, and how often something was tried."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from secrets import token_hex, token_urlsafe
from typing import Any

from sqlalchemy import Connection, Row, select

from appraisal.errors import Finding, RefusedError
from appraisal.store.account_rows import ATTEMPT, SESSION, TOKEN
from appraisal.store.accounts import Account, account_of
from appraisal.store.transactions import Database

LASTS = timedelta(hours=12)
"""How long a session lasts at most, however busy."""

IDLE = timedelta(hours=2)
"""How long a session lasts without a request."""

ROTATED_EVERY = timedelta(minutes=30)
_OVERLAP = timedelta(seconds=30)
_SEEN_EVERY = timedelta(minutes=1)  # a page must not write for each request
_TOKEN_HEAD = "apt_"  # noqa: S105  so that a leaked token is recognised


@dataclass(frozen=True, kw_only=True)
class Session:
    """A browser that is signed in; `due_rotation`: it should be given a new id now."""

    account_id: str
    csrf: str
    made_at: datetime
    expires_at: datetime
    due_rotation: bool = False


@dataclass(frozen=True, kw_only=True)
class Token:
    """A token of the JSON API; `scopes` are actions of the table of rights that it may use of its account's."""

    id: str
    account_id: str
    office: str
    name: str
    scopes: tuple[str, ...]
    made_at: datetime
    expires_at: datetime | None
    used_at: datetime | None
    revoked: bool


class Sessions:
    """Sessions and tokens: what is handed out is random, what is kept is its hash."""

    def __init__(self, database: Database) -> None:
        self._database = database

    # Browsers

    def begin(self, account_id: str, *, now: datetime) -> str:
        """Begin a session and return what the cookie holds."""
        secret = token_urlsafe(32)
        row = {
            "id": _hash(secret),
            "account_id": account_id,
            "csrf": token_urlsafe(24),
            **dict.fromkeys(("made_at", "seen_at", "rotated_at"), now.isoformat()),
            "expires_at": (now + LASTS).isoformat(),
        }
        self._database.change(lambda c: c.execute(SESSION.insert().values(**row)))
        return secret

    def find(self, secret: str, *, now: datetime) -> Session | None:
        """Return the session of a cookie; None where there is none, or it is over."""
        key = _hash(secret)
        query = select(SESSION).where(SESSION.c.id == key)
        row = self._database.ask(
            ("session", key), lambda connection: connection.execute(query).one_or_none(), lasting=True
        )
        if row is None or row.expires_at <= now.isoformat() or row.seen_at <= (now - IDLE).isoformat():
            return None
        if row.seen_at <= (now - _SEEN_EVERY).isoformat():
            seen = SESSION.update().where(SESSION.c.id == key).values(seen_at=now.isoformat())
            self._database.later(lambda c: c.execute(seen))
        return Session(
            account_id=row.account_id,
            csrf=row.csrf,
            made_at=datetime.fromisoformat(row.made_at),
            expires_at=datetime.fromisoformat(row.expires_at),
            due_rotation=row.rotated_at <= (now - ROTATED_EVERY).isoformat(),
        )

    def rotate(self, secret: str, *, now: datetime) -> str | None:
        """Give a session a new id (the form token stays) and return it; None where another request was first.

        The old id holds for a moment more: a browser has several requests under way.
        """
        fresh, old = token_urlsafe(32), SESSION.c.id == _hash(secret)
        instant = now.isoformat()

        def act(connection: Connection) -> str | None:
            row = connection.execute(select(SESSION).where(old)).mappings().one_or_none()
            if row is None or row["rotated_at"] > (now - ROTATED_EVERY).isoformat():
                return None
            renewed = {"id": _hash(fresh), "rotated_at": instant, "seen_at": instant}
            connection.execute(SESSION.insert().values(**{**row, **renewed}))
            end = min(row["expires_at"], (now + _OVERLAP).isoformat())
            connection.execute(SESSION.update().where(old).values(rotated_at=instant, expires_at=end))
            return fresh

        return self._database.change(act)

    def end(self, secret: str) -> None:
        """End a session."""
        self._database.change(lambda c: c.execute(SESSION.delete().where(SESSION.c.id == _hash(secret))))

    def end_all(self, account_id: str) -> None:
        """End every session of an account."""
        self._database.change(lambda c: c.execute(SESSION.delete().where(SESSION.c.account_id == account_id)))

    def sweep(self, *, now: datetime) -> int:
        """Forget what is over, and return how many sessions that were."""
        over = (SESSION.c.expires_at <= now.isoformat()) | (SESSION.c.seen_at <= (now - IDLE).isoformat())
        return self._database.change(lambda c: c.execute(SESSION.delete().where(over)).rowcount)

    # Programs

    def make_token(
        self,
        account_id: str,
        *,
        now: datetime,
        name: str,
        scopes: Iterable[str],
        office: str = "",
        expires_at: datetime | None = None,
    ) -> tuple[Token, str]:
        """Make a token and return it with what its bearer shows, which is never shown again."""
        secret = _TOKEN_HEAD + token_urlsafe(32)
        row = {
            "id": f"t{token_hex(6)}",
            "hash": _hash(secret),
            "account_id": account_id,
            "office_id": office,
            "name": name,
            "scopes": " ".join(sorted(set(scopes))),
            "made_at": now.isoformat(),
            "expires_at": expires_at.isoformat() if expires_at else "",
            "used_at": "",
            "revoked_at": "",
        }

        def act(connection: Connection) -> Token:
            connection.execute(TOKEN.insert().values(**row))
            return _token(connection.execute(select(TOKEN).where(TOKEN.c.id == row["id"])).one())

        return self._database.change(act), secret

    def find_bearer(self, secret: str, *, now: datetime) -> tuple[Token, Account] | None:
        """Return the token that a bearer shows, and whose it is; None where there is none, or it is over or revoked."""
        key = _hash(secret)
        found = self._database.ask(("token", key), lambda connection: _shown(connection, key), lasting=True)
        if found is None or found[0].revoked or (found[0].expires_at and found[0].expires_at <= now):
            return None
        token, _ = found
        if token.used_at is None or token.used_at <= now - _SEEN_EVERY:
            used = TOKEN.update().where(TOKEN.c.id == token.id).values(used_at=now.isoformat())
            self._database.later(lambda c: c.execute(used))
        return found

    def tokens(self, account_id: str) -> tuple[Token, ...]:
        """Return the tokens of an account, the latest first."""
        query = select(TOKEN).where(TOKEN.c.account_id == account_id).order_by(TOKEN.c.made_at.desc(), TOKEN.c.id)
        with self._database.reading() as connection:
            return tuple(_token(row) for row in connection.execute(query))

    def revoke(self, account_id: str, token_id: str, *, now: datetime) -> None:
        """End a token of an account; one that it does not have is refused (O016)."""
        mine = (TOKEN.c.id == token_id) & (TOKEN.c.account_id == account_id)
        change = TOKEN.update().where(mine).values(revoked_at=now.isoformat())
        if not self._database.change(lambda c: c.execute(change).rowcount):
            raise RefusedError([Finding(code="O016", args={"id": token_id})])


class Attempts:
    """How often something was tried of late: a limit for each key, such as an address."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def allow(self, key: str, *, now: datetime, most: int, within: timedelta) -> bool:
        """Count a try, and say whether there were no more than so many since the window of this key began."""

        def act(connection: Connection) -> bool:
            row = connection.execute(select(ATTEMPT).where(ATTEMPT.c.key == key)).one_or_none()
            if row is None:
                connection.execute(ATTEMPT.insert().values(key=key, since=now.isoformat(), tries=1))
                return True
            fresh = row.since <= (now - within).isoformat()
            values = {"since": now.isoformat(), "tries": 1} if fresh else {"tries": row.tries + 1}
            connection.execute(ATTEMPT.update().where(ATTEMPT.c.key == key).values(**values))
            return bool(fresh or row.tries < most)

        return self._database.change(act)

    def clear(self, key: str) -> None:
        """Begin anew for a key."""
        self._database.change(lambda c: c.execute(ATTEMPT.delete().where(ATTEMPT.c.key == key)))

    def sweep(self, *, now: datetime, within: timedelta) -> None:
        """Forget the windows that are over."""
        self._database.change(
            lambda c: c.execute(ATTEMPT.delete().where(ATTEMPT.c.since <= (now - within).isoformat()))
        )


def _hash(secret: str) -> str:
    return sha256(secret.encode(errors="surrogatepass")).hexdigest()


def _shown(connection: Connection, key: str) -> tuple[Token, Account] | None:
    row = connection.execute(select(TOKEN).where(TOKEN.c.hash == key)).one_or_none()
    return None if row is None else (_token(row), account_of(connection, row.account_id))


def _token(row: Row[Any]) -> Token:
    return Token(
        id=row.id,
        account_id=row.account_id,
        office=row.office_id,
        name=row.name,
        scopes=tuple(row.scopes.split()),
        made_at=datetime.fromisoformat(row.made_at),
        expires_at=datetime.fromisoformat(row.expires_at) if row.expires_at else None,
        used_at=datetime.fromisoformat(row.used_at) if row.used_at else None,
        revoked=bool(row.revoked_at),
    )
