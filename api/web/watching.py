"""What operators see of a running application: a line a request without personal data, metrics, health."""

from __future__ import annotations

import logging
import sys
import time
from typing import Any

import structlog
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

BUCKETS = (0.005, 0.01, 0.025, 0.06, 0.1, 0.25, 0.5, 1, 2.5, 10)

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class Metrics:
    """The counters of one application; `last` is when a request was answered, by the monotonic clock."""

    def __init__(self) -> None:
        self.last = 0.0
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "appraisal_requests",
            "Requests answered, by route and status.",
            ["method", "route", "status"],
            registry=self.registry,
        )
        self.seconds = Histogram(
            "appraisal_request_seconds",
            "How long an answer took, by route.",
            ["route"],
            buckets=BUCKETS,
            registry=self.registry,
        )

        self.deliveries = Counter(
            "appraisal_deliveries",
            "Notices sent to webhooks, by what came of it.",
            ["outcome"],
            registry=self.registry,
        )
        self.background = Counter(
            "appraisal_background_failures",
            "Failures outside any request, by what was being done.",
            ["task"],
            registry=self.registry,
        )
        self.failing = Gauge(
            "appraisal_standings_failing",
            "Offices whose standings cannot be worked out now.",
            registry=self.registry,
        )

    def text(self) -> bytes:
        """Return everything in the format of Prometheus."""
        return generate_latest(self.registry)


def logger() -> Any:
    """Return the log of requests: a line of JSON each, to standard error."""
    return structlog.wrap_logger(
        structlog.PrintLogger(sys.stderr),
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
    )


class Watch:
    """Counts and logs every request: route, status, time, and the opaque id of the account; no names, no addresses."""

    def __init__(self, app: ASGIApp, *, metrics: Metrics, quiet: bool = False) -> None:
        self.app = app
        self.metrics = metrics
        self.log = None if quiet else logger()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and say how it went."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began, status = time.perf_counter(), 500

        async def note(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        failed: BaseException | None = None
        try:
            await self.app(scope, receive, note)
        except Exception as error:
            failed = error
            raise
        finally:
            self._say(scope, status, time.perf_counter() - began, failed)

    def _say(self, scope: Scope, status: int, took: float, failed: BaseException | None) -> None:
        self.metrics.last = time.monotonic()
        route, method = route_of(scope), scope["method"] if scope["method"] in METHODS else "(other)"
        self.metrics.requests.labels(method, route, str(status)).inc()
        self.metrics.seconds.labels(route).observe(took)
        if self.log is None or route in {"/static", "/healthz"}:
            return
        state = scope.get("state", {})
        visit = state.get("visit")
        told = {
            "request": state.get("request_id", ""),
            "method": method,
            "route": route,
            "status": status,
            "ms": round(took * 1000, 1),
            "account": visit.actor.id if visit is not None else "",
            "office": visit.office_id if visit is not None else "",
        }
        if failed is not None:
            self.log.error("failed", **told, exc_info=failed)
        else:
            self.log.info("answered", **told)


def route_of(scope: Scope) -> str:
    """Return the route as it is written, never the address: that may name people or events."""
    route = scope.get("route")
    path = getattr(route, "path", "")
    if path:
        return str(path)
    return "/static" if str(scope.get("path", "")).startswith("/static/") else "(none)"
