"""The amount of a line, step by step: quantity, price, limits, deductible, co-insurance, maxima, ceiling (ADJ-2).

Amounts stay exact until the share of the insurer is known; it is rounded once, and the limits that follow compare whole
units, so that a rounding never lifts a total above a maximum (INS-A1).
"""

from dataclasses import dataclass, field
from decimal import ROUND_FLOOR, Decimal
from typing import Final

from msingi_claims.rules.choice import Candidate
from msingi_claims.rules.codes import ConsumptionKind, LineStatus, Reason, StepKind
from msingi_claims.rules.decisions import LineDecision, RefusedPart, Step
from msingi_claims.rules.price import base_price
from msingi_claims.rules.situation import Situation
from msingi_claims.rules.values import LineInput
from msingi_insurance import CeilingExclusion, LimitationType

ZERO: Final = Decimal(0)
HUNDRED: Final = Decimal(100)


@dataclass(slots=True)
class Valuation:
    """The valuation of one line under one policy: each method is one step, and writes it down (ADJ-9)."""

    situation: Situation
    line: LineInput
    candidate: Candidate
    steps: list[Step] = field(default_factory=list)

    def decide(self) -> LineDecision:
        """Carry out the steps in their order; a quantity that is used up already refuses the line (check 16)."""
        line, policy = self.line, self.candidate.policy
        self._note(Step(StepKind.PRODUCT, word=policy.product.code))
        approved, quantity = self._quantities()
        if quantity == 0 < approved:
            unit = self.situation.settings.unit
            return refuse_line(line, Reason.QUANTITY_LIMIT, unit=unit, product=policy.product.code)
        price = self._price()
        accepted = self._settle(quantity * price)
        valued = self._settle(max(line.quantity, approved) * price)
        self._note(Step(StepKind.VALUE, quantity, quantity * price, limit=price))

        limited = self._fixed_limit(quantity, quantity * price)
        deducted = self._deduct(limited)
        share = self._insurers_share(limited, deducted)
        within_category = self._within_category(share)
        paid = self._within_ceiling(within_category)
        return LineDecision(
            kind=line.kind,
            code=line.code,
            status=LineStatus.PASSED,
            reason=Reason.ACCEPTED,
            product=policy.product.code,
            policy=policy.id,
            limit=self.candidate.limit,
            origin=self.candidate.coverage.origin,
            quantity_provided=line.quantity,
            quantity=quantity,
            refused_parts=_refused_parts(line.quantity, approved, quantity),
            price=price,
            valued=valued,
            deductible=deducted,
            excess_ceiling=within_category - paid,
            excess_category=share - within_category,
            patient_share=accepted - deducted - share,
            refused=valued - accepted,
            remunerated=paid,
            steps=tuple(self.steps),
        )

    @property
    def counts_for_ceiling(self) -> bool:
        """Whether the line counts towards the ceiling, by the patient's age and the kind of care (PRD-10, D-4)."""
        match self.candidate.coverage.exclusion:
            case None:
                return True
            case CeilingExclusion.BOTH:
                return False
            case CeilingExclusion.HOSPITAL:
                return not self.situation.is_hospital(self.candidate.policy)
            case CeilingExclusion.NON_HOSPITAL:
                return self.situation.is_hospital(self.candidate.policy)

    def _quantities(self) -> tuple[Decimal, Decimal]:
        """The quantity that the reviewer approved (0 included) or the facility provided, and what is left to give of it (ADJ-8)."""
        provided, review = self.line.quantity, self.line.review
        approved = provided if review is None or review.quantity is None else review.quantity
        self._note(Step(StepKind.QUANTITY, provided, provided))
        if review is not None and review.quantity is not None:
            self._note(Step(StepKind.REVIEWER_QUANTITY, provided, approved))
        most = self.candidate.coverage.max_quantity
        if most is None:
            return approved, approved
        used = self.situation.used_quantity(self.candidate.policy, self.line.key)
        allowed = min(approved, max(ZERO, most - used))
        self._note(Step(StepKind.QUANTITY_LIMIT, approved, allowed, limit=most, used=used))
        return approved, allowed

    def _price(self) -> Decimal:
        origin = self.candidate.coverage.origin
        price, kind = base_price(self.line, origin, self.candidate.policy.product)
        self._note(Step(kind, self.line.price_asked, price, word=origin.value))
        return price

    def _fixed_limit(self, quantity: Decimal, worth: Decimal) -> Decimal:
        kind, value = self.candidate.limit
        if kind is not LimitationType.FIXED or value is None:
            return worth
        limited = min(worth, quantity * value)
        self._note(Step(StepKind.FIXED_LIMIT, worth, limited, limit=value))
        return limited

    def _deduct(self, worth: Decimal) -> Decimal:
        """What the insured still pay of the deductible out of this line, in whole units (D-38)."""
        policy = self.candidate.policy
        terms = policy.product.deductible
        amount = None if terms is None else terms.of(hospital=self.situation.is_hospital(policy))
        if terms is None or amount is None:
            return ZERO
        used = self.situation.used(ConsumptionKind.DEDUCTED, terms, policy)
        deducted = min(self._settle(worth), self._left(amount, used))
        self._note(Step(StepKind.DEDUCTIBLE, worth, max(ZERO, worth - deducted), limit=amount, used=used))
        return deducted

    def _insurers_share(self, worth: Decimal, deducted: Decimal) -> Decimal:
        """The share of the insurer of what the deductible leaves, rounded once; never more than that in whole units."""
        left = max(ZERO, worth - deducted)
        if left == 0:
            return ZERO
        kind, value = self.candidate.limit
        exact = left
        if kind is LimitationType.CO_INSURANCE and value is not None:
            exact = left * value / HUNDRED
            self._note(Step(StepKind.COINSURANCE, left, exact, limit=value))
        share = min(self._settle(exact), self._settle(worth) - deducted)
        self._note(Step(StepKind.ROUNDING, exact, share, limit=self.situation.settings.unit))
        return share

    def _within_category(self, share: Decimal) -> Decimal:
        policy, category = self.candidate.policy, self.situation.category
        most = policy.product.max_amount.get(category)
        if most is None or share == 0:
            return share
        used = self.situation.used_category_amount(policy)
        limited = min(share, self._left(most, used))
        self._note(Step(StepKind.CATEGORY_AMOUNT, share, limited, limit=most, used=used, word=category.value))
        return limited

    def _within_ceiling(self, share: Decimal) -> Decimal:
        policy = self.candidate.policy
        terms = policy.product.ceiling
        if terms is None or share == 0 or not self.counts_for_ceiling:
            return share
        hospital = self.situation.is_hospital(policy)
        most = policy.product.ceiling_for(hospital=hospital, members=policy.members)
        if most is None:
            return share
        used = self.situation.used(ConsumptionKind.REMUNERATED, terms, policy)
        limited = min(share, self._left(most, used))
        self._note(Step(StepKind.CEILING, share, limited, limit=most, used=used))
        return limited

    def _left(self, most: Decimal, used: Decimal) -> Decimal:
        """What is left of a limit, in whole units, never below zero."""
        unit = self.situation.settings.unit
        return max(ZERO, (most - used).quantize(unit, ROUND_FLOOR))

    def _settle(self, exact: Decimal) -> Decimal:
        """Round half to even to the smallest amount that is paid."""
        return exact.quantize(self.situation.settings.unit)

    def _note(self, step: Step) -> None:
        self.steps.append(step)


