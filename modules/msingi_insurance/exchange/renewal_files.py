"""The renewal and feedback files of devices as typed records (CLM-F4)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Final
from uuid import UUID

from msingi.errors import DomainError
from msingi.money import Money
from msingi.sayings import Saying
from msingi.tabular import Node, read_xml_tree
from msingi_insurance.payment_errors import FileRefused
from msingi_insurance.services.renewal_answers import MOST_ANSWERS, AnsweredRenewal

_TRUE: Final = frozenset({"1", "true", "yes"})
_ANSWERS: Final = 5


@dataclass(frozen=True, slots=True)
class FiledFeedback:
    """What a patient said about a claim: five answers of one character each."""

    officer_code: str
    claim_id: UUID
    insuree_number: str
    answers: str
    day: date


def read_renewals(content: bytes, *, currency: str) -> list[AnsweredRenewal]:
    """The answers of a renewal file: one record as the root, or several below it.

    Raises:
        FileRefused: a record cannot be read, or there are too many.
        TabularError: the file is unsafe or no XML.

    """
    records = _records(content, "RenewalId")
    return [_renewal(record, number, currency) for number, record in enumerate(records, start=1)]


def read_feedback(content: bytes) -> list[FiledFeedback]:
    """The records of a feedback file.

    Raises:
        FileRefused: a record cannot be read, or there are too many.
        TabularError: the file is unsafe or no XML.

    """
    records = _records(content, "ClaimUUID")
    return [_feedback(record, number) for number, record in enumerate(records, start=1)]


def _records(content: bytes, marker: str) -> list[Node]:
    root = read_xml_tree(content)
    records = [root] if root.child(marker) is not None else root.children
    if not records or not all(record.child(marker) for record in records):
        raise FileRefused(why=Saying("each of its records needs {element}", {"element": marker}))
    if len(records) > MOST_ANSWERS:
        raise FileRefused(why=Saying("it has more than {most} records", {"most": MOST_ANSWERS}))
    return records


def _unreadable(number: int) -> FileRefused:
    return FileRefused(why=Saying("look at its record {number}", {"number": number}))


def _renewal(record: Node, number: int, currency: str) -> AnsweredRenewal:
    amount = record.value("Amount")
    try:
        return AnsweredRenewal(
            renewal_id=UUID(record.value("RenewalId")),
            officer_code=record.value("Officer"),
            insuree_number=record.value("CHFID") or record.value("InsuranceNumber"),
            receipt=record.value("ReceiptNo"),
            product_code=record.value("ProductCode"),
            amount=Money(Decimal(amount), currency) if amount and Decimal(amount) else None,
            day=date.fromisoformat(record.value("Date")[:10]),
            discontinue=record.value("Discontinue").casefold() in _TRUE,
            payer_id=UUID(record.value("PayerId")) if record.value("PayerId") else None,
            reference=record.value("ControlNumber"),
        )
    except (ValueError, InvalidOperation, DomainError):
        raise _unreadable(number) from None


def _feedback(record: Node, number: int) -> FiledFeedback:
    answers = record.value("Answers")
    if len(answers) != _ANSWERS or not answers.isascii() or not answers.isalnum():
        raise _unreadable(number)
    try:
        return FiledFeedback(
            officer_code=record.value("Officer"),
            claim_id=UUID(record.value("ClaimUUID")),
            insuree_number=record.value("CHFID") or record.value("InsuranceNumber"),
            answers=answers,
            day=date.fromisoformat(record.value("Date")[:10]),
        )
    except ValueError:
        raise _unreadable(number) from None
