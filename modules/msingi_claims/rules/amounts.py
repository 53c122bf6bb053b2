"""The amount of a line, step by step: quantity, price, limits, deductible, co-insurance, maxima, ceiling (ADJ-2).

Amounts stay exact until the share of the insurer is known; it is rounded once, and the limits that follow compare whole
units, so that a rounding never lifts a total above a maximum (INS-A1).
"""

from collections.abc import Iterable
from decimal import ROUND_FLOOR, Decimal
from typing import Final

from msingi_claims.rules.choice import Choice, passed_despite
from msingi_claims.rules.codes import LineStatus, Reason, StepKind
from msingi_claims.rules.consent import ConsentLeft
from msingi_claims.rules.decisions import LineDecision, RefusedPart, Step
from msingi_claims.rules.growth import growth_of
from msingi_claims.rules.price import base_price, price_source
from msingi_claims.rules.values import LineInput
from msingi_insurance import CeilingExclusion, LimitationType

ZERO: Final = Decimal(0)
HUNDRED: Final = Decimal(100)
# Bound once: an attribute of an enumeration costs as much as the step that uses it.
_PASSED: Final = LineStatus.PASSED
_ACCEPTED: Final = Reason.ACCEPTED
_VALUE: Final = StepKind.VALUE
_QUANTITY_LIMIT: Final = StepKind.QUANTITY_LIMIT
_CONSENT_QUANTITY: Final = StepKind.CONSENT_QUANTITY
_QUANTITY_LIMITS: Final = (_QUANTITY_LIMIT, _CONSENT_QUANTITY)
_CONSENT_AMOUNT: Final = StepKind.CONSENT_AMOUNT
_FIXED_LIMIT: Final = StepKind.FIXED_LIMIT
_DEDUCTIBLE: Final = StepKind.DEDUCTIBLE
_COINSURANCE: Final = StepKind.COINSURANCE
_ROUNDING: Final = StepKind.ROUNDING
_CATEGORY_AMOUNT: Final = StepKind.CATEGORY_AMOUNT
_CEILING: Final = StepKind.CEILING
_FIXED: Final = LimitationType.FIXED
_SHARE: Final = LimitationType.CO_INSURANCE


