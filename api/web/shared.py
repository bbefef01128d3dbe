"""Pages that are alike for all of the same rights until the log grows: made once, and who reads them put in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from secrets import token_urlsafe

from fastapi.responses import HTMLResponse, Response
from markupsafe import escape

from api.web.picks import COOKIE
from api.web.visit import Visit
from appraisal.model.roles import Actor

_CSRF, _NAME = (
    token_urlsafe(24),
    token_urlsafe(24),
)  # nobody can write these words into a page: they are of this process
_ANYBODY = "-"


@dataclass(frozen=True, kw_only=True)
class _Made:
    """A page with places for the person, and its headers."""

    html: str
    headers: tuple[tuple[bytes, bytes], ...]


def shared_page(visit: Visit, show: Callable[[Visit], Response]) -> Response:
    """Answer with the page that `show` makes of a visit without a person; made once for a state of the office's log.

    What it shows depends on the log, address, language, rights, what is picked, and the day, on nothing else.
    """
    request = visit.request
    key = (
        "page", request.url.path, request.url.query, visit.lang, visit.actor.roles, visit.scopes, visit.partial,
        request.cookies.get(COOKIE, ""), visit.now.date(),
    )  # fmt: skip

    def make() -> _Made:
        anybody = Actor(id=_ANYBODY, name=_NAME, roles=visit.actor.roles)
        answer = show(replace(visit, csrf=_CSRF, actor=anybody, due_rotation=False))  # no cookie of one for all
        headers = tuple((name, value) for name, value in answer.raw_headers if name != b"content-length")
        return _Made(html=bytes(answer.body).decode(), headers=headers)

    made = visit.house.installation.memo(visit.office_id, key, make)
    html = made.html.replace(_CSRF, escape(visit.csrf)).replace(_NAME, escape(visit.actor.name))
    answer = HTMLResponse(html)
    length = [(name, value) for name, value in answer.raw_headers if name == b"content-length"]
    answer.raw_headers = [*made.headers, *length]
    visit.rotate(answer)
    return answer
