"""Reads claims from files: the XML of the field application (CLM-F1) and JSON; mistakes are told by their place."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, Final

import orjson
from pydantic import ValidationError

from msingi.cases import problem_of, problems_of
from msingi.errors import DomainError
from msingi.sayings import Saying, Sayings
from msingi.tabular import read_xml_tree
from msingi_claims.intake_errors import MoreMistakes, UnreadableFile, WrongValue
from msingi_claims.services.claim_elements import ClaimElement, Location, claims_in, read_claim
from msingi_claims.services.claim_records import ClaimRecord, UploadCode, WrongRecord
from msingi_claims.services.intake import MOST
from msingi_insurance import LineKind

MOST_TOLD: Final = 20
"""Mistakes of one JSON document, and of one claim in XML, that are told."""
_CODES: Final = {
    "facility": UploadCode.FACILITY,
    "insurance_number": UploadCode.INSURANCE_NUMBER,
    "diagnosis": UploadCode.DIAGNOSIS,
    "further_diagnoses": UploadCode.DIAGNOSIS,
    "administrator": UploadCode.ADMINISTRATOR,
}


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
        return _records([("$", found)])
    return _records([(f"$[{place}]", one) for place, one in enumerate(found)])


def read_claim_xml(content: bytes) -> list[ClaimRecord | WrongRecord]:
    """Claims of an XML document of the field application; a document type is refused (attack 69).

    A claim that has not the form of one is answered with its mistakes and holds up no other (CLM-F1); they name line
    and elements, never a value.

    Raises:
        TabularError: it is unsafe or no XML.
        UnreadableFile: it holds no claim, or too many.

    """
    claims = list(claims_in(read_xml_tree(content)))
    if not claims:
        raise UnreadableFile(why=Saying("it holds no claim"))
    _refuse_too_many(len(claims))
    return [_from_xml(read_claim(one)) for one in claims]


def _records(found: Sequence[tuple[str, Any]]) -> list[ClaimRecord]:
    _refuse_too_many(len(found))
    records: list[ClaimRecord] = []
    problems: list[Saying | str] = []
    for one in found:
        outcome = _from_json(one)
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


def _refuse_too_many(claims: int) -> None:
    if claims > MOST:
        raise UnreadableFile(why=Saying("it has more than {most} claims", {"most": MOST}))


def _from_json(found: tuple[str, Any]) -> ClaimRecord | Iterable[Saying]:
    root, value = found
    try:
        return ClaimRecord.model_validate(value)
    except ValidationError as error:
        return [problem.as_saying() for problem in problems_of(error, value, ClaimRecord, root=root)]


def _from_xml(claim: ClaimElement) -> ClaimRecord | WrongRecord:
    try:
        record = ClaimRecord.model_validate(claim.values)
    except ValidationError as error:
        reasons = dict(_reasons(error)) | claim.wrong
    else:
        if not claim.wrong:
            return record
        reasons = claim.wrong
    told = [_told(claim, location, reason) for location, reason in islice(reasons.items(), MOST_TOLD)]
    if len(reasons) > MOST_TOLD:
        told.append(MoreMistakes())
    code = "" if ("code",) in reasons else claim.values["code"]
    return WrongRecord(code, told, _upload_code(claim, next(iter(reasons))))


def _reasons(error: ValidationError) -> Iterator[tuple[Location, Saying]]:
    for each in error.errors(include_url=False):
        problem = problem_of("", each["type"], each.get("ctx", {}))
        yield each["loc"], Saying(problem.saying, problem.values)


def _told(claim: ClaimElement, location: Location, reason: Saying) -> DomainError:
    place = claim.place_of(location)
    return WrongValue(line=place.line, path=place.path, reason=reason)


def _upload_code(claim: ClaimElement, location: Location) -> UploadCode:
    """The code of the first mistake: what it is about, as trained staff know it."""
    match location:
        case ("lines", int(position), "code"):
            item = claim.values["lines"][position]["kind"] is LineKind.ITEM
            return UploadCode.ITEM if item else UploadCode.SERVICE
        case (str(name), *_):
            return _CODES.get(name, UploadCode.FATAL)
    return UploadCode.FATAL
