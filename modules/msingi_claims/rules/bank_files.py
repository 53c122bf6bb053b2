"""Files that banks read: ISO 20022 customer credit transfers (pain.001.001.09), and plain rows (BAT-6, TZA-16)."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final
from xml.etree.ElementTree import Element, SubElement, tostring

from msingi.money import Money

NAMESPACE: Final = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"
_NAME, _TEXT, _CODE = 140, 140, 35
_BIC: Final = re.compile(r"[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?")
_IBAN: Final = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}")
_UNKNOWN: Final = "NOTPROVIDED"
"""What ISO 20022 files say instead of an account or a bank that is agreed with the bank otherwise."""
_UNREADABLE: Final = re.compile(r"[^A-Za-z0-9/\-?:().,'+]+")
_SLASHES: Final = re.compile(r"/(?: */)+")
_NAMED_IN_WORDS: Final = re.compile(r":[^:]+:")
_EDGES: Final = " /:-"
"""What no text of a bank file begins or ends with: there banks read it as a mark of their own."""
CSV_HEADER: Final = ("reference", "facility", "holder", "bank", "account", "amount", "currency", "text")


@dataclass(frozen=True, slots=True)
class Payer:
    """Who pays, and from which account."""

    name: str
    account: str
    bank: str


@dataclass(frozen=True, slots=True)
class Transfer:
    """One order to pay a facility; ``text`` is what the payee reads."""

    reference: str
    facility: str
    holder: str
    account: str
    bank: str
    amount: Money
    text: str


def credit_transfers(
    code: str, payer: Payer, transfers: Sequence[Transfer], *, made: datetime, due: date
) -> bytes:
    """The orders as one pain.001.001.09 document; amounts are exact, texts in the characters that banks accept."""
    root = Element("Document", xmlns=NAMESPACE)
    message = SubElement(root, "CstmrCdtTrfInitn")
    header = SubElement(message, "GrpHdr")
    _put(header, "MsgId", code)
    _put(header, "CreDtTm", made.isoformat(timespec="seconds"))
    _totals(header, transfers)
    _put(SubElement(header, "InitgPty"), "Nm", _text(payer.name, _NAME))
    part = SubElement(message, "PmtInf")
    _put(part, "PmtInfId", code)
    _put(part, "PmtMtd", "TRF")
    _totals(part, transfers)
    _put(SubElement(part, "ReqdExctnDt"), "Dt", due.isoformat())
    _put(SubElement(part, "Dbtr"), "Nm", _text(payer.name, _NAME))
    _account(SubElement(part, "DbtrAcct"), payer.account)
    _bank(SubElement(part, "DbtrAgt"), payer.bank)
    for transfer in transfers:
        _transfer(SubElement(part, "CdtTrfTxInf"), transfer)
    document: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return document


def bank_text(text: str, most: int) -> str:
    """Text in the characters that banks accept (SEPA), at most so many; empty without a letter or digit among them.

    Letters of every script are told in Latin ones; pictures are left out, and a slash never meets another one.
    """
    latin = _UNREADABLE.sub(" ", "".join(map(_latin, text)))
    said = _SLASHES.sub("/", latin).strip(_EDGES)[:most].rstrip(_EDGES)
    return said if any(map(str.isalnum, said)) else ""


def csv_rows(transfers: Sequence[Transfer]) -> Iterator[tuple[str, str, str, str, str, Decimal, str, str]]:
    """The orders as rows under `CSV_HEADER`."""
    for one in transfers:
        place = (one.reference, one.facility, one.holder, one.bank, one.account)
        yield (*place, one.amount.amount, one.amount.currency, one.text)


def _transfer(element: Element, transfer: Transfer) -> None:
    _put(SubElement(element, "PmtId"), "EndToEndId", transfer.reference)
    amount = SubElement(SubElement(element, "Amt"), "InstdAmt", Ccy=transfer.amount.currency)
    amount.text = f"{transfer.amount.amount:f}"
    _bank(SubElement(element, "CdtrAgt"), transfer.bank)
    _put(SubElement(element, "Cdtr"), "Nm", _text(transfer.holder, _NAME))
    _account(SubElement(element, "CdtrAcct"), transfer.account)
    _put(SubElement(element, "RmtInf"), "Ustrd", _text(transfer.text, _TEXT))


def _totals(element: Element, transfers: Sequence[Transfer]) -> None:
    _put(element, "NbOfTxs", str(len(transfers)))
    _put(element, "CtrlSum", f"{sum((one.amount.amount for one in transfers), Decimal(0)):f}")


def _account(element: Element, number: str) -> None:
    identity = SubElement(element, "Id")
    if _is_iban(number):
        _put(identity, "IBAN", number)
    else:
        _put(SubElement(identity, "Othr"), "Id", number or _UNKNOWN)


def _is_iban(number: str) -> bool:
    """Whether a number has the form and the check digits of an IBAN (ISO 13616, modulo 97)."""
    if not _IBAN.fullmatch(number):
        return False
    digits = "".join(str(int(character, 36)) for character in number[4:] + number[:4])
    return int(digits) % 97 == 1


def _bank(element: Element, code: str) -> None:
    institution = SubElement(element, "FinInstnId")
    if _BIC.fullmatch(code):
        _put(institution, "BICFI", code)
    else:
        _put(SubElement(institution, "Othr"), "Id", _text(code, _CODE))


def _put(parent: Element, name: str, text: str) -> None:
    SubElement(parent, name).text = text


def _text(text: str, most: int) -> str:
    return bank_text(text, most) or _UNKNOWN


def _latin(character: str) -> str:
    """A character in ASCII; a blank for a picture, which would be told in words."""
    from anyascii import anyascii

    latin: str = anyascii(character)
    return " " if _NAMED_IN_WORDS.fullmatch(latin) else latin
