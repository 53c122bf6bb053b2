"""Reads claims from files: the XML of the field application (CLM-F1) and JSON; mistakes are told by their place."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final, TypeVar

import orjson
from pydantic import ValidationError

from msingi.cases import problem_of, problems_of
from msingi.sayings import Saying, Sayings
from msingi.tabular import read_xml_tree
from msingi_claims.errors import UnreadableFile
from msingi_claims.services.claim_elements import ClaimElement, Location, claims_in, read_claim
from msingi_claims.services.intake import MOST, ClaimRecord

MOST_TOLD: Final = 20
"""Mistakes of one file that are told; reading stops there."""
_Found = TypeVar("_Found")


def read_json(content: bytes) -> list[ClaimRecord]:
    """Claims of a JSON document: one object, or a list of them.

    Either every claim has the form of one or the whole file is refused; what claims then say is judged one by one
    (attack 74).

    Raises:
        UnreadableFile: it is no JSON, or a claim has not the form of one; names the JSON path, never a value.

    """
    try:
        found = orjson.loads(content)
    except orjson.JSONDecodeError as error:
        place = {"line": error.lineno, "column": error.colno}
        raise UnreadableFile(
            why=Saying("it is not JSON from line {line}, column {column} on", place)
        ) from error
    if not isinstance(found, list):
        return _records([("$", found)], _from_json)
    return _records([(f"$[{place}]", one) for place, one in enumerate(found)], _from_json)


def read_claim_xml(content: bytes) -> list[ClaimRecord]:
    """Claims of an XML document of the field application; a document type is refused (attack 69).

    Raises:
        TabularError: it is unsafe or no XML.
        UnreadableFile: it holds no claim, or a claim has not the form of one; names line and elements, never a value.

    """
    claims = [read_claim(one) for one in claims_in(read_xml_tree(content))]
    if not claims:
        raise UnreadableFile(why=Saying("it holds no claim"))
    return _records(list(enumerate(claims, start=1)), _from_xml)


def _records(
    found: list[_Found], read: Callable[[_Found], ClaimRecord | Iterable[Saying]]
) -> list[ClaimRecord]:
    if len(found) > MOST:
        raise UnreadableFile(why=Saying("it has more than {most} claims", {"most": MOST}))
    records: list[ClaimRecord] = []
    problems: list[Saying | str] = []
    for one in found:
        outcome = read(one)
        if isinstance(outcome, ClaimRecord):
            records.append(outcome)
        else:
            problems.extend(outcome)
        if len(problems) > MOST_TOLD:
            problems[MOST_TOLD:] = [Saying("and further ones")]
            break
    if problems:
        raise UnreadableFile(why=Sayings(tuple(problems), "; "))
    return records


def _from_json(found: tuple[str, Any]) -> ClaimRecord | Iterable[Saying]:
    root, value = found
    try:
        return ClaimRecord.model_validate(value)
    except ValidationError as error:
        return [problem.as_saying() for problem in problems_of(error, value, ClaimRecord, root=root)]


def _from_xml(found: tuple[int, ClaimElement]) -> ClaimRecord | Iterable[Saying]:
    number, claim = found
    wrong = {location: Saying("write the day as DD/MM/YYYY") for location in sorted(claim.wrong_days)}
    try:
        record = ClaimRecord.model_validate(claim.values)
    except ValidationError as error:
        reasons = dict(_reasons(error)) | wrong
    else:
        if not wrong:
            return record
        reasons = wrong
    return [_told(claim, number, location, reason) for location, reason in reasons.items()]


def _reasons(error: ValidationError) -> Iterator[tuple[Location, Saying]]:
    for each in error.errors(include_url=False):
        problem = problem_of("", each["type"], each.get("ctx", {}))
        yield each["loc"], Saying(problem.saying, problem.values)


def _told(claim: ClaimElement, number: int, location: Location, reason: Saying) -> Saying:
    place = claim.place_of(location)
    return Saying(
        "line {line}, {path} of claim {number}: {reason}",
        {"line": place.line, "path": place.path, "number": number, "reason": reason},
    )
