"""Reads claims from files: the XML of the field application (CLM-F1) and JSON."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, Final

import orjson
from pydantic import ValidationError

from msingi.sayings import Saying
from msingi.tabular import Node, read_xml_tree
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
        raise UnreadableFile(why=Saying("it is not JSON")) from error
    records = found if isinstance(found, list) else [found]
    return _records(records)


def read_claim_xml(content: bytes) -> list[ClaimRecord]:
    """Claims of an XML document of the field application; a document type is refused (attack 69).

    Raises:
        TabularError: it is unsafe or no XML.
        UnreadableFile: it holds no claim, or a claim lacks a field.

    """
    claims = [_claim(one) for one in _claims_in(read_xml_tree(content))]
    if not claims:
        raise UnreadableFile(why=Saying("it holds no claim"))
    return _records(claims)


def _records(found: list[Any]) -> list[ClaimRecord]:
    if len(found) > MOST:
        raise UnreadableFile(why=Saying("it has more than {most} claims", {"most": MOST}))
    return [_record(one, number) for number, one in enumerate(found, start=1)]


def _record(found: Any, number: int) -> ClaimRecord:
    try:
        return ClaimRecord.model_validate(found)
    except ValidationError as error:
        place = ".".join(str(part) for part in error.errors()[0]["loc"])
        why = Saying("look at “{place}” of claim {number}", {"place": place, "number": number})
        raise UnreadableFile(why=why if place else Saying("it holds no claim")) from error


def _claims_in(element: Node) -> Iterator[Node]:
    """Every element called Claim, whether it is the root or stands in a list."""
    if element.name == "Claim":
        yield element
        return
    for child in element.children:
        yield from _claims_in(child)


def _claim(element: Node) -> dict[str, Any]:
    details = next((child for child in element.children if child.name == "Details"), Node("Details"))
    values: dict[str, Any] = {field: details.value(name) for name, field in _DETAILS.items()}
    values |= {field: _day(details.value(name)) for name, field in _DATES.items()}
    values["further_diagnoses"] = [code for name in _FURTHER if (code := details.value(name))]
    values["lines"] = [
        line for group in element.children for line in _lines(group) if group.name in {"Items", "Services"}
    ]
    return {name: value for name, value in values.items() if value != "" and value is not None}


def _lines(group: Node) -> Iterator[dict[str, Any]]:
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
        raise UnreadableFile(why=Saying("write its days as DD/MM/YYYY")) from error
