"""`msingi demo`: a complete demonstration of a country."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from msingi.cli.options import DatabaseOption

if TYPE_CHECKING:
    from msingi.platform import Platform

_FOLDER = Path(".msingi")
app = typer.Typer(help="Start a complete demonstration of a country.")


@app.command()
def demo(
    profile: Annotated[str, typer.Option("--profile", "-p", help="Country profile.")] = "cameroon",
    database: DatabaseOption = None,
    *,
    persons: Annotated[int, typer.Option(help="Synthetic persons to generate.", min=0, max=2_000_000)] = 2000,
    lang: Annotated[str, typer.Option(help="Language of the story: fr or en.")] = "fr",
    stop: Annotated[bool, typer.Option("--exit", help="Stop after the story with status 0.")] = False,
    host: Annotated[str, typer.Option(help="Address to serve on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to serve on; 0 takes a free one.")] = 8000,
) -> None:
    """Create a new database, load the country, create users, tell the story over HTTP, then serve.

    The database is new each time: .msingi/demo-PROFILE.db, or the one given with --database (empty, or a former
    demonstration).

    Examples:
      msingi demo
      msingi demo --profile tanzania --lang en --exit
      msingi demo --database postgresql://postgres@localhost/demo --persons 100000

    """
    from rich.console import Console

    from msingi.demo.run import run_demo
    from msingi.demo.stage import StoryFailed
    from msingi.demo.wishes import Wishes
    from msingi.edge import configure_logs

    platform = _new_platform(profile, database)
    console = Console(soft_wrap=True)
    wishes = Wishes(persons=persons, language=lang)
    with (_FOLDER / "demo.log").open("w", encoding="utf-8") as log:
        configure_logs(stream=log)
        try:
            run_demo(platform, wishes, console, host=host, port=0 if stop else port, stay=not stop)
        except StoryFailed as error:
            console.print(f"[red]{error}[/red]")
            raise typer.Exit(1) from None
        except KeyboardInterrupt:
            console.print()
        finally:
            platform.close()


def _new_platform(profile: str, database: str | None) -> "Platform":
    from msingi.cli.platforms import demo_secrets, platform_for
    from msingi.kernel.installation import wipe

    url = database or _new_file(profile)
    overrides = {"demo": True, "security": demo_secrets(_FOLDER), "server": {"requests_per_minute": 60_000}}
    platform = platform_for(profile, url, **overrides)
    if not platform.database.is_sqlite:
        wipe(platform)
    return platform


def _new_file(profile: str) -> str:
    _FOLDER.mkdir(exist_ok=True)
    path = _FOLDER / f"demo-{Path(profile).stem}.db"
    for part in (path, path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm")):
        part.unlink(missing_ok=True)
    return f"sqlite:///{path}"
