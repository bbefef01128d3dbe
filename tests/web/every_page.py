"""Every page that a role may ask for: its address from the list of routes, with what stands for each parameter."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

from fastapi.routing import APIRoute
from serving import BOOK, SUBJECT, every_route, guards

from api.web.guard import Open
from appraisal.model.roles import Role
from appraisal.office.rights import RIGHTS

NO_PAGE = frozenset(
    {
        "/pick",
        "/office",
        "/sign-in/oidc",
        "/sign-in/oidc/back",
        "/healthz",
        "/readyz",
        "/metrics",
        "/imports/template",
        "/imports/{name}/faults",
        "/events/{event}/files/{name}",
        "/events/{event}/notice",
        "/exports/{job}/file",
        "/letterhead/file",
        "/letterhead/preview",
    }
)
"""What answers with a file, with words for machines, or by leading elsewhere."""

FAMILIES = ("sme-digital-2024", "gd-smart-manufacturing-2024", "customer-satisfaction-2007")
PARTS = {"period": "2020-05", "item": "CG", "name": "0" * 64, "account": "u0", "job": "j0", "event": "S0003"}
FURTHER = (
    "/no-such-page",
    f"/rankings/{BOOK}/2020",
    f"/rankings/{BOOK}/2020-05?screen=1",
    "/events?words=nothing-has-these-words",
    "/events/new?clause=CG-A1",
    "/events/new?q=ljfl",
    "/claims/new?clause=JF-3",
    f"/assessments/{FAMILIES[0]}/2030",
)
"""Further states of pages: faults, another span, nothing found, a form filled in half."""


def pages() -> Iterator[APIRoute]:
    """Yield the routes that answer with a page."""
    for route in every_route():
        given = route.path in NO_PAGE or route.path.endswith("/export") or route.path.startswith("/api/")
        if "GET" in (route.methods or ()) and not given:
            yield route


def may_ask(role: Role, route: APIRoute) -> bool:
    (guard,) = guards(route)
    return isinstance(guard.action, Open) or guard.action in RIGHTS[role]


def addresses(role: Role, *, subject: str, firm: str) -> list[str]:
    """Return the address of every page for a role: those of runs once a family."""
    found = [at for route in pages() if may_ask(role, route) for at in _of(route, subject, firm)]
    return [*found, *FURTHER]


def _of(route: APIRoute, subject: str, firm: str) -> Iterator[str]:
    path = route.path.replace(":path}", "}")
    for book in FAMILIES if path.startswith("/assessments/") else (BOOK,):
        told = {**PARTS, "rulebook": book, "subject": subject}
        if book in FAMILIES:
            told |= {"period": "2007" if book == FAMILIES[2] else "2024", "subject": quote(firm, safe="")}
        at = path
        for name, value in told.items():
            at = at.replace(f"{{{name}}}", value)
        assert "{" not in at, f"{route.path}: say in PARTS what stands here"
        yield at


__all__ = ["FAMILIES", "SUBJECT", "addresses", "may_ask", "pages"]
