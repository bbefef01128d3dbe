"""`appraisal serve`: the web application, in one process with threads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from api.language import say

if TYPE_CHECKING:
    import socket

    from api.web.settings import Settings

BACKLOG = 2048

HostOption = Annotated[str, typer.Option("--host", metavar="ADDRESS", help=say("opt_host"))]
PortOption = Annotated[int, typer.Option("--port", metavar="N", min=1, max=65535, help=say("opt_port"))]


def serve(*, host: HostOption = "127.0.0.1", port: PortOption = 8000) -> None:
    """Serve the pages and the JSON API on the database of DATABASE_URL until it is stopped."""
    import os  # noqa: PLC0415

    from api.web.settings import Settings  # noqa: PLC0415

    run(Settings.of(os.environ), bound(host, port))


def bound(host: str, port: int) -> socket.socket:
    """Return a socket at an address; one that is taken (H040), or no address of this machine (H041), is refused."""
    import errno  # noqa: PLC0415
    import socket  # noqa: PLC0415

    from appraisal.errors import Finding, RefusedError  # noqa: PLC0415

    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        found = socket.socket(family, kind, protocol)
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        found.bind(address)
    except (OSError, UnicodeError) as error:
        told = {"host": host, "port": str(port), "reason": getattr(error, "strerror", None) or str(error)}
        code = "H040" if getattr(error, "errno", None) == errno.EADDRINUSE else "H041"
        raise RefusedError([Finding(code=code, args=told)]) from error
    return found


def run(settings: Settings, at: socket.socket) -> None:
    """Serve with these settings at an address; says where, once it listens."""
    import uvicorn  # noqa: PLC0415

    from api.output import tell  # noqa: PLC0415
    from api.web import memory  # noqa: PLC0415
    from api.web.app import create_app  # noqa: PLC0415
    from appraisal.errors import Finding, RefusedError  # noqa: PLC0415

    config = uvicorn.Config(
        create_app(settings),
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,  # the application itself asks whom it trusts
        timeout_graceful_shutdown=5,
    )
    host, port = at.getsockname()[:2]
    try:
        at.listen(BACKLOG)
    except OSError as error:  # two were started at once
        told = {"host": host, "port": str(port), "reason": error.strerror or str(error)}
        raise RefusedError([Finding(code="H040", args=told)]) from error
    memory.hold()
    tell(say("serving", url=f"http://{f'[{host}]' if ':' in host else host}:{port}/"))
    uvicorn.Server(config).run([at])
