"""Reads claims from files: the XML of the field application (CLM-F1) and JSON."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, Final
from xml.parsers import expat

import orjson
from pydantic import ValidationError

from msingi_claims.errors import UnreadableFile
from msingi_claims.services.intake import MOST, ClaimRecord
from msingi_insurance import LineKind

_DETAILS: Final = {
    "ClaimCode": "code",
    "HFCode": "facility",
    "CHFID": "insurance_number",
    "ClaimAdmin": "administrator",
    "ICDCode": "diagnosis",
    "VisitType": "visit_type",
    "GuaranteeNo": "guarantee_number",
    "Comment": "explanation",
}
_DATES: Final = {"ClaimDate": "date_claimed", "StartDate": "date_from", "EndDate": "date_to"}
_FURTHER: Final = ("ICDCode1", "ICDCode2", "ICDCode3", "ICDCode4")
_LINES: Final = {"Item": LineKind.ITEM, "Service": LineKind.SERVICE}
_DEEPEST: Final = 6
_MOST_ELEMENTS: Final = 300_000
"""A file at the size limit holds fewer; more are empty ones that only fill memory (attack 64)."""


def read_json(content: bytes) -> list[ClaimRecord]:
    """Claims of a JSON document: one object, or a list of them.

    Either every claim has the form of one or the whole file is refused; what claims then say is judged one by one
    (attack 74).

    Raises:
        UnreadableFile: it is no JSON, or a claim lacks a field; names the place, never a value.

    """
    try:
        found = orjson.loads(content)
    except orjson.JSONDecodeError as error:
        raise UnreadableFile(reason="no JSON") from error
    records = found if isinstance(found, list) else [found]
    return _records(records)


def read_claim_xml(content: bytes) -> list[ClaimRecord]:
    """Claims of an XML document of the field application; a document type is refused (attack 69).

    Raises:
        UnreadableFile: it is no such document, or a claim lacks a field.

    """
    claims = [_claim(one) for one in _claims_in(_parse(content))]
    if not claims:
        raise UnreadableFile(reason="no claim")
    return _records(claims)


def _records(found: list[Any]) -> list[ClaimRecord]:
    if len(found) > MOST:
        raise UnreadableFile(reason=f"more than {MOST} claims")
    try:
        return [ClaimRecord.model_validate(one) for one in found]
    except ValidationError as error:
        place = ".".join(str(part) for part in error.errors()[0]["loc"])
        raise UnreadableFile(reason=place or "content") from error


class _Element:
    """An element with its text and its children, in order."""

    __slots__ = ("children", "name", "text")

    def __init__(self, name: str) -> None:
        self.name = name
        self.text = ""
        self.children: list[_Element] = []

    def value(self, name: str) -> str:
        """The text of the first child of this name."""
        return next((child.text.strip() for child in self.children if child.name == name), "")


def _parse(content: bytes) -> _Element:
    root = _Element("")
    open_elements = [root]
    count = 0

    def start(name: str, _attributes: Any) -> None:
        nonlocal count
        count += 1
        if len(open_elements) > _DEEPEST:
            raise UnreadableFile(reason="too deep")
        if count > _MOST_ELEMENTS:
            raise UnreadableFile(reason="too many elements")
        element = _Element(name)
        open_elements[-1].children.append(element)
        open_elements.append(element)

    def end(_name: str) -> None:
        open_elements.pop()

    def text(data: str) -> None:
        open_elements[-1].text += data

    def refuse(*_: object) -> None:
        raise UnreadableFile(reason="document type")

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler, parser.StartDoctypeDeclHandler = text, refuse
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, LookupError, ValueError) as error:  # the last two: an encoding nobody knows
        raise UnreadableFile(reason="no XML") from error
    return root


def _claims_in(root: _Element) -> Iterator[_Element]:
    """Every element called Claim, whether it is the root or stands in a list."""
    for child in root.children:
        if child.name == "Claim":
            yield child
        else:
            yield from _claims_in(child)


def _claim(element: _Element) -> dict[str, Any]:
    details = next((child for child in element.children if child.name == "Details"), _Element("Details"))
    values: dict[str, Any] = {field: details.value(name) for name, field in _DETAILS.items()}
    values |= {field: _day(details.value(name)) for name, field in _DATES.items()}
    values["further_diagnoses"] = [code for name in _FURTHER if (code := details.value(name))]
    values["lines"] = [
        line for group in element.children for line in _lines(group) if group.name in {"Items", "Services"}
    ]
    return {name: value for name, value in values.items() if value != "" and value is not None}


def _lines(group: _Element) -> Iterator[dict[str, Any]]:
    for line in group.children:
        if line.name in _LINES:
            yield {
                "kind": _LINES[line.name],
                "code": line.value(f"{line.name}Code"),
                "quantity": line.value(f"{line.name}Quantity"),
                "price": line.value(f"{line.name}Price"),
            }


def _day(text: str) -> date | None:
    """A day written dd/MM/yyyy."""
    if not text:
        return None
    try:
        return datetime.strptime(text, "%d/%m/%Y").date()  # noqa: DTZ007 - a day of the calendar has no zone
    except ValueError as error:
        raise UnreadableFile(reason="date") from error
