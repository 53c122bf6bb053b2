"""Ctrl-C while a command builds something: it ends quietly, whatever the interruption broke on its way."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import typer

if TYPE_CHECKING:
    from msingi.cli.speech import Speech

INTERRUPTED: Final = 130
"""Exit status of a command that Ctrl-C ended."""
OF_A_DEMONSTRATION: Final = "interrupted; the demonstration is incomplete"
OF_A_LIST: Final = "interrupted; what was not saved yet is undone, and the list is deleted"


@contextmanager
def quietly(say: "Speech", told: str) -> Iterator[None]:
    """End with 130 and this sentence when SIGINT comes.

    SQLite swallows what is raised while it works and reports a statement of its own as interrupted: the signal is
    noted, so that this is not told as a busy server.
    """
    heard: list[int] = []

    def note(number: int, _frame: object) -> None:
        heard.append(number)
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGINT, note)
    try:
        yield
    except BaseException as error:
        if not heard and not isinstance(error, KeyboardInterrupt):
            raise
        typer.echo(say(told), err=True)
        raise typer.Exit(INTERRUPTED) from None
    finally:
        signal.signal(signal.SIGINT, before)
