"""What tests of the web application name alike: the moment, the rulebook, the secrets of the example accounts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime

from fastapi.routing import APIRoute
from starlette.testclient import TestClient

from api.demonstration import PASSWORD
from api.web import app as application
from api.web.guard import Guard

NOW = datetime(2021, 1, 10, 9, 30)  # noqa: DTZ001  local time of the office
LATER = datetime(2026, 11, 26, 9, 30)  # noqa: DTZ001  the day of the demonstration
BOOK = "houjiatang-2020"
SUBJECT = "麻园湾社区"

Browser = Callable[[str], TestClient]
Program = Callable[..., TestClient]


def secret(login: str) -> str:
    return PASSWORD.format(login=login[::-1])


def token(html: str) -> str:
    """Return the token that the forms of a page carry."""
    found = re.search(r'name="csrf" (?:value|content)="([^"]*)"', html)
    assert found, "the page has no token"
    return found[1]


def every_route() -> Iterator[APIRoute]:
    for router in application.ROUTERS:
        for route in router.routes:
            assert isinstance(route, APIRoute), route
            yield route


def guards(route: APIRoute) -> list[Guard]:
    return [d.call for d in route.dependant.dependencies if isinstance(d.call, Guard)]
