"""Identifier types as data: system, format, check digits, uniqueness and place (ID-4)."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from msingi_registry.rules.characters import MAX_TYPED, without_noise
from msingi_registry.rules.checkdigits import CheckScheme, passes_check
from msingi_registry.rules.refusals import Refusal

_PERMITTED_FORMAT: Final = re.compile(
    r"(?:[A-Za-z0-9/-]|\\[d./-]|\[[A-Z0-9/-]{1,20}\]|\{\d{1,2}(?:,\d{1,2})?\}|\||\?){0,120}"
)
"""Formats know letters, digits, classes, bounded repeats and alternatives, but neither groups nor stars."""

_MOST_RANGES: Final = 3
_MOST_OPTIONS: Final = 4


class Uniqueness(StrEnum):
    """Where two persons may not carry the same value of a type."""

    GLOBAL = "global"
    PER_LOCATION = "per_location"
    NONE = "none"


class LocationUse(StrEnum):
    """Say whether an identifier of a type names the place that gave it."""

    NOT_USED = "not_used"
    OPTIONAL = "optional"
    REQUIRED = "required"


class NormalForm(StrEnum):
    """How a typed value becomes the value that is stored and compared."""

    CODE = "code"
    TEXT = "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentifierType:
    """A type of identifier: its system URI and the rules its values obey (ID-4)."""

    code: str
    system: str
    pattern: str = ""
    check: CheckScheme = CheckScheme.NONE
    uniqueness: Uniqueness = Uniqueness.GLOBAL
    location: LocationUse = LocationUse.NOT_USED
    form: NormalForm = NormalForm.CODE
    _format: re.Pattern[str] | None = field(init=False, repr=False, compare=False, default=None)

    def __post_init__(self) -> None:
        """Refuse a format that could take long to read, and a type unique per place without a place."""
        if self.uniqueness is Uniqueness.PER_LOCATION and self.location is not LocationUse.REQUIRED:
            raise Refusal("registry.identifier_type_needs_location", type=self.code)
        if self.pattern:
            object.__setattr__(self, "_format", compiled_format(self.code, self.pattern))

    def accepts(self, value: str) -> bool:
        """Say whether a value in normal form obeys the format and the check digits."""
        fits = self._format is None or self._format.fullmatch(value) is not None
        return bool(value) and fits and passes_check(self.check, value)


def normalise_identifier(kind: IdentifierType, typed: str) -> str:
    """Return the normal form of a typed or scanned value; raises `registry.identifier_invalid` (attack 59).

    Zeros in front stay: in a foreign scheme they are part of the number.
    """
    value = _NORMAL_FORMS[kind.form](typed) if len(typed) <= MAX_TYPED else ""
    if not kind.accepts(value):
        raise Refusal("registry.identifier_invalid", type=kind.code)
    return value


def uniqueness_key(kind: IdentifierType, value: str, *, location: str | None = None) -> str | None:
    """Return the text that must be unique among all persons, or None where equal values are allowed.

    Raises `registry.identifier_location_required` and `registry.identifier_location_refused`.
    """
    if kind.location is LocationUse.REQUIRED and location is None:
        raise Refusal("registry.identifier_location_required", type=kind.code)
    if kind.location is LocationUse.NOT_USED and location is not None:
        raise Refusal("registry.identifier_location_refused", type=kind.code)
    match kind.uniqueness:
        case Uniqueness.NONE:
            return None
        case Uniqueness.GLOBAL:
            return f"{kind.system}|{value}"
        case Uniqueness.PER_LOCATION:
            return f"{kind.system}|{location}|{value}"


def compiled_format(code: str, pattern: str) -> re.Pattern[str]:
    """The format of a type, ready to compare values with; raises `registry.identifier_format_unsupported`."""
    if not _is_quick_to_match(pattern):
        raise Refusal("registry.identifier_format_unsupported", type=code)
    try:
        return re.compile(pattern, re.ASCII)
    except re.error as error:
        raise Refusal("registry.identifier_format_unsupported", type=code) from error


def _is_quick_to_match(pattern: str) -> bool:
    """Say whether a text of the longest length is read in well under 100 ms, whatever it holds (attack 61)."""
    few_choices = pattern.count(",") <= _MOST_RANGES and pattern.count("?") <= _MOST_OPTIONS
    return few_choices and _PERMITTED_FORMAT.fullmatch(pattern) is not None


def _as_code(typed: str) -> str:
    bare = without_noise(typed)
    return bare.upper() if bare.isascii() and bare.isprintable() else ""


def _as_text(typed: str) -> str:
    text = " ".join(unicodedata.normalize("NFKC", typed).split())
    return text if text.isprintable() else ""


_NORMAL_FORMS: Final[Mapping[NormalForm, Callable[[str], str]]] = MappingProxyType(
    {NormalForm.CODE: _as_code, NormalForm.TEXT: _as_text}
)
