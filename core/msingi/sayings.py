"""Sentences that are in no language yet: the English text is the key, values fill it once the reader is known."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

Say = Callable[[str], str]
"""From an English text to the reader's language."""
Count = Callable[[str, str, int], str]
"""From the English texts for one and for many to the reader's language, by the number."""

LISTED: Final = ", "
"""What stands between the entries of a list that fills a text."""


@dataclass(frozen=True, slots=True)
class Saying:
    """One sentence; a value may be a sentence too, or several. ``many`` is the text for other numbers than one."""

    text: str
    values: Mapping[str, object] = field(default_factory=dict)
    many: str = ""
    number: int = 1

    def __str__(self) -> str:
        """The sentence in English."""
        return self.told(str, _count_in_english)

    def told(self, say: Say, count: Count) -> str:
        """The sentence in the language of the two functions: for texts, and for texts with a number."""
        text = count(self.text, self.many, self.number) if self.many else say(self.text)
        if not self.values:
            return text
        return text.format_map(
            {
                name: value.told(say, count) if isinstance(value, Saying | Sayings) else value
                for name, value in self.values.items()
            }
        )

    def stored(self) -> dict[str, Any]:
        """The sentence as JSON, to be told later in a language that nobody knows yet."""
        document: dict[str, Any] = {"text": self.text, "values": _stored_values(self.values)}
        return document | ({"many": self.many, "number": self.number} if self.many else {})


@dataclass(frozen=True, slots=True)
class Sayings:
    """Several sentences or words that stand in one place, with ``between`` between them."""

    parts: tuple[Saying | str, ...]
    between: str = LISTED

    def __str__(self) -> str:
        """The sentences in English."""
        return self.told(str, _count_in_english)

    def told(self, say: Say, count: Count) -> str:
        """The sentences in the language of the two functions."""
        between = say(self.between) if self.between.strip() else self.between
        return between.join(
            part.told(say, count) if isinstance(part, Saying) else part for part in self.parts
        )

    def stored(self) -> dict[str, Any]:
        """The sentences as JSON."""
        parts = [part.stored() if isinstance(part, Saying) else part for part in self.parts]
        return {"parts": parts, "between": self.between}


def saying_from(stored: Mapping[str, Any]) -> Saying:
    """The sentence that ``Saying.stored`` gave."""
    values = {name: _value_from(value) for name, value in stored.get("values", {}).items()}
    return Saying(stored["text"], values, stored.get("many", ""), stored.get("number", 1))


def _stored_values(values: Mapping[str, object]) -> dict[str, Any]:
    return {
        name: value.stored() if isinstance(value, Saying | Sayings) else _plain(value)
        for name, value in values.items()
    }


def _plain(value: object) -> Any:
    """What a text shows of a value: whole numbers stay, all else is the text that would fill it in."""
    return value if isinstance(value, bool | int) or value is None else str(value)


def _value_from(stored: Any) -> object:
    match stored:
        case {"parts": [*parts], "between": str(between)}:
            return Sayings(
                tuple(part if isinstance(part, str) else saying_from(part) for part in parts), between
            )
        case {"text": str()}:
            return saying_from(stored)
    return stored


def _count_in_english(one: str, many: str, number: int) -> str:
    return one if number == 1 else many
