"""What programs do to an entry: the deeds of its page, under the same rights and the same workflow."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any

from fastapi import Depends
from fastapi.responses import Response

from api.web.guard import Guard
from api.web.pages.deeds import Try
from api.web.v1.deeds import Act, shape_of
from api.web.v1.doors import CHANGES, Key, Part, guarded, router
from api.web.v1.once import Asked
from api.web.v1.posting import held
from api.web.v1.shapes import Application, Logged
from api.web.views.deeds import DEEDS, Deed
from api.web.views.entry import Choice
from api.web.visit import Visit
from appraisal.office import claims
from appraisal.office.rights import Action

routes = router()
PATHS = {"withdraw": "withdrawal"}
"""Where a deed is called otherwise than on its page."""


@routes.post("/claims", status_code=201, response_model=Logged, responses=CHANGES)
def declare(visit: Annotated[Visit, guarded(Action.DECLARE)], claim: Application, key: Key = "") -> Response:
    """Apply for bonus points; they count nowhere before they are confirmed."""
    asked = Asked.of(visit, key, claim)
    line = f"b-{asked.key.stem}"

    def do() -> object:
        files = held(visit, claim.files)
        return claims.declare(asked.desk, claim.rulebook, claim.cells(), now=visit.now, files=files)

    asked.once(line, do)
    return asked.logged(line, f"/api/v1/events/{line}")


def _route(deed: Deed) -> None:
    """Add the route of a deed; its body is what the deed asks for."""
    asking = Depends(Guard(deed.action))
    shape: Any = shape_of(deed)

    def act(event: Part, told: Act, visit: Visit = asking, key: Key = "") -> Response:
        asked = Asked.of(visit, key, told)
        line = f"{deed.step}-{asked.key.stem}"

        def do() -> object:
            files = tuple(Choice(id=name, name=name[:12]) for name in held(visit, told.files))
            found = Try.of(visit, deed, event, told.told(), files)
            return replace(found, desk=asked.desk).do()

        asked.once(line, do)
        return asked.logged(line, f"/api/v1/events/{event}")

    act.__annotations__["told"] = shape
    path = PATHS.get(deed.key, deed.key)
    words = f"{deed.step.value.capitalize()}: the step that follows `on`, where the workflow and the rights allow it."
    routes.post(
        f"/events/{{event}}/{path}",
        status_code=201,
        response_model=Logged,
        responses=CHANGES,
        name=path,
        summary=path.replace("-", " ").capitalize(),
        description=words,
    )(act)


for _deed in DEEDS:
    _route(_deed)