class Valuation:
    """The valuation of one line under one policy: each method is one step, and writes it down (ADJ-9)."""

    __slots__ = ("candidate", "choice", "consent", "line", "standing", "steps", "unit")

    def __init__(
        self, line: LineInput, choice: Choice, *, unit: Decimal, consent: ConsentLeft | None = None
    ) -> None:
        self.line = line
        self.choice = choice
        self.candidate = choice.candidate
        self.standing = choice.candidate.standing
        self.unit = unit
        self.consent = consent
        self.steps: list[Step] = choice.steps(line)

    def decide(self) -> LineDecision:
        """Carry out the steps in their order; a quantity that is used up already refuses the line (check 16)."""
        line, product = self.line, self.standing.product
        approved, quantity = self._quantities()
        if quantity == 0 < approved:
            return self._used_up()
        price = self._price()
        worth = quantity * price
        self.steps.append(Step(_VALUE, quantity, worth, price))
        agreed = worth if self.consent is None else self._agreed_amount(self.consent, worth)
        accepted = agreed.quantize(self.unit)
        is_whole = quantity == approved >= line.quantity and agreed is worth
        valued = accepted if is_whole else self._valued(price, approved)

        limited = self._fixed_limit(quantity, agreed)
        deducted = self._deduct(limited)
        share, granted = self._insurers_share(limited, deducted)
        within_category = self._within_category(granted)
        paid = self._within_ceiling(within_category)
        return LineDecision(
            line.kind,
            line.code,
            _PASSED,
            _ACCEPTED,
            product.code,
            self.standing.policy.id,
            self.candidate.limit,
            self.candidate.coverage.origin,
            self.standing.hospital,
            line.quantity,
            quantity,
            _refused_parts(line.quantity, approved, quantity),
            price,
            valued,
            deducted,
            within_category - paid,
            granted - within_category,
            accepted - deducted - share,
            valued - accepted + share - granted,
            paid,
            tuple(self.steps),
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
                return not self.standing.hospital
            case CeilingExclusion.NON_HOSPITAL:
                return self.standing.hospital

    def _quantities(self) -> tuple[Decimal, Decimal]:
        """The quantity that the reviewer approved (0 included) or the facility provided, and what may be paid of it (ADJ-8)."""
        review, approved = self.line.review, self.line.quantity
        if review is not None and review.quantity is not None:
            self.steps.append(Step(StepKind.REVIEWER_QUANTITY, approved, review.quantity))
            approved = review.quantity
        most = self.candidate.coverage.max_quantity
        allowed = approved
        if most is not None:
            used = self.standing.used_quantity(self.line.key)
            allowed = min(approved, max(ZERO, most - used))
            self.steps.append(Step(_QUANTITY_LIMIT, approved, allowed, most, used))
        if self.consent is not None and allowed:
            allowed = self._agreed_quantity(self.consent, allowed)
        return approved, allowed

    def _agreed_quantity(self, consent: ConsentLeft, asked: Decimal) -> Decimal:
        """What is left of the quantity that the scheme agreed to before the care (CLM-11)."""
        most, used = consent.agreed.quantity, consent.used.quantity
        allowed = min(asked, max(ZERO, most - used))
        self.steps.append(Step(_CONSENT_QUANTITY, asked, allowed, most, used, consent.agreed.number))
        return allowed

    def _agreed_amount(self, consent: ConsentLeft, worth: Decimal) -> Decimal:
        """What is left of the amount that the scheme agreed to before the care; the rest is refused (CLM-11)."""
        most, used = consent.agreed.amount, consent.used.amount
        if most is None:
            return worth
        left = self._left(most, used)
        allowed = min(worth, left)
        self.steps.append(Step(_CONSENT_AMOUNT, worth, allowed, most, used, consent.agreed.number))
        return allowed

    def _used_up(self) -> LineDecision:
        """A line of which no quantity is left; it says which limit left none."""
        reason = Reason.QUANTITY_LIMIT
        limits = (step for step in self.steps if step.kind in _QUANTITY_LIMITS and not step.after)
        told = [*passed_despite(self.line, told=reason), *self.choice.first(), *limits]
        return refuse_line(self.line, reason, unit=self.unit, why=told)

    def _price(self) -> Decimal:
        origin = self.candidate.coverage.origin
        price, kind = base_price(self.line, origin, self.standing.product)
        source = price_source(self.line, origin)
        self.steps.append(Step(kind, self.line.price_asked, price, None, None, source))
        return price

    def _valued(self, price: Decimal, approved: Decimal) -> Decimal:
        return (max(self.line.quantity, approved) * price).quantize(self.unit)

    def _fixed_limit(self, quantity: Decimal, worth: Decimal) -> Decimal:
        kind, value = self.candidate.limit
        if kind is not _FIXED or value is None:
            return worth
        limited = min(worth, quantity * value)
        self.steps.append(Step(_FIXED_LIMIT, worth, limited, value))
        return limited

    def _deduct(self, worth: Decimal) -> Decimal:
        """What the insured still pay of the deductible out of this line, in whole units (D-38)."""
        limit, used = self.standing.deductible_limit, self.standing.deducted
        if limit is None:
            return ZERO
        deducted = min(worth.quantize(self.unit), self._left(limit, used))
        self.steps.append(Step(_DEDUCTIBLE, worth, max(ZERO, worth - deducted), limit, used))
        return deducted

    def _insurers_share(self, worth: Decimal, deducted: Decimal) -> tuple[Decimal, Decimal]:
        """The share of the insurer of what the deductible leaves, and what a sample leaves of it (CLM-8).

        Each is rounded once, and never more than what the deductible leaves in whole units.
        """
        left = worth - deducted
        if left <= 0:
            return ZERO, ZERO
        kind, value = self.candidate.limit
        exact = left
        if kind is _SHARE and value is not None:
            exact = left * value / HUNDRED
            self.steps.append(Step(_COINSURANCE, left, exact, value))
        share = exact.quantize(self.unit)
        if deducted:
            share = min(share, worth.quantize(self.unit) - deducted)
        kept = self._less_sample(exact)
        granted = share if kept is exact else min(share, kept.quantize(self.unit))
        if granted != kept:
            self.steps.append(Step(_ROUNDING, kept, granted, self.unit))
        return share, granted

    def _less_sample(self, exact: Decimal) -> Decimal:
        """What is left when the review of a sample of other claims takes its rate off this one too (CLM-8)."""
        rate = None if self.line.review is None else self.line.review.deduction_rate
        if not rate:
            return exact
        kept = exact * (HUNDRED - rate) / HUNDRED
        self.steps.append(Step(StepKind.SAMPLE, exact, kept, rate))
        return kept

    def _within_category(self, share: Decimal) -> Decimal:
        most, used = self.standing.category_limit, self.standing.category_used
        if most is None or not share:
            return share
        limited = min(share, self._left(most, used))
        self.steps.append(Step(_CATEGORY_AMOUNT, share, limited, most, used))
        return limited

    def _within_ceiling(self, share: Decimal) -> Decimal:
        most, used = self.standing.ceiling_limit, self.standing.ceiling_used
        if most is None or not share or not self.counts_for_ceiling:
            return share
        product, members = self.standing.product, self.standing.policy.members
        grown = growth_of(product, hospital=self.standing.hospital, members=members)
        if grown is not None:
            self.steps.append(grown)
        limited = min(share, self._left(most, used))
        self.steps.append(Step(_CEILING, share, limited, most, used))
        return limited

    def _left(self, most: Decimal, used: Decimal) -> Decimal:
        """What is left of a limit, in whole units, never below zero."""
        return max(ZERO, (most - used).quantize(self.unit, ROUND_FLOOR))


def refuse_line(line: LineInput, reason: Reason, *, unit: Decimal, why: Iterable[Step] = ()) -> LineDecision:
    """A line that is not paid for at all, valued at what was asked for what was provided; ``why`` is told before."""
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
        hospital=False,
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
        steps=(*why, Step(StepKind.REFUSED, line.quantity, reason=reason)),
    )


def _refused_parts(provided: Decimal, approved: Decimal, quantity: Decimal) -> tuple[RefusedPart, ...]:
    """What the reviewer took off, and what is above the maximum quantity."""
    if quantity == approved >= provided:
        return ()
    parts = (
        RefusedPart(provided - approved, Reason.REFUSED_BY_REVIEWER),
        RefusedPart(approved - quantity, Reason.QUANTITY_LIMIT),
    )
    return tuple(part for part in parts if part.quantity > 0)
