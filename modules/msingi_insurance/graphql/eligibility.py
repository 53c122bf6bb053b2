"""The enquiry at the counter of a facility: one round trip for everything that a card check needs (POL-10)."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from uuid import UUID

from msingi.money import Money
from msingi.work import Work
from msingi_insurance.plugin import CHECK_ELIGIBILITY, READ_INSUREES, plugin
from msingi_insurance.rules.allowances import AmountLeft
from msingi_insurance.rules.cover import CoverReason
from msingi_insurance.rules.states import PolicyStatus, Stage
from msingi_insurance.rules.terms import Basis, Category
from msingi_insurance.services.eligibility import (
    CheckedCover,
    CheckedInsuree,
    Eligibility,
    check_eligibility,
)
from msingi_insurance.services.products_coverage import CoveredKind


@dataclass(frozen=True, slots=True)
class RemainingAmount:
    """What is left of a deductible or a ceiling; an amount that is empty is unlimited."""

    basis: Basis = field(metadata={"doc": "Treatment, insuree or policy."})
    general: Money | None = field(metadata={"doc": "For all care, when care is not split."})
    hospital: Money | None = field(metadata={"doc": "For hospital care."})
    other: Money | None = field(metadata={"doc": "For other care."})


@dataclass(frozen=True, slots=True)
class RemainingCategory:
    """What is left of a category of claims over the policy period."""

    category: Category = field(metadata={"doc": "The category."})
    claims: int | None = field(metadata={"doc": "Claims left; empty is unlimited, 0 is none."})
    amount: Money | None = field(metadata={"doc": "Amount left; empty is unlimited."})


@dataclass(frozen=True, slots=True)
class RemainingLine:
    """Whether and when an item or a service is covered, and how much of it."""

    kind: CoveredKind = field(metadata={"doc": "Item or service."})
    code: str = field(metadata={"doc": "Code in the catalogue."})
    covered: bool = field(metadata={"doc": "Whether the product covers it at all."})
    next_allowed: date | None = field(metadata={"doc": "First day on which it is covered."})
    quantity: Decimal | None = field(metadata={"doc": "Quantity left; empty is unlimited."})


@dataclass(frozen=True, slots=True)
class EligibleCover:
    """How the insuree stands under one policy on the day."""

    policy_id: UUID = field(metadata={"doc": "The policy."})
    product_code: str = field(metadata={"doc": "Code of the product."})
    product_name: str = field(metadata={"doc": "Name of the product."})
    stage: Stage = field(metadata={"doc": "New or renewal."})
    status: PolicyStatus = field(metadata={"doc": "Status of the policy now."})
    covered: bool = field(metadata={"doc": "Whether it covers the insuree on the day."})
    reason: CoverReason = field(metadata={"doc": "Why, or why not."})
    start_date: date = field(metadata={"doc": "First day of the insurance period."})
    effective_date: date | None = field(metadata={"doc": "First day of the insuree's cover."})
    expiry_date: date = field(metadata={"doc": "Last day of the insuree's cover."})
    members: int = field(metadata={"doc": "Persons whom the policy covers."})
    deductible: RemainingAmount | None = field(metadata={"doc": "What the insured still pay first."})
    ceiling: RemainingAmount | None = field(metadata={"doc": "What the scheme still pays."})
    categories: list[RemainingCategory] = field(metadata={"doc": "Limited categories."})
    lines: list[RemainingLine] = field(metadata={"doc": "The items and services asked about."})


@dataclass(frozen=True, slots=True)
class EligibilityAnswer:
    """Whether an insuree is covered on a day, and what is left."""

    insuree_id: UUID = field(metadata={"doc": "The insuree."})
    number: str = field(metadata={"doc": "Insurance number of now."})
    name: str = field(metadata={"doc": "Name; initials without the right to read insurees."})
    birth_year: int | None = field(metadata={"doc": "Year of birth, to compare with the person."})
    on: date = field(metadata={"doc": "The day asked about."})
    covered: bool = field(metadata={"doc": "Whether the insuree is covered."})
    reason: CoverReason = field(metadata={"doc": "Why, or why not."})
    explanation: str = field(metadata={"doc": "The same in words."})
    covers: list[EligibleCover] = field(metadata={"doc": "The policies of the day."})


@plugin.query(allow=CHECK_ELIGIBILITY)
def eligibility(
    work: Work,
    insuree_number: str | None = None,
    insuree_id: UUID | None = None,
    on: date | None = None,
    items: list[str] | None = None,
    services: list[str] | None = None,
) -> EligibilityAnswer:
    """Whether an insuree is covered on a day, today when left out, and what is left of the policy, wherever he or she lives."""
    found = check_eligibility(
        work,
        number=insuree_number,
        insuree_id=insuree_id,
        on=on or work.today(),
        items=items or (),
        services=services or (),
    )
    _note(work, found.insuree.id)
    return _answer(work, found)


def _note(work: Work, insuree_id: UUID) -> None:
    work.audit(
        "check",
        entity="insurance_insuree",
        entity_id=insuree_id,
        details={"permission": CHECK_ELIGIBILITY.name},
    )


def _answer(work: Work, found: Eligibility) -> EligibilityAnswer:
    birth = found.insuree.birth_date
    return EligibilityAnswer(
        insuree_id=found.insuree.id,
        number=found.insuree.number,
        name=_shown_name(found.insuree, whole=_may_read(work, found.insuree)),
        birth_year=birth.year if birth else None,
        on=found.on,
        covered=found.covered,
        reason=found.reason,
        explanation=found.explanation,
        covers=[_cover(one) for one in found.covers],
    )


def _may_read(work: Work, insuree: CheckedInsuree) -> bool:
    """Whether the asker may read insurees of that place: others see initials (TZA-15)."""
    return work.may(READ_INSUREES) and work.covers(
        work.actor.scope(READ_INSUREES.name), insuree.jurisdiction_id
    )


def _shown_name(insuree: CheckedInsuree, *, whole: bool) -> str:
    names = [name for name in (insuree.given_name, insuree.family_name) if name]
    return " ".join(names) if whole else " ".join(f"{name[0]}." for name in names)


def _cover(checked: CheckedCover) -> EligibleCover:
    cover, currency = checked.cover, checked.product.currency
    return EligibleCover(
        policy_id=cover.policy_id,
        product_code=checked.product.code,
        product_name=checked.product.name,
        stage=cover.stage,
        status=cover.status,
        covered=cover.covered,
        reason=cover.reason,
        start_date=cover.start_date,
        effective_date=cover.cover_from,
        expiry_date=cover.cover_to,
        members=cover.members,
        deductible=_amount(checked.deductible, currency),
        ceiling=_amount(checked.ceiling, currency),
        categories=[
            RemainingCategory(one.category, one.claims, _money(one.amount, currency))
            for one in checked.categories
        ],
        lines=[
            RemainingLine(CoveredKind(one.kind.value), one.code, one.covered, one.next_allowed, one.quantity)
            for one in checked.lines
        ],
    )


def _amount(left: AmountLeft | None, currency: str) -> RemainingAmount | None:
    if left is None:
        return None
    parts = (_money(part, currency) for part in (left.general, left.hospital, left.other))
    return RemainingAmount(left.basis, *parts)


def _money(amount: Decimal | None, currency: str) -> Money | None:
    return None if amount is None else Money.rounded(amount, currency)
