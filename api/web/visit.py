"""One request: who asks, at which office, in which language; and the pages that it can be answered with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from api.web.faults import ForbiddenError, MissingError
from api.web.house import House
from api.web.navigation import Entry, entries
from api.web.picks import COOKIE, Picked, Picker, picker
from api.web.rendering import render, with_query
from api.web.words import word
from appraisal.errors import Lang, RefusedError, text
from appraisal.model.roles import Actor
from appraisal.office.office import Office
from appraisal.office.rights import Action, Scope, Target, may, reach

LANG_COOKIE, SESSION_COOKIE, OFFICE_COOKIE = "lang", "session", "office"
NOBODY = Actor(id="")


@dataclass(frozen=True, kw_only=True)
class Note:
    """Words on top of a page, and where they lead: `kind` is success, info, warning or danger."""

    kind: str
    words: str
    href: str = ""
    link: str = ""


@dataclass(frozen=True, kw_only=True)
class Who:
    """Who is signed in, in words."""

    name: str
    roles: tuple[str, ...]
    office: str
    offices: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Page:
    """What every page has around its content."""

    path: str
    csrf: str
    who: Who
    nav: tuple[Entry, ...]
    picker: Picker | None
    may_log: bool
    other_lang_url: str
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, kw_only=True, eq=False)
class Visit:
    """A request with all that a page needs to know about it."""

    request: Request
    house: House
    actor: Actor = NOBODY
    office_id: str = ""
    lang: Lang = "zh"
    csrf: str = ""
    due_rotation: bool = False
    now: datetime = field(kw_only=True)
    scopes: frozenset[str] | None = None

    @cached_property
    def office(self) -> Office:
        """The office at which this visit is."""
        return self.house.installation.office(self.office_id)

    # Rights

    def may(self, action: Action, *, department: str = "", subject: str = "") -> bool:
        """Say whether whoever asks may do this at this office, for this department or subject."""
        if self.scopes is not None and action.value not in self.scopes:
            return False
        return may(self.actor, action, Target(office=self.office_id, department=department, subject=subject))

    @property
    def reads_drafts(self) -> bool:
        """Whether rankings are shown before they are displayed: a token reads as far as its account does."""
        return reach(self.actor, Action.READ_DRAFTS, self.office_id) is not None

    @property
    def office_name(self) -> str:
        """What people call the office; empty where there is none."""
        return self.house.installation.log.offices().get(self.office_id, self.office_id) if self.office_id else ""

    def require(self, action: Action, *, department: str = "", subject: str = "") -> None:
        """Refuse (403) what whoever asks may not do for this department or subject."""
        if not self.may(action, department=department, subject=subject):
            raise ForbiddenError(
                "H010", action=f"@action_{action}", where=department or subject or self.office_name or "-"
            )

    def reach(self, action: Action) -> tuple[Scope, frozenset[str]] | None:
        """Return how far a right goes here: the scope, and the departments or subjects that bound it."""
        if self.scopes is not None and action.value not in self.scopes:
            return None
        return reach(self.actor, action, self.office_id)

    def bounds(self, action: Action) -> tuple[frozenset[str] | None, frozenset[str] | None]:
        """Return the departments and the subjects that a right is bound to here; None where it is not."""
        found = self.reach(action)
        if found is None:
            return frozenset(), frozenset()
        scope, names = found
        return (names if scope is Scope.DEPARTMENT else None), (names if scope is Scope.SUBJECT else None)

    def opens(self, subject: str, department: str = "") -> bool:
        """Say whether a subject's sheet, or what a department did there, opens for whoever asks: names lead to it."""
        departments, subjects = self.bounds(Action.READ_SUBJECT)
        own = departments is None or not department or department in departments
        return own and (subjects is None or subject in subjects)

    # What is picked

    @cached_property
    def picker(self) -> Picker | None:
        """The pickers on top, with what the address or this browser chose; what it names outright must be there."""
        kept = self.request.cookies.get(COOKIE, "")
        return self.pick(Picked.of(self.request.query_params, self.request.path_params, kept))

    def pick(self, picked: Picked) -> Picker | None:
        """Return the pickers of this office with something chosen; None where nothing is adopted."""
        if not self.office_id:
            return None
        subjects = self.bounds(Action.READ_SUBJECT)[1]
        return picker(self.office, picked, today=self.now.date(), lang=self.lang, subjects=subjects)

    @property
    def shown_picker(self) -> Picker | None:
        """The pickers as a page shows them, also one that says that what was asked for is not there."""
        try:
            return self.picker if self.actor.id else None
        except (MissingError, RefusedError):
            return None

    # Answers

    def word(self, text: str) -> str:
        """Return a word of the pages in the reader's language."""
        return word(text, self.lang)

    def page(self, *, notes: tuple[Note, ...] = ()) -> Page:
        """Return what stands around the content of a page."""
        query = {**self.request.query_params, "lang": "zh" if self.lang == "en" else "en"}
        return Page(
            path=self.request.url.path,
            csrf=self.csrf,
            who=self._who(),
            nav=entries(self) if self.actor.id else (),
            picker=self.shown_picker,
            may_log=bool(self.actor.id) and self.reach(Action.LOG) is not None,
            other_lang_url=with_query(self.request.url.path, query) if self.request.method == "GET" else "/?lang=en",
            notes=notes,
        )

    def _who(self) -> Who:
        roles = dict.fromkeys(h.role for h in self.actor.roles if h.office in {"", self.office_id})
        names = self.house.installation.log.offices() if self.office_id else {}
        named = tuple(self.say(f"role_{role}") for role in roles)
        mine = tuple((one, names[one]) for one in sorted(self.actor.offices()) if one in names)
        return Who(name=self.actor.name, roles=named, office=names.get(self.office_id, ""), offices=mine)

    def say(self, code: str, **args: str) -> str:
        """Return a message of the catalogue in the reader's language."""
        return text(code, self.lang, **args)

    @property
    def partial(self) -> bool:
        """Whether only a part of the page is wanted, to be put into the one that is open."""
        headers = self.request.headers
        return headers.get("HX-Request") == "true" and headers.get("HX-History-Restore-Request") != "true"

    def show(
        self,
        template: str,
        context: Mapping[str, Any],
        *,
        block: str = "",
        status: int = 200,
        notes: tuple[Note, ...] = (),
    ) -> HTMLResponse:
        """Answer with a page; where htmx asks and `block` is named, with that block of it only."""
        wanted = block if self.partial else ""
        html = render(template, self.lang, {**context, "page": self.page(notes=notes), "visit": self}, wanted)
        answer = HTMLResponse(html, status_code=status, headers={"Vary": "HX-Request, Cookie"})
        chosen = self.shown_picker
        if chosen is not None:
            kept = Picked(rulebook=chosen.rulebook, period=chosen.period, subject=chosen.subject).cookie()
            if kept != self.request.cookies.get(COOKIE, ""):
                self.set_cookie(answer, COOKIE, kept)
        self.rotate(answer)
        return answer

    def rotate(self, answer: Response) -> None:
        """Give the browser a new id of its session where the old one is due; a database that is busy waits for it."""
        if not self.due_rotation or self.request.method != "GET":
            return
        sessions = self.house.installation.sessions
        try:
            fresh = sessions.rotate(self.request.cookies.get(SESSION_COOKIE, ""), now=self.now)
        except RefusedError:
            return
        if fresh is not None:
            self.set_cookie(answer, SESSION_COOKIE, fresh)

    def set_cookie(self, answer: Response, name: str, value: str, *, seconds: int | None = None) -> None:
        """Let the browser keep something: no script reads it, no other site sends it along."""
        secure = self.house.settings.secure_cookies
        answer.set_cookie(name, value, max_age=seconds, httponly=True, samesite="lax", secure=secure)
