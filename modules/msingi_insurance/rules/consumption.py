"""What claims have used up of a policy, as insurance asks for it; claims answer (POL-10, D-28)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TypeAlias
from uuid import UUID

from msingi_insurance.rules.amounts import ZERO
from msingi_insurance.rules.terms import Basis, Category, LineKind

LineKey: TypeAlias = tuple[LineKind, str]
"""Kind and code of an item or a service."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Used:
    """Amounts deducted from, or paid for, one insuree and the whole policy, in hospital and other care apart."""

    insuree_hospital: Decimal = ZERO
    insuree_other: Decimal = ZERO
    policy_hospital: Decimal = ZERO
    policy_other: Decimal = ZERO

    def on(self, basis: Basis, *, hospital: bool | None) -> Decimal:
        """What counts on a basis; ``hospital`` None is both kinds of care. Nothing counts from claim to claim (PRD-6)."""
        if basis is Basis.TREATMENT:
            return ZERO
        if basis is Basis.INSUREE:
            parts = (self.insuree_hospital, self.insuree_other)
        else:
            parts = (self.policy_hospital, self.policy_other)
        if hospital is None:
            return sum(parts, ZERO)
        return parts[0] if hospital else parts[1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Consumed:
    """What one insuree has used up under one policy, over the whole policy period; reversed claims count no more."""

    policy_id: UUID
    insuree_id: UUID
    deducted: Used = Used()
    paid: Used = Used()
    category_claims: Mapping[Category, int] = field(default_factory=dict)
    """Claims by category, whose target date lies in the insuree's cover (CLM-2)."""
    category_amounts: Mapping[Category, Decimal] = field(default_factory=dict)
    """Amounts paid by category (D-6)."""
    quantities: Mapping[LineKey, Decimal] = field(default_factory=dict)
    """Quantities paid for by item and service."""
    given: Mapping[LineKey, tuple[date, ...]] = field(default_factory=dict)
    """Days on which an item or a service was given, by whatever policy (check 5)."""
