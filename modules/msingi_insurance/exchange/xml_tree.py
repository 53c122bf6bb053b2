"""Reads a small XML document into a tree of texts, and nothing that could harm the reader (attacks 64, 69)."""

from dataclasses import dataclass, field
from typing import Any, Final
from xml.parsers import expat

from msingi_insurance.payment_errors import FileRefused

MOST_BYTES: Final = 20 * 1024 * 1024
MOST_ELEMENTS: Final = 1_000_000
MOST_DEPTH: Final = 8
MOST_TEXT: Final = 10_000
"""Characters of one element."""


@dataclass(slots=True)
class Node:
    """An element: its name without namespace, its own text, its children in order."""

    name: str
    text: str = ""
    children: list["Node"] = field(default_factory=list)

    def value(self, name: str) -> str:
        """The text of a child, whatever its case; empty when there is none."""
        wanted = name.casefold()
        return next((child.text for child in self.children if child.name.casefold() == wanted), "")

    def child(self, name: str) -> "Node | None":
        """A child by name, whatever its case."""
        wanted = name.casefold()
        return next((child for child in self.children if child.name.casefold() == wanted), None)

    def list(self, name: str) -> list["Node"]:
        """The children of a child; empty when there is none."""
        found = self.child(name)
        return found.children if found else []


def read_xml_tree(content: bytes) -> Node:
    """The root of a document.

    A document type is refused where it begins, so no entity is ever declared, expanded or fetched.

    Raises:
        FileRefused: it is too large, too deep, declares a document type, or is no XML.

    """
    if len(content) > MOST_BYTES:
        raise FileRefused(why=f"more than {MOST_BYTES // 1024 // 1024} MB")
    builder = _Builder()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
    parser.StartDoctypeDeclHandler = _refuse("a document type is not allowed")
    parser.ProcessingInstructionHandler = _refuse("a processing instruction is not allowed")
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.characters
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        raise FileRefused(why=f"no XML, line {error.lineno}") from None
    return builder.root


def _refuse(why: str) -> Any:
    def refuse(*_: object) -> None:
        raise FileRefused(why=why)

    return refuse


class _Builder:
    def __init__(self) -> None:
        self.root = Node("")
        self._path: list[Node] = []
        self._count = 0

    def start(self, name: str, _attributes: object) -> None:
        self._count += 1
        if self._count > MOST_ELEMENTS or len(self._path) >= MOST_DEPTH:
            raise FileRefused(why="too many or too deep elements")
        node = Node(name.rpartition(":")[2])
        if self._path:
            self._path[-1].children.append(node)
        else:
            self.root = node
        self._path.append(node)

    def end(self, _name: str) -> None:
        node = self._path.pop()
        node.text = node.text.strip()

    def characters(self, data: str) -> None:
        node = self._path[-1]
        if len(node.text) + len(data) > MOST_TEXT:
            raise FileRefused(why="a text is too long")
        node.text += data
