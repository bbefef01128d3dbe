"""Why a request gets no page, answered: as a page with the words and a way on, or as problem+json to programs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import ceil
from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.web.faults import ForbiddenError, MissingError, PasswordDueError, SignInError, TokenError, TooManyError
from api.web.guard import chosen_lang
from api.web.rendering import render
from api.web.visit import Visit
from appraisal.errors import Finding, Lang, RefusedError, text

PROBLEM = "application/problem+json"
API = "/api/"
NOT_THERE = frozenset({"L010", "L012", "L020", "L021", "L022", "L023"})
"""Findings about a thing that is not there: 404; every other refusal is 422."""

STATUS = ((404, NOT_THERE), (403, frozenset({"O001"})), (409, frozenset({"L017"})))
"""Which answers findings of one kind get; L017 says that someone acted meanwhile."""

BUSY = frozenset({"L003", "L014", "L015"})
"""Findings about a database that is busy, full or gone: 503."""

UNAVAILABLE, RETRY_AFTER = 503, "5"
TOO_LARGE, WRONG_TYPE = 413, 415

_HTTP = {404: "H011", 405: "H013", TOO_LARGE: "H014", WRONG_TYPE: "H043"}


def problem(
    status: int, code: str, title: str, *, detail: str = "", errors: Sequence[dict[str, str]] = ()
) -> JSONResponse:
    """Return a problem document (RFC 9457); `code` is that of the finding."""
    body = {"type": f"urn:appraisal:{code}", "title": title, "status": status, "code": code, "detail": detail}
    told = {key: value for key, value in body.items() if value != ""} | ({"errors": list(errors)} if errors else {})
    return JSONResponse(told, status_code=status, media_type=PROBLEM)


class TooLarge:
    """Says in words what the framework's limit of bodies answers by itself: 413 as bare text."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and hold back an answer that is the framework's own."""
        held = False

        async def hold(message: Message) -> None:
            nonlocal held
            if message["type"] == "http.response.start" and message["status"] == TOO_LARGE:
                held = any(k == b"content-type" and v.startswith(b"text/plain") for k, v in message["headers"])
            if not held:
                await send(message)

        await self.app(scope, receive, hold)
        if held:
            answer = await run_in_threadpool(_answer, Request(scope), TOO_LARGE, [Finding(code="H014")])
            await answer(scope, receive, send)


def install(app: FastAPI) -> None:
    """Let the application answer every fault in words."""
    app.add_exception_handler(SignInError, _sign_in)
    app.add_exception_handler(TokenError, _token)
    app.add_exception_handler(TooManyError, _too_many)
    app.add_exception_handler(PasswordDueError, _password_due)
    app.add_exception_handler(ForbiddenError, _forbidden)
    app.add_exception_handler(MissingError, _missing)
    app.add_exception_handler(RefusedError, _refused)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _failed)


def _lang(request: Request) -> Lang:
    visit = getattr(request.state, "visit", None)
    return visit.lang if isinstance(visit, Visit) else chosen_lang(request, request.app.state.house, "")


def _answer(request: Request, status: int, findings: Iterable[Finding]) -> Response:
    lang, found = _lang(request), tuple(findings)
    words = [(f.code, str(f.place or ""), f.what(lang), f.remedy(lang)) for f in found]
    if request.url.path.startswith(API):
        first = words[0]
        errors = [{"code": c, "place": p, "what": w, "remedy": r} for c, p, w, r in words]
        return problem(status, first[0], first[2], detail=first[3], errors=errors if len(words) > 1 else ())
    visit = getattr(request.state, "visit", None)
    context = {"status": status, "findings": words}
    if isinstance(visit, Visit) and visit.actor.id:
        return visit.show("fault.html", context, status=status, block="content")
    guest = {"csrf": "", "path": request.url.path}
    return HTMLResponse(render("fault_bare.html", lang, {**context, "page": guest}), status_code=status)


def _sign_in(request: Request, _: Exception) -> Response:
    if request.url.path.startswith(API):
        answer = problem(401, "H015", text("H015", _lang(request)))
        answer.headers["WWW-Authenticate"] = "Bearer"
        return answer
    back = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    to = "/sign-in" if request.method != "GET" or back == "/" else f"/sign-in?to={quote(back)}"
    if request.headers.get("HX-Request") == "true":
        return Response(status_code=204, headers={"HX-Redirect": to})
    return RedirectResponse(to, status_code=303)


def _token(request: Request, _: Exception) -> Response:
    answer = problem(401, "H027", text("H027", _lang(request)))
    answer.headers["WWW-Authenticate"] = 'Bearer error="invalid_token"'
    return answer


def _too_many(request: Request, error: Exception) -> Response:
    assert isinstance(error, TooManyError)  # noqa: S101
    seconds = str(ceil(error.seconds))
    answer = _answer(request, 429, [Finding(code="H042", args={"seconds": seconds})])
    answer.headers["Retry-After"] = seconds
    return answer


def _password_due(request: Request, _: Exception) -> Response:
    if request.url.path.startswith(API):
        return _answer(request, 403, [Finding(code="H016")])
    return RedirectResponse("/account/password", status_code=303)


def _forbidden(request: Request, error: Exception) -> Response:
    assert isinstance(error, ForbiddenError)  # noqa: S101  starlette's handlers take any exception
    return _answer(request, 403, [Finding(code=error.code, args=error.args_given)])


def _missing(request: Request, error: Exception) -> Response:
    assert isinstance(error, MissingError)  # noqa: S101
    return _answer(request, 404, [Finding(code=error.code, args=error.args_given)])


def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, RefusedError)  # noqa: S101
    codes = {f.code for f in error.findings}
    status = next((number for number, known in STATUS if codes <= known), UNAVAILABLE if codes & BUSY else 422)
    answer = _answer(request, status, error.findings)
    if status == UNAVAILABLE:
        answer.headers["Retry-After"] = RETRY_AFTER
    return answer


REASONS = (
    ("missing", "missing"),
    ("int_", "whole"),
    ("bool_", "yes_no"),
    ("greater_than", "range"),
    ("less_than", "range"),
    ("string_too_long", "long"),
    ("string_too_short", "short"),
    ("too_long", "long"),
    ("json_", "json"),
    ("literal_error", "choice"),
    ("enum", "choice"),
    ("extra_forbidden", "extra"),
)
"""How the framework's kinds of faults begin, and what a person is told of each."""


def _reason(kind: str) -> str:
    return next((f"@invalid_{words}" for begin, words in REASONS if kind.startswith(begin)), "@invalid_other")


def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101
    findings = [
        Finding(
            code="H017", args={"field": ".".join(str(part) for part in e["loc"][1:]), "reason": _reason(str(e["type"]))}
        )
        for e in error.errors()
    ]
    return _answer(request, 422, findings)


def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101
    code = _HTTP.get(error.status_code, "H018")
    told = {"status": str(error.status_code), "detail": str(error.detail)}
    answer = _answer(request, error.status_code, [Finding(code=code, args=told)])
    answer.headers.update(error.headers or {})
    return answer


def _failed(request: Request, _: Exception) -> Response:
    number = request.scope.get("state", {}).get("request_id", "")
    return _answer(request, 500, [Finding(code="H019", args={"number": number})])
