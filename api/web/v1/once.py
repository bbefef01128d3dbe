"""Asking once: a request with a key is done once, however often it is sent, and gets the same answer each time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from hashlib import sha256

from fastapi.responses import Response
from pydantic import BaseModel

from api.web.v1.shapes import Logged
from api.web.visit import Visit
from appraisal.errors import AppraisalError, Finding, RefusedError
from appraisal.office.desk import Desk


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A request with its key; what it asks for is told apart by its address and its content."""

    visit: Visit
    key: str
    told: str

    @classmethod
    def of(cls, visit: Visit, key: str, content: BaseModel | bytes) -> Asked:
        """Return what a request asks for; without a key it is refused (H028), as is a key of something else (H029)."""
        if not key:
            raise RefusedError([Finding(code="H028")])
        url = visit.request.url
        body = content if isinstance(content, bytes) else content.model_dump_json().encode()
        told = sha256(f"{visit.office_id}\n{url.path}?{url.query}\n".encode() + body).hexdigest()
        if visit.house.installation.requests.begin(visit.actor.id, key, told, now=visit.now) != told:
            raise RefusedError([Finding(code="H029")])
        return cls(visit=visit, key=key, told=told)

    @property
    def name(self) -> str:
        """What names the lines that come of it, so that a crash before the answer makes nothing twice."""
        return sha256(f"{self.visit.actor.id}/{self.key}".encode()).hexdigest()[:20]

    @property
    def desk(self) -> Desk:
        """The desk of whoever asks, whose lines are named after the request."""
        desk = self.visit.house.installation.desk(self.visit.office_id, self.visit.actor)
        return replace(desk, key=self.name)

    def once(self, line: str, do: Callable[[], object]) -> None:
        """Do it, unless the line that it makes is in the log already; where it is refused the key is free again."""
        house, office = self.visit.house.installation, self.visit.office_id
        if line in house.log.known_ids(office, [line]):
            return
        try:
            do()
        except AppraisalError:
            if line not in house.log.known_ids(office, [line]):  # else a retry was faster
                house.requests.forget(self.visit.actor.id, self.key)
                raise

    def answer(self, do: Callable[[], BaseModel], *, status: int = 201) -> Response:
        """Answer as the first time; what is asked for the first time is done, and its answer kept."""
        requests, account = self.visit.house.installation.requests, self.visit.actor.id
        kept = requests.answer(account, self.key)
        if not kept:
            try:
                kept = do().model_dump_json()
            except AppraisalError:
                requests.forget(account, self.key)
                raise
            requests.settle(account, self.key, kept)
        return Response(kept, status_code=status, media_type="application/json")

    def logged(self, line: str, location: str) -> Response:
        """Answer with a line and its place; read from the log, so that a retry gets the same bytes.

        What came of it is at `location`: to say it here would work out a year's standings for every line.
        """
        found = self.visit.house.installation.log.line(self.visit.office_id, line)
        told = Logged(id=line, position=found.position, rulebook=found.rulebook, last=line)
        headers = {"Location": location}
        return Response(told.model_dump_json(), status_code=201, media_type="application/json", headers=headers)
