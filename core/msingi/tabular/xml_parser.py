"""The parser of every XML file: a document type is refused where it begins, so no entity is ever declared (attack 69)."""

from typing import Any, Final, Protocol
from xml.parsers import expat

from msingi.tabular.errors import ForbiddenDeclaration

UNREADABLE: Final = (expat.ExpatError, LookupError, ValueError)
"""What the parser raises for bytes that are no XML; the last two for an encoding nobody knows."""


class Builder(Protocol):
    """Makes something of elements as they begin and end."""

    def start(self, name: str, _attributes: Any) -> None:
        """An element begins."""

    def end(self, _name: str) -> None:
        """It ends."""

    def text(self, data: str) -> None:
        """A part of its text."""


def safe_parser(builder: Builder) -> expat.XMLParserType:
    """A parser that tells a builder of elements and texts, and fetches nothing."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
    parser.StartDoctypeDeclHandler = refuse_declaration
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.text
    return parser


def refuse_declaration(*_: object) -> None:
    """Refuse what a document declares beside its elements."""
    raise ForbiddenDeclaration
