"""What the help of a command says: its language, and the words of the plugin that owns the command."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import takewhile, zip_longest
from pathlib import Path
from typing import Final

import typer

from msingi.cli.catalogues import texts_in
from msingi.cli.described import source_of
from msingi.cli.speech import FOLDERS, LANGUAGES, speech_for

CORE: Final = "msingi.cli.entry"
"""The module whose words every command may use."""
_ARGUMENTS: Final = "msingi.cli.arguments"
_MODULE: Final = "msingi.cli.module"
_KINDS: Final = {
    "<str>": "<text>",
    "<list[str]>": "<texts>",
    "<int>": "<integer>",
    "<int range>": "<integer>",
    "<float>": "<number>",
    "<float range>": "<number>",
    "<FileBinaryRead>": "<file>",
    "<dir>": "<folder>",
    "<datetime>": "<date and time>",
}
"""What typer calls the kinds of values, in English for people."""
_EXAMPLES: Final = ("Example", "Examples")


@dataclass(frozen=True, slots=True)
class Voice:
    """A language and its texts; a text that these lack is told in English."""

    language: str
    texts: Mapping[str, str]

    def __call__(self, text: str, **values: object) -> str:
        """A text with its values filled in."""
        told = self.texts.get(text, text)
        return told.format_map(values) if values else told

    def page(self, text: str) -> str:
        """The help of a command, paragraph by paragraph; the commands of examples stay as they are."""
        return "\n\n".join(map(self._paragraph, text.split("\n\n")))

    def line(self, text: str) -> str:
        """A sentence as it stands in a list: without its full stop."""
        return self(f"{text}.").removesuffix(".") if text else text

    def _paragraph(self, text: str) -> str:
        head, colon, commands = text.partition(":")
        if colon and head in _EXAMPLES:
            return f"{self(f'{head}:')}{commands}"
        return self.texts.get(key_of(text), text)


def key_of(paragraph: str) -> str:
    """The key of a paragraph in a catalogue: how the source breaks its lines does not matter."""
    return " ".join(paragraph.split())


@cache
def voice_for(language: str, module: str) -> Voice:
    """The voice of the commands in a module; English is what the code says already."""
    if language == "en":
        return Voice(language, _KINDS)
    texts = (texts_in(folder, language) for folder in (*FOLDERS, *_locales_of(module)))
    return Voice(language, {english: told for each in texts for english, told in each.items()})


def voice_of(context: typer.Context) -> Voice:
    """The voice of the command that is called: the same language as of its answer."""
    arguments: Sequence[str] = context.meta.get(_ARGUMENTS, ())
    wished = _given(arguments, "--lang")
    profile = _given(arguments, "--profile", "-p")
    speech = speech_for(profile, wished if wished in LANGUAGES else None)
    return voice_for(speech.language, context.meta.get(_MODULE, CORE))


def note_call(context: typer.Context, arguments: Sequence[str]) -> None:
    """Keep what was typed: it may name a language or a profile, also beside ``--help``."""
    context.meta[_ARGUMENTS] = tuple(arguments)


def note_module(context: typer.Context, module: str) -> None:
    """Keep which module the called command comes from."""
    context.meta[_MODULE] = module


def _given(arguments: Sequence[str], *names: str) -> str | None:
    """The value of the first option with one of these names: the next word, or what stands behind an equals sign."""
    for word, following in zip_longest(arguments, arguments[1:]):
        name, equals, value = word.partition("=")
        if name in names:
            return value if equals else following
    return None


def _locales_of(module: str) -> Iterator[Path]:
    """The catalogues of the package that holds a module and of those around it, the widest first."""
    source = source_of(module)
    if source is None:
        return
    packages = takewhile(lambda folder: (folder / "__init__.py").is_file(), source.parents)
    yield from reversed([folder / "locale" for folder in packages])
