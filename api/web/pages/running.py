"""Whether the application runs and is ready, and its metrics."""

from __future__ import annotations

import hmac
from ipaddress import ip_address
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import JSONResponse, PlainTextResponse, Response

from api.web.faults import ForbiddenError
from api.web.guard import Guard, Open, address_of
from api.web.visit import Visit
from appraisal.office.health import checks

router = APIRouter(include_in_schema=False)
NEEDED = frozenset({"reads", "writes"})
"""The checks without which there is nothing to serve; the others are for whoever looks after the machine."""

Anyone = Annotated[Visit, Depends(Guard(Open.ANYONE))]


@router.get("/healthz")
def alive(visit: Anyone) -> Response:
    """Say that the process answers."""
    del visit
    return PlainTextResponse("ok\n")


@router.get("/readyz")
def ready(visit: Anyone) -> Response:
    """Say whether the database answers and takes changes (503 where not), and what else an operator should look at."""
    found = checks(visit.house.installation, now=visit.now)
    failing = [check for check in found if not check.well]
    well = not any(check.name in NEEDED for check in failing)
    codes = [check.found for check in failing if check.name in NEEDED]
    told = {"ready": well, "codes": codes, "checks": {check.name: check.well for check in found}}
    return JSONResponse(told, status_code=200 if well else 503)


@router.get("/metrics")
def metrics(visit: Anyone) -> Response:
    """Return the metrics, to whoever shows the token, or where none is set to this machine."""
    wanted = visit.house.settings.metrics_token
    shown = visit.request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not (hmac.compare_digest(shown.encode(), wanted.encode()) if wanted else _local(address_of(visit.request))):
        raise ForbiddenError("H026")
    visit.house.metrics.failing.set(len(visit.house.installation.failures))
    return Response(visit.house.metrics.text(), media_type="text/plain; version=0.0.4; charset=utf-8")


def _local(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
