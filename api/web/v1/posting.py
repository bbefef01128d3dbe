"""Posting events by programs: once, however often a request is sent."""

from __future__ import annotations

from hashlib import sha256

from fastapi.responses import Response

from api.web.pages import events as event_pages
from api.web.v1.shapes import Entry, Logged, Withdrawal
from api.web.views.events import EventPage
from api.web.visit import Visit
from appraisal.errors import Finding, RefusedError
from appraisal.office import entries


def post_event(visit: Visit, entry: Entry, key: str) -> Response:
    """Log an event under a key; the same key with the same content gets the first answer, with other it is refused."""
    if not key:
        raise RefusedError([Finding(code="H028")])
    house, account = visit.house.installation, visit.actor.id
    told = sha256(f"{visit.office_id}\n{entry.model_dump_json()}".encode()).hexdigest()
    if house.requests.begin(account, key, told, now=visit.now) != told:
        raise RefusedError([Finding(code="H029")])
    name = f"e-{sha256(f'{account}/{key}'.encode()).hexdigest()[:20]}"  # so that a crash in between logs nothing twice
    if name not in house.log.known_ids(visit.office_id, [name]):
        desk = house.desk(visit.office_id, visit.actor)
        try:
            cells = {**entry.cells(), "id": name}
            entries.log(desk, entry.rulebook, cells, now=visit.now, duplicate=entry.not_duplicate)
        except RefusedError:
            if name not in house.log.known_ids(visit.office_id, [name]):  # else a retry was faster
                house.requests.forget(account, key)
                raise
    # The answer is read from the log, so a retry gets the same bytes; what the event came to is at its address: to say
    # it here would work out a year's standings for every line.
    line = house.log.line(visit.office_id, name)
    logged = Logged(id=name, position=line.position, rulebook=line.rulebook, last=name)
    location = {"Location": f"/api/v1/events/{name}"}
    return Response(logged.model_dump_json(), status_code=201, media_type="application/json", headers=location)


def withdraw_event(visit: Visit, event: str, withdrawal: Withdrawal) -> EventPage:
    """Withdraw an event and return it as it stands then."""
    desk = visit.house.installation.desk(visit.office_id, visit.actor)
    entries.withdraw(desk, event, withdrawal.reason, on=withdrawal.on, now=visit.now)
    return event_pages.make(visit, event)
