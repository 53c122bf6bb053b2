"""`msingi serve`: the API over HTTP."""

import socket
from contextlib import ExitStack
from typing import TYPE_CHECKING, Annotated

import typer

from msingi.cli.assembly import assembling
from msingi.cli.counting import counting_together
from msingi.cli.edge import plainly
from msingi.cli.options import DatabaseOption, ProfileOption
from msingi.cli.speech import speech_for

if TYPE_CHECKING:
    from starlette.types import ASGIApp

app = typer.Typer(help="Serve the API over HTTP.")


@app.command()
def serve(
    profile: ProfileOption = None,
    database: DatabaseOption = None,
    *,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.", min=0, max=65_535)] = 8000,
    workers: Annotated[int, typer.Option(help="Processes; one per core is plenty.", min=1)] = 1,
) -> None:
    """Serve GraphQL, REST, health and metrics until told to stop.

    Examples:
      msingi serve --profile cameroon --database sqlite:///cameroon.db
      msingi serve --profile tanzania --workers 4 --port 8080

    """
    from msingi.cli.serving import address_of, bind

    with ExitStack() as open_until_the_end:
        say = speech_for(profile)
        with plainly(say):
            listener = open_until_the_end.enter_context(bind(host, port))
            open_until_the_end.enter_context(counting_together(workers))
            application = assemble(profile, database)
        typer.echo(say("Serving on {address}", address=address_of(listener)), err=True)
        raise typer.Exit(run(application, listener, workers=workers))


def assemble(profile: str | None = None, database: str | None = None) -> "ASGIApp":
    """The application of an installation, with no connection open: it may be forked.

    Raises:
        ConfigurationError: a setting or a plugin is wrong, or the database is not ready for this release.

    """
    import sys

    with assembling():
        from msingi.checks import refuse_wrong_roles
        from msingi.cli.memory import settle_memory
        from msingi.cli.platforms import platform_for
        from msingi.edge import configure_logs
        from msingi.http import create_app
        from msingi.kernel.readiness import refuse_unmarked, refuse_unready

        configure_logs(stream=sys.stderr)
        platform = platform_for(profile, database)
        refuse_unready(platform)
        refuse_unmarked(platform)
        refuse_wrong_roles(platform)
        app = create_app(platform)
        platform.database.dispose()
    settle_memory()
    return app


def run(application: "ASGIApp", listener: socket.socket, *, workers: int) -> int:
    """Serve in this process, or in several forked ones that are kept alive; returns the exit status."""
    if workers == 1:
        from msingi.cli.serving import serve_alone

        serve_alone(application, listener)
        return 0
    from msingi.cli.forked import Supervisor

    return Supervisor(application, listener, workers=workers).run()
