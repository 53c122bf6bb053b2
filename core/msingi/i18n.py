"""Texts in the reader's language: gettext catalogues of the core and of each plugin."""

import gettext
from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from functools import cache, cached_property
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from msingi.errors import DomainError, reason_of
from msingi.sayings import Saying

FALLBACK = "en"


def in_language(names: Mapping[str, str], language: str) -> str:
    """The name in a language, or the first one that there is; nothing when there is none."""
    return names.get(language) or next(iter(names.values()), "")


class Texts:
    """The catalogues of one platform: later folders may override earlier ones.

    A catalogue is the file ``<folder>/<language>/messages.po``; the English text is the key. A language that
    lacks a text falls back to the platform's first language, then to English.
    """

    def __init__(self, folders: Iterable[Path], languages: Sequence[str]) -> None:
        self.folders = tuple(folders)
        self.languages = tuple(languages)

    @cached_property
    def _catalogues(self) -> Mapping[str, gettext.NullTranslations]:
        return {language: _load(self.folders, language) for language in {*self.languages, FALLBACK}}

    @cached_property
    def translated(self) -> frozenset[str]:
        """The languages that at least one folder has a catalogue for."""
        return frozenset(path.parent.name for folder in self.folders for path in folder.glob("*/messages.po"))

    def get(self, text: str, language: str) -> str:
        """The text in this language."""
        for candidate in (language, *self.languages[:1]):
            catalogue = self._catalogues.get(candidate)
            if catalogue is None:
                continue
            translated = catalogue.gettext(text)
            if translated != text or candidate == FALLBACK:
                return translated
        return text

    def count(self, one: str, many: str, number: int, language: str) -> str:
        """The text for this number: the first for one, the second for others, by the rule of the language."""
        alike = None
        for candidate in (language, *self.languages[:1]):
            catalogue = self._catalogues.get(candidate)
            if catalogue is None:
                continue
            translated = catalogue.ngettext(one, many, number)
            if translated not in {one, many} or candidate == FALLBACK:
                return translated
            alike = alike or translated
        return alike or (one if number == 1 else many)

    def tell(self, saying: Saying, language: str) -> str:
        """A sentence with its values filled in."""
        return saying.told(
            lambda text: self.get(text, language),
            lambda one, many, number: self.count(one, many, number, language),
        )

    def refusal(self, error: DomainError, language: str) -> str:
        """The message of a refusal with its parameters filled in."""
        return self.tell(error.saying(), language)

    def reason(self, problem: Mapping[str, Any], language: str) -> str:
        """Why one field is not valid: a problem of ``InvalidInput``."""
        return self.tell(reason_of(problem), language)

    def choose(self, accept_language: str | None) -> str:
        """The offered language that suits an Accept-Language header best; the first offered one otherwise."""
        return self.wish(accept_language) or self.languages[0]

    def wish(self, accept_language: str | None) -> str | None:
        """The offered language that an Accept-Language header prefers; None when it names none of them."""
        wanted = _preferences(accept_language or "")
        return next((language for language in wanted if language in self.languages), None)


def _preferences(header: str) -> list[str]:
    weighted = []
    for position, part in enumerate(header[:500].split(",")):
        tag, _, quality = part.strip().partition(";q=")
        weight = float(quality) if quality.replace(".", "", 1).isdigit() and quality.isascii() else 1.0
        weighted.append((-weight, position, tag.split("-")[0].lower()))
    return [tag for _, _, tag in sorted(weighted)]


def _load(folders: Sequence[Path], language: str) -> gettext.NullTranslations:
    merged = gettext.NullTranslations()
    for path in (folder / language / "messages.po" for folder in folders):
        if path.is_file():
            loaded = copy(_read(path, language))
            loaded.add_fallback(merged)
            merged = loaded
    return merged


@cache
def _read(path: Path, language: str) -> gettext.NullTranslations:
    """One catalogue, read once per process."""
    with path.open("rb") as source:
        catalogue = read_po(source, locale=language)
    binary = BytesIO()
    write_mo(binary, catalogue)
    binary.seek(0)
    return gettext.GNUTranslations(binary)
