"""Tokens of the own account, for programs that use the JSON API."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Form
from fastapi.responses import RedirectResponse, Response

from api.web.guard import Guard
from api.web.pages.accounts import saved
from api.web.visit import Visit
from appraisal.office.rights import Action
from appraisal.store.audit import Trace

router = APIRouter(include_in_schema=False)
OF_ACCOUNTS = frozenset({Action.OWN_TOKENS, Action.READ_DRAFTS})
"""What no token is given by itself: it reads drafts where it reads rankings and its account reads drafts."""
Owner = Annotated[Visit, Depends(Guard(Action.OWN_TOKENS))]


@router.get("/account/tokens")
def show(visit: Owner) -> Response:
    """Show the tokens of the own account."""
    return _tokens(visit)


def _tokens(visit: Visit, secret: str = "") -> Response:
    actions = [action for action in Action if visit.reach(action) is not None and action not in OF_ACCOUNTS]
    tokens = visit.house.installation.sessions.tokens(visit.actor.id)
    context = {"tokens": tokens, "actions": actions, "secret": secret, "now": visit.now}
    return visit.show("tokens.html", context, notes=saved(visit))


@router.post("/account/tokens")
def make(
    visit: Owner,
    name: Annotated[str, Form(max_length=100)] = "",
    days: Annotated[int, Form(ge=1, le=366)] = 90,
    scope: Annotated[list[str] | None, Form()] = None,
) -> Response:
    """Make a token for some of what the account may do; it is shown once."""
    house = visit.house.installation
    allowed = [word for word in scope or () if word in set(Action) and visit.reach(Action(word)) is not None]
    until = visit.now + timedelta(days=days)
    token, secret = house.sessions.make_token(
        visit.actor.id,
        now=visit.now,
        name=name.strip() or "-",
        scopes=allowed,
        office=visit.office_id,
        expires_at=until,
    )
    trace = Trace(at=visit.now, actor=visit.actor.id, action="make_token", office=visit.office_id, target=token.id)
    house.audit.note(trace)
    return _tokens(visit, secret)


@router.post("/account/tokens/{token}/revoke")
def revoke(visit: Owner, token: str) -> Response:
    """End a token."""
    house = visit.house.installation
    house.sessions.revoke(visit.actor.id, token, now=visit.now)
    trace = Trace(at=visit.now, actor=visit.actor.id, action="revoke_token", office=visit.office_id, target=token)
    house.audit.note(trace)
    return RedirectResponse("/account/tokens?done=saved", status_code=303)
