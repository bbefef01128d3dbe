"""Posting events by programs: one, or many of which all are taken in or none."""

from __future__ import annotations

import json
from typing import Annotated
from urllib.parse import quote

from fastapi.responses import Response

from api.web.v1.doors import CHANGES, JSON, Key, guarded, router
from api.web.v1.once import Asked
from api.web.v1.shapes import Batch, Batched, BatchedEvent, Entry, Logged
from api.web.visit import Visit
from appraisal.office import entries, imports
from appraisal.office.rights import Action
from appraisal.reading.event_columns import TITLES
from appraisal.store.appending import Request

routes = router()
LARGEST_BATCH = 8 * 1024 * 1024


@routes.post(
    "/events",
    status_code=201,
    response_model=Logged,
    responses={**CHANGES, 201: {"description": "logged; a retry with the same key gets the same answer"}},
)
async def post(visit: Annotated[Visit, guarded(Action.LOG)], entry: Entry, key: Key = "") -> Response:
    """Log an event. The header Idempotency-Key names the request: sent again, it logs nothing twice."""
    return await _posted(Asked.of(visit, key, entry), entry)


@routes.post("/decisions", status_code=201, response_model=Logged, responses=CHANGES)
async def put_up(visit: Annotated[Visit, guarded(Action.DECIDE)], entry: Entry, key: Key = "") -> Response:
    """Put up a matter that rests on a decision record; until the record is there it does not count."""
    return await _posted(Asked.of(visit, key, entry), entry)


async def _posted(asked: Asked, entry: Entry) -> Response:
    name, now = f"e-{asked.key.stem}", asked.visit.now
    cells, told = {**entry.cells(), "id": name}, entry.not_duplicate

    def make() -> Request:
        files = held(asked.visit, entry.files)
        return entries.asked(asked.desk, entry.rulebook, cells, now=now, files=files, duplicate=told)

    return await asked.logging(name, make, f"/api/v1/events/{name}")


def held(visit: Visit, files: list[str]) -> list[str]:
    """Return the hashes of files that were handed in before; one that the office has not is refused (O040)."""
    evidence = visit.house.installation.evidence
    return [evidence.get(visit.office_id, name).sha256 for name in files]


@routes.post(
    "/batches",
    status_code=201,
    response_model=Batched,
    max_body_size=LARGEST_BATCH,
    responses={
        **CHANGES,
        201: {"description": "all of them are logged; a retry with the same key gets the same answer"},
    },
)
def post_batch(visit: Annotated[Visit, guarded(Action.IMPORT)], batch: Batch, key: Key = "") -> Response:
    """Log up to a thousand events: all of them, or none and every fault of each, as an import of a file does."""
    asked = Asked.of(visit, key, batch)
    names = [f"e-{asked.key.stem}-{number}" for number in range(1, len(batch.events) + 1)]
    rows = [{**event.cells(), "id": name} for event, name in zip(batch.events, names, strict=True)]
    lines = [json.dumps({TITLES.get(k, k): v for k, v in row.items()}, ensure_ascii=False) for row in rows]
    content = "".join(f"{line}\n" for line in lines).encode(errors="replace")
    told, now = batch.not_duplicate, visit.now
    asked.once(
        names[0],
        lambda: imports.take(asked.desk, batch.rulebook, content, "events.jsonl", now=now, duplicate=told),
    )
    house = visit.house.installation
    places = [house.log.line(visit.office_id, name).position for name in names]
    made = Batched(
        rulebook=batch.rulebook,
        events=tuple(BatchedEvent(id=name, position=place) for name, place in zip(names, places, strict=True)),
    )
    location = {"Location": f"/api/v1/events?rulebook={quote(batch.rulebook)}"}
    return Response(made.model_dump_json(), status_code=201, media_type=JSON, headers=location)
