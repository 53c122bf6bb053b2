"""What an element of a claim says (CLM-F1), and where in its file each value stands or should stand."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final, TypeAlias

from msingi.sayings import Saying
from msingi.tabular import Node
from msingi_insurance import LineKind

Location: TypeAlias = tuple[str | int, ...]
"""The way to a value in a record of a claim, such as ``("lines", 0, "quantity")``."""

_DETAILS: Final = {
    "ClaimCode": "code",
    "HFCode": "facility",
    "CHFID": "insurance_number",
    "ClaimAdmin": "administrator",
    "ICDCode": "diagnosis",
    "VisitType": "visit_type",
    "GuaranteeNo": "guarantee_number",
    "Comment": "explanation",
    "Total": "total",
}
_DATES: Final = {"ClaimDate": "date_claimed", "StartDate": "date_from", "EndDate": "date_to"}
_FURTHER: Final = ("ICDCode1", "ICDCode2", "ICDCode3", "ICDCode4")
_LINES: Final = {"Item": LineKind.ITEM, "Service": LineKind.SERVICE}
_OF_A_LINE: Final = {"Code": "code", "Quantity": "quantity", "Price": "price"}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value is: the line of the file, and the elements that lead to it from the claim."""

    line: int
    path: str


@dataclass(slots=True)
class ClaimElement:
    """The values of a claim by the fields of its record, the place of each, and what is wrong where."""

    line: int
    values: dict[str, Any] = field(default_factory=dict)
    wrong: dict[Location, Saying] = field(default_factory=dict)
    _places: dict[Location, Place] = field(default_factory=dict)

    def place_of(self, location: Location) -> Place:
        """The place of a value, or of the nearest thing around it."""
        for length in range(len(location), 0, -1):
            if location[:length] in self._places:
                return self._places[location[:length]]
        return Place(self.line, "Claim")

    def take(self, owner: Node, path: str, name: str, location: Location) -> str:
        """The text of a child; it is empty when there is none, and its place then is where the child is missing.

        Children of one name that do not say the same are a mistake.
        """
        found = owner.named(name)
        self._places[location] = Place(found[0].line if found else owner.line, f"{path}/{name}")
        other = next((one for one in found if one.text != found[0].text), None)
        if other is not None:
            self.wrong[location] = Saying("line {line} says something else", {"line": other.line})
        return found[0].text if found else ""


def claims_in(element: Node) -> Iterator[Node]:
    """Every element called Claim, whether it is the root or stands in a list."""
    if element.name == "Claim":
        yield element
        return
    for child in element.children:
        yield from claims_in(child)


def read_claim(element: Node) -> ClaimElement:
    """The values of a claim; what is empty is left out."""
    claim = ClaimElement(element.line)
    details = _details(element)
    texts = {name: claim.take(details, "Details", tag, (name,)) for tag, name in _DETAILS.items()}
    claim.values = {
        **{name: text for name, text in texts.items() if text},
        **_days(claim, details),
        "further_diagnoses": _further(claim, details),
        "lines": list(_lines(claim, element)),
    }
    return claim


def _details(element: Node) -> Node:
    """What every element of details says, as one."""
    written = element.named("Details")
    children = [child for details in written for child in details.children]
    return Node("Details", children=children, line=(written[0] if written else element).line)


def _days(claim: ClaimElement, details: Node) -> Mapping[str, date]:
    days: dict[str, date] = {}
    for tag, name in _DATES.items():
        if text := claim.take(details, "Details", tag, (name,)):
            try:
                days[name] = datetime.strptime(text, "%d/%m/%Y").date()  # noqa: DTZ007 - a day has no zone
            except ValueError:
                claim.wrong[(name,)] = Saying("write the day as DD/MM/YYYY")
    return days


def _further(claim: ClaimElement, details: Node) -> list[str]:
    written = [tag for tag in _FURTHER if details.value(tag)]
    return [
        claim.take(details, "Details", tag, ("further_diagnoses", position))
        for position, tag in enumerate(written)
    ]


def _lines(claim: ClaimElement, element: Node) -> Iterator[dict[str, Any]]:
    groups = [group for group in element.children if group.name in {"Items", "Services"}]
    elements = [
        (line, f"{group.name}/{line.name}[{place}]")
        for group in groups
        for place, line in enumerate(group.children, start=1)
        if line.name in _LINES
    ]
    for position, (line, path) in enumerate(elements):
        texts = {
            name: claim.take(line, path, f"{line.name}{part}", ("lines", position, name))
            for part, name in _OF_A_LINE.items()
        }
        yield {"kind": _LINES[line.name], **{name: text for name, text in texts.items() if text}}
