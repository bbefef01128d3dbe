"""What routes of the JSON API have in common: their parts, their guard, what they refuse, and the type of a body."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Path, Query, Request, params
from fastapi.responses import Response
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.routing import Match
from starlette.types import Scope

from api.web.answers import WRONG_TYPE
from api.web.guard import Guard, Open
from api.web.v1.shapes import Problem
from appraisal.office.rights import Action

BEGINS = "/api/"
JSON, FORM = "application/json", "multipart/form-data"
BODIES = frozenset({"POST", "PUT", "PATCH"})


def faults(told: dict[int, str]) -> dict[int | str, dict[str, Any]]:
    """Return refusals by status as the description names them: each a problem document."""
    return {status: {"model": Problem, "description": words} for status, words in told.items()}


FAULTS = faults(
    {
        401: "nobody is signed in, or the token opens nothing",
        403: "no right, or the token's scopes do not cover it",
        404: "not there, or not among what may be seen",
        422: "understood and refused, every fault at once",
        429: "too many requests; `Retry-After` says how many seconds to wait",
        503: "the database is busy, full or gone; `Retry-After` says when to try again",
    }
)
CHANGES = faults(
    {
        409: "someone acted meanwhile; the document says who and what",
        413: "too large",
        415: "the body is of another type than this route takes",
    }
)


class TypedRoute(APIRoute):
    """A route that refuses (415) a body of another type than it takes, before it reads it."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the handler with the question before it."""
        handle = super().get_route_handler()
        body = self.body_field
        wanted = FORM if body is not None and isinstance(body.field_info, params.Form) else JSON

        async def ask(request: Request) -> Response:
            told = request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
            if request.method in BODIES and body is not None and told and told != wanted:
                raise HTTPException(WRONG_TYPE, detail=wanted)
            return await handle(request)

        return ask


class Wing(APIRouter):
    """A router whose routes all begin alike, so that whoever asks for something else passes it at once."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Say which route a request is for."""
        if scope["type"] == "http" and not scope["path"].startswith(BEGINS):
            return Match.NONE, {}
        return super().matches(scope)


def router() -> APIRouter:
    """Return an empty router of the API."""
    return Wing(prefix="/api/v1", tags=["v1"], responses=FAULTS, route_class=TypedRoute)


def guarded(action: Action | Open) -> Any:
    """Return the guard of a route, as the default of its visit's annotation."""
    return Depends(Guard(action))


Word = Annotated[str, Query(max_length=200)]
Rulebook = Annotated[str, Query(max_length=200, description="a rulebook that the office adopted; default: the latest")]
Part = Annotated[str, Path(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f/]+$")]
Month = Annotated[str, Path(pattern=r"^[0-9]{4}(-[0-9]{2})?$", examples=["2020-12"], description="a month, or a year")]
Period = Annotated[
    str,
    Query(
        max_length=20,
        description="a month 2020-03, a quarter 2020-Q1, January through a month 2020-01..2020-03, or a year 2020",
        examples=["2020-03"],
    ),
]
Cursor = Annotated[str, Query(pattern=r"^[0-9]{0,12}$", description="`next` of the page before")]
Limit = Annotated[int, Query(ge=1, le=200)]
Key = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=128,
        pattern=r"^[\x21-\x7e]+$",
        description="names what is asked: a new value for something new, the same one for a retry",
        examples=["2020-12-30/7"],
    ),
]
