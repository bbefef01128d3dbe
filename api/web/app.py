"""The application: its routers, what stands around them, and how faults are answered."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime

from fastapi import FastAPI
from fastapi.middleware.gzip import GZipMiddleware
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from api.logbook import now
from api.web import answers
from api.web.assets import Assets
from api.web.caretaking import Caretaker
from api.web.headers import SecurityHeaders
from api.web.house import House
from api.web.pages import (
    accounts,
    assessments,
    deeds,
    entry,
    events,
    exports,
    filling,
    governing,
    home,
    imports,
    inputs,
    letterhead,
    lists,
    long_exports,
    periods,
    putting,
    queues,
    rankings,
    rulebooks,
    running,
    scrutiny,
    signing,
    single,
    subjects,
    tokens,
)
from api.web.rendering import STATIC
from api.web.settings import Settings
from api.web.v1 import routes as v1
from api.web.watching import Watch
from appraisal.assess import engine_version

MEGABYTE = 1024 * 1024
SMALL = 2 * MEGABYTE
"""What a request may hold where its route says nothing: forms and JSON, but no files."""

ROUTERS = (  # they are asked one after another: the API at once knows what is not for it, then what is read most
    *v1.ROUTERS,
    rankings.router,
    subjects.router,
    home.router,
    signing.router,
    single.router,
    entry.router,
    imports.router,
    deeds.router,
    putting.router,
    queues.router,
    periods.router,
    scrutiny.router,
    lists.router,
    events.router,
    inputs.router,
    filling.router,
    assessments.router,
    exports.router,
    long_exports.router,
    letterhead.router,
    rulebooks.router,
    running.router,
    accounts.router,
    governing.router,
    tokens.router,
)


def create_app(settings: Settings, clock: Callable[[], datetime] = now, *, quiet: bool = False) -> FastAPI:
    """Open the installation and return the application that serves it; `quiet`: without a log of requests."""
    house = House.open(settings, clock)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        caretaker = Caretaker(house, quiet=quiet)
        caretaker.start()
        yield
        caretaker.stop()
        house.close()

    app = FastAPI(
        title="appraisal",
        version=engine_version(),
        lifespan=lifespan,
        max_body_size=SMALL,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        telemetry={"tracing": False, "metrics": False, "logs": False},  # what is watched is in `watching`
    )
    app.state.house = house
    answers.install(app)
    app.add_middleware(GZipMiddleware, minimum_size=1024, compresslevel=1)  # a page in a millisecond, not five
    app.add_middleware(Watch, metrics=house.metrics, quiet=quiet)
    for router in ROUTERS:
        app.include_router(router)
    app.mount("/static", Assets(directory=STATIC), name="static")
    # Around the framework's own limit of bodies, which answers by itself and in its own words.
    inner = answers.TooLarge(app.build_middleware_stack())
    outer = SecurityHeaders(inner, https=settings.secure_cookies)
    app.middleware_stack = ProxyHeadersMiddleware(outer, trusted_hosts=list(settings.proxies))  # type: ignore[assignment, arg-type]
    return app
