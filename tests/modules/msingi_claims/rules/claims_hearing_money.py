"""Whether sentences about prices and amounts are true."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from tests.modules.msingi_claims.rules.claims_hearing import Check, Hearing, Values
from tests.modules.msingi_claims.rules.claims_truth import holds_other_contents, price_of_one

from msingi_catalogue import PackageType
from msingi_claims.rules.codes import ConsumptionKind, StepKind
from msingi_claims.rules.sayings import (
    APPROVED_AS_ASKED,
    CAPPED_GROWTH,
    LEFT,
    LEFT_ABOVE_FIXED,
    MAXIMUM_ONLY,
    NOTHING_LEFT,
    PRICES,
    REFUSED_PART,
    ROUNDED_LIMITS,
    SAME_PRICES,
    STEPS,
)
from msingi_claims.rules.values import LineInput
from msingi_insurance import LimitationType, PriceOrigin

ZERO: Final = Decimal(0)
HUNDRED: Final = Decimal(100)


def _price(self: Hearing, text: str, told: Values) -> None:
    line, policy = self.line, self.named
    assert policy is not None
    coverage = policy.product.covering(line.given.key, adult=True)
    assert coverage is not None
    asked, review = line.given.price_asked, line.given.review
    assert told["after"] == line.decided.price == price_of_one(line.given, policy, coverage)
    assert told.get("before", asked) == asked
    is_reviewed = review is not None and review.price is not None
    assert is_reviewed is (text in (STEPS[StepKind.REVIEWER_PRICE], APPROVED_AS_ASKED))
    if not is_reviewed:
        is_wrong = holds_other_contents(line.given)
        assert is_wrong is (text == STEPS[StepKind.CARE_PACKAGE])
        if not is_wrong:
            _price_by_origin(line.given, coverage.origin, text, told)


def _price_by_origin(given: LineInput, origin: PriceOrigin, text: str, told: Values) -> None:
    entry, listed = given.entry, given.listed
    assert text.startswith("Relative") is (origin is PriceOrigin.RELATIVE)
    if "price list" in text or "register" in text:
        assert ("price list" in text) is (listed is not None)
        price = entry.price if entry is not None else None
        if listed is not None and listed.override is not None:
            price = listed.override
        assert price is not None
        assert told["after"] == price or ("allows" in text and told["after"] == given.price_asked < price)
    elif text == PRICES[PriceOrigin.CLAIM]:
        assert entry is not None
        assert entry.package_type is PackageType.FIXED
        assert told["after"] == entry.price < told["before"]
    else:
        assert told["after"] == given.price_asked


def _value(self: Hearing, text: str, told: Values) -> None:
    assert told["before"] == self.quantity
    assert told["limit"] == self.line.decided.price
    assert told["after"] == told["before"] * told["limit"]
    self.amount = told["after"]


def _limited(kind: StepKind) -> Check:
    def check(self: Hearing, text: str, told: Values) -> None:
        assert told["before"] == self.amount
        _check_limit(self, kind, told)
        left = max(ZERO, told["limit"] - told["used"])
        is_deducted = kind is StepKind.DEDUCTIBLE
        exact = max(ZERO, told["before"] - left) if is_deducted else min(told["before"], left)
        assert (text == ROUNDED_LIMITS[kind]) is (told["after"] != exact)
        assert abs(told["after"] - exact) < self.line.case.settings.unit
        self.amount = told["after"]

    return check


def _check_limit(self: Hearing, kind: StepKind, told: Values) -> None:
    line, case, policy = self.line, self.line.case, self.named
    assert policy is not None
    product, hospital = policy.product, line.decided.hospital
    is_raised = STEPS[StepKind.RELATIVE_INDEX] in self.heard
    use = case.history.insuree_use(policy.id, case.claim.patient.id)
    if kind is StepKind.CONSENT_AMOUNT:
        assert case.claim.consent is not None
        assert (told["word"], told["limit"]) == (case.claim.consent.number, case.claim.consent.amount)
        assert told["used"] == line.consent_used().amount
    elif kind is StepKind.DEDUCTIBLE:
        assert product.deductible is not None
        assert told["limit"] == product.deductible.of(hospital=hospital)
        assert told["used"] == line.used(policy, ConsumptionKind.DEDUCTED, product.deductible)
    elif kind is StepKind.CATEGORY_AMOUNT:
        assert told["limit"] == product.max_amount[case.decision.category]
        booked = case.used(line.place, policy, ConsumptionKind.CATEGORY)
        assert is_raised or told["used"] == use.categories.get(case.decision.category, ZERO) + booked
    else:
        assert product.ceiling is not None
        assert told["limit"] == product.ceiling_for(hospital=hospital, members=policy.members)
        has_grown = told["limit"] != product.ceiling.of(hospital=hospital)
        assert self.grown in (told["limit"], None)
        assert has_grown is False or self.grown is not None
        assert is_raised or told["used"] == line.used(policy, ConsumptionKind.REMUNERATED, product.ceiling)


def _fixed(self: Hearing, text: str, told: Values) -> None:
    limit = self.line.decided.limit
    assert limit is not None
    assert (limit.type, limit.value) == (LimitationType.FIXED, told["limit"])
    assert told["before"] == self.amount
    assert told["after"] == min(told["before"], self.quantity * told["limit"])
    self.amount = told["after"]


def _share(self: Hearing, text: str, told: Values) -> None:
    limit, review = self.line.decided.limit, self.line.given.review
    assert limit is not None
    kept = told["limit"]
    if text == STEPS[StepKind.COINSURANCE]:
        assert (limit.type, limit.value) == (LimitationType.CO_INSURANCE, told["limit"])
    else:
        assert review is not None
        assert review.deduction_rate == told["limit"]
        kept = HUNDRED - kept
    assert told["before"] == self.amount
    assert told["after"] == told["before"] * kept / HUNDRED
    self.amount = told["after"]


def _rounded(self: Hearing, text: str, told: Values) -> None:
    unit = self.line.case.settings.unit
    assert told["before"] == self.amount != told["after"]
    assert told["after"] == told["after"].quantize(unit)
    assert abs(told["before"] - told["after"]) < unit
    self.amount = told["after"]


def _grown(self: Hearing, text: str, told: Values) -> None:
    policy = self.named
    assert policy is not None
    ceiling, hospital = policy.product.ceiling, self.line.decided.hospital
    assert ceiling is not None
    extra = ceiling.extra_member.of(hospital=hospital) if ceiling.extra_member else None
    most = ceiling.maximum.of(hospital=hospital) if ceiling.maximum else None
    assert told["before"] == ceiling.of(hospital=hospital)
    assert told.get("limit") == most
    grown = told["before"]
    if text == MAXIMUM_ONLY:
        assert not extra
    else:
        threshold = policy.product.terms.threshold
        above = 0 if threshold is None else max(0, policy.members - threshold)
        assert told["used"] == extra
        assert int(told["word"]) == above
        grown += above * told["used"]
    assert told["after"] == (grown if most is None else min(grown, most))
    self.grown = told["after"]


def _indexed(self: Hearing, text: str, told: Values) -> None:
    assert told["before"] == self.amount == self.line.decided.nominal
    assert told["after"] == (told["before"] * told["limit"]).quantize(self.line.case.settings.unit)
    assert self.line.decided.is_relative
    self.amount = told["after"]


def _refused_part(self: Hearing, text: str, told: Values) -> None:
    assert told["refused"] == self.line.decided.refused > 0


def _left(self: Hearing, text: str, told: Values) -> None:
    decided, limit = self.line.decided, self.line.decided.limit
    assert limit is not None
    excess = decided.excess_ceiling + decided.excess_category
    parts = (decided.deductible, decided.patient_share, excess)
    if text == NOTHING_LEFT:
        assert parts == (ZERO, ZERO, ZERO)
        return
    assert (told["deductible"], told["share"], told["excess"]) == parts
    assert told["left"] == sum(parts) == decided.valued - decided.refused - decided.remunerated
    if text == LEFT_ABOVE_FIXED:
        assert limit.type is LimitationType.FIXED
        assert limit.value is not None
        assert limit.value < decided.price
    else:
        is_above = (
            limit.type is LimitationType.FIXED and limit.value is not None and limit.value < decided.price
        )
        assert not (is_above and told["share"])


_Check = Check


_BY_KIND: Final[Mapping[StepKind, Check]] = {
    **dict.fromkeys((StepKind.REVIEWER_PRICE, StepKind.CARE_PACKAGE), _price),
    **dict.fromkeys((StepKind.COINSURANCE, StepKind.SAMPLE), _share),
    **{kind: _limited(kind) for kind in ROUNDED_LIMITS},
    StepKind.VALUE: _value,
    StepKind.FIXED_LIMIT: _fixed,
    StepKind.ROUNDING: _rounded,
    StepKind.CEILING_GROWTH: _grown,
    StepKind.RELATIVE_INDEX: _indexed,
}
MONEY_CHECKS: Final[Mapping[str, Check]] = {
    **dict.fromkeys((*PRICES.values(), *SAME_PRICES.values(), APPROVED_AS_ASKED), _price),
    **{STEPS[kind]: check for kind, check in _BY_KIND.items()},
    **{text: _limited(kind) for kind, text in ROUNDED_LIMITS.items()},
    **dict.fromkeys((CAPPED_GROWTH, MAXIMUM_ONLY), _grown),
    **dict.fromkeys((LEFT, LEFT_ABOVE_FIXED, NOTHING_LEFT), _left),
    REFUSED_PART: _refused_part,
}
