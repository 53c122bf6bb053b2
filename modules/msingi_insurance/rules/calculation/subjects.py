"""What calculation rules are asked about: plain values that services gather, amounts in major units."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class ContributionSubject:
    """A person or family under a contribution plan: what the product asks for it, and the income if it is known."""

    product_value: Decimal
    income: Decimal | None = None


@dataclass(frozen=True, slots=True)
class FeeSubject:
    """Something for which a fee is taken; ``base`` is the amount that it concerns."""

    base: Decimal


@dataclass(frozen=True, slots=True)
class RemunerationSubject:
    """A facility and product: the amount of its claims that was accepted in the period."""

    accepted: Decimal


@dataclass(frozen=True, slots=True)
class CapitationSubject:
    """A facility's share of one component of a capitation pool."""

    pool: Decimal
    count: Decimal
    total: Decimal


@dataclass(frozen=True, slots=True)
class CommissionSubject:
    """The contributions that an officer collected in a period."""

    collected: Decimal
    is_renewal: bool = False


@dataclass(frozen=True, slots=True)
class TransferSubject:
    """A family that may receive a transfer of cash."""

    members: int
    is_poor: bool
