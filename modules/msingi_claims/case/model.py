"""What an adjudication case holds; its JSON Schema is published as ``schema/adjudication-case.schema.json``.

Amounts are decimals in the currency's major unit and may be written as numbers or as texts. null is "not set" and
never the same as 0 (INS-A3).
"""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    JsonValue,
    model_validator,
)

from msingi.cases import PLAIN_DIGITS, Day, WrittenDay
from msingi.currencies import EXPONENTS
from msingi_catalogue import PackageType, ServiceCategory
from msingi_claims.rules.codes import (
    CareTypeCheck,
    ClaimStatus,
    ConsumptionKind,
    FindingKind,
    Sex,
    Stage,
    Verdict,
)
from msingi_claims.rules.plausibility import REFUSING
from msingi_insurance import Category, InsureeStatus, PolicyStatus, PoolCare, Terms, VisitType
from msingi_registry import CareType

Code = Annotated[str, Field(min_length=1, max_length=50)]
LONG_AGO = date(1900, 1, 1)
MOST_LINES = 1000
"""Items of one claim, and services."""
MOST_FURTHER = 4
"""Diagnoses beside the main one."""
MOST_MEMBERS = 100_000
"""Persons under one policy; the greatest threshold of a product."""


def _without_exponent(number: Decimal) -> Decimal:
    return Decimal(format(number, "f"))


WITHOUT_EXPONENT = AfterValidator(_without_exponent)
Amount = Annotated[Decimal, Field(ge=0, max_digits=19, decimal_places=4), WITHOUT_EXPONENT, PLAIN_DIGITS]
Quantity = Annotated[Decimal, Field(ge=0, max_digits=13, decimal_places=4), WITHOUT_EXPONENT, PLAIN_DIGITS]


