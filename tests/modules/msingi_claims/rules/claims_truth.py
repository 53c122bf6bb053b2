"""What is true of a line, worked out beside the rules: who may pay it, at what price, and what is used up before."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cached_property

from msingi_catalogue import PackageType
from msingi_claims.rules.codes import ConsumptionKind, Stage, Verdict
from msingi_claims.rules.compiled import AgeCoverage
from msingi_claims.rules.consent import ConsentUse
from msingi_claims.rules.decisions import ClaimDecision, LineDecision
from msingi_claims.rules.history import History
from msingi_claims.rules.values import ClaimInput, LineInput, PolicyInput, Settings
from msingi_insurance import Ceiling, Deductible, LimitationType, LineKind, PriceOrigin

ZERO = Decimal(0)


@dataclass(frozen=True)
class Case:
    """A claim with what it was decided from, and what came of it."""

    claim: ClaimInput
    policies: Sequence[PolicyInput]
    history: History
    settings: Settings
    stage: Stage
    decision: ClaimDecision
    """What is told."""
    computed: ClaimDecision
    """The same before a batch gave relative lines their index."""
    submitted: ClaimDecision
    day: date

    @cached_property
    def order(self) -> list[int]:
        """The places of the lines as they are decided: items, then services."""
        places = range(len(self.claim.lines))
        return sorted(places, key=lambda place: self.claim.lines[place].kind is LineKind.SERVICE)

    def used(self, place: int, policy: PolicyInput, kind: ConsumptionKind, **of: object) -> Decimal:
        """What lines of this claim before a line have used up of a policy."""
        before = self.order[: self.order.index(place)]
        return sum(
            (
                entry.amount
                for entry in self.computed.consumption
                if entry.line in before
                and (entry.kind, entry.policy) == (kind, policy.id)
                and all(getattr(entry, name) == value for name, value in of.items())
            ),
            ZERO,
        )


@dataclass(frozen=True)
class Candidate:
    """A policy whose product lists a line."""

    policy: PolicyInput
    coverage: AgeCoverage
    left: Decimal
    """Of the price of one."""
    accepts: bool


@dataclass(frozen=True)
class Line:
    """A line of a case."""

    case: Case
    place: int

    @property
    def given(self) -> LineInput:
        """What the facility sent, the reviewer said and the submission found."""
        return self.case.claim.lines[self.place]

    @property
    def decided(self) -> LineDecision:
        """What came of it."""
        return self.case.decision.lines[self.place]

    @property
    def before(self) -> list[int]:
        """The places of the lines that were decided before it."""
        return self.case.order[: self.case.order.index(self.place)]

    @property
    def is_passed_by_reviewer(self) -> bool:
        """Whether a reviewer passes it."""
        return self.given.review is not None and self.given.review.verdict is Verdict.PASS

    def policy_of(self, product: object) -> PolicyInput:
        """The policy with a product; each has one of its own."""
        return next(policy for policy in self.case.policies if policy.product.code == product)

    def candidates(self, *, reviewed: bool = True) -> list[Candidate]:
        """The policies that may pay it; the earliest of equal ones first."""
        line = self.given if reviewed else self.given._replace(review=None)
        found = []
        for policy in self.case.policies:
            coverage = policy.product.covering(line.key, adult=True)
            limit = None if coverage is None else coverage.limits.get(self.case.claim.visit_type)
            facilities = policy.product.facilities
            if coverage is None or limit is None or (facilities and facilities.codes):
                continue
            price = price_of_one(line, policy, coverage)
            left = ZERO
            if limit.value is not None:
                is_fixed = limit.type is LimitationType.FIXED
                left = max(ZERO, price - limit.value) if is_fixed else price * (100 - limit.value) / 100
            found.append(Candidate(policy, coverage, left, self._accepts(policy, coverage)))
        return found

    def at_submission(self) -> list[Candidate]:
        """The policies that might have paid it when the claim was submitted."""
        case = self.case
        sent = replace(case, decision=case.submitted, computed=case.submitted)
        return Line(sent, self.place).candidates(reviewed=False)

    def used(self, policy: PolicyInput, kind: ConsumptionKind, terms: Deductible | Ceiling) -> Decimal:
        """What is deducted or paid before it, by the basis of a limit."""
        of_history = self.case.history.used(
            kind,
            basis=terms.basis,
            policy=policy.id,
            insuree=self.case.claim.patient.id,
            hospital=self.decided.hospital if terms.split else None,
        )
        return of_history + self.case.used(self.place, policy, kind)

    def consent_used(self) -> ConsentUse:
        """How much of the consent is used up before it."""
        case = self.case
        assert case.claim.consent is not None
        used = case.history.consent_use(case.claim.consent, besides=case.claim.id)
        for place in self.before:
            one = case.computed.lines[place]
            if one.has_passed and one.key == case.claim.consent.key:
                used = used.and_also(ConsentUse(one.quantity, one.valued - one.refused))
        return used

    def used_quantity(self, policy: PolicyInput) -> Decimal:
        """How much of it the insuree has had under a policy."""
        use = self.case.history.insuree_use(policy.id, self.case.claim.patient.id)
        booked = self.case.used(self.place, policy, ConsumptionKind.QUANTITY, key=self.given.key)
        return use.quantities.get(self.given.key, ZERO) + booked

    def claims_counted(self, policy: PolicyInput) -> int:
        """How many other claims of the category fall into the cover."""
        assert policy.cover_from is not None
        assert policy.cover_to is not None
        past = self.case.history.past_of(self.case.claim.patient.id)
        days = past.claims.get(self.case.decision.category, {}).items()
        inside = (
            policy.cover_from <= day <= policy.cover_to for name, day in days if name != self.case.claim.id
        )
        return sum(inside)

    def _accepts(self, policy: PolicyInput, coverage: AgeCoverage) -> bool:
        ends = end_of_waiting(policy, coverage)
        most = policy.product.max_number.get(self.case.decision.category)
        return (
            (ends is None or self.case.day >= ends)
            and (coverage.max_quantity is None or self.used_quantity(policy) < coverage.max_quantity)
            and (most is None or self.claims_counted(policy) < most)
        )


def end_of_waiting(policy: PolicyInput, coverage: AgeCoverage) -> date | None:
    """The first day after the waiting period; policies of these tests begin on the first of January."""
    months = coverage.waiting_months
    return date(2026 + months // 12, 1 + months % 12, 1) if months and policy.is_new else None


def price_of_one(line: LineInput, policy: PolicyInput, coverage: AgeCoverage) -> Decimal:
    """The price that a policy takes for one."""
    entry, asked = line.entry, line.price_asked
    if line.review is not None and line.review.price is not None:
        return line.review.price
    if holds_other_contents(line):
        return ZERO
    if coverage.origin is PriceOrigin.CLAIM:
        is_capped = entry is not None and entry.package_type is PackageType.FIXED
        return min(asked, entry.price) if entry is not None and is_capped else asked
    listed = asked if entry is None else entry.price
    if line.listed is not None and line.listed.override is not None:
        listed = line.listed.override
    if coverage.origin is PriceOrigin.PRICE_LIST and not policy.product.pays_list_price:
        return min(asked, listed)
    return listed


def holds_other_contents(line: LineInput) -> bool:
    """Whether a priced package is not what the register says."""
    entry = line.entry
    return entry is not None and entry.package_type is PackageType.PRICED and entry.contents != line.contents
