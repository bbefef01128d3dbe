"""Asking once: a request with a key is done once, however often it is sent, and gets the same answer each time."""

from __future__ import annotations

from asyncio import wrap_future
from collections.abc import Callable
from dataclasses import dataclass, replace
from hashlib import sha256

from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response
from pydantic import BaseModel

from api.web.v1.shapes import Logged
from api.web.visit import Visit
from appraisal.errors import AppraisalError, Finding, RefusedError
from appraisal.office.desk import Desk
from appraisal.store.appending import Request
from appraisal.store.requests import Key


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A request with its key; what it asks for is told apart by its address and its content."""

    visit: Visit
    key: Key

    @classmethod
    def of(cls, visit: Visit, key: str, content: BaseModel | bytes) -> Asked:
        """Return what a request asks for; without a key it is refused (H028)."""
        if not key:
            raise RefusedError([Finding(code="H028")])
        url = visit.request.url
        body = content if isinstance(content, bytes) else content.model_dump_json().encode()
        told = sha256(f"{visit.office_id}\n{url.path}?{url.query}\n".encode() + body).hexdigest()
        return cls(visit=visit, key=Key(account=visit.actor.id, name=key, fingerprint=told))

    @property
    def desk(self) -> Desk:
        """The desk of whoever asks, whose lines are named after the request and kept with its key."""
        desk = self.visit.house.installation.desk(self.visit.office_id, self.visit.actor)
        return replace(desk, key=self.key)

    def once(self, line: str, do: Callable[[], object]) -> None:
        """Do it, or nothing where it was done before; refused: what is wrong, or a key of something else (H029)."""
        if self._done(line):
            return
        try:
            do()
        except AppraisalError:
            if not self._done(line):  # else the same request was faster
                raise

    def _done(self, line: str) -> bool:
        """Say whether this was asked before, and the line is in the log: then what is wrong with it now is nothing."""
        house = self.visit.house.installation
        return house.requests.known(self.key) and bool(house.log.known_ids(self.visit.office_id, [line]))

    async def logging(self, line: str, make: Callable[[], Request], location: str) -> Response:
        """Append what is asked for, and answer as `logged`: checked by the clerk, while no thread waits."""
        rulebook = ""

        def noted() -> Request:
            nonlocal rulebook
            request = make()
            rulebook = request.rulebook
            return request

        try:
            result = await wrap_future(self.visit.house.clerk.hand_in(noted))
        except AppraisalError:
            if not await run_in_threadpool(self._done, line):
                raise
        else:
            if result.appended:
                return self._answered(line, result.head.position, rulebook, location)
        return await run_in_threadpool(self.logged, line, location)

    def answer(self, do: Callable[[], BaseModel], *, status: int = 201) -> Response:
        """Answer as the first time; what is asked for the first time is done, and its answer kept."""
        requests = self.visit.house.installation.requests
        requests.begin(self.key, now=self.visit.now)
        kept = requests.answer(self.key)
        if not kept:
            try:
                kept = do().model_dump_json()
            except AppraisalError:
                requests.forget(self.key)
                raise
            requests.settle(self.key, kept)
        return Response(kept, status_code=status, media_type="application/json")

    def logged(self, line: str, location: str) -> Response:
        """Answer with a line and its place; read from the log, so that a retry gets the same bytes.

        What came of it is at `location`: to say it here would work out a year's standings for every line.
        """
        found = self.visit.house.installation.log.line(self.visit.office_id, line)
        return self._answered(line, found.position, found.rulebook, location)

    @staticmethod
    def _answered(line: str, position: int, rulebook: str, location: str) -> Response:
        told = Logged(id=line, position=position, rulebook=rulebook, last=line)
        headers = {"Location": location}
        return Response(told.model_dump_json(), status_code=201, media_type="application/json", headers=headers)
