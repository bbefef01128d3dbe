"""Settings, webhooks and the audit trail."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query
from fastapi.responses import RedirectResponse, Response

from api.web.delivering import NOTED
from api.web.faults import ForbiddenError
from api.web.guard import Guard
from api.web.hosts import host_of, named
from api.web.pages.accounts import saved
from api.web.rendering import with_query
from api.web.visit import Visit
from appraisal.errors import Finding, RefusedError
from appraisal.model.roles import ADMINISTRATION, SEPARATE
from appraisal.office.months import APPEAL_DAYS
from appraisal.office.rights import Action
from appraisal.store.audit import Trace

router = APIRouter(include_in_schema=False)
Setter = Annotated[Visit, Depends(Guard(Action.MANAGE_SETTINGS))]
Hooker = Annotated[Visit, Depends(Guard(Action.MANAGE_HOOKS))]
Auditor = Annotated[Visit, Depends(Guard(Action.READ_AUDIT))]
KINDS = ("published", "reopened")
PAGE = 100


def offices(visit: Visit) -> dict[str, str]:
    """Return the offices that whoever asks administers."""
    every = visit.house.installation.log.offices()
    if _whole(visit):
        return every
    return {office: name for office, name in every.items() if office in visit.actor.offices()}


@router.get("/admin/settings")
def show(visit: Setter) -> Response:
    """Show the settings of the installation and of each office."""
    return _settings(visit)


def _settings(visit: Visit, findings: tuple[Finding, ...] = ()) -> Response:
    settings = visit.house.installation.settings
    days = {office: settings.get("appeal_days", APPEAL_DAYS, scope=f"office/{office}") for office in offices(visit)}
    separate = settings.get(SEPARATE, default=True)
    context = {
        "offices": offices(visit),
        "days": days,
        "separate": separate,
        "whole": _whole(visit),
        "findings": [(f.what(visit.lang), f.remedy(visit.lang)) for f in findings],
    }
    return visit.show("settings.html", context, status=422 if findings else 200, notes=saved(visit))


def _whole(visit: Visit) -> bool:
    """Say whether whoever asks administers the installation, not an office of it."""
    return any(h.office == "" for h in visit.actor.roles if h.role in ADMINISTRATION)


@router.post("/admin/settings")
def keep(
    visit: Setter,
    office: Annotated[str, Form(max_length=200)] = "",
    appeal_days: Annotated[int, Form(ge=0, le=60)] = APPEAL_DAYS,
    separate: Annotated[str, Form(max_length=10)] = "",
) -> Response:
    """Keep a setting of an office, or of the installation."""
    settings = visit.house.installation.settings
    if office in offices(visit):
        settings.put("appeal_days", appeal_days, scope=f"office/{office}")
    elif not office and not _whole(visit):
        raise ForbiddenError("H010", action=f"@action_{Action.MANAGE_SETTINGS}", where="*")
    elif not office:
        try:
            visit.house.installation.accounts.keep_apart(apart=bool(separate))
        except RefusedError as refused:
            return _settings(visit, refused.findings)
    _trace(visit, "manage_settings", office or "*")
    return RedirectResponse("/admin/settings?done=saved", status_code=303)


@router.get("/admin/hooks")
def show_hooks(visit: Hooker) -> Response:
    """Show where notices are sent, and how the deliveries stand."""
    return _hooks(visit)


def _hooks(visit: Visit, *, secret: str = "", findings: tuple[tuple[str, str], ...] = ()) -> Response:
    outbox = visit.house.installation.outbox
    mine = offices(visit)
    context = {
        "offices": mine,
        "kinds": KINDS,
        "hooks": [hook for office in mine for hook in outbox.webhooks(office)],
        "deliveries": [one for office in mine for one in outbox.deliveries(office, limit=30)],
        "allowed": visit.house.settings.webhook_hosts,
        "noted": NOTED,
        "secret": secret,
        "findings": findings,
    }
    return visit.show("hooks.html", context, status=422 if findings else 200, notes=saved(visit))


@router.post("/admin/hooks")
def add_hook(
    visit: Hooker, office: Annotated[str, Form()] = "", url: Annotated[str, Form(max_length=500)] = ""
) -> Response:
    """Add an address that is told of published months; its secret is shown once."""
    outbox = visit.house.installation.outbox
    if office not in offices(visit):
        visit.require(Action.MANAGE_HOOKS, department=office)
    if not named(url, visit.house.settings.webhook_hosts):
        finding = Finding(code="H044", args={"host": host_of(url) or "-"})
        return _hooks(visit, findings=((finding.what(visit.lang), finding.remedy(visit.lang)),))
    try:
        hook = outbox.add_webhook(office, url, now=visit.now, kinds=KINDS)
    except RefusedError as refused:
        return _hooks(visit, findings=tuple((f.what(visit.lang), f.remedy(visit.lang)) for f in refused.findings))
    _trace(visit, "add_hook", hook.id)
    return _hooks(visit, secret=hook.secret)


@router.post("/admin/hooks/{hook}/end")
def end_hook(visit: Hooker, hook: str) -> Response:
    """Tell an address nothing more."""
    outbox = visit.house.installation.outbox
    for office in offices(visit):
        if hook in {one.id for one in outbox.webhooks(office)}:
            outbox.disable_webhook(office, hook, now=visit.now)
            _trace(visit, "end_hook", hook)
    return RedirectResponse("/admin/hooks?done=saved", status_code=303)


@router.get("/audit")
def audit(
    visit: Auditor,
    action: Annotated[str, Query(max_length=60)] = "",
    actor: Annotated[str, Query(max_length=60)] = "",
    before: Annotated[int, Query(ge=0)] = 0,
) -> Response:
    """Show who did what, the latest first, and whether the chain of the trail holds."""
    house = visit.house.installation
    every = house.accounts.all()
    who = {a.id: a.name for a in every}
    chosen = next((a.id for a in every if actor and actor.casefold() in {a.id, a.login, a.name.casefold()}), actor)
    whole = any(h.office == "" for h in visit.actor.roles if h.role in ADMINISTRATION)
    lines = house.audit.lines(
        office=None if whole else visit.office_id,
        actor=chosen or None,
        action=action or None,
        before=before or None,
        limit=PAGE + 1,
    )
    shown = lines[:PAGE]
    filters = {"action": action, "actor": actor}
    older = with_query("/audit", {**filters, "before": shown[-1].position}) if lines[PAGE:] else ""
    newer = with_query("/audit", filters) if before else ""
    broken = [(f.what(visit.lang), f.remedy(visit.lang)) for f in house.audit.verify()]
    context = {
        "lines": shown,
        "who": who,
        "offices": house.log.offices(),
        "filters": filters,
        "broken": broken,
        "view": {"older": older, "newer": newer},
    }
    return visit.show("audit.html", context)


def _trace(visit: Visit, action: str, target: str) -> None:
    visit.house.installation.audit.note(
        Trace(at=visit.now, actor=visit.actor.id, action=action, office=visit.office_id, target=target)
    )
