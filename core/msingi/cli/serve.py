"""`msingi serve`: the API over HTTP."""

import os
from typing import TYPE_CHECKING, Annotated

import typer

from msingi.cli.assembly import assembling
from msingi.cli.options import DatabaseOption, ProfileOption

if TYPE_CHECKING:
    from starlette.types import ASGIApp

app = typer.Typer(help="Serve the API over HTTP.")
_PROFILE, _DATABASE = "MSINGI_SERVE_PROFILE", "MSINGI_SERVE_DATABASE"


@app.command()
def serve(
    profile: ProfileOption = None,
    database: DatabaseOption = None,
    *,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 8000,
    workers: Annotated[int, typer.Option(help="Processes; one per core is plenty.")] = 1,
) -> None:
    """Serve GraphQL, REST, health and metrics until told to stop.

    Examples:
      msingi serve --profile cameroon --database sqlite:///cameroon.db
      msingi serve --profile tanzania --workers 4 --port 8080

    """
    with assembling():
        from msingi.cli.platforms import platform_for
        from msingi.kernel.installation import refuse_unfit

        refuse_unfit(platform_for(profile, database))
    os.environ.update({key: value for key, value in ((_PROFILE, profile), (_DATABASE, database)) if value})
    run_server("msingi.cli.serve:application", host=host, port=port, workers=workers)


def run_server(target: str, *, host: str, port: int, workers: int = 1) -> None:
    """Run uvicorn on an application factory."""
    import uvicorn

    uvicorn.run(
        target,
        factory=True,
        host=host,
        port=port,
        workers=workers,
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=True,
        proxy_headers=False,
        h11_max_incomplete_event_size=32_768,
    )


def application() -> "ASGIApp":
    """The application of one server process."""
    import sys

    with assembling():
        from msingi.cli.memory import settle_memory
        from msingi.cli.platforms import platform_for
        from msingi.edge import configure_logs
        from msingi.http import create_app

        configure_logs(stream=sys.stderr)
        app = create_app(platform_for(os.environ.get(_PROFILE), os.environ.get(_DATABASE)))
    settle_memory()
    return app
