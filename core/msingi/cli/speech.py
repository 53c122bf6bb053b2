"""The language of a command: the one of the terminal, else the first one of the profile."""

import os
import tomllib
from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from msingi.errors import ConfigurationError, DomainError
from msingi.sayings import Saying

if TYPE_CHECKING:
    from msingi.i18n import Texts
    from msingi.platform import Platform

_CORE = Path(__file__).parents[1]
FOLDERS = tuple(_CORE / part / "locale" for part in ("", "cases", "tabular", "cli"))
LANGUAGES = ("fr", "en")
_VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")


class Speech:
    """What a command says, in one language; the catalogues are read when it first speaks."""

    def __init__(self, language: str, folders: Iterable[Path] = ()) -> None:
        self.language = language
        self._folders = tuple(dict.fromkeys((*FOLDERS, *folders)))

    def __call__(self, text: str, **values: object) -> str:
        """A text with its values filled in."""
        return self.tell(Saying(text, values))

    def count(self, one: str, many: str, number: int, **values: object) -> str:
        """A text that depends on a number, which fills it as ``number``."""
        return self.tell(Saying(one, {"number": number, **values}, many=many, number=number))

    def tell(self, saying: Saying) -> str:
        """A sentence."""
        return self._texts.tell(saying, self.language)

    def refusal(self, error: DomainError | ConfigurationError) -> str:
        """Why something is refused."""
        if isinstance(error, DomainError):
            return self._texts.refusal(error, self.language)
        speech = Speech(self.language, (*self._folders, *error.folders)) if error.folders else self
        return "\n".join(speech.tell(saying) for saying in error.sayings)

    @cached_property
    def _texts(self) -> "Texts":
        from msingi.i18n import Texts

        return Texts(self._folders, [self.language])


def speech_for(
    profile: str | None = None, language: str | None = None, folders: Iterable[Path] = ()
) -> Speech:
    """The speech of a command that has no platform yet, or none at all."""
    return Speech(language or language_of_terminal() or _spoken(_languages_of(profile)), folders)


def speech_on(platform: "Platform") -> Speech:
    """The speech of a command on a platform: with the words of its modules."""
    chosen = language_of_terminal() or _spoken(platform.profile.languages)
    return Speech(chosen, platform.texts.folders)


def language_of_terminal() -> str | None:
    """The language that the environment asks for, when it is one of ours; C and POSIX ask for none."""
    wish = next((os.environ[name] for name in _VARIABLES if os.environ.get(name)), "")
    language = wish.partition(".")[0].partition("_")[0].lower()
    return language if language in LANGUAGES else None


def _spoken(offered: Sequence[str]) -> str:
    return next((language for language in offered if language in LANGUAGES), "en")


def _languages_of(profile: str | None) -> Sequence[str]:
    """The languages that a profile file names, read past its faults: these may be what has to be told."""
    from msingi.cli.platforms import profile_name
    from msingi.profile_files import profile_path

    try:
        told = tomllib.loads(profile_path(profile_name(profile)).read_text(encoding="utf-8")).get("languages")
    except (ConfigurationError, OSError, ValueError):
        return ()
    return [str(language) for language in told] if isinstance(told, list) else ()
