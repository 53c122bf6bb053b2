"""`msingi demo`: a complete demonstration of a country."""

import logging
import sys
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from msingi.cli.choices import require_one_of
from msingi.cli.edge import plainly
from msingi.cli.options import DatabaseOption
from msingi.cli.speech import LANGUAGES, speech_for

if TYPE_CHECKING:
    from collections.abc import Iterator

    from msingi.platform import Platform

_FOLDER = Path(".msingi")
app = typer.Typer(help="Start a complete demonstration of a country.")


@app.command()
def demo(
    profile: Annotated[str, typer.Option("--profile", "-p", help="Country profile.")] = "cameroon",
    database: DatabaseOption = None,
    *,
    persons: Annotated[int, typer.Option(help="Synthetic persons to generate.", min=0, max=2_000_000)] = 2000,
    lang: Annotated[
        str | None,
        typer.Option(help="Language of the story: fr or en; default: the terminal's, else the country's."),
    ] = None,
    stop: Annotated[bool, typer.Option("--exit", help="Stop after the story with status 0.")] = False,
    host: Annotated[str, typer.Option(help="Address to serve on.")] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(help="Port to serve on; 0 takes a free one.", min=0, max=65_535)
    ] = 8000,
) -> None:
    """Create a new database, load the country, create users, tell the story over HTTP, then serve.

    The database is new each time: demo-PROFILE.db in the hidden folder of the demonstration, or the one given with
    --database (empty, or a former demonstration).

    Examples:
      msingi demo
      msingi demo --profile tanzania --lang en --exit
      msingi demo --database postgresql://postgres@localhost/demo --persons 100000

    """
    from rich.console import Console

    from msingi.cli.interruption import OF_A_DEMONSTRATION, quietly
    from msingi.cli.serving import bind
    from msingi.demo.run import run_demo
    from msingi.demo.stage import StoryFailed
    from msingi.demo.wishes import Wishes

    if lang is not None:
        require_one_of(lang, LANGUAGES, "--lang", speech_for(profile))
    say = speech_for(profile, lang)
    console = Console(soft_wrap=True)
    wishes = Wishes(persons=persons, language=say.language)
    with (
        plainly(say),
        quietly(say, OF_A_DEMONSTRATION),
        closing(bind(host, 0 if stop else port)) as listener,
        _new_platform(profile, database) as platform,
        _log(),
    ):
        try:
            run_demo(platform, wishes, console, listener, stay=not stop)
        except StoryFailed as error:
            console.print(f"[red]{error}[/red]")
            raise typer.Exit(1) from None


@contextmanager
def _new_platform(profile: str, database: str | None) -> "Iterator[Platform]":
    """A platform on an empty database: a new file, or the given one without its former demonstration."""
    from msingi.cli.platforms import demo_secrets, platform_for
    from msingi.demo.alone import alone
    from msingi.kernel.installation import refuse_uncertain_file, wipe
    from msingi.kernel.readiness import refuse_unreachable

    _FOLDER.mkdir(exist_ok=True)
    path = _FOLDER / f"demo-{Path(profile).stem}.db"
    overrides = {"demo": True, "security": demo_secrets(_FOLDER), "server": {"requests_per_minute": 60_000}}
    with closing(platform_for(profile, database or f"sqlite:///{path}", **overrides)) as platform:
        refuse_unreachable(platform)
        refuse_uncertain_file(platform)
        with alone(platform):
            wipe(platform)
            yield platform


@contextmanager
def _log() -> "Iterator[None]":
    from msingi.edge import configure_logs

    with (_FOLDER / "demo.log").open("w", encoding="utf-8") as log:
        configure_logs(stream=log)
        try:
            yield
        finally:
            configure_logs(stream=sys.stderr, level=logging.WARNING)
