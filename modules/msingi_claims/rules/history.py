"""What patients and policies have used up before a claim: sums of the consumption ledger, and earlier claims.

A loader fills one history for many claims at once; ``book`` folds each decision in, so that the next claim of the same
policy sees it, and one claim after the other gives the same amounts as all of them together (D-20).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final

from msingi_claims.rules.codes import ClaimStatus, ConsumptionKind
from msingi_claims.rules.compiled import LineKey
from msingi_claims.rules.consent import ConsentUse, use_by
from msingi_claims.rules.decisions import ClaimDecision, Consumption, Fingerprint
from msingi_claims.rules.values import ClaimInput, Consent, LineInput, Reference
from msingi_insurance import Basis, Category

ZERO: Final = Decimal(0)
# Bound once: an attribute of an enumeration costs as much as the step that uses it.
_DEDUCTED: Final = ConsumptionKind.DEDUCTED
_REMUNERATED: Final = ConsumptionKind.REMUNERATED


@dataclass(slots=True)
class Use:
    """What is deducted and paid, each apart for other care and for hospital care: indexed by "is hospital" (ADJ-4)."""

    deducted: list[Decimal] = field(default_factory=lambda: [ZERO, ZERO])
    remunerated: list[Decimal] = field(default_factory=lambda: [ZERO, ZERO])

    def sum_of(self, kind: ConsumptionKind, *, hospital: bool | None) -> Decimal:
        """The sum for one kind of care, or for both when ``hospital`` is None."""
        sums = self.deducted if kind is ConsumptionKind.DEDUCTED else self.remunerated
        return sums[0] + sums[1] if hospital is None else sums[hospital]


@dataclass(slots=True)
class InsureeUse(Use):
    """What one insuree has used up of a policy."""

    categories: dict[Category, Decimal] = field(default_factory=dict)
    quantities: dict[LineKey, Decimal] = field(default_factory=dict)


@dataclass(slots=True)
class PolicyUse(Use):
    """What a whole family has used up of a policy."""

    insurees: dict[Reference, InsureeUse] = field(default_factory=dict)


@dataclass(slots=True)
class PatientPast:
    """The target dates of the claims, by their category and id, and of the passed lines that a patient had."""

    claims: dict[Category, dict[Reference, date]] = field(default_factory=dict)
    passed: dict[LineKey, list[date]] = field(default_factory=dict)
    given: list[tuple[date, tuple[LineInput, ...]]] = field(default_factory=list)
    """The target dates of claims that were booked, and what passed of them: seldom asked for, so not sorted by line."""

    def claims_in(self, category: Category, *, besides: Reference, first: date, last: date) -> int:
        """How many other claims of a category have their target date in an interval, both days included (CLM-2)."""
        days = self.claims.get(category, {}).items()
        return sum(first <= day <= last for claim, day in days if claim != besides)

    def is_too_soon(self, key: LineKey, *, on: date, days: int) -> bool:
        """Whether the same was given less than so many days before or after (check 5)."""
        return any(abs((on - day).days) < days for day in self.days_of(key))

    def next_allowed(self, key: LineKey, *, on: date, days: int) -> date:
        """The first day from ``on`` at which the same may be given again (POL-10)."""
        allowed = on
        for past in sorted(self.days_of(key)):
            if abs((allowed - past).days) < days:
                allowed = date.fromordinal(past.toordinal() + days)
        return allowed

    def days_of(self, key: LineKey) -> Iterator[date]:
        """The target dates of all lines about an item or a service that passed."""
        yield from self.passed.get(key, ())
        for day, lines in self.given:
            if any(line.key == key for line in lines):
                yield day


_NO_USE: Final = InsureeUse()
_NO_POLICY_USE: Final = PolicyUse()
_NO_PAST: Final = PatientPast()


class History:
    """Sums over the ledger without the claim at hand, and what its insurees had before.

    Reversed entries net to zero by themselves: add every entry of the ledger with its sign (ADJ-3, D-7).
    What the reading methods return belongs to the history: read it, never change it.
    """

    __slots__ = ("_consents", "_fingerprints", "_patients", "_policies")

    def __init__(self) -> None:
        self._policies: dict[Reference, PolicyUse] = {}
        self._patients: dict[Reference, PatientPast] = {}
        self._fingerprints: set[Fingerprint] = set()
        self._consents: dict[Reference, dict[Reference, ConsentUse]] = {}

    def policy_use(self, policy: Reference) -> PolicyUse:
        """What the whole family has used up of a policy."""
        return self._policies.get(policy, _NO_POLICY_USE)

    def insuree_use(self, policy: Reference, insuree: Reference) -> InsureeUse:
        """What one insuree has used up of a policy."""
        return self.policy_use(policy).insurees.get(insuree, _NO_USE)

    def used(
        self,
        kind: ConsumptionKind,
        *,
        basis: Basis,
        policy: Reference,
        insuree: Reference,
        hospital: bool | None = None,
    ) -> Decimal:
        """What was deducted or paid on the basis of a deductible or a ceiling; ``hospital`` None is both (ADJ-3, ADJ-4)."""
        match basis:
            case Basis.TREATMENT:
                return ZERO
            case Basis.INSUREE:
                return self.insuree_use(policy, insuree).sum_of(kind, hospital=hospital)
            case Basis.POLICY:
                return self.policy_use(policy).sum_of(kind, hospital=hospital)

    def past_of(self, insuree: Reference) -> PatientPast:
        """The earlier claims of a patient."""
        return self._patients.get(insuree, _NO_PAST)

    def has_fingerprint(self, fingerprint: Fingerprint) -> bool:
        """Whether a claim that is not rejected has the same insuree, facility, dates, diagnosis and lines (check 6)."""
        return fingerprint in self._fingerprints

    def consent_use(self, consent: Consent, *, besides: Reference) -> ConsentUse:
        """How much of a consent all claims but this one have used up (CLM-11)."""
        used = ConsentUse()
        for claim, by_claim in self._consents.get(consent.id, {}).items():
            if claim != besides:
                used = used.and_also(by_claim)
        return used

    def note_consent(self, consent: Reference, claim: Reference, use: ConsentUse) -> None:
        """Note what a claim uses of a consent, instead of what it used before."""
        self._consents.setdefault(consent, {})[claim] = use

    def book_consent(self, claim: ClaimInput, decision: ClaimDecision) -> None:
        """Note what a decided claim uses of the consent that it names, if it names one."""
        if claim.consent is not None:
            self.note_consent(claim.consent.id, claim.id, use_by(decision, claim.consent))

    def add_claim(self, insuree: Reference, category: Category, *, claim: Reference, day: date) -> None:
        """Note a claim with a status above entered, with its target date (CLM-2)."""
        self._past(insuree).claims.setdefault(category, {})[claim] = day

    def count_claim(self, claim: ClaimInput, decision: ClaimDecision) -> None:
        """Count a decided claim in its category, or no longer when it is rejected (CLM-2)."""
        if decision.status is ClaimStatus.REJECTED:
            self._past(claim.patient.id).claims.get(decision.category, {}).pop(claim.id, None)
        elif claim.target_date is not None:
            self.add_claim(claim.patient.id, decision.category, claim=claim.id, day=claim.target_date)

    def add_passed_line(self, insuree: Reference, key: LineKey, target_date: date) -> None:
        """Note a line that passed (check 5)."""
        self._past(insuree).passed.setdefault(key, []).append(target_date)

    def add_fingerprint(self, fingerprint: Fingerprint) -> None:
        """Note a claim that is not rejected (check 6)."""
        self._fingerprints.add(fingerprint)

    def add_consumption(self, entries: Iterable[Consumption]) -> None:
        """Add entries of the ledger; a reversal is an entry with the opposite sign."""
        self._sum(entries, sign=1)

    def take_back(self, entries: Iterable[Consumption]) -> None:
        """Take entries of the ledger out again, as their reversals would."""
        self._sum(entries, sign=-1)

    def book(self, claim: ClaimInput, decision: ClaimDecision) -> None:
        """Take a decided claim in, so that the next one sees it; a rejected claim leaves no mark."""
        day = claim.target_date
        if decision.status is ClaimStatus.REJECTED or day is None:
            return
        self.add_consumption(decision.consumption)
        self.book_consent(claim, decision)
        self.add_fingerprint(decision.fingerprint)
        self.count_claim(claim, decision)
        lines = zip(claim.lines, decision.lines, strict=True)
        passed = tuple([line for line, decided in lines if decided.has_passed])
        self._past(claim.patient.id).given.append((day, passed))

    def _sum(self, entries: Iterable[Consumption], *, sign: int) -> None:
        of_policy, policy, insuree = _NO_POLICY_USE, None, None
        of_insuree = _NO_USE
        for entry in entries:
            if entry.policy != policy or entry.insuree != insuree:
                policy, insuree = entry.policy, entry.insuree
                of_policy, of_insuree = self._uses(policy, insuree)
            _add(entry, entry.amount if sign > 0 else -entry.amount, of_policy, of_insuree)

    def _uses(self, policy: Reference, insuree: Reference) -> tuple[PolicyUse, InsureeUse]:
        of_policy = self._policies.get(policy)
        if of_policy is None:
            of_policy = self._policies[policy] = PolicyUse()
        of_insuree = of_policy.insurees.get(insuree)
        if of_insuree is None:
            of_insuree = of_policy.insurees[insuree] = InsureeUse()
        return of_policy, of_insuree

    def _past(self, insuree: Reference) -> PatientPast:
        past = self._patients.get(insuree)
        if past is None:
            past = self._patients[insuree] = PatientPast()
        return past


def _add(entry: Consumption, amount: Decimal, of_policy: PolicyUse, of_insuree: InsureeUse) -> None:
    kind = entry.kind
    if kind is _REMUNERATED:
        of_policy.remunerated[entry.hospital] += amount
        of_insuree.remunerated[entry.hospital] += amount
    elif kind is _DEDUCTED:
        of_policy.deducted[entry.hospital] += amount
        of_insuree.deducted[entry.hospital] += amount
    elif entry.key is not None:
        of_insuree.quantities[entry.key] = of_insuree.quantities.get(entry.key, ZERO) + amount
    elif entry.category is not None:
        of_insuree.categories[entry.category] = of_insuree.categories.get(entry.category, ZERO) + amount
