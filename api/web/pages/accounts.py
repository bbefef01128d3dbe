"""Administration: accounts, their roles, passwords and sessions."""

from __future__ import annotations

from secrets import choice
from typing import Annotated

from fastapi import APIRouter, Depends, Form
from fastapi.responses import RedirectResponse, Response

from api.web import parts
from api.web.faults import MissingError
from api.web.guard import Guard
from api.web.visit import Note, Visit
from appraisal.errors import Finding, RefusedError
from appraisal.model.roles import ADMINISTRATION, HeldRole, Role
from appraisal.office.installation import Installation
from appraisal.office.rights import Action
from appraisal.store.accounts import Account
from appraisal.store.audit import Trace

router = APIRouter(include_in_schema=False)
Reader = Annotated[Visit, Depends(Guard(Action.READ_ACCOUNTS))]
Manager = Annotated[Visit, Depends(Guard(Action.MANAGE_ACCOUNTS))]
Assigner = Annotated[Visit, Depends(Guard(Action.ASSIGN_ROLES))]
Ender = Annotated[Visit, Depends(Guard(Action.MANAGE_SESSIONS))]
Field = Annotated[str, Form(max_length=200)]
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that are mistaken for another when read out


def first_password() -> str:
    """Return a password to hand over, which is changed at the first sign-in."""
    return "-".join("".join(choice(LETTERS) for _ in range(4)) for _ in range(4))


def seen(visit: Visit) -> list[Account]:
    """Return the accounts that whoever asks administers: all, or those of the own office and those without a role."""
    accounts = visit.house.installation.accounts.all()
    if any(h.office == "" for h in visit.actor.roles if h.role in ADMINISTRATION):
        return list(accounts)
    own = set(visit.actor.offices())
    return [a for a in accounts if not a.roles or {h.office for h in a.roles} & own]


def _one(visit: Visit, account: str) -> Account:
    for found in seen(visit):
        if found.id == account:
            return found
    raise MissingError


def _trace(visit: Visit, action: str, target: str) -> None:
    visit.house.installation.audit.note(
        Trace(at=visit.now, actor=visit.actor.id, action=action, office=visit.office_id, target=target)
    )


def _back(account: str) -> Response:
    return RedirectResponse(f"/admin/accounts/{account}?done=saved", status_code=303)


def saved(visit: Visit) -> tuple[Note, ...]:
    """Return the words on top of a page after something was kept."""
    done = visit.request.query_params.get("done", "")
    return (Note(kind="success", words=visit.word("已保存")),) if done == "saved" else ()


def places(house: Installation) -> dict[str, dict[str, str]]:
    """Return what offices and subjects are called, by id: where roles are held."""
    offices = house.log.offices()
    lines = [line for office in offices for line in house.log.adoptions(office)]
    return {"offices": offices, "names": {s.id: s.name for line in lines for s in house.log.edition(line).roster}}


@router.get("/admin")
def show_list(visit: Reader) -> Response:
    """Show the accounts."""
    context = {"accounts": seen(visit), "findings": (), **places(visit.house.installation)}
    return visit.show("accounts.html", context, notes=saved(visit))


@router.post("/admin/accounts")
def add(visit: Manager, login: Field = "", name: Field = "") -> Response:
    """Add an account with a first password, which is shown once."""
    house, password = visit.house.installation, first_password()
    try:
        account = house.accounts.add(login, name, now=visit.now, password=password)
    except RefusedError as refused:
        told = [(f.what(visit.lang), f.remedy(visit.lang)) for f in refused.findings]
        context = {"accounts": seen(visit), "findings": told, **places(house)}
        return visit.show("accounts.html", context, status=422)
    _trace(visit, "add_account", account.id)
    return _account(visit, account, password=password)


@router.get("/admin/accounts/{account}")
def show(visit: Reader, account: str) -> Response:
    """Show an account: its roles, its state, what was traced of it."""
    return _account(visit, _one(visit, account))


def _account(visit: Visit, account: Account, *, password: str = "", findings: tuple[Finding, ...] = ()) -> Response:
    house = visit.house.installation
    held = []
    for office in sorted(house.log.offices()):
        editions = [house.log.edition(line) for line in house.log.adoptions(office)]
        held.append(
            {
                "office": office,
                "departments": sorted({d.id for e in editions for d in parts.departments(e)}),
                "subjects": sorted({(s.id, s.name) for e in editions for s in e.roster}),
            }
        )
    context = {
        "account": account,
        **places(house),
        "roles": list(Role),
        "places": held,
        "password": password,
        "findings": [(f.what(visit.lang), f.remedy(visit.lang)) for f in findings],
        "waiting": account.locked_until is not None and account.locked_until > visit.now,
    }
    return visit.show("account_admin.html", context, status=422 if findings else 200, notes=saved(visit))


@router.post("/admin/accounts/{account}/password")
def reset(visit: Manager, account: str) -> Response:
    """Give an account a new first password, which is shown once; its sessions and tokens end."""
    found, password = _one(visit, account), first_password()
    visit.house.installation.accounts.set_password(found.id, password, now=visit.now, must_change=True)
    _trace(visit, "reset_password", found.id)
    return _account(visit, _one(visit, account), password=password)


@router.post("/admin/accounts/{account}/state")
def switch(visit: Manager, account: str, enabled: Field = "") -> Response:
    """Shut an account out, or let it in again."""
    found, accounts = _one(visit, account), visit.house.installation.accounts
    if enabled:
        accounts.enable(found.id)
    else:
        accounts.disable(found.id, now=visit.now)
    _trace(visit, "enable_account" if enabled else "disable_account", found.id)
    return _back(account)


@router.post("/admin/accounts/{account}/identity")
def bind(visit: Manager, account: str, external: Field = "") -> Response:
    """Bind an account to an identity of single sign-on, or to none."""
    visit.house.installation.accounts.bind(_one(visit, account).id, external.strip())
    _trace(visit, "bind_identity", account)
    return _back(account)


@router.post("/admin/accounts/{account}/sessions")
def end_sessions(visit: Ender, account: str) -> Response:
    """End every session of an account."""
    visit.house.installation.sessions.end_all(_one(visit, account).id)
    _trace(visit, "end_sessions", account)
    return _back(account)


@router.post("/admin/accounts/{account}/roles")
def assign(
    visit: Assigner, account: str, role: Field = "", office: Field = "", place: Field = "", drop: Field = ""
) -> Response:
    """Give an account a role somewhere, or take one away; roles that may not be held together are refused."""
    house, found = visit.house.installation, _one(visit, account)
    if drop:
        roles = [held for held in found.roles if _name(held) != drop]
    else:
        given = Role(role) if role in set(Role) else None
        if given is None:
            raise MissingError
        roles = [
            *found.roles,
            HeldRole(
                role=given,
                office=office,
                department=place if given is Role.OFFICER else "",
                subject=place if given is Role.HEAD else "",
            ),
        ]
    try:
        house.accounts.assign(found.id, roles)
    except RefusedError as refused:
        return _account(visit, found, findings=refused.findings)
    _trace(visit, "assign_roles", found.id)
    return _back(account)


def _name(held: HeldRole) -> str:
    return f"{held.role}/{held.office}/{held.department}/{held.subject}"
