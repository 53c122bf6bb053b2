"""Sentences that are in no language yet: the English text is the key, values fill it once the reader is known."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

Say = Callable[[str], str]
"""From an English text to the reader's language."""


@dataclass(frozen=True, slots=True)
class Saying:
    """One sentence; a value may be a sentence too. ``many`` is the text for other numbers than one."""

    text: str
    values: Mapping[str, object] = field(default_factory=dict)
    many: str = ""
    number: int = 1

    def __str__(self) -> str:
        """The sentence in English."""
        return self.told(str, lambda one, many, number: one if number == 1 else many)

    def told(self, say: Say, count: Callable[[str, str, int], str]) -> str:
        """The sentence in the language of the two functions: for texts, and for texts with a number."""
        text = count(self.text, self.many, self.number) if self.many else say(self.text)
        if not self.values:
            return text
        return text.format_map(
            {
                name: value.told(say, count) if isinstance(value, Saying) else value
                for name, value in self.values.items()
            }
        )
