"""What an enrolment file says, as typed records: families with their persons, policies and contributions (CLM-F3)."""

from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from enum import IntEnum
from uuid import UUID

from msingi_insurance.rules.states import PayType, Relationship


class EnrolmentCode(IntEnum):
    """What came of one family of a file."""

    DONE = 0
    PLACE_OR_OFFICER = -1
    """The village or the officer is unknown, or the officer does not serve it."""
    HEAD = -2
    """The family has no head, or two."""
    INSUREE = -3
    """A person or an insurance number is refused."""
    POLICY = -4
    """A policy is refused, or names somebody of another family."""
    CONTRIBUTION = -5
    """A contribution is refused."""
    FATAL = -400
    """The family cannot be read."""


@dataclass(frozen=True, slots=True)
class FiledInsuree:
    """A person of a family, as the device wrote it."""

    key: str
    number: str
    family_name: str
    given_name: str
    born: date
    sex: str
    is_head: bool
    relationship: Relationship | None
    marital_status: str
    profession: str
    education: str
    phone: str
    residence: str
    identifier: str
    identifier_type: str
    facility_code: str
    facility_id: UUID | None
    """The facility of choice as master data name it, where no code is given."""


@dataclass(frozen=True, slots=True)
class FiledPremium:
    """A contribution to a policy, as the device wrote it."""

    amount: Decimal
    receipt: str
    pay_date: date
    pay_type: PayType
    payer_id: str
    is_photo_fee: bool


@dataclass(frozen=True, slots=True)
class FiledPolicy:
    """A policy of a family, as the device wrote it."""

    product_code: str
    enrol_date: date
    officer_code: str
    premiums: tuple[FiledPremium, ...]
    insurees: tuple[str, ...]
    """Keys of those whom the file attaches to it; nobody: the whole family."""


@dataclass(frozen=True, slots=True, order=True)
class Repetition:
    """A person of a family who stands in another family of the file, by the keys of the file."""

    insuree: str
    family: str
    named: str
    """The key of the person in the other family."""

    def __str__(self) -> str:
        return f"{self.insuree} = {self.family}/{self.named}"


@dataclass(frozen=True, slots=True)
class FiledFamily:
    """A family with everything that belongs to it; ``problem`` says why it, or a record of none, cannot be read."""

    key: str
    village_code: str = ""
    address: str = ""
    family_type: str = ""
    poverty: bool = False
    confirmation_type: str = ""
    confirmation_number: str = ""
    ethnicity: str = ""
    insurees: tuple[FiledInsuree, ...] = ()
    policies: tuple[FiledPolicy, ...] = ()
    not_kept: tuple[str, ...] = ()
    """Names of what the file says of it and the platform has no place for, or computes itself."""
    repeated: tuple[Repetition, ...] = ()
    problem: str = ""
    code: EnrolmentCode = EnrolmentCode.FATAL
    """How a problem is answered."""
    is_stray: bool = False
    """Whether it is no family, but a record of one that the file does not hold."""


@dataclass(frozen=True, slots=True)
class EnrolmentFile:
    """A file of a device."""

    officer_code: str
    families: tuple[FiledFamily, ...] = field(default=())
    not_kept: tuple[str, ...] = ()
    """Names of what the file says of no family and nobody reads."""

    @property
    def count(self) -> int:
        """How many families it holds."""
        return sum(not family.is_stray for family in self.families)

    def only(self, position: int) -> "EnrolmentFile":
        """The same file with one of its families."""
        return replace(self, families=self.families[position : position + 1])
