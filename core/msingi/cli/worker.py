"""`msingi worker`: a process that works off background jobs."""

import typer

from msingi.cli.edge import opened
from msingi.cli.options import DatabaseOption, ProfileOption

app = typer.Typer(help="Work off background jobs.")


@app.command()
def worker(profile: ProfileOption = None, database: DatabaseOption = None) -> None:
    """Work off background jobs until told to stop (SIGTERM finishes the current job first).

    Start as many as you like, on as many machines as you like, beside PostgreSQL.

    Example: msingi worker --profile tanzania
    """
    import sys

    from msingi.checks import refuse_wrong_roles
    from msingi.cli.memory import settle_memory
    from msingi.edge import configure_logs
    from msingi.kernel.readiness import refuse_unmarked

    with opened(profile, database) as here:
        refuse_unmarked(here.platform)
        refuse_wrong_roles(here.platform)
        configure_logs(stream=sys.stderr)
        settle_memory()
        here.platform.jobs.serve_forever()
