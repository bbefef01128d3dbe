"""The template of an office's letters: its own or the shipped one; all that were handed in are kept by their hash."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, cast

from appraisal.errors import Finding, RefusedError
from appraisal.office.desk import Desk
from appraisal.office.installation import Installation
from appraisal.office.rights import Action
from appraisal.store.audit import Trace

_KEY = "letterheads"
SHIPPED = ""
"""What stands for the template that comes with the product."""


@dataclass(frozen=True, kw_only=True)
class Letterhead:
    """A template that was put in use: the hash of its file, what it was called, when (ISO), by which account.

    An empty hash is the shipped one.
    """

    sha256: str
    name: str
    at: str
    by: str


def history(house: Installation, office: str) -> tuple[Letterhead, ...]:
    """Return every time that a template was put in use, the oldest first; the last is the one in use."""
    kept = house.settings.get(_KEY, [], scope=f"office/{office}")
    return tuple(Letterhead(**one) for one in cast("Iterable[dict[str, Any]]", kept))


def in_use(house: Installation, office: str) -> Letterhead | None:
    """Return the office's own template; None where the shipped one is in use."""
    last = history(house, office)[-1:]
    return last[0] if last and last[0].sha256 != SHIPPED else None


def letter(house: Installation, office: str) -> tuple[bytes | None, str]:
    """Return the template to write letters with, and what it is called; nothing for the shipped one."""
    own = in_use(house, office)
    return (None, "") if own is None else (house.evidence.content(office, own.sha256), own.name)


def hand_in(desk: Desk, content: bytes, name: str, *, now: datetime) -> Letterhead:
    """Keep a template that was checked, and put it in use; refused where the actor may not (O001)."""
    desk.require(Action.SET_LETTERHEAD)
    kept = desk.house.evidence.keep(desk.office.id, content, now=now)
    return _use(desk, kept.sha256, name, now=now)


def choose(desk: Desk, sha256: str, *, now: datetime) -> Letterhead:
    """Put one that was handed in before, or the shipped one, in use again; an unknown one is refused (O040)."""
    desk.require(Action.SET_LETTERHEAD)
    if sha256 == SHIPPED:
        return _use(desk, SHIPPED, "", now=now)
    known = [one for one in history(desk.house, desk.office.id) if one.sha256 == sha256]
    if not known:
        raise RefusedError([Finding(code="O040", args={"sha256": sha256[:12]})])
    desk.house.evidence.content(desk.office.id, sha256)
    return _use(desk, sha256, known[-1].name, now=now)


def _use(desk: Desk, sha256: str, name: str, *, now: datetime) -> Letterhead:
    made = Letterhead(sha256=sha256, name=name, at=now.isoformat(timespec="seconds"), by=desk.actor.id)
    told: Any = [asdict(one) for one in (*history(desk.house, desk.office.id), made)]
    desk.house.settings.put(_KEY, told, scope=f"office/{desk.office.id}")
    trace = Trace(
        at=now, actor=desk.actor.id, action="set_letterhead", office=desk.office.id, target=sha256[:12] or "shipped"
    )
    desk.house.audit.note(trace)
    return made