def refuse_line(line: LineInput, reason: Reason, *, unit: Decimal, product: str = "") -> LineDecision:
    """A line that is not paid for at all, valued at what was asked for what was provided."""
    valued = (line.quantity * line.price_asked).quantize(unit)
    return LineDecision(
        kind=line.kind,
        code=line.code,
        status=LineStatus.REFUSED,
        reason=reason,
        product=None,
        policy=None,
        limit=None,
        origin=None,
        quantity_provided=line.quantity,
        quantity=ZERO,
        refused_parts=(RefusedPart(line.quantity, reason),),
        price=line.price_asked,
        valued=valued,
        deductible=ZERO,
        excess_ceiling=ZERO,
        excess_category=ZERO,
        patient_share=ZERO,
        refused=valued,
        remunerated=ZERO,
        steps=(Step(StepKind.REFUSED, line.quantity, reason=reason, word=product),),
    )


def _refused_parts(provided: Decimal, approved: Decimal, quantity: Decimal) -> tuple[RefusedPart, ...]:
    """What the reviewer took off, and what is above the maximum quantity."""
    if quantity == provided:
        return ()
    parts = (
        RefusedPart(provided - approved, Reason.REFUSED_BY_REVIEWER),
        RefusedPart(approved - quantity, Reason.QUANTITY_LIMIT),
    )
    return tuple(part for part in parts if part.quantity > 0)
