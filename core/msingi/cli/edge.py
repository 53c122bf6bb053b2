"""The edge of every command: its platform opened and closed, its database checked, its refusals told plainly."""

import logging
import sys
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import typer

from msingi.cli.entry import HOME
from msingi.cli.speech import Speech, speech_for, speech_on
from msingi.errors import ConfigurationError, DomainError

if TYPE_CHECKING:
    from msingi.platform import Platform
    from msingi.work import Work

REFUSED: Final = 1
"""Exit status when the platform says no."""
UNUSABLE: Final = 2
"""Exit status when settings, database or files cannot be used."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A platform while a command uses it, and what the command says."""

    platform: "Platform"
    say: Speech

    def work(self, *, writes: bool = True) -> "AbstractContextManager[Work]":
        """One unit of work of the system, in the language of the command."""
        return self.platform.work(writes=writes, language=self.say.language)


@contextmanager
def opened(profile: str | None, database: str | None) -> Iterator[Opened]:
    """The platform of a command that needs its database; it ends with 2 when that is not ready, and makes no file."""
    from msingi.kernel.readiness import refuse_unready

    with assembled(profile, database) as here:
        refuse_unready(here.platform)
        yield here


@contextmanager
def assembled(profile: str | None, database: str | None) -> Iterator[Opened]:
    """The platform of a command that can do without its database."""
    from msingi.cli import platforms

    with plainly(speech_for(profile)), closing(platforms.platform_for(profile, database)) as platform:
        _log_warnings_beside_the_answer()
        _refuse_absent_module(platform)
        say = speech_on(platform)
        with plainly(say):
            yield Opened(platform, say)


def _log_warnings_beside_the_answer() -> None:
    """Standard output is the command's answer: machines read it."""
    from msingi.edge import configure_logs

    configure_logs(stream=sys.stderr, level=logging.WARNING)


def _refuse_absent_module(platform: "Platform") -> None:
    """Refuse the command of a module that the country has not switched on: its tables are not there."""
    from msingi.platform import package_of

    home = HOME.get()
    if home not in {"msingi", *(package_of(plugin) for plugin in platform.plugins)}:
        raise ConfigurationError(
            "modules: this command belongs to {module}, which is not switched on here. Add it to `modules`.",
            module=home.removeprefix("msingi_"),
        )


_FILES: Final[Mapping[type[OSError], str]] = {
    FileExistsError: "there is a file of this name already. Nothing was overwritten; name another.",
    FileNotFoundError: "there is no such file or folder. Check the path.",
    PermissionError: "this user may not open it. Check the file rights.",
    IsADirectoryError: "this is a folder. Name a file in it.",
}
"""What the system says of a file, in the reader's language."""


@contextmanager
def plainly(say: Speech) -> Iterator[None]:
    """Tell a refusal on standard error in one language, instead of a traceback, and end with its status."""
    try:
        yield
    except Exception as error:
        ending = ending_of(error, say)
        if ending is None:
            raise
        text, status = ending
        typer.echo(text, err=True)
        raise typer.Exit(status) from error


def ending_of(error: Exception, say: Speech) -> tuple[str, int] | None:
    """What a command says about an error, and its exit status; None for a defect."""
    from msingi.failures import as_refusal
    from msingi.keyring import KeyringError

    if isinstance(error, DomainError):
        return say.refusal(error), REFUSED
    if isinstance(error, ConfigurationError):
        return f"msingi: {say.refusal(error)}", UNUSABLE
    if isinstance(error, KeyringError):
        return f"msingi: {say.tell(error.saying)}", UNUSABLE
    if isinstance(error, OSError) and error.filename is not None:
        kind = IsADirectoryError if _is_taken_by_a_folder(error) else type(error)
        reason = say(_FILES[kind]) if kind in _FILES else error.strerror
        return f"msingi: {error.filename}: {reason}", UNUSABLE
    meaning = as_refusal(error)
    return None if meaning is None else (f"msingi: {say.refusal(meaning)}", UNUSABLE)


def _is_taken_by_a_folder(error: OSError) -> bool:
    """Whether the name of a new file belongs to a folder: the system says only that it exists."""
    return isinstance(error, FileExistsError) and Path(str(error.filename)).is_dir()
