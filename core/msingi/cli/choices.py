"""Options that take one of a few words."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from msingi.cli.speech import Speech


def require_one_of(value: str, allowed: Iterable[str], option: str, say: "Speech") -> None:
    """Refuse a word that is none of the allowed ones.

    Raises:
        BadParameter: it is another one; the allowed ones are listed.

    """
    words = [str(word) for word in allowed]
    if value not in words:
        raise typer.BadParameter(say("Choose one of: {words}.", words=", ".join(words)), param_hint=option)