def _as_texts(value: object) -> object:
    """Decimals as texts, so that expected amounts may be written as numbers."""
    if isinstance(value, dict):
        return {name: _as_texts(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_as_texts(inner) for inner in value]
    return str(value) if isinstance(value, Decimal) else value


def _known_currency(code: str) -> str:
    if code not in EXPONENTS:
        raise ValueError("not a currency of ISO 4217")
    return code


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class _Valid(_Part):
    valid_from: WrittenDay = LONG_AGO
    valid_to: WrittenDay | None = None

    def is_valid(self, day: date) -> bool:
        """Whether it holds on a day; both ends are included."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


class _Named(_Part):
    item: Code | None = None
    service: Code | None = None

    @model_validator(mode="after")
    def _one_thing(self) -> Self:
        if (self.item is None) == (self.service is None):
            raise ValueError("name exactly one, an item or a service")
        return self


class CaseSettings(_Part):
    """What the installation decides."""

    age_of_majority: Annotated[int, Field(ge=0, le=150)] = 18
    care_type_check: CareTypeCheck = CareTypeCheck.CLAIM
    refuses_duplicates: bool = True
    refuse_findings: tuple[FindingKind, ...] = REFUSING
    """Kinds of findings that refuse a claim; the others only mark it."""
    confirm_scoring: bool = True
    """Whether a person confirms what a scoring plugin refuses; if not, it refuses with -2."""


class CaseProduct(_Part):
    """A product by its code, with its terms."""

    code: Code
    terms: Terms = Terms()


class CaseContent(_Named):
    """An item or a service inside a package: name exactly one."""

    quantity: Quantity


class CaseItem(_Valid):
    """An item of the register."""

    code: Code
    price: Amount
    care_type: CareType = CareType.BOTH
    frequency: Annotated[int, Field(ge=0)] | None = None
    """Days between two of them for one patient."""
    patient_mask: Annotated[int, Field(ge=0, le=15)] = 15


class CaseService(CaseItem):
    """A service of the register."""

    category: ServiceCategory | None = None
    package_type: PackageType = PackageType.SIMPLE
    contents: tuple[CaseContent, ...] = ()


class CasePrice(_Valid, _Named):
    """A line of the facility's price list: name exactly one, an item or a service."""

    price_override: Amount | None = None


class CaseDiagnosis(_Valid):
    """A diagnosis of the list."""

    code: Code


class CaseInsuree(_Valid):
    """A person of the family."""

    number: Code = "1"
    birth_date: WrittenDay = date(1990, 1, 1)
    sex: Sex = Sex.FEMALE
    status: InsureeStatus = InsureeStatus.ACTIVE
    status_date: WrittenDay | None = None
    """Since when the person is inactive or dead."""


class CaseFamily(_Valid):
    """The family of the insurees."""


class CaseFacility(_Part):
    """The facility that gave the care."""

    code: Code = "HF1"
    level: Annotated[str, Field(pattern="^(dispensary|health_centre|hospital)$")] = "health_centre"
    care_type: CareType = CareType.BOTH
    ownership: str | None = None
    tier: Annotated[int, Field(ge=1, le=9)] | None = None


class CaseInsureePolicy(_Part):
    """The cover of one insuree under a policy, where it differs from the policy's."""

    insuree: Code
    effective_date: WrittenDay | None = None
    expiry_date: WrittenDay | None = None


class CasePolicy(_Part):
    """A policy of the family; without ``insuree_policies`` it covers every insuree."""

    id: Code = "POL1"
    product: Code
    stage: Annotated[str, Field(pattern="^[NR]$")] = "N"
    status: PolicyStatus = PolicyStatus.ACTIVE
    start_date: WrittenDay
    effective_date: WrittenDay | None = None
    expiry_date: WrittenDay
    members: Annotated[int, Field(ge=0, le=MOST_MEMBERS)] | None = None
    """Persons with cover at the target date; counted from the insurees when left out."""
    insuree_policies: tuple[CaseInsureePolicy, ...] | None = None


class CasePastClaim(_Part):
    """An earlier claim, as far as maximum numbers ask for it (CLM-2)."""

    insuree: Code | None = None
    category: Category
    target_date: WrittenDay
    status: ClaimStatus = ClaimStatus.VALUATED


class CasePastLine(_Named):
    """An earlier line that passed, as far as frequencies ask for it: name exactly one, an item or a service."""

    insuree: Code | None = None
    target_date: WrittenDay


class CaseConsumption(_Part):
    """An entry of the consumption ledger; sign -1 is a reversal (ADJ-5)."""

    kind: ConsumptionKind
    policy: Code = "POL1"
    insuree: Code | None = None
    hospital: bool = False
    amount: Amount
    sign: Literal[1, -1] = 1
    category: Category | None = None
    """Of an entry of kind category."""
    item: Code | None = None
    service: Code | None = None
    """Of an entry of kind quantity: name exactly one, an item or a service."""

    @model_validator(mode="after")
    def _says_of_what(self) -> Self:
        things = (self.item is not None) + (self.service is not None)
        if things != (self.kind is ConsumptionKind.QUANTITY):
            raise ValueError("an entry of kind quantity, and no other, names an item or a service")
        if (self.category is not None) != (self.kind is ConsumptionKind.CATEGORY):
            raise ValueError("an entry of kind category, and no other, names a category")
        return self


class CaseConsentUse(_Part):
    """What an earlier claim used of a consent; the worth is what passed, before deductible and shares (CLM-11)."""

    number: Code = "PA1"
    quantity: Quantity = Decimal(0)
    amount: Amount = Decimal(0)


class CaseHistory(_Part):
    """What happened before the claim, the claim itself left out."""

    claims: tuple[CasePastClaim, ...] = ()
    lines: tuple[CasePastLine, ...] = ()
    consumption: tuple[CaseConsumption, ...] = ()
    consents: tuple[CaseConsentUse, ...] = ()


class CaseConsent(_Named):
    """What the scheme agreed to before the care: name exactly one, an item or a service."""

    number: Code = "PA1"
    quantity: Quantity
    amount: Amount | None = None
    """The most that it may be worth; null for no limit."""


class CaseLine(_Part):
    """An item or a service of a claim, with what a reviewer decided about it."""

    code: Code
    quantity_provided: Quantity = Decimal(1)
    price_asked: Amount
    quantity_approved: Quantity | None = None
    price_approved: Amount | None = None
    verdict: Verdict | None = None
    deduction_rate: Annotated[Decimal, Field(ge=0, le=100, decimal_places=4), PLAIN_DIGITS] | None = None
    """What the review of a sample of other claims takes off what is paid, in percent."""
    contents: tuple[CaseContent, ...] | None = None
    """What a package held; left out, it held what the register says."""


class CaseFinding(_Part):
    """Something odd that a check of duplicates and fraud, or a plugin, found about a claim."""

    kind: FindingKind
    refuses: bool = False
    """Whether a scoring plugin itself refuses the claim."""


class CaseClaim(_Part):
    """A claim as the facility sends it."""

    code: Code | None = None
    """Unlike that of any other claim; when left out C1 or the next number that no claim of the case bears."""
    insuree: Code | None = None
    """The first insuree when left out."""
    diagnosis: Code = "A09"
    """The main one."""
    further_diagnoses: Annotated[tuple[Code, ...], Field(max_length=MOST_FURTHER)] = ()
    """They decide nothing."""
    visit_type: VisitType = VisitType.OTHER
    date_from: Day | None
    date_to: Day | None = None
    date_claimed: Day | None
    is_released: bool = False
    """Whether a reviewer released it although it repeats another claim or looked odd."""
    findings: tuple[CaseFinding, ...] = ()
    """What looked odd about it when it was submitted."""
    consent: CaseConsent | None = None
    """The consent that it names."""
    items: Annotated[tuple[CaseLine, ...], Field(max_length=MOST_LINES)] = ()
    services: Annotated[tuple[CaseLine, ...], Field(max_length=MOST_LINES)] = ()


class CaseEarlierClaim(CaseClaim):
    """A claim that was submitted before; what its facility may ask for is on the same price list."""

    facility: CaseFacility | None = None
    """The facility of the claim when left out."""


class CaseRelativeIndex(_Part):
    """A relative index of the period, by product and kind of care (BAT-3)."""

    product: Code
    care_type: PoolCare = PoolCare.GENERAL
    value: Quantity


class AdjudicationCase(_Part):
    """Everything that the decision on a claim depends on, and optionally what the decision must be."""

    case: str = ""
    """A short name."""
    rules: tuple[str, ...] = ()
    """The rules that it proves."""
    why: str = ""
    """How the expected amounts are worked out by hand."""
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$"), AfterValidator(_known_currency)] = "TZS"
    stage: Stage = Stage.SUBMIT
    """How far the claim goes; review and process come after a submission of the same claim."""
    settings: CaseSettings = CaseSettings()
    products: tuple[CaseProduct, ...]
    items: tuple[CaseItem, ...] = ()
    services: tuple[CaseService, ...] = ()
    price_list: tuple[CasePrice, ...] | None = None
    """null when the facility has no list."""
    diagnoses: tuple[CaseDiagnosis, ...] | None = None
    """null when every diagnosis is valid."""
    insurees: Annotated[tuple[CaseInsuree, ...], Field(min_length=1)] = (CaseInsuree(),)
    family: CaseFamily = CaseFamily()
    facility: CaseFacility = CaseFacility()
    policies: tuple[CasePolicy, ...] = ()
    history: CaseHistory = CaseHistory()
    earlier_claims: tuple[CaseEarlierClaim, ...] = ()
    """Claims that are submitted before, in this order; each uses up what it is paid."""
    claim: CaseClaim
    relative_indexes: tuple[CaseRelativeIndex, ...] = ()
    """With a processed claim: the indexes of the batch that values its relative lines."""
    expect: Annotated[dict[str, JsonValue], BeforeValidator(_as_texts)] | None = None
    """Any part of the answer that must come out."""
