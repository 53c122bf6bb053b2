"""Reads an XML document into a tree of texts, and nothing of it that could harm the reader (attacks 64, 69)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from msingi.tabular.errors import DamagedXml, FileTooLarge, TreeTooLarge
from msingi.tabular.xml_parser import UNREADABLE, refuse_declaration, safe_parser

MOST_BYTES: Final = 20 * 1024 * 1024
MOST_ELEMENTS: Final = 500_000
"""A document at the size limit holds fewer; more are empty ones that only fill memory."""
MOST_DEPTH: Final = 8
MOST_TEXT: Final = 10_000
"""Characters of one element."""


@dataclass(slots=True)
class Node:
    """An element: its name without namespace, its own text, its children in order, the line on which it begins.

    Of attributes only the names are kept, and not of those of another namespace, which speak of the form.
    """

    name: str
    text: str = ""
    children: list["Node"] = field(default_factory=list)
    line: int = field(default=0, compare=False)
    attributes: tuple[str, ...] = field(default=(), compare=False)

    def value(self, name: str) -> str:
        """The text of a child, whatever its case; empty when there is none."""
        found = self.child(name)
        return found.text if found else ""

    def child(self, name: str) -> "Node | None":
        """The first child of this name, whatever its case."""
        return next(iter(self.named(name)), None)

    def named(self, name: str) -> "Sequence[Node]":
        """Every child of this name, whatever its case."""
        wanted = name.casefold()
        return [child for child in self.children if child.name.casefold() == wanted]

    def list(self, name: str) -> list["Node"]:
        """The children of a child; empty when there is none."""
        found = self.child(name)
        return found.children if found else []


def read_xml_tree(content: bytes) -> Node:
    """The root of a document.

    A document type is refused where it begins, so no entity is ever declared, expanded or fetched.

    Raises:
        TabularError: it is too large, too deep, declares a document type, or is no XML.

    """
    if len(content) > MOST_BYTES:
        raise FileTooLarge(maximum=MOST_BYTES)
    builder = _Builder()
    parser = safe_parser(builder)
    builder.line_now = lambda: parser.CurrentLineNumber
    parser.ProcessingInstructionHandler = refuse_declaration
    try:
        parser.Parse(content, True)
    except UNREADABLE:
        raise DamagedXml(line=parser.CurrentLineNumber) from None
    return builder.root


class _Builder:
    def __init__(self) -> None:
        self.root = Node("")
        self._path: list[Node] = []
        self.line_now: Callable[[], int] = lambda: 0
        self._count = 0

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        self._count += 1
        if self._count > MOST_ELEMENTS or len(self._path) >= MOST_DEPTH:
            raise TreeTooLarge
        own = tuple(each for each in attributes if each != "xmlns" and ":" not in each)
        node = Node(name.rpartition(":")[2], line=self.line_now(), attributes=own)
        if self._path:
            self._path[-1].children.append(node)
        else:
            self.root = node
        self._path.append(node)

    def end(self, _name: str) -> None:
        node = self._path.pop()
        node.text = node.text.strip()

    def text(self, data: str) -> None:
        """Add to the text of an element; blanks before it, such as the indentation of children, are none of it."""
        node = self._path[-1]
        if not node.text:
            data = data.lstrip()
        if len(node.text) + len(data) > MOST_TEXT:
            raise TreeTooLarge
        node.text += data
