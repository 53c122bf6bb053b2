"""What the adjudicator is given: a claim, its patient, the registers at the target date, policies and settings.

Amounts are decimals in the currency's major unit. None means "not set" and is never taken for 0 (INS-A3, D-3).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple, TypeAlias
from uuid import UUID

from msingi_catalogue import PackageType, ServiceCategory
from msingi_claims.rules.codes import CareTypeCheck, Reason, Sex, Verdict
from msingi_claims.rules.compiled import CompiledProduct, LineKey
from msingi_insurance import CIVIL, Calendar, LineKind, VisitType
from msingi_registry import CareType

Reference: TypeAlias = UUID | str
"""What names a record: an id of the database, or a name in a case file."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What the installation decides about adjudication."""

    unit: Decimal
    """Smallest amount that is paid: a power of ten, such as 1 or 0.01 (INS-A1)."""
    age_of_majority: int = 18
    """From this age at the target date a patient is an adult (ADJ-7, D-19)."""
    care_type_check: CareTypeCheck = CareTypeCheck.CLAIM
    refuses_duplicates: bool = True
    """Whether a duplicated claim is refused until a reviewer releases it (check 6), or only marked."""
    calendar: Calendar = CIVIL


class ContentQuantity(NamedTuple):
    """How much of an item or a service a package contains."""

    kind: LineKind
    code: str
    quantity: Decimal


def contents_of(found: Iterable[ContentQuantity]) -> frozenset[ContentQuantity]:
    """What a package holds; a thing that is named twice counts with its sum (ADJ-2)."""
    sums: dict[tuple[LineKind, str], Decimal] = {}
    for kind, code, quantity in found:
        sums[kind, code] = sums.get((kind, code), Decimal(0)) + quantity
    return frozenset(ContentQuantity(*thing, quantity) for thing, quantity in sums.items())


@dataclass(frozen=True, slots=True)
class RegisterEntry:
    """An item or a service as the register has it at the target date."""

    price: Decimal
    care_type: CareType = CareType.BOTH
    frequency_days: int | None = None
    patient_mask: int = 15
    package_type: PackageType = PackageType.SIMPLE
    category: ServiceCategory | None = None
    """None for items."""
    contents: frozenset[ContentQuantity] = frozenset()


class ListedPrice(NamedTuple):
    """The line of the facility's price list that holds at the target date."""

    override: Decimal | None = None
    """The price of the list; None takes the price of the register, 0 is free (D-3)."""


class LineReview(NamedTuple):
    """What a reviewer decided about a line (CLM-5), or the review of a sample about all lines of others (CLM-8)."""

    quantity: Decimal | None = None
    price: Decimal | None = None
    verdict: Verdict | None = None
    deduction_rate: Decimal | None = None
    """What a sample takes off the share of the insurer, in percent."""


class EarlierOutcome(NamedTuple):
    """What the submission made of a line; later stages keep it (CLM-6)."""

    reason: Reason
    policy: Reference | None


class LineInput(NamedTuple):
    """A line of a claim with what the registers say of it at the target date.

    ``entry`` is None when the register does not hold it (check 1), ``listed`` when no price list of the facility
    holds it (check 2). ``review`` and ``outcome`` matter after the submission only.
    """

    kind: LineKind
    code: str
    quantity: Decimal
    price_asked: Decimal
    entry: RegisterEntry | None
    listed: ListedPrice | None
    contents: frozenset[ContentQuantity] = frozenset()
    review: LineReview | None = None
    outcome: EarlierOutcome | None = None

    @property
    def key(self) -> LineKey:
        """The kind and the code of what was given."""
        return (self.kind, self.code)


@dataclass(frozen=True, slots=True)
class Patient:
    """The insuree of a claim; ``is_valid`` says whether insuree and family hold at the target date (check 7)."""

    id: Reference
    birth_date: date
    sex: Sex
    is_valid: bool = True
    born_from: date | None = None
    """The first day on which the patient may have been born, where that is not the birth date."""

    def may_live(self, day: date) -> bool:
        """Whether the patient may have been born by a day."""
        return (self.born_from or self.birth_date) <= day


@dataclass(frozen=True, slots=True)
class FacilityFacts:
    """The facility that gave the care."""

    code: str
    is_hospital: bool = False
    """Whether its level is hospital (PRD-9)."""
    care_type: CareType = CareType.BOTH
    ownership: str | None = None
    tier: int | None = None


class Consent(NamedTuple):
    """What the scheme agreed to before the care: the most of one item or service, over all claims that name it."""

    id: Reference
    number: str
    key: LineKey
    quantity: Decimal
    amount: Decimal | None = None
    """The most that it may be worth; None for no limit."""


@dataclass(frozen=True, slots=True)
class ClaimInput:
    """A claim as it was entered; its lines stand in the order of the claim."""

    id: Reference
    patient: Patient
    facility: FacilityFacts
    visit_type: VisitType
    date_from: date | None
    date_to: date | None
    date_claimed: date | None
    diagnosis: str
    diagnosis_is_valid: bool
    """Whether the main diagnosis holds at the target date (check 8)."""
    lines: tuple[LineInput, ...]
    is_released: bool = False
    """Whether a reviewer released it although it looks like a duplicate (check 6)."""
    consent: Consent | None = None
    """The consent that it names (CLM-11)."""

    @property
    def target_date(self) -> date | None:
        """The day whose rules hold: the last day of care, or the first one when no last day is given."""
        return self.date_to or self.date_from

    @property
    def has_night(self) -> bool:
        """Whether the patient stayed at least one night."""
        return self.date_from is not None and self.date_to is not None and self.date_to > self.date_from


@dataclass(frozen=True, slots=True)
class PolicyInput:
    """A policy of the patient's family, and the patient's cover under it (POL-5)."""

    id: Reference
    product: CompiledProduct
    start_date: date
    effective_date: date | None
    """The day on which the policy took effect; None while it has not."""
    cover_from: date | None
    """The day on which the patient's cover took effect."""
    cover_to: date | None
    is_in_force: bool = True
    """Whether the policy is active, or was until it expired."""
    is_new: bool = True
    """Whether its stage is new; False for a renewal."""
    members: int = 1
    """Persons with cover at the target date (PRD-7)."""
    version: Reference | None = None
    """The version of the product, which never changes."""

    def covers(self, day: date) -> bool:
        """Whether the patient has cover under it on a day (POL-5)."""
        return (
            self.is_in_force
            and self.cover_from is not None
            and self.cover_to is not None
            and self.cover_from <= day <= self.cover_to
            and self.start_date <= day
        )
