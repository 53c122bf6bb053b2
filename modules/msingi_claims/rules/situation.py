"""What is the same for every line of a claim: the target date, the patient's age class, the policies and their limits."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Final

from msingi_claims.rules.category import category_of
from msingi_claims.rules.codes import ConsumptionKind, Stage, StepKind
from msingi_claims.rules.compiled import LineKey
from msingi_claims.rules.consent import ConsentLeft
from msingi_claims.rules.decisions import Consumption, Step
from msingi_claims.rules.history import History, InsureeUse
from msingi_claims.rules.values import ClaimInput, PolicyInput, Settings
from msingi_insurance import Ceiling, Deductible, is_adult

ZERO: Final = Decimal(0)
# Bound once: an attribute of an enumeration costs as much as the step that uses it.
_DEDUCTED: Final = ConsumptionKind.DEDUCTED
_REMUNERATED: Final = ConsumptionKind.REMUNERATED


class Situation:
    """A claim on its way through adjudication; ``booked`` grows with every line that passes."""

    def __init__(
        self,
        claim: ClaimInput,
        day: date,
        policies: Sequence[PolicyInput],
        history: History,
        settings: Settings,
        stage: Stage,
    ) -> None:
        self.claim = claim
        self.day = day
        self.policies = policies
        self.history = history
        self.settings = settings
        self.stage = stage
        self.has_night = claim.has_night
        self.category = category_of(claim)
        self.past = history.past_of(claim.patient.id)
        self.booked: list[Consumption] = []
        self.consent: ConsentLeft | None = None
        if claim.consent is not None:
            used = history.consent_use(claim.consent, besides=claim.id)
            self.consent = ConsentLeft(claim.consent, used)
        majority = settings.age_of_majority
        self.adult = is_adult(claim.patient.birth_date, day, age_of_majority=majority)

    def consent_for(self, key: LineKey) -> ConsentLeft | None:
        """What is left of the consent that the claim names, when it is about this item or service (CLM-11)."""
        return self.consent if self.consent is not None and self.consent.concerns(key) else None

    @cached_property
    def standings(self) -> list["Standing"]:
        """The policies that cover the patient at the target date, the earliest one first (ADJ-1)."""
        valid = [policy for policy in self.policies if policy.covers(self.day)]
        if len(valid) > 1:
            valid.sort(key=lambda policy: (policy.effective_date or self.day, str(policy.id)))
        return [Standing(self, policy) for policy in valid]

    @cached_property
    def kept_standings(self) -> dict[object, "Standing"]:
        """Every policy given, by its id: what a submission chose holds even if cover ended since (CLM-6)."""
        by_id = {standing.policy.id: standing for standing in self.standings}
        return {policy.id: by_id.get(policy.id) or Standing(self, policy) for policy in self.policies}


class Standing:
    """Where a policy stands for a claim: its limits for this care, and what is used up of them, line after line.

    Sums of history are those of the basis of each limit (ADJ-3); a basis of treatment begins at zero.
    """

    __slots__ = (
        "_quantities",
        "_use",
        "category_limit",
        "category_used",
        "ceiling_limit",
        "ceiling_used",
        "chosen",
        "deducted",
        "deductible_limit",
        "hospital",
        "is_paying",
        "policy",
        "product",
    )

    def __init__(self, situation: Situation, policy: PolicyInput) -> None:
        self.policy = policy
        self.product = product = policy.product
        facility = situation.claim.facility
        self.hospital = facility.is_hospital if product.by_facility else situation.has_night
        self.is_paying = product.facilities is None or product.facilities.admit(
            ownership=facility.ownership, tier=facility.tier, code=facility.code
        )
        self.chosen = Step(StepKind.PRODUCT, word=product.code)
        self._use: InsureeUse = situation.history.insuree_use(policy.id, situation.claim.patient.id)
        self._quantities: dict[LineKey, Decimal] = {}
        self._read_limits(situation)

    def used_quantity(self, key: LineKey) -> Decimal:
        """How much of an item or a service is used up over the policy period (PRD-10)."""
        return self._use.quantities.get(key, ZERO) + self._quantities.get(key, ZERO)

    def take(self, entries: Sequence[Consumption]) -> None:
        """Note what a line uses up, so that the next line of the claim sees it."""
        for entry in entries:
            if entry.kind is _REMUNERATED:
                self.ceiling_used += entry.amount
            elif entry.kind is _DEDUCTED:
                self.deducted += entry.amount
            elif entry.key is None:
                self.category_used += entry.amount
            else:
                self._quantities[entry.key] = self._quantities.get(entry.key, ZERO) + entry.amount

    def _read_limits(self, situation: Situation) -> None:
        product, category = self.product, situation.category
        self.category_limit: Decimal | None = product.max_amount.get(category)
        self.category_used = self._use.categories.get(category, ZERO)
        self.deductible_limit: Decimal | None = None
        self.deducted = self.ceiling_used = ZERO
        if product.deductible is not None:
            self.deductible_limit = product.deductible.of(hospital=self.hospital)
            self.deducted = self._used(situation, ConsumptionKind.DEDUCTED, product.deductible)
        self.ceiling_limit = product.ceiling_for(hospital=self.hospital, members=self.policy.members)
        if product.ceiling is not None:
            self.ceiling_used = self._used(situation, ConsumptionKind.REMUNERATED, product.ceiling)

    def _used(self, situation: Situation, kind: ConsumptionKind, terms: Deductible | Ceiling) -> Decimal:
        return situation.history.used(
            kind,
            basis=terms.basis,
            policy=self.policy.id,
            insuree=situation.claim.patient.id,
            hospital=self.hospital if terms.split else None,
        )
