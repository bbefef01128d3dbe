"""Signing in by the provider of single sign-on, where one is set."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi.responses import RedirectResponse, Response

from api.web import oidc
from api.web.faults import MissingError
from api.web.guard import Guard, Open
from api.web.pages.signing import admit, ask, safe_path
from api.web.settings import Oidc
from api.web.visit import Visit
from appraisal.errors import Finding, RefusedError
from appraisal.store.accounts import Account
from appraisal.store.audit import Trace

router = APIRouter(include_in_schema=False)
Anyone = Annotated[Visit, Depends(Guard(Open.ANYONE))]
COOKIE = "oidc"
Word = Annotated[str, Query(max_length=4000)]


def _settings(visit: Visit) -> tuple[Oidc, str]:
    """Return the provider, and the address that it sends browsers back to."""
    found = visit.house.settings.oidc
    if found is None:
        raise MissingError
    base = visit.house.settings.public_url or str(visit.request.base_url).rstrip("/")
    return found, f"{base}/sign-in/oidc/back"


@router.get("/sign-in/oidc")
def leave(visit: Anyone, to: Word = "/") -> Response:
    """Go to the provider."""
    provider, back = _settings(visit)
    try:
        address, carried = oidc.leave(provider, back, safe_path(to))
    except RefusedError as refused:
        return ask(visit, to=to, findings=refused.findings)
    answer = RedirectResponse(address, status_code=303)
    visit.set_cookie(answer, COOKIE, carried, seconds=oidc.MINUTES * 60)
    return answer


@router.get("/sign-in/oidc/back")
def arrive(visit: Anyone, code: Word = "", state: Word = "", error: Word = "") -> Response:
    """Come back from the provider with a code: open a session for the account that the identity is bound to."""
    _settings(visit)
    try:
        journey = oidc.read_journey(visit.request.cookies.get(COOKIE, ""), state)
        account = _vouched(visit, code, error, journey)
    except RefusedError as refused:
        visit.house.installation.audit.note(
            Trace(at=visit.now, actor="", action="sign_in", outcome="refused", target="oidc")
        )
        answer = ask(visit, findings=refused.findings)
    else:
        answer = admit(visit, account.id, journey.to)
    answer.delete_cookie(COOKIE)
    return answer


def _vouched(visit: Visit, code: str, error: str, journey: oidc.Journey) -> Account:
    """Return the account that is bound to the identity of whoever comes back."""
    provider, back = _settings(visit)
    if error or not code:
        raise oidc.refused(error or "no_code")
    identity = oidc.arrive(provider, back, code, journey, now=visit.now)
    accounts = visit.house.installation.accounts
    account = accounts.find_external(identity)
    if account is None:
        raise RefusedError([Finding(code="H024", args={"subject": identity})])
    return accounts.signed_in(account.id, now=visit.now)
