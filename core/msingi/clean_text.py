"""Brings human text to one clean form, or refuses it (attacks 57, 60).

The rule: NFC; NUL, controls, lone surrogates, private and unassigned characters are refused; direction marks and
other invisible characters are dropped (joiners stay in long texts, where they shape letters and emoji); white space
is one space and none at the ends (long texts keep their line breaks); at most four marks stack on one letter.
"""

import re
import unicodedata
from typing import Annotated, Final, TypeAlias

from pydantic import AfterValidator

from msingi.errors import DomainError

MAX_LINE: Final = 500
MAX_MARKS: Final = 4
"""Marks on one letter: Vietnamese needs two, vocalised Arabic three."""

_JOINERS: Final = "\u200c\u200d"
_VISIBLE_FORMAT: Final = frozenset("\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u08e2")
_LINE_ENDS: Final = re.compile("\r\n|[\r\x85\u2028\u2029]")
_SPACES: Final = re.compile(r"[^\S\n]+")


class InvalidCharacter(DomainError):
    """A text holds a character that no person types: NUL, a control, half a pair, a private code."""

    code = "text.invalid_character"
    template = "The text contains a character that is not allowed."


class TextTooLong(DomainError):
    """A text is longer than its field."""

    code = "text.too_long"
    template = "The text is longer than {most} characters."


class TooManyMarks(DomainError):
    """A text stacks many combining marks on one letter."""

    code = "text.too_many_marks"
    template = "The text stacks more than {most} marks on one letter."


def clean_line(text: str) -> str:
    """Return the clean form of one line of text."""
    return clean_text(text)


CleanLine: TypeAlias = Annotated[str, AfterValidator(clean_line)]
"""A field of an input model that holds one line of human text, cleaned where it enters."""

AS_TYPED: Final = "as typed"
Verbatim: TypeAlias = Annotated[str, AS_TYPED]
"""An argument or field that is compared or decoded exactly as typed: a password, a scanned code, a name at an issuer.

All other text that enters by GraphQL is cleaned.
"""


def clean_text(text: str, *, most: int = MAX_LINE, lines: bool = False) -> str:
    """Return the clean form of a text of at most this many characters; `lines` allows line breaks.

    Raises `TextTooLong`, `InvalidCharacter` or `TooManyMarks`.
    """
    if len(text) > 4 * most:
        raise TextTooLong(most=most)
    if text.isascii() and text.isprintable():
        return _within(_SPACES.sub(" ", text).strip(), most)
    broken = _LINE_ENDS.sub("\n", text).replace("\t", " ")
    visible = "".join(character for character in broken if not _is_dropped(character, lines=lines))
    if any(_is_refused(character, lines=lines) for character in visible):
        raise InvalidCharacter
    composed = unicodedata.normalize("NFC", visible)
    _check_marks(composed)
    return _within(_tidy(composed), most)


def _is_dropped(character: str, *, lines: bool) -> bool:
    if unicodedata.category(character) != "Cf" or character in _VISIBLE_FORMAT:
        return False
    return not (lines and character in _JOINERS)


def _is_refused(character: str, *, lines: bool) -> bool:
    if character == "\n":
        return not lines
    return unicodedata.category(character) in {"Cc", "Cs", "Co", "Cn"}


def _check_marks(text: str) -> None:
    run = 0
    for character in text:
        run = run + 1 if unicodedata.category(character) in {"Mn", "Me"} else 0
        if run > MAX_MARKS:
            raise TooManyMarks(most=MAX_MARKS)


def _tidy(text: str) -> str:
    return "\n".join(_SPACES.sub(" ", line).strip() for line in text.split("\n")).strip()


def _within(text: str, most: int) -> str:
    if len(text) > most:
        raise TextTooLong(most=most)
    return text
