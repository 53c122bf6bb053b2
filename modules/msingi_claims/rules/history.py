"""What patients and policies have used up before a claim: sums of the consumption ledger, and earlier claims.

A loader fills one history for many claims at once; ``book`` folds each decision in, so that the next claim of the same
policy sees it, and one claim after the other gives the same amounts as all of them together (D-20).
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Final, NamedTuple, TypeAlias

from msingi_claims.rules.codes import ClaimStatus, ConsumptionKind
from msingi_claims.rules.compiled import LineKey
from msingi_claims.rules.decisions import ClaimDecision, Consumption
from msingi_claims.rules.values import ClaimInput, Reference
from msingi_insurance import Basis, Category

ZERO: Final = Decimal(0)
_Sums: TypeAlias = dict[tuple[ConsumptionKind, Reference, Reference | None, bool], Decimal]


class Fingerprint(NamedTuple):
    """What two claims share when one repeats the other (check 6)."""

    insuree: Reference
    facility: str
    date_from: date | None
    date_to: date | None
    diagnosis: str
    lines: frozenset[tuple[LineKey, Decimal]]


def fingerprint_of(claim: ClaimInput) -> Fingerprint:
    """What would be the same in a duplicate; prices do not matter, and the last day may be left out."""
    quantities: dict[LineKey, Decimal] = {}
    for line in claim.lines:
        quantities[line.key] = quantities.get(line.key, ZERO) + line.quantity
    return Fingerprint(
        claim.patient.id,
        claim.facility.code,
        claim.date_from,
        claim.target_date,
        claim.diagnosis,
        frozenset(quantities.items()),
    )


class History:
    """Sums over the ledger without the claim at hand, and what its insurees had before.

    Reversed entries net to zero by themselves: book every entry of the ledger with its sign (ADJ-3, D-7).
    """

    __slots__ = ("_categories", "_claims", "_fingerprints", "_passed", "_quantities", "_sums")

    def __init__(self) -> None:
        self._sums: _Sums = {}
        self._categories: dict[tuple[Reference, Reference, Category], Decimal] = {}
        self._quantities: dict[tuple[Reference, Reference, LineKey], Decimal] = {}
        self._claims: defaultdict[tuple[Reference, Category], list[date]] = defaultdict(list)
        self._passed: defaultdict[tuple[Reference, LineKey], list[date]] = defaultdict(list)
        self._fingerprints: set[Fingerprint] = set()

    def used(
        self,
        kind: ConsumptionKind,
        *,
        basis: Basis,
        policy: Reference,
        insuree: Reference,
        hospital: bool | None,
    ) -> Decimal:
        """What was deducted or paid on the basis of a deductible or a ceiling; ``hospital`` None is both (ADJ-3, ADJ-4)."""
        if basis is Basis.TREATMENT:
            return ZERO
        whose = insuree if basis is Basis.INSUREE else None
        if hospital is not None:
            return self._sums.get((kind, policy, whose, hospital), ZERO)
        return self._sums.get((kind, policy, whose, True), ZERO) + self._sums.get(
            (kind, policy, whose, False), ZERO
        )

    def category_amount(self, policy: Reference, insuree: Reference, category: Category) -> Decimal:
        """What was paid for a category over the policy period (PRD-8, D-6)."""
        return self._categories.get((policy, insuree, category), ZERO)

    def quantity(self, policy: Reference, insuree: Reference, key: LineKey) -> Decimal:
        """How much of an item or a service was paid for over the policy period (PRD-10)."""
        return self._quantities.get((policy, insuree, key), ZERO)

    def claims_of(self, insuree: Reference, category: Category, *, first: date, last: date) -> int:
        """How many claims of a category have their target date in an interval, both days included (CLM-2)."""
        return sum(first <= day <= last for day in self._claims.get((insuree, category), ()))

    def is_too_soon(self, insuree: Reference, key: LineKey, *, on: date, days: int) -> bool:
        """Whether the same was given less than so many days before or after (check 5)."""
        return any(abs((on - day).days) < days for day in self._passed.get((insuree, key), ()))

    def next_allowed(self, insuree: Reference, key: LineKey, *, on: date, days: int) -> date:
        """The first day from ``on`` at which the same may be given again (POL-10)."""
        day = on
        for past in sorted(self._passed.get((insuree, key), ())):
            if abs((day - past).days) < days:
                day = date.fromordinal(past.toordinal() + days)
        return day

    def has_fingerprint(self, fingerprint: Fingerprint) -> bool:
        """Whether a claim that is not rejected has the same insuree, facility, dates, diagnosis and lines (check 6)."""
        return fingerprint in self._fingerprints

    def add_claim(self, insuree: Reference, category: Category, target_date: date) -> None:
        """Note a claim with a status above entered (CLM-2)."""
        self._claims[insuree, category].append(target_date)

    def add_passed_line(self, insuree: Reference, key: LineKey, target_date: date) -> None:
        """Note a line that passed (check 5)."""
        self._passed[insuree, key].append(target_date)

    def add_fingerprint(self, fingerprint: Fingerprint) -> None:
        """Note a claim that is not rejected (check 6)."""
        self._fingerprints.add(fingerprint)

    def add_consumption(self, entries: Iterable[Consumption]) -> None:
        """Add entries of the ledger; a reversal is an entry with the opposite sign."""
        for kind, policy, insuree, hospital, amount, _line, category, key in entries:
            if kind is ConsumptionKind.QUANTITY and key is not None:
                quantity = (policy, insuree, key)
                self._quantities[quantity] = self._quantities.get(quantity, ZERO) + amount
            elif kind is ConsumptionKind.CATEGORY and category is not None:
                of_category = (policy, insuree, category)
                self._categories[of_category] = self._categories.get(of_category, ZERO) + amount
            else:
                for whose in (insuree, None):
                    sums = (kind, policy, whose, hospital)
                    self._sums[sums] = self._sums.get(sums, ZERO) + amount

    def book(self, claim: ClaimInput, decision: ClaimDecision) -> None:
        """Take a decided claim in, so that the next one sees it; a rejected claim leaves no mark."""
        day = claim.target_date
        if decision.status is ClaimStatus.REJECTED or day is None:
            return
        self.add_consumption(decision.consumption)
        self.add_claim(claim.patient.id, decision.category, day)
        self.add_fingerprint(fingerprint_of(claim))
        for line in decision.lines:
            if line.has_passed:
                self.add_passed_line(claim.patient.id, line.key, day)
