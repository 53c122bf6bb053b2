"""What a file or a system writes down of a claim, everything by its code; and what has not the form of one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import IntEnum
from typing import Annotated, Final

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from msingi.clean_text import clean_text
from msingi.errors import DomainError
from msingi_claims.services.drafts import MOST_DIAGNOSES, ContentDraft
from msingi_insurance import LineKind, VisitType

_LONGEST: Final = 1000


class UploadCode(IntEnum):
    """The result codes of claim files, as trained staff know them."""

    SUCCESS = 0
    FACILITY = 1
    DUPLICATE_CODE = 2
    INSURANCE_NUMBER = 3
    END_BEFORE_START = 4
    DIAGNOSIS = 5
    AMOUNT_ZERO = 6
    ITEM = 7
    SERVICE = 8
    ADMINISTRATOR = 9
    FATAL = -1


def _clean(value: object) -> object:
    """Text as GraphQL would take it: a file is no way around (attacks 21, 57)."""
    try:
        return clean_text(value, most=_LONGEST, lines=True) if isinstance(value, str) else value
    except DomainError as refusal:
        raise ValueError(str(refusal)) from refusal


_Clean = Annotated[str, BeforeValidator(_clean)]


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class LineRecord(_Record):
    """A line as a file or a system writes it; the price is in the currency of the installation."""

    kind: LineKind
    code: _Clean = Field(min_length=1, max_length=50)
    quantity: Decimal = Field(gt=0, le=99_999, max_digits=9, decimal_places=2)
    price: Decimal = Field(ge=0, max_digits=15, decimal_places=4)
    explanation: _Clean = Field(default="", max_length=500)
    contents: list[ContentDraft] | None = Field(default=None, max_length=100)
    """What a package held; left out, it held what the register says (ADJ-2)."""


class ClaimRecord(_Record):
    """A claim as a file or a system writes it: everything by its code."""

    code: _Clean = Field(min_length=1, max_length=50)
    facility: _Clean = Field(min_length=1, max_length=50)
    insurance_number: _Clean = Field(min_length=1, max_length=50)
    administrator: _Clean | None = Field(default=None, max_length=20)
    diagnosis: _Clean = Field(min_length=1, max_length=30)
    further_diagnoses: list[_Clean] = Field(default=[], max_length=MOST_DIAGNOSES)
    date_from: date
    date_to: date | None = None
    date_claimed: date | None = None
    visit_type: VisitType = VisitType.OTHER
    guarantee_number: _Clean = Field(default="", max_length=50)
    pre_authorisation: _Clean | None = Field(default=None, max_length=20)
    referral_code: _Clean = Field(default="", max_length=50)
    explanation: _Clean = Field(default="", max_length=1000)
    total: Decimal | None = Field(default=None, ge=0, max_digits=17, decimal_places=4)
    """What the sender adds the lines up to; left out, nothing is compared."""
    lines: list[LineRecord] = Field(max_length=1000)

    def asked(self, unit: Decimal) -> Decimal:
        """What its lines add up to, each rounded half to even to the smallest amount, as entry books it."""
        return sum(((line.quantity * line.price).quantize(unit) for line in self.lines), Decimal(0))


@dataclass(frozen=True, slots=True)
class WrongRecord:
    """A claim of a file that has not the form of one: its code where that can be read, and what is wrong."""

    code: str
    problems: Sequence[DomainError]
    upload_code: UploadCode
