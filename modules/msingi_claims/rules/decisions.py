"""What the adjudicator answers: every amount of every line, why, and what the policy has used up by it."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Final, NamedTuple

from msingi_claims.rules.codes import (
    NUMBER_REASONS,
    ClaimStatus,
    ConsumptionKind,
    LineStatus,
    Reason,
    StepKind,
)
from msingi_claims.rules.compiled import Limit, LineKey
from msingi_claims.rules.values import ClaimInput, Reference
from msingi_insurance import Category, LineKind, PriceOrigin

ZERO: Final = Decimal(0)
_PASSED: Final = LineStatus.PASSED
_RELATIVE: Final = PriceOrigin.RELATIVE

RULES: Final = {
    StepKind.REFUSED: "CLM-9",
    StepKind.PRODUCT: "ADJ-1",
    StepKind.FIRST_PRODUCT: "ADJ-1",
    StepKind.NOT_LISTED: "PRD-10",
    StepKind.OTHER_VISIT: "PRD-10",
    StepKind.OTHER_OWNERSHIP: "TZA-19",
    StepKind.OTHER_TIER: "TZA-19",
    StepKind.OTHER_FACILITY: "TZA-19",
    StepKind.PASSED_BY_REVIEWER: "CLM-5",
    StepKind.PASSED_DESPITE: "CLM-5",
    StepKind.WAITING_PERIOD: "PRD-10",
    StepKind.NUMBER_LIMIT: "PRD-8",
    StepKind.REVIEWER_QUANTITY: "CLM-5",
    StepKind.REVIEWER_PRICE: "CLM-5",
    StepKind.QUANTITY_LIMIT: "ADJ-8",
    StepKind.CONSENT_QUANTITY: "CLM-11",
    StepKind.PRICE: "ADJ-2",
    StepKind.CARE_PACKAGE: "ADJ-2",
    StepKind.VALUE: "ADJ-2",
    StepKind.CONSENT_AMOUNT: "CLM-11",
    StepKind.FIXED_LIMIT: "PRD-10",
    StepKind.DEDUCTIBLE: "PRD-6",
    StepKind.COINSURANCE: "PRD-10",
    StepKind.SAMPLE: "CLM-8",
    StepKind.ROUNDING: "INS-A1",
    StepKind.CATEGORY_AMOUNT: "PRD-8",
    StepKind.CEILING_GROWTH: "PRD-7",
    StepKind.CEILING: "PRD-6",
    StepKind.RELATIVE_INDEX: "BAT-4",
}
"""The rule that each step carries out; a refusal by another rule than the checks is in `REFUSED_BY`."""

REFUSED_BY: Final = {
    Reason.REFUSED_BY_REVIEWER: "CLM-5",
    **dict.fromkeys(
        (
            *(Reason.NO_COVERING_PRODUCT, Reason.WAITING_PERIOD, Reason.QUANTITY_LIMIT),
            *NUMBER_REASONS.values(),
        ),
        "ADJ-1",
    ),
}
"""The rule behind a reason of a line that is not one of the checks before a product is chosen."""

ADJUSTMENTS: Final = {
    StepKind.QUANTITY_LIMIT: "quantity_limit",
    StepKind.CONSENT_QUANTITY: "consent",
    StepKind.CONSENT_AMOUNT: "consent",
    StepKind.PRICE: "price_limit",
    StepKind.FIXED_LIMIT: "fixed_limit",
    StepKind.DEDUCTIBLE: "deductible",
    StepKind.COINSURANCE: "coinsurance",
    StepKind.SAMPLE: "sample",
    StepKind.CATEGORY_AMOUNT: "category_amount",
    StepKind.CEILING: "ceiling",
    StepKind.RELATIVE_INDEX: "relative_index",
    StepKind.REVIEWER_QUANTITY: "reviewer",
    StepKind.REVIEWER_PRICE: "reviewer",
    StepKind.CARE_PACKAGE: "care_package",
}
"""Steps that change a quantity or an amount, by the kind of adjustment that they leave on the line."""


class Step(NamedTuple):
    """One step of a line: what went in, what came out, the limit in force and what history had used of it.

    ``word`` names a product, what made a price, a consent or a day (ISO 8601) where the step has one. The growth of a
    ceiling has there how many members are above the threshold, and in ``used`` what each of them adds.
    """

    kind: StepKind
    before: Decimal = ZERO
    after: Decimal = ZERO
    limit: Decimal | None = None
    used: Decimal | None = None
    word: str = ""
    reason: Reason = Reason.ACCEPTED

    @property
    def rule(self) -> str:
        """The id of the rule that it carries out."""
        rule = RULES[self.kind]
        return REFUSED_BY.get(self.reason, rule) if self.kind is StepKind.REFUSED else rule


class RefusedPart(NamedTuple):
    """A quantity of a line that is not paid for."""

    quantity: Decimal
    reason: Reason


class LineDecision(NamedTuple):
    """What becomes of a line; lines of a decision stand in the order of the claim.

    ``valued`` is the quantity provided (or the approved one, if it is more) times the base price, rounded once.
    It always equals ``remunerated + patient_share + deductible + excess_ceiling + excess_category + refused``
    (ADJ-10). A line that is refused whole is valued at the price asked.
    """

    kind: LineKind
    code: str
    status: LineStatus
    reason: Reason
    product: str | None
    policy: Reference | None
    limit: Limit | None
    origin: PriceOrigin | None
    hospital: bool
    """Whether the care counts as hospital care for the product (PRD-9)."""
    quantity_provided: Decimal
    quantity: Decimal
    """The quantity that is paid for, after limits and review (ADJ-8)."""
    refused_parts: tuple[RefusedPart, ...]
    """What is not paid for and why: the other side of the split (ADJ-8, D-11)."""
    price: Decimal
    """The base price of one (ADJ-2)."""
    valued: Decimal
    deductible: Decimal
    excess_ceiling: Decimal
    excess_category: Decimal
    patient_share: Decimal
    refused: Decimal
    remunerated: Decimal
    """For a relative line the nominal value, until the batch of its period (BAT-4)."""
    steps: tuple[Step, ...]

    @property
    def key(self) -> LineKey:
        """The kind and the code of what was given."""
        return (self.kind, self.code)

    @property
    def has_passed(self) -> bool:
        """Whether it is paid for, in whole or in part."""
        return self.status is _PASSED

    @property
    def is_relative(self) -> bool:
        """Whether its price is relative: its amount comes from the batch of its period (PRD-11)."""
        return self.origin is _RELATIVE and self.has_passed

    @property
    def is_waiting(self) -> bool:
        """Whether it is relative, and its batch has not run."""
        return self.is_relative and self._indexed is None

    @property
    def nominal(self) -> Decimal | None:
        """The nominal value of a relative line, before and after its batch (ADJ-2)."""
        if not self.is_relative:
            return None
        return self.remunerated if self._indexed is None else self._indexed.before

    @property
    def valuated(self) -> Decimal | None:
        """The final amount; None while a relative line waits for its batch."""
        return None if self.is_waiting else self.remunerated

    @property
    def _indexed(self) -> Step | None:
        """The step of the batch; limits may follow it when the index is above 1."""
        return next((step for step in reversed(self.steps) if step.kind is StepKind.RELATIVE_INDEX), None)

    @property
    def adjustments(self) -> Iterator[Step]:
        """The steps that changed a quantity or an amount: the adjustments of the line."""
        return (step for step in self.steps if step.kind in ADJUSTMENTS and step.before != step.after)


class Consumption(NamedTuple):
    """An entry for the append-only consumption ledger: what a line uses up of a policy (ADJ-5)."""

    kind: ConsumptionKind
    policy: Reference
    insuree: Reference
    hospital: bool
    amount: Decimal
    """An amount of money or a quantity; negative in a reversal."""
    line: int
    """Position of the line in the claim, from 0."""
    category: Category | None = None
    key: LineKey | None = None


class Fingerprint(NamedTuple):
    """What two claims share when one repeats the other (check 6); prices do not matter."""

    insuree: Reference
    facility: str
    date_from: date | None
    date_to: date | None
    """The target date: a last day that is the first one may be left out."""
    diagnosis: str
    lines: frozenset[tuple[LineKey, Decimal]]
    """How much of each item and service."""


def fingerprint_of(claim: ClaimInput) -> Fingerprint:
    """What would be the same in a duplicate of this claim."""
    quantities: dict[LineKey, Decimal] = {}
    for line in claim.lines:
        quantities[line.key] = quantities.get(line.key, ZERO) + line.quantity
    lines = frozenset(quantities.items())
    return Fingerprint(
        claim.patient.id, claim.facility.code, claim.date_from, claim.target_date, claim.diagnosis, lines
    )


class ClaimDecision(NamedTuple):
    """What becomes of a claim, with all its lines and what it books."""

    status: ClaimStatus
    reasons: tuple[Reason, ...]
    """Every error of the claim as a whole, in the order of the checks; "all lines refused" stands alone."""
    category: Category
    fingerprint: Fingerprint
    has_duplicate: bool
    """Whether it repeats another claim (check 6), refused for it or not."""
    lines: tuple[LineDecision, ...]
    consumption: tuple[Consumption, ...]

    @property
    def reason(self) -> Reason:
        """The first reason of a rejected claim."""
        return self.reasons[0] if self.reasons else Reason.ACCEPTED

    @property
    def approved(self) -> Decimal:
        """The sum over all its lines (ADJ-6, D-34)."""
        return sum((line.remunerated for line in self.lines), ZERO)

    @property
    def is_waiting(self) -> bool:
        """Whether a relative line waits for the batch of its period (ADJ-6)."""
        return any(line.is_waiting for line in self.lines)

    @property
    def remunerated(self) -> Decimal | None:
        """What is paid for the claim; None while a relative line waits (ADJ-6)."""
        return None if self.is_waiting else self.approved
