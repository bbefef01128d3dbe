"""Signing in and out, the own account, and its password."""

from __future__ import annotations

from datetime import timedelta
from secrets import token_urlsafe
from typing import Annotated

from fastapi import APIRouter, Depends, Form
from fastapi.responses import RedirectResponse, Response

from api.web.guard import GUEST_COOKIE, Guard, Open, address_of
from api.web.pages.accounts import places
from api.web.rendering import render
from api.web.visit import SESSION_COOKIE, Note, Visit
from appraisal.errors import Finding, RefusedError
from appraisal.store.audit import Trace

router = APIRouter(include_in_schema=False)
OK, TOO_MANY = 200, 429
TRIES, WINDOW = 20, timedelta(minutes=5)

Anyone = Annotated[Visit, Depends(Guard(Open.ANYONE))]
Member = Annotated[Visit, Depends(Guard(Open.SIGNED_IN))]
Changing = Annotated[Visit, Depends(Guard(Open.SIGNED_IN, changing_password=True))]


def safe_path(to: str) -> str:
    """Return a path of this application; anything that leads elsewhere becomes the first page."""
    return to if to.startswith("/") and not to.startswith(("//", "/\\")) and to.isprintable() else "/"


@router.get("/sign-in")
def sign_in_page(visit: Anyone, to: str = "/") -> Response:
    """Ask for login and password."""
    return RedirectResponse(safe_path(to), status_code=303) if visit.actor.id else ask(visit, to=to)


def ask(
    visit: Visit, *, to: str = "/", login: str = "", findings: tuple[Finding, ...] = (), status: int = OK
) -> Response:
    """Return the page that asks for login and password; its form carries what the guest's cookie holds."""
    csrf = visit.csrf or token_urlsafe(24)
    settings = visit.house.settings
    context = {
        "page": {"csrf": csrf, "path": "/sign-in"},
        "to": safe_path(to),
        "login": login,
        "findings": [(f.what(visit.lang), f.remedy(visit.lang)) for f in findings],
        "oidc": settings.oidc,
        "demo": [(visit.say(f"role_{d.role}"), d.login, d.password) for d in settings.demo],
    }
    if findings and status == OK:
        status = 422
    answer = Response(render("sign_in.html", visit.lang, context), status_code=status, media_type="text/html")
    visit.set_cookie(answer, GUEST_COOKIE, csrf)
    return answer


@router.post("/sign-in")
def sign_in(
    visit: Anyone,
    login: Annotated[str, Form(max_length=200)] = "",
    password: Annotated[str, Form(max_length=1000)] = "",
    to: Annotated[str, Form()] = "/",
) -> Response:
    """Open a session for login and password; wrong ones are counted for the account and for the address."""
    house = visit.house
    address = address_of(visit.request)
    if not house.installation.attempts.allow(f"sign-in/{address}", now=visit.now, most=TRIES, within=WINDOW):
        answer = ask(visit, to=to, login=login, findings=(Finding(code="H021"),), status=TOO_MANY)
        answer.headers["Retry-After"] = str(int(WINDOW.total_seconds()))
        return answer
    try:
        account = house.installation.accounts.sign_in(login, password, now=visit.now)
    except RefusedError as refused:
        known = house.installation.accounts.find(login)
        trace = Trace(at=visit.now, actor=known.id if known else "", action="sign_in", outcome="refused")
        house.installation.audit.note(trace)
        return ask(visit, to=to, login=login, findings=refused.findings)
    house.installation.attempts.clear(f"sign-in/{address}")
    return admit(visit, account.id, to)


def admit(visit: Visit, account_id: str, to: str) -> Response:
    """Begin a session for an account, in place of any that this browser had."""
    house = visit.house
    house.installation.audit.note(Trace(at=visit.now, actor=account_id, action="sign_in"))
    if old := visit.request.cookies.get(SESSION_COOKIE, ""):
        house.installation.sessions.end(old)
    answer = RedirectResponse(safe_path(to), status_code=303)
    visit.set_cookie(answer, SESSION_COOKIE, house.installation.sessions.begin(account_id, now=visit.now))
    answer.delete_cookie(GUEST_COOKIE)
    return answer


@router.post("/sign-out")
def sign_out(visit: Changing) -> Response:
    """End the session."""
    visit.house.installation.sessions.end(visit.request.cookies.get(SESSION_COOKIE, ""))
    visit.house.installation.audit.note(Trace(at=visit.now, actor=visit.actor.id, action="sign_out"))
    answer = RedirectResponse("/sign-in", status_code=303)
    answer.delete_cookie(SESSION_COOKIE)
    return answer


@router.post("/account/sessions/end")
def end_sessions(visit: Member) -> Response:
    """Sign out everywhere: end every session of the own account, this one too."""
    visit.house.installation.sessions.end_all(visit.actor.id)
    visit.house.installation.audit.note(Trace(at=visit.now, actor=visit.actor.id, action="end_sessions"))
    answer = RedirectResponse("/sign-in", status_code=303)
    answer.delete_cookie(SESSION_COOKIE)
    return answer


@router.get("/account/password")
def password_page(visit: Changing) -> Response:
    """Ask for the old and a new password."""
    return _password(visit, ())


def _password(visit: Visit, findings: tuple[Finding, ...]) -> Response:
    due = visit.house.installation.accounts.get(visit.actor.id).must_change
    told = [(f.what(visit.lang), f.remedy(visit.lang)) for f in findings]
    context = {"findings": told, "due": due, "page": {"csrf": visit.csrf, "path": "/account/password"}}
    status = 422 if findings else 200
    return Response(render("password.html", visit.lang, context), status_code=status, media_type="text/html")


@router.post("/account/password")
def change_password(
    visit: Changing,
    old: Annotated[str, Form(max_length=1000)] = "",
    new: Annotated[str, Form(max_length=1000)] = "",
    again: Annotated[str, Form(max_length=1000)] = "",
) -> Response:
    """Set a new password; every other session of the account ends."""
    house = visit.house
    account = house.installation.accounts.get(visit.actor.id)
    try:
        house.installation.accounts.sign_in(account.login, old, now=visit.now)
        _check_new(old, new, again)
        house.installation.accounts.set_password(account.id, new, now=visit.now, must_change=False)
    except RefusedError as refused:
        return _password(visit, refused.findings)
    house.installation.audit.note(Trace(at=visit.now, actor=account.id, action="change_password"))
    return admit(visit, account.id, "/")


def _check_new(old: str, new: str, again: str) -> None:
    if new != again:
        raise RefusedError([Finding(code="H022")])
    if new == old:
        raise RefusedError([Finding(code="H025")])


@router.get("/account")
def account_page(visit: Member) -> Response:
    """Show the own account: its roles and where they are held."""
    account = visit.house.installation.accounts.get(visit.actor.id)
    return visit.show("account.html", {"account": account, **places(visit.house.installation)}, notes=_notes(visit))


def _notes(visit: Visit) -> tuple[Note, ...]:
    done = visit.request.query_params.get("done", "")
    return (Note(kind="success", words=visit.word("已保存")),) if done == "saved" else ()
