"""Every route names what it lets people do: `Annotated[Visit, Depends(Guard(Action.READ_EVENTS))]`.

The guard finds who asks, refuses a form without its token, and answers 403 where no role held here grants the action.
What is acted on (its department, its subject) only the route knows: it asks `visit.require`.
"""

from __future__ import annotations

import hmac
from enum import Enum
from hashlib import sha256

from fastapi import Request
from fastapi.concurrency import run_in_threadpool

from api.web.faults import ForbiddenError, PasswordDueError, SignInError, TokenError, TooManyError
from api.web.house import House
from api.web.visit import LANG_COOKIE, NOBODY, OFFICE_COOKIE, SESSION_COOKIE, Visit
from appraisal.errors import Lang
from appraisal.office.rights import Action
from appraisal.store.accounts import Account
from appraisal.store.sessions import Session

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
API, GUEST_COOKIE = "/api/", "guest"
FORMS = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})
TOKEN_FIELD, TOKEN_HEADER = "csrf", "X-CSRF-Token"


class Open(Enum):
    """What needs no right: `ANYONE` not even to be signed in, `SIGNED_IN` an account."""

    ANYONE = "anyone"
    SIGNED_IN = "signed_in"


async def read_token(request: Request) -> None:
    """Find the token of a form, or of htmx in its header, before the route runs; forms are read once and kept."""
    request.state.csrf = request.headers.get(TOKEN_HEADER, "")
    kind = request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if not request.state.csrf and kind in FORMS:
        form = await request.form()
        request.state.csrf = str(form.get(TOKEN_FIELD, ""))


class Guard:
    """The door of a route: which action it is, or that it needs none."""

    def __init__(self, action: Action | Open, *, changing_password: bool = False) -> None:
        self.action = action
        self.changing_password = changing_password

    async def __call__(self, request: Request) -> Visit:
        """Return the visit, or refuse it."""
        house: House = request.app.state.house
        if request.method not in SAFE:
            await read_token(request)
        if house.installation.database.local:  # a thread would cost more than asking a file
            return self.visit(request, house)
        return await run_in_threadpool(self.visit, request, house)

    def visit(self, request: Request, house: House) -> Visit:
        """Find who asks, and whether they may."""
        bearer = _bearer(request)
        if request.url.path.startswith(API):
            _count(request, house, bearer)
        found = None if bearer else _signed_in(request, house)
        if bearer:
            visit = _program(request, house, bearer)
        elif found is None:
            visit = _guest(request, house)
            if self.action is not Open.ANYONE:
                raise SignInError
        else:
            account, session = found
            visit = _member(request, house, account, session)
            if account.must_change and self.action is not Open.ANYONE and not self.changing_password:
                raise PasswordDueError
        request.state.visit = visit
        if request.method not in SAFE and not bearer:
            _check_form(request, visit)
        if isinstance(self.action, Action) and visit.reach(self.action) is None:
            raise ForbiddenError("H010", action=f"@action_{self.action}", where=visit.office_name or "-")
        return visit


def _count(request: Request, house: House, bearer: str) -> None:
    """Refuse (429) what is more than the limit of a token, of a session, or of an address that shows neither."""
    who = bearer or request.cookies.get(SESSION_COOKIE, "") or address_of(request)
    if wait := house.limit.take(sha256(who.encode(errors="surrogatepass")).hexdigest(), at=house.ticks()):
        raise TooManyError(wait)


def address_of(request: Request) -> str:
    """Return the address that a request came from, behind proxies that are trusted the one they tell."""
    return request.client.host if request.client else "-"


def _signed_in(request: Request, house: House) -> tuple[Account, Session] | None:
    secret = request.cookies.get(SESSION_COOKIE, "")
    session = house.installation.sessions.find(secret, now=house.clock()) if secret else None
    if session is None:
        return None
    account = house.installation.accounts.get(session.account_id)
    return None if account.disabled else (account, session)


def _bearer(request: Request) -> str:
    """Return the token that a program shows; only the JSON API takes tokens."""
    kind, _, secret = request.headers.get("Authorization", "").partition(" ")
    return secret.strip() if kind.lower() == "bearer" and request.url.path.startswith(API) else ""


def _program(request: Request, house: House, secret: str) -> Visit:
    """Return the visit of a program: its account's, no further than the scopes of the token."""
    now = house.clock()
    found = house.installation.sessions.find_bearer(secret, now=now)
    if found is None or found[1].disabled:
        if wait := house.wrong.take(address_of(request), at=house.ticks()):
            raise TooManyError(wait)
        raise TokenError
    token, account = found
    actor = account.actor
    offices = actor.offices()
    return Visit(
        request=request,
        house=house,
        actor=actor,
        office_id=token.office if token.office in offices or not offices else offices[0],
        lang=chosen_lang(request, house, account.lang),
        now=now,
        scopes=frozenset(token.scopes),
    )


def _guest(request: Request, house: House) -> Visit:
    """Return the visit of nobody; its forms carry what its own cookie holds."""
    csrf = request.cookies.get(GUEST_COOKIE, "")
    lang = chosen_lang(request, house, "")
    return Visit(request=request, house=house, lang=lang, csrf=csrf, now=house.clock(), actor=NOBODY)


def _member(request: Request, house: House, account: Account, session: Session) -> Visit:
    offices = account.actor.offices()
    wanted = request.cookies.get(OFFICE_COOKIE, "")
    return Visit(
        request=request,
        house=house,
        actor=account.actor,
        office_id=wanted if wanted in offices else next(iter(offices), ""),
        lang=chosen_lang(request, house, account.lang),
        csrf=session.csrf,
        now=house.clock(),
        due_rotation=session.due_rotation,
    )


def chosen_lang(request: Request, house: House, own: str) -> Lang:
    """Return the language that the address asks for, that this browser chose, of the account, or of the house."""
    told = (request.query_params.get("lang", ""), request.cookies.get(LANG_COOKIE, ""), own, house.settings.lang)
    for word in told:
        if word in {"zh", "en"}:
            return "en" if word == "en" else "zh"
    return "zh"


def _check_form(request: Request, visit: Visit) -> None:
    """Refuse what another site made this browser send: the token is missing, or the browser says so itself."""
    origin, site = request.headers.get("Origin"), request.headers.get("Sec-Fetch-Site", "same-origin")
    own = origin is None or origin.partition("://")[2] == request.headers.get("Host", "")
    given = getattr(request.state, "csrf", "")
    if (
        not own
        or site == "cross-site"
        or not visit.csrf
        or not hmac.compare_digest(given.encode(), visit.csrf.encode())
    ):
        raise ForbiddenError("H012")
