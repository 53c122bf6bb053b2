"""Elements of a file of the field that know which of their values were asked for: what is left is told (CLM-F3)."""

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Final
from uuid import UUID

from msingi.tabular import Node

MOST_NAMES: Final = 50
"""Most names of values that are told of one family, or of one file."""
_LONGEST_NAME: Final = 60
_TRUE: Final = frozenset({"1", "true", "yes"})


class Unreadable(Exception):
    """A value cannot be read; the text names the element, never the value."""


class Element:
    """A record of a file."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._asked: set[str] = set()
        self._sections: set[str] = set()

    def value(self, name: str) -> str:
        """The text of a child; empty when there is none."""
        self._asked.add(name.casefold())
        return self._node.value(name)

    def text(self, name: str, most: int) -> str:
        """The text of a child of at most so many characters."""
        value = self.value(name)
        if len(value) > most:
            raise Unreadable(name)
        return value

    def first_text(self, *names: str, most: int) -> str:
        """The first of several texts that is there; the others are not asked for."""
        return next((text for name in names if (text := self.text(name, most))), "")

    def flag(self, name: str) -> bool:
        """Whether a child says yes."""
        return self.value(name).casefold() in _TRUE

    def day(self, name: str) -> date:
        """The day in a child."""
        try:
            return date.fromisoformat(self.value(name)[:10])
        except ValueError:
            raise Unreadable(name) from None

    def amount(self, name: str) -> Decimal:
        """The amount in a child."""
        try:
            amount = Decimal(self.value(name))
        except InvalidOperation:
            raise Unreadable(name) from None
        if not amount.is_finite() or abs(amount.adjusted()) > 18:  # noqa: PLR2004 - digits of 64 bits
            raise Unreadable(name)
        return amount

    def id(self, name: str) -> UUID | None:
        """The id in a child; another system's key is none, and is not asked for."""
        try:
            found = UUID(self._node.value(name))
        except ValueError:
            return None
        self._asked.add(name.casefold())
        return found

    def part(self, name: str) -> "Element | None":
        """A child that has children of its own."""
        self._asked.add(name.casefold())
        self._sections.add(name.casefold())
        node = self._node.child(name)
        return Element(node) if node else None

    def records(self, name: str) -> "list[Element]":
        """The records in a child; none when there is no such child."""
        self._asked.add(name.casefold())
        self._sections.add(name.casefold())
        return [Element(node) for node in self._node.list(name)]

    def left(self) -> list[str]:
        """Paths of what it holds and nobody asked for: children, one that comes again, attributes, parts of a value."""
        waiting = set(self._asked)
        left = [f"@{name}" for name in self._node.attributes]
        for child in self._node.children:
            key = child.name.casefold()
            left += [f"{child.name}/@{name}" for name in child.attributes]
            if key not in waiting and (child.text or child.children):
                left.append(child.name)
            elif key in waiting and key not in self._sections:
                left += [f"{child.name}/{part.name}" for part in child.children]
            waiting.discard(key)
        return [f"{self._node.name}/{path}"[:_LONGEST_NAME] for path in left]


def told(names: list[str]) -> tuple[str, ...]:
    """Names in order, each once."""
    return tuple(sorted(set(names))[:MOST_NAMES])
