"""Whether the application runs and is ready, and its metrics."""

from __future__ import annotations

import hmac
from ipaddress import ip_address
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import JSONResponse, PlainTextResponse, Response

from api.web.faults import ForbiddenError
from api.web.guard import Guard, Open
from api.web.visit import Visit
from appraisal.errors import RefusedError

router = APIRouter(include_in_schema=False)
Anyone = Annotated[Visit, Depends(Guard(Open.ANYONE))]


@router.get("/healthz")
def alive(visit: Anyone) -> Response:
    """Say that the process answers."""
    del visit
    return PlainTextResponse("ok\n")


@router.get("/readyz")
def ready(visit: Anyone) -> Response:
    """Say whether the database answers; 503 with the reason's code where it does not."""
    try:
        visit.house.installation.log.offices()
    except RefusedError as refused:
        codes = [finding.code for finding in refused.findings]
        return JSONResponse({"ready": False, "codes": codes}, status_code=503)
    return JSONResponse({"ready": True, "codes": []})


@router.get("/metrics")
def metrics(visit: Anyone) -> Response:
    """Return the metrics, to whoever shows the token, or where none is set to this machine."""
    wanted = visit.house.settings.metrics_token
    shown = visit.request.headers.get("Authorization", "").removeprefix("Bearer ")
    host = visit.request.client.host if visit.request.client else ""
    if not (hmac.compare_digest(shown.encode(), wanted.encode()) if wanted else _local(host)):
        raise ForbiddenError("H026")
    return Response(visit.house.metrics.text(), media_type="text/plain; version=0.0.4; charset=utf-8")


def _local(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
