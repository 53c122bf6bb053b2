"""The run of a demonstration: database, migrations, country, cast, story, totals."""

import contextlib
import socket
import time
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import httpx2 as httpx
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from msingi.audit.services import seal, verify
from msingi.demo.people import ADMIN, create_cast
from msingi.demo.server import serving
from msingi.demo.stage import Credential, Stage
from msingi.demo.wishes import Wishes
from msingi.errors import ConfigurationError
from msingi.migrate import prepare
from msingi.platform import load_parts

if TYPE_CHECKING:
    from msingi.platform import Platform

CLIENT_SECONDS = 60.0


def run_demo(
    platform: "Platform", wishes: Wishes, console: Console, listener: socket.socket, *, stay: bool
) -> None:
    """Fill the database, tell the story through HTTP, print the totals; then serve until interrupted if ``stay``.

    Raises:
        StoryFailed: the API answered something unexpected.

    """
    started = time.monotonic()
    for plugin in platform.plugins:
        load_parts(plugin, ("demo",))
    prepare(platform)
    fill(platform, wishes, console)
    cast = create_cast(platform, wishes.language)
    with (
        serving(platform, listener) as (address, thread),
        httpx.Client(base_url=address, timeout=CLIENT_SECONDS) as client,
    ):
        stage = Stage(platform, client, console, wishes.language, cast)
        _tell(stage)
        print_cast(cast, console, french=stage.language == "fr")
        for line in totals(platform):
            console.print(line, highlight=False)
        if stay:
            stop = "Ctrl-C : arrêter" if stage.language == "fr" else "Ctrl-C: stop"
            console.print(
                f"\n[bold]{address}[/bold]  ({time.monotonic() - started:.0f} s)  {stop}", highlight=False
            )
            with contextlib.suppress(KeyboardInterrupt):
                thread.join()


def fill(platform: "Platform", wishes: Wishes, console: Console) -> None:
    """Let every module load what it shows, with a progress bar."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console) as bars:
        for plugin in platform.plugins:
            for load in plugin.contributions.demo_loads:
                load(platform, wishes, _reporter(bars))


def totals(platform: "Platform") -> list[str]:
    """The closing lines: what is in the database, and whether the audit trail is intact."""
    lines: list[str] = []
    with platform.work() as work:
        for plugin in sorted(platform.plugins, key=lambda plugin: _rank(platform, plugin.name)):
            for count in plugin.contributions.totals:
                lines += [f"{name}: {value}" for name, value in count(work).items()]
    with platform.work() as work:  # a demonstration has one process: no line commits late
        seal(work, everything=True, safety=timedelta())
    with platform.work(writes=False) as work:
        intact = verify(work).intact
    if not intact:
        raise ConfigurationError("audit: BROKEN")
    return [*lines, "audit: intact"]


def _rank(platform: "Platform", name: str) -> int:
    """Where the country file names a module: its closing lines come in that order."""
    modules = platform.profile.modules
    return modules.index(name) if name in modules else len(modules)


def _tell(stage: Stage) -> None:
    stage.sign_in(ADMIN, new_password=_own_password(stage.cast[ADMIN]))
    for plugin in stage.platform.plugins:
        for scene in plugin.contributions.scenes:
            scene(stage)


def _own_password(credential: Credential) -> str:
    return f"demo-{credential.password}"


def _reporter(bars: Progress) -> Callable[[str, int, int], None]:
    tasks: dict[str, Any] = {}

    def report(what: str, done: int, total: int) -> None:
        if what not in tasks:
            tasks[what] = bars.add_task(what, total=total)
        bars.update(tasks[what], completed=done, total=total)

    return report


def print_cast(cast: Mapping[str, Credential], console: Console, *, french: bool) -> None:
    """Show who can sign in; a password stays on one line, to be copied from it."""
    table = Table(title="Utilisateurs de démonstration" if french else "Demonstration users")
    table.add_column("Utilisateur" if french else "User", no_wrap=True)
    table.add_column("Mot de passe" if french else "Password", no_wrap=True)
    table.add_column("Premier accès" if french else "First sign-in")
    change = "à changer" if french else "change it"
    for credential in cast.values():
        table.add_row(credential.username, credential.password, change if credential.token is None else "")
    how = (
        "à changer : donnez aussi newPassword à login" if french else "change it: give login newPassword too"
    )
    console.print()
    console.print(table)
    console.print(how, highlight=False)
