"""The navigation on the left: at most eight entries, by what whoever is signed in may do here, with counts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from api.web.waiting import waiting
from api.web.words import N_
from appraisal.office.rights import Action

if TYPE_CHECKING:
    from api.web.visit import Visit

MOST = 8


@dataclass(frozen=True, kw_only=True)
class Place:
    """Somewhere to go: shown to those who may do one of the actions; `also` are other pages that belong to it."""

    key: str
    path: str
    label: str
    icon: str
    actions: tuple[Action, ...]
    also: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A place as one page shows it."""

    href: str
    label: str
    icon: str
    here: bool
    count: int = 0


PLACES = (
    Place(key="home", path="/", label=N_("待办"), icon="home", actions=(Action.READ_RIGHTS,)),
    Place(key="rankings", path="/rankings", label=N_("排名"), icon="trophy", actions=(Action.READ_RANKINGS,)),
    Place(
        key="subjects",
        path="/subjects",
        label=N_("得分明细"),
        icon="building-community",
        actions=(Action.READ_SUBJECT,),
    ),
    Place(
        key="events",
        path="/events",
        label=N_("记录"),
        icon="clipboard-list",
        actions=(Action.READ_EVENTS,),
        also=("/imports",),
    ),
    Place(
        key="queues",
        path="/appeals",
        label=N_("办理"),
        icon="checklist",
        actions=(Action.READ_EVENTS,),
        also=("/claims", "/decisions"),
    ),
    Place(key="periods", path="/periods", label=N_("月度"), icon="calendar-check", actions=(Action.READ_RANKINGS,)),
    Place(key="rulebooks", path="/rulebooks", label=N_("考核办法"), icon="book", actions=(Action.READ_RULEBOOK,)),
    Place(
        key="assessments",
        path="/assessments",
        label=N_("评测"),
        icon="list-check",
        actions=(Action.READ_EVENNESS, Action.RUN_ASSESSMENT),
    ),
    Place(key="audit", path="/audit", label=N_("审计"), icon="shield-check", actions=(Action.READ_AUDIT,)),
    Place(key="admin", path="/admin", label=N_("管理"), icon="settings", actions=(Action.READ_ACCOUNTS,)),
    Place(key="rights", path="/rights", label=N_("权限"), icon="lock", actions=(Action.READ_RIGHTS,)),
)
"""In the order in which they are shown; where someone may go to more than eight, the first eight are."""


def entries(visit: Visit) -> tuple[Entry, ...]:
    """Return the places for whoever asks, the one that the page belongs to marked."""
    path = visit.request.url.path
    found = [place for place in PLACES if any(visit.reach(action) for action in place.actions)][:MOST]
    return tuple(
        Entry(
            href=place.path,
            label=visit.word(place.label),
            icon=place.icon,
            count=waiting(visit) if place.key == "queues" else 0,
            here=any(path == at or (at != "/" and path.startswith(f"{at}/")) for at in (place.path, *place.also)),
        )
        for place in found
    )
