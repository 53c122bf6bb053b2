"""Which text a household gets: values in, values out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

PLACEHOLDER: Final = "{code}"


@dataclass(frozen=True, slots=True)
class Welcome:
    """A text and its language."""

    language: str
    text: str


def welcome(texts: Mapping[str, str], code: str, *, spoken: Sequence[str], offered: Sequence[str]) -> Welcome:
    """The text in the first language that is spoken and written here, else in the first one offered."""
    wanted = next(language for language in (*spoken, *offered, *texts) if language in texts)
    return Welcome(wanted, texts[wanted].replace(PLACEHOLDER, code))
