"""What is the same for every line of a claim: the target date, the patient's age class, the policies, what is used up."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property

from msingi_claims.rules.category import category_of
from msingi_claims.rules.codes import ConsumptionKind, Stage
from msingi_claims.rules.compiled import LineKey
from msingi_claims.rules.decisions import Consumption
from msingi_claims.rules.history import History
from msingi_claims.rules.values import ClaimInput, PolicyInput, Reference, Settings
from msingi_insurance import Basis, Category, Ceiling, Deductible, is_adult


@dataclass
class Situation:
    """A claim on its way through adjudication; ``booked`` grows with every line that passes."""

    claim: ClaimInput
    day: date
    policies: Sequence[PolicyInput]
    history: History
    settings: Settings
    stage: Stage
    own: History = field(default_factory=History)
    booked: list[Consumption] = field(default_factory=list)

    @cached_property
    def adult(self) -> bool:
        """Whether the patient is of age at the target date (ADJ-7, D-19)."""
        majority = self.settings.age_of_majority
        return is_adult(self.claim.patient.birth_date, self.day, age_of_majority=majority)

    @cached_property
    def category(self) -> Category:
        """The category of the claim (CLM-1)."""
        return category_of(self.claim)

    @cached_property
    def valid_policies(self) -> tuple[PolicyInput, ...]:
        """The policies that cover the patient at the target date, the earliest one first (ADJ-1)."""
        valid = (policy for policy in self.policies if policy.covers(self.day))
        return tuple(sorted(valid, key=lambda policy: (policy.effective_date or self.day, str(policy.id))))

    @cached_property
    def paying_policies(self) -> tuple[PolicyInput, ...]:
        """Those whose product pays this facility (TZA-19)."""
        facility = self.claim.facility
        return tuple(
            policy
            for policy in self.valid_policies
            if policy.product.facilities is None
            or policy.product.facilities.admit(
                ownership=facility.ownership, tier=facility.tier, code=facility.code
            )
        )

    @cached_property
    def policies_by_id(self) -> dict[Reference, PolicyInput]:
        """Every policy given, by its id."""
        return {policy.id: policy for policy in self.policies}

    def is_hospital(self, policy: PolicyInput) -> bool:
        """Whether the care counts as hospital care for the product of a policy (PRD-9)."""
        return self.claim.facility.is_hospital if policy.product.by_facility else self.claim.has_night

    def used(self, kind: ConsumptionKind, terms: Deductible | Ceiling, policy: PolicyInput) -> Decimal:
        """What is used up of a deductible or a ceiling: in history on its basis, and earlier in this claim (ADJ-3)."""
        insuree = self.claim.patient.id
        hospital = self.is_hospital(policy) if terms.split else None
        own = self.own.used(kind, basis=Basis.POLICY, policy=policy.id, insuree=insuree, hospital=hospital)
        return own + self.history.used(
            kind, basis=terms.basis, policy=policy.id, insuree=insuree, hospital=hospital
        )

    def used_quantity(self, policy: PolicyInput, key: LineKey) -> Decimal:
        """How much of an item or a service is used up over the policy period (PRD-10)."""
        insuree = self.claim.patient.id
        return self.history.quantity(policy.id, insuree, key) + self.own.quantity(policy.id, insuree, key)

    def used_category_amount(self, policy: PolicyInput) -> Decimal:
        """What is used up of the maximum amount of the claim's category (PRD-8, D-6)."""
        insuree = self.claim.patient.id
        return self.history.category_amount(policy.id, insuree, self.category) + self.own.category_amount(
            policy.id, insuree, self.category
        )

    def book(self, entries: Iterable[Consumption]) -> None:
        """Note what a line uses up, so that the next line of the claim sees it."""
        added = tuple(entries)
        self.own.add_consumption(added)
        self.booked.extend(added)
