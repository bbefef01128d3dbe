"""`appraisal serve`: the web application, in one process with threads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from api.language import say

if TYPE_CHECKING:
    from api.web.settings import Settings

HostOption = Annotated[str, typer.Option("--host", metavar="ADDRESS", help=say("opt_host"))]
PortOption = Annotated[int, typer.Option("--port", metavar="N", min=1, max=65535, help=say("opt_port"))]


def serve(*, host: HostOption = "127.0.0.1", port: PortOption = 8000) -> None:
    """Serve the pages and the JSON API on the database of DATABASE_URL until it is stopped."""
    import os  # noqa: PLC0415

    from api.web.settings import Settings  # noqa: PLC0415

    run(Settings.of(os.environ), host, port)


def run(settings: Settings, host: str, port: int) -> None:
    """Serve with these settings; says where, once it listens."""
    import uvicorn  # noqa: PLC0415

    from api.output import tell  # noqa: PLC0415
    from api.web.app import create_app  # noqa: PLC0415

    config = uvicorn.Config(
        create_app(settings),
        host=host,
        port=port,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=5,
    )
    tell(say("serving", url=f"http://{host}:{port}/"))
    uvicorn.Server(config).run()
